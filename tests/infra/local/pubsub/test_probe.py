from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
PROBE = ROOT.parent / "shared" / "conformance" / "local-cloud" / "probe_ps.py"


@pytest.mark.shared_data
@pytest.mark.skipif(not PROBE.exists(), reason="the probe is not beside the project")
def test_the_conformance_probe_passes_whole(running_server, tmp_path):
    running = running_server(tmp_path)
    running.start()

    probed = subprocess.run(
        [sys.executable, PROBE, "0.05"],
        env={**os.environ, "PUBSUB_EMULATOR_HOST": running.address},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    running.stop()
    passed, total = re.findall(r"(\d+)/(\d+) OK", probed.stdout)[-1]
    assert (passed, total) == ("26", "26"), probed.stdout
