"""Finding the same recording again: terms to look up, and how near two prints are.

A fingerprint of two minutes is about 950 sub-fingerprints of 32 bits, many of which
survive another encoding to the bit. Those with the lowest hashes are its terms (the
bottom-k sketch of Cohen & Kaplan, 2007): what two recordings have in common shows in
an index of terms, whatever its size, and only candidates are compared.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

import numpy as np
from numpy.typing import NDArray

from shared.audio.fingerprint import bit_error
from shared.domain.errors import InvalidInputError

TERMS: Final = 64
LEAST_SHARED: Final = 3
"""So many terms two recordings must share to be compared."""

_HASH = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hash, 64 bits
_HEADER_BYTES = 4
_EXCEPTION = 7


def terms(fingerprint: str) -> tuple[int, ...]:
    """Return what *fingerprint*, compressed, is found by: at most TERMS, signed.

    Raises:
        InvalidInputError: It is no compressed fingerprint.
    """
    values = np.unique(decompressed(fingerprint))
    hashes = (values.astype(np.uint64) * _HASH) >> np.uint64(32)
    chosen = values[np.argsort(hashes, kind="stable")[:TERMS]]
    return tuple(sorted(chosen.astype(np.int32).tolist()))


def distance(one: str, other: str) -> float:
    """Return the share of bits that differ where two fingerprints overlap best.

    Raises:
        InvalidInputError: One is no compressed fingerprint.
    """
    return bit_error(decompressed(one), decompressed(other))


def decompressed(text: str) -> NDArray[np.uint32]:
    """Return the sub-fingerprints that `fingerprint.compressed` wrote.

    Raises:
        InvalidInputError: *text* is not what that writes.
    """
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as exc:
        raise InvalidInputError("not a compressed fingerprint") from exc
    if len(packed) < _HEADER_BYTES:
        raise InvalidInputError("too short for a fingerprint", size_bytes=len(packed))
    count = int.from_bytes(packed[1:_HEADER_BYTES])
    bits = np.unpackbits(
        np.frombuffer(packed, np.uint8, offset=_HEADER_BYTES), bitorder="little"
    )
    return _values(bits, count)


def _values(bits: NDArray[np.uint8], count: int) -> NDArray[np.uint32]:
    distances = _fields(bits, 3)
    ends = np.flatnonzero(distances == 0)
    if len(ends) < count:
        raise InvalidInputError("a fingerprint that is cut off", expected=count)
    used = int(ends[count - 1]) + 1 if count else 0
    distances = distances[:used]
    exceptions = np.flatnonzero(distances == _EXCEPTION)
    # What follows begins at a whole byte.
    more = _fields(bits[(3 * used + 7) // 8 * 8 :], 5)
    if len(more) < len(exceptions):
        raise InvalidInputError("a fingerprint that is cut off", expected=count)
    distances[exceptions] += more[: len(exceptions)]
    return _accumulated(distances, ends[:count])


def _accumulated(
    distances: NDArray[np.int64], ends: NDArray[np.intp]
) -> NDArray[np.uint32]:
    """Return the values whose set bits lie *distances* apart, a 0 after each value."""
    position = np.cumsum(distances)
    value_of = np.searchsorted(ends, np.arange(len(distances)))
    starts = np.concatenate(([0], position[ends[:-1]])) if len(ends) else position[:0]
    bit = position - starts[value_of] - 1
    is_bit = distances > 0
    if (bit[is_bit] > 31).any():
        raise InvalidInputError("a fingerprint with a bit out of range")
    masks = np.zeros(len(ends), np.uint32)
    np.bitwise_or.at(
        masks, value_of[is_bit], np.uint32(1) << bit[is_bit].astype(np.uint32)
    )
    return np.asarray(np.bitwise_xor.accumulate(masks), np.uint32)


def _fields(bits: NDArray[np.uint8], width: int) -> NDArray[np.int64]:
    whole = len(bits) // width * width
    weights = 1 << np.arange(width)
    return np.asarray(bits[:whole].reshape(-1, width) @ weights, np.int64)
