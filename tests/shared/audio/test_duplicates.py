import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st

from shared.audio.duplicates import NO_MATCH, TERM_S, compare, decompressed
from shared.audio.fingerprint import SAMPLE_RATE_HZ, compressed, fingerprint
from shared.audio.listening import listen
from shared.domain.errors import InvalidInputError


def melody(seed, seconds=30):
    """Return notes with overtones, others for each seed, shape (n,), at 22.05 kHz."""
    generator = np.random.default_rng(seed)
    time_s = np.arange(22_050 // 4) / 22_050
    notes = []
    for _ in range(4 * seconds):
        hz = 110 * 2 ** (generator.integers(0, 36, 3)[:, None] / 12)
        notes.append(np.sin(2 * np.pi * hz * time_s).sum(axis=0) * np.exp(-3 * time_s))
    return (0.1 * np.concatenate(notes)).astype(np.float32)


def terms(mono):
    return fingerprint(soxr.resample(mono, 22_050, SAMPLE_RATE_HZ, quality="MQ"))


@pytest.fixture
def tune():
    return melody(1)


@pytest.fixture
def transcoded(sound_file, tune):
    def make(name, codec, rate_hz):
        samples = soxr.resample(tune, 22_050, rate_hz)
        return listen(sound_file(samples, name, codec, rate_hz)).mono

    return make


@pytest.mark.parametrize(
    ("name", "codec", "rate_hz"),
    [("tune.mp3", "libmp3lame", 44_100), ("tune.opus", "libopus", 48_000)],
)
def test_a_transcode_is_the_same_recording(tune, transcoded, name, codec, rate_hz):
    found = compare(terms(tune), terms(transcoded(name, codec, rate_hz)))

    assert found.probability > 0.98
    assert abs(found.offset_ms) <= 1000 * TERM_S


@pytest.mark.parametrize("trim_s", [2.0, 7.5])
def test_a_trim_is_the_same_recording_so_much_earlier(tune, trim_s):
    found = compare(terms(tune), terms(tune[round(trim_s * 22_050) :]))

    assert found.probability > 0.98
    assert found.offset_ms == pytest.approx(-1000 * trim_s, abs=1000 * TERM_S)


def test_a_part_from_the_middle_is_found(tune):
    found = compare(terms(tune), terms(tune[10 * 22_050 : 20 * 22_050]))

    assert found.probability > 0.98
    assert found.offset_ms == pytest.approx(-10_000, abs=1000 * TERM_S)


@pytest.mark.parametrize("seed", range(2, 12))
def test_strangers_are_not(tune, seed):
    assert compare(terms(tune), terms(melody(seed))).probability < 0.1


def test_both_ways_say_the_same(tune):
    one, other = terms(tune), terms(tune[5 * 22_050 :])

    forth, back = compare(one, other), compare(other, one)

    assert forth.probability == back.probability
    assert forth.offset_ms == -back.offset_ms


def test_shared_silence_is_no_likeness():
    silence = np.zeros(60 * 22_050, np.float32)
    one, other = (terms(np.concatenate([silence, melody(s, 10)])) for s in (3, 4))

    assert compare(one, other).probability < 0.1


@pytest.mark.parametrize("n", [0, 1, 10])
def test_too_little_says_nothing(n):
    few = np.arange(n, dtype=np.uint32)

    assert compare(few, few) == NO_MATCH


@given(st.lists(st.integers(0, 2**32 - 1), max_size=200))
def test_what_was_compressed_comes_back(values):
    found = np.array(values, np.uint32)

    assert decompressed(compressed(found)).tolist() == values


@given(st.text(max_size=60))
def test_other_text_is_no_fingerprint_or_some_terms(text):
    try:
        found = decompressed(text)
    except InvalidInputError:
        return
    assert found.dtype == np.uint32
