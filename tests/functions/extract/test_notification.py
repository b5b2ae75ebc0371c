"""What the store's own words about an upload become."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from functions.extract.notification import ObjectFinalized
from shared.domain.errors import InvalidInputError

TOLD = {
    "bucket": "up",
    "name": "a-label/01.flac",
    "generation": "7",
    "size": "3",
    "contentType": "audio/flac",
    "timeCreated": "2026-03-01T12:00:00.123Z",
    "crc32c": "4waSgw==",
    "metadata": {"delivery": "12"},
}


def parsed(**news):
    return ObjectFinalized.parse(json.dumps(TOLD | news).encode())


def test_an_event_tells_all_that_the_store_would():
    stat = parsed().stat

    assert stat is not None
    assert (stat.uri, stat.generation, stat.size_bytes) == (
        "gs://up/a-label/01.flac",
        7,
        3,
    )
    assert stat.updated_at == datetime(2026, 3, 1, 12, 0, 0, 123_000, tzinfo=UTC)
    assert stat.crc32c == "e3069283"
    assert stat.metadata == {"delivery": "12"}


def test_of_an_event_that_tells_less_the_store_has_to_be_asked():
    assert parsed(timeCreated=None).stat is None


@pytest.mark.parametrize(
    "news", [{"crc32c": "4waSgw"}, {"timeCreated": "yesterday"}, {"generation": "0"}]
)
def test_what_is_no_description_of_an_object_is_refused(news):
    with pytest.raises(InvalidInputError):
        parsed(**news)
