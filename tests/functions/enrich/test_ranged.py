import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.enrich.ranged import RangedFile
from shared.audio.analysis import analyse
from shared.domain.errors import NotFoundError, TransientError
from tests.functions.stored import VersionedStore

_MIB = 1 << 20


class Ranged(VersionedStore):
    """Counts the bytes that were asked for; goes away after so many reads."""

    def __init__(self, leaves_after=1_000_000):
        super().__init__()
        self.asked_bytes = 0
        self.leaves_after = leaves_after

    def read(self, name, *, start=0, end=None, generation=None):
        if len(self.reads) >= self.leaves_after:
            raise TransientError("the object store is away", object=name)
        self.asked_bytes += end - start
        return super().read(name, start=start, end=end, generation=generation)


def opened(content, **options):
    store = Ranged(**options)
    generation = store.put("a.wav", content)
    return store, RangedFile(store, "a.wav", generation, len(content))


@given(
    size=st.integers(0, 3 * _MIB),
    moves=st.lists(
        st.tuples(st.integers(0, 3 * _MIB), st.integers(0, _MIB)), max_size=8
    ),
)
def test_it_reads_as_the_bytes_themselves_do(size, moves):
    content = bytes(range(256)) * (size // 256 + 1)
    expected = io.BytesIO(content[:size])
    file = io.BufferedReader(opened(content[:size])[1])

    for place, length in moves:
        expected.seek(place)
        file.seek(place)

        assert file.read(length) == expected.read(length)


def test_the_end_can_be_sought_from():
    _, file = opened(b"abc")

    file.seek(-1, io.SEEK_END)

    assert file.read(10) == b"c"
    with pytest.raises(ValueError, match="before the beginning"):
        file.seek(-1)


def test_a_look_at_both_ends_fetches_no_middle():
    store, file = opened(bytes(64 * _MIB))

    file.read(100)
    file.seek(-100, io.SEEK_END)
    file.read(100)

    assert store.asked_bytes <= 2 * _MIB


def test_reading_on_fetches_everything_once_and_ahead():
    store, file = opened(bytes(20 * _MIB))

    while file.read(_MIB):
        pass

    assert store.asked_bytes == 20 * _MIB
    assert len(store.reads) < 8


def test_little_is_kept_of_what_was_read():
    _, file = opened(bytes(64 * _MIB))

    while file.read(_MIB):
        pass

    assert sum(map(len, file._blocks.values())) <= 16 * _MIB


def wave(seconds):
    """Return a WAV file of noise, mono, 8 kHz, 16 bit."""
    import wave as format_of_waves

    import numpy as np

    noise = np.random.default_rng(1).integers(-9000, 9000, seconds * 8000, "<i2")
    target = io.BytesIO()
    with format_of_waves.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(noise.tobytes())
    return target.getvalue()


def test_a_decoder_hears_in_it_what_it_hears_in_the_bytes():
    content = wave(10)
    _, file = opened(content)

    heard = analyse(io.BufferedReader(file))

    assert heard == analyse(io.BytesIO(content))


def test_an_outage_while_it_is_heard_passes_and_is_no_damage():
    _, file = opened(wave(600), leaves_after=2)

    with pytest.raises(TransientError):
        analyse(io.BufferedReader(file))


def test_a_file_that_is_replaced_while_it_is_heard_is_not_found():
    store, file = opened(wave(10))
    store.drop("a.wav")

    with pytest.raises(NotFoundError):
        analyse(io.BufferedReader(file))
