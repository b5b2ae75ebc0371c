"""The capability probe that stand-ins for Cloud Storage are compared with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = (
    Path(__file__).parents[5]
    / "shared"
    / "conformance"
    / "local-cloud"
    / "probe_gcs.py"
)


@pytest.mark.shared_data
@pytest.mark.skipif(
    not PROBE.exists(), reason="the sample data does not lie beside the project"
)
def test_the_server_can_do_everything_the_probe_asks(server, folder):
    environment = os.environ | {
        "STORAGE_EMULATOR_HOST": server,
        "KEYS_DIR": str(folder / "keys"),
    }

    probe = subprocess.run(
        [sys.executable, str(PROBE)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    failed = [line for line in probe.stdout.splitlines() if line.startswith("FAIL")]
    assert failed == []
    assert "39/39 OK" in probe.stdout
