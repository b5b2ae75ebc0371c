"""Log lines as Cloud Logging reads them, whoever wrote them."""

from __future__ import annotations

import json
import subprocess
import sys

from infra.local.services import ROOT

_PROGRAM = """
import logging
import structlog
from shared.runtime.logging import configure_logging
configure_logging("INFO")
structlog.get_logger("ours").info("handled", trace="projects/p/traces/1", size=3)
structlog.get_logger("ours").debug("not shown")
logging.getLogger("theirs").warning("from a library: %s", "ä")
logging.getLogger("google.auth").info("chatter")
try:
    1 / 0
except ZeroDivisionError:
    structlog.get_logger("ours").exception("failed")
"""


def test_every_line_is_json_with_the_names_of_cloud_logging():
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    ours, theirs, failed = (json.loads(line) for line in done.stdout.splitlines())
    assert (ours["message"], ours["severity"], ours["size"]) == ("handled", "INFO", 3)
    assert ours["logging.googleapis.com/trace"] == "projects/p/traces/1"
    assert (theirs["message"], theirs["severity"]) == ("from a library: ä", "WARNING")
    assert theirs["logger"] == "theirs"
    assert "ZeroDivisionError" in failed["exception"]
