"""The same journey over Google's own emulators of Pub/Sub and Firestore."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.local.services import ROOT, wants_official_emulators

_GOOGLES = Path("/usr/lib/google-cloud-sdk/platform")
_EMULATORS = ("pubsub-emulator", "cloud-firestore-emulator")


@pytest.mark.skipif(wants_official_emulators(), reason="they are in use already")
@pytest.mark.skipif(
    shutil.which("java") is None
    or not all((_GOOGLES / name).exists() for name in _EMULATORS),
    reason="Google's emulators, or java, are not on this machine",
)
def test_the_core_journey_passes_on_googles_own_emulators():
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "tests/journeys/test_upload.py"),
            *("-k", "listener or api_tells or subscriber or rejected", "-q"),
        ],
        cwd=ROOT,
        env=os.environ | {"LINERNOTES_EMULATORS": "official"},
        capture_output=True,
        text=True,
        check=False,
        timeout=115,
    )

    assert done.returncode == 0, done.stdout[-4000:]
