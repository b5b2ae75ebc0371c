"""A message that cannot be handled is kept, shown, and can be driven again."""

from __future__ import annotations

import subprocess
import sys

import pytest

from infra.local.services import ROOT, wants_official_emulators
from infra.local.trial import Trial
from tests.chaos.run import cure, poison
from tests.journeys.label import until

_SUBSCRIPTION = "object-uploaded.extract"


@pytest.mark.skipif(
    wants_official_emulators(), reason="Google's emulator backs off for minutes"
)
def test_a_poison_message_is_given_up_shown_and_driven_again(label):
    poison(label.cloud, label.tenant)

    letters = until(lambda: dead(label))
    cure(label.cloud)

    assert [letter["delivery_attempts"] for letter in letters] == [8]
    assert letters[0]["attributes"]["objectId"] == f"{label.tenant}/poison.flac"
    said = redrive(label.cloud)
    assert f"{_SUBSCRIPTION}: 1 delivered again" in said
    (upload,) = until(lambda: label.get("/api/uploads")["items"])
    assert upload["stage"] == "rejected"
    assert dead(label) == []


def dead(label):
    found = label.get("/api/dead-letters")["items"]
    (of_extract,) = (one for one in found if one["subscription"] == _SUBSCRIPTION)
    return of_extract["messages"]


def redrive(cloud: Trial) -> str:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "infra.local.operate", "redrive", _SUBSCRIPTION),
            *("--data", str(cloud.stack.places.data)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout
