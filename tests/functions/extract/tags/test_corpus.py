"""The corpus of real and damaged files that lies beside the project in CI."""

import time
from pathlib import Path

import mutagen
import pytest

from functions.extract.tags import read_audio
from functions.extract.tags.gathering import storable
from shared.domain.claims import canonical_json
from shared.domain.errors import UnreadableFileError
from shared.domain.fields import parsed

CORPUS = Path(__file__).parents[5] / "shared" / "data" / "tagcorpus"
LONGEST_S = 5.0

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the tag corpus is not here"),
]


def corpus():
    if not CORPUS.is_dir():
        return []
    return sorted(path for path in CORPUS.iterdir() if path.suffix != ".csv")


def of_mutagen(path):
    try:
        return mutagen.File(path)
    except (mutagen.MutagenError, ZeroDivisionError):
        return None


@pytest.mark.parametrize("path", corpus(), ids=lambda path: path.name)
def test_a_real_file_is_read_whole_or_refused_with_a_reason(path):
    started_s = time.monotonic()
    reference = of_mutagen(path)

    try:
        reading = read_audio(path)
    except UnreadableFileError as exc:
        assert exc.facts["reason"]  # noqa: PT017 - a refusal is one of two right ends
        assert reference is None
        return

    assert time.monotonic() - started_s < LONGEST_S
    assert canonical_json(reading.raw)
    if reference is not None and reference.tags is not None:
        keys = {storable(str(key)) for key in reference.tags.keys()}  # noqa: SIM118
        assert keys <= set(reading.raw)
    for claim in reading.tags:
        assert parsed(claim.kind, claim.field, claim.value) == claim.value
