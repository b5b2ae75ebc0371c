"""What is in the catalog, as a file."""

from __future__ import annotations

import csv
import io
import json

import httpx
import pytest

from infra.local.trial import available_functions
from tests.journeys.label import until

pytestmark = pytest.mark.skipif(
    "export" not in available_functions(), reason="export has no entry point"
)


@pytest.fixture
def catalog(label, sample):
    for track in sample.tracks:
        label.sent(track.path.name, track.path.read_bytes())
    return label


def exported(label, **wanted):
    asked = label.api.post("/api/exports", json={"kind": "recording", **wanted})
    assert asked.status_code == 202, asked.text
    path = asked.headers["location"]
    done = until(
        lambda: found if (found := label.get(path))["status"] != "requested" else None
    )
    assert done["status"] == "done", done["reason"]
    return done, httpx.get(done["download_url"])


def test_an_export_is_fetched_by_its_signed_link(catalog, sample):
    done, answer = exported(catalog, format="csv", fields=["isrc", "title"])

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert done["row_count"] == len(rows) == len(sample.tracks)
    assert {row["isrc"]: row["title"] for row in rows} == {
        track.isrc: track.title for track in sample.tracks
    }


def test_filters_narrow_an_export(catalog, sample):
    wanted = sample.tracks[1]

    _, answer = exported(catalog, format="jsonl", filters={"isrc": wanted.isrc})

    (line,) = answer.text.splitlines()
    assert json.loads(line)["title"] == wanted.title


def test_a_link_that_was_changed_opens_nothing(catalog):
    done, _ = exported(catalog, format="json")

    answer = httpx.get(done["download_url"].replace("exports/", "exports/x", 1))

    assert answer.status_code in (403, 404)
