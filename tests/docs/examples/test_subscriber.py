"""The example in the documentation does what it says."""

from __future__ import annotations

import importlib.util

import pytest

from infra.local.services import ROOT


@pytest.fixture(scope="module")
def subscriber():
    path = ROOT / "docs" / "examples" / "subscriber.py"
    spec = importlib.util.spec_from_file_location("subscriber", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def event(version, number=1):
    data = {
        "version": version,
        "number": number,
        "action": "updated",
        "changed_fields": ["bpm", "title"],
    }
    return {"type": "recording.changed.v1", "subject": "recording/1", "data": data}


def test_a_change_is_a_line(subscriber):
    assert subscriber.line_of(event(2, 7)) == "#7 recording/1 updated: bpm, title"


def test_a_rejected_upload_is_a_line(subscriber):
    rejected = {
        "type": "upload.rejected.v1",
        "subject": "upload/1",
        "data": {"reason": "no reader for this kind of file"},
    }

    told = subscriber.line_of(rejected)

    assert told == "upload/1 rejected: no reader for this kind of file"


def test_what_comes_again_or_late_is_no_news(subscriber):
    follower = subscriber.Follower()

    heard = [follower.is_news(event(version)) for version in (1, 2, 2, 1, 3)]

    assert heard == [True, True, False, False, True]
