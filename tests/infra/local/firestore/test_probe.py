"""The conformance probe that lies beside the project, where it does."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[4]
_PROBE = _PROJECT.parent / "shared/conformance/local-cloud/probe_fs.py"


@pytest.mark.skipif(not _PROBE.exists(), reason="no `shared` folder beside the project")
def test_the_shared_probe_passes_in_full(running):
    told = subprocess.run(
        [sys.executable, str(_PROBE)],
        env={**os.environ, "FIRESTORE_EMULATOR_HOST": running.address},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    ).stdout

    failed = [line for line in told.splitlines() if line.startswith(("FAIL", "HANG"))]
    passed, asked = re.search(r"(\d+)/(\d+) OK", told).groups()
    assert failed == []
    assert passed == asked == "27"
