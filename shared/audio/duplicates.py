"""Whether two fingerprints are of one recording, how they are shifted, how surely."""

from __future__ import annotations

import base64
import binascii
import math
import struct
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from shared.domain.errors import InvalidInputError

TERM_S: Final = 1365 / 11_025
"""How far apart the values of a fingerprint are."""

_ALGORITHM = 1
_MOST_TERMS = 4096
_FEWEST_SHARED = 24  # 3 s
_LEAST_PART = 0.25  # of the shorter must overlap
_MATCHING = 0.3  # of bits differ at most, over 2 s
_SMOOTHED = 17
_STRANGERS = 0.5
# A logistic curve between what was measured on 99 recordings: transcodes (MP3 at 64,
# Opus at 24 kbit/s), trims and noise agree throughout and differ in at most 0.10 of
# bits; of 2,185 pairs of strangers none agreed on more than 0.55, or within 0.31.
_WEIGHTS = (-12.0, 12.0, 16.0)

Terms = NDArray[np.uint32]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Match:
    """How two fingerprints compare at their best shift.

    Attributes:
        probability: That both are the same recording, however encoded or trimmed.
        offset_ms: How much later the second has what the first has; below 0, earlier.
        overlap_ms: How much of both was compared, without what says nothing.
        matched: Share of the overlap that agrees, 2 s at a time, 0 to 1.
        bit_error: Share of bits that differ, 0 to 1; strangers have near 0.5.
    """

    probability: float
    offset_ms: int
    overlap_ms: int
    matched: float
    bit_error: float


NO_MATCH: Final = Match(0.0, 0, 0, 0.0, _STRANGERS)


def compare(one: Terms, other: Terms) -> Match:
    """Return how *one* and *other* compare, shifted as they agree best.

    All shifts are tried at once: the agreement of bits is a cross-correlation. What
    lasts unchanged, as silence does, says nothing and does not count.

    Args:
        one: From `fingerprint.fingerprint`, or `decompressed`; any length.
        other: Likewise.
    """
    told, told_other = _telling(one), _telling(other)
    shortest = min(int(told.sum()), int(told_other.sum()))
    least = max(_FEWEST_SHARED, int(_LEAST_PART * shortest))
    if shortest < least:
        return NO_MATCH
    agreement, shared = _correlated(one, other, told, told_other)
    # Chance agreement grows as the root of what is compared.
    score = np.where(shared >= least, agreement / np.sqrt(np.maximum(shared, 1)), 0)
    best = int(score.argmax())
    lag = best - (len(one) - 1)
    left, right = one[max(-lag, 0) :], other[max(lag, 0) :]
    n = min(len(left), len(right))
    both = told[max(-lag, 0) :][:n] & told_other[max(lag, 0) :][:n]
    errors = np.bitwise_count(left[:n] ^ right[:n])[both] / 32
    return _match(lag, errors)


def decompressed(text: str) -> Terms:
    """Return the values of a fingerprint as `fingerprint.compressed` writes it.

    Raises:
        InvalidInputError: *text* is no fingerprint of this algorithm.
    """
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        (header,) = struct.unpack_from(">I", content)
    except (binascii.Error, struct.error, ValueError) as exc:
        raise InvalidInputError("not a fingerprint", reason=str(exc)) from exc
    algorithm, count = header >> 24, header & 0xFFFFFF
    if algorithm != _ALGORITHM or count > _MOST_TERMS:
        raise InvalidInputError(
            "not a fingerprint of this algorithm", algorithm=algorithm, terms=count
        )
    return np.bitwise_xor.accumulate(_differences(content[4:], count))


def _differences(packed: bytes, count: int) -> Terms:
    """Return what each value is XORed with: see `fingerprint.compressed`."""
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), bitorder="little")
    threes = bits[: len(bits) // 3 * 3].reshape(-1, 3) @ np.array([1, 2, 4])
    ends = np.flatnonzero(threes == 0)[:count]
    if len(ends) < count:
        raise InvalidInputError("a fingerprint that ends early", terms=count)
    normal = threes[: ends[-1] + 1] if count else threes[:0]
    start = (3 * len(normal) + 7) // 8 * 8
    extra = bits[start : start + (len(bits) - start) // 5 * 5].reshape(-1, 5)
    more = iter((extra @ np.array([1, 2, 4, 8, 16])).tolist())
    found, value, bit = [], 0, 0
    for distance in normal.tolist():
        if distance == 0:
            found.append(value)
            value = bit = 0
            continue
        bit += distance + (next(more, 0) if distance == 7 else 0)
        if bit > 32:
            raise InvalidInputError("a fingerprint with more than 32 bits", bit=bit)
        value |= 1 << (bit - 1)
    return np.array(found, np.uint32)


def _telling(terms: Terms) -> NDArray[np.bool_]:
    """Return which differ from one of their neighbours."""
    if len(terms) < 2:
        return np.zeros(len(terms), bool)
    changes = np.concatenate([[True], terms[1:] != terms[:-1], [True]])
    return np.asarray(changes[1:] | changes[:-1])


def _correlated(
    one: Terms, other: Terms, told: NDArray[np.bool_], told_other: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return bits that agree less bits that differ, and how many terms were compared.

    For each shift from -(len(one) - 1) to len(other) - 1.
    """
    size = fft.next_fast_len(len(one) + len(other) - 1, real=True)
    forth = fft.rfft(_signs(other, told_other), size)
    back = fft.rfft(_signs(one, told)[:, ::-1], size)
    product = forth * back
    sums = fft.irfft(np.stack([product[:32].sum(axis=0), product[32]]), size)
    agreement, shared = sums[:, : len(one) + len(other) - 1]
    return agreement, np.rint(shared)


def _signs(terms: Terms, told: NDArray[np.bool_]) -> Floats:
    """Return bits as ±1, 0 where nothing is told, then what is told: (33, n)."""
    bits = (terms >> np.arange(32, dtype=np.uint32)[:, None]) & np.uint32(1)
    rows = np.concatenate([bits.astype(np.float64) * 2 - 1, np.ones((1, len(terms)))])
    return np.asarray(rows * told)


def _match(lag: int, errors: Floats) -> Match:
    width = min(_SMOOTHED, len(errors))
    smooth = np.convolve(errors, np.ones(width) / width, "valid")
    matched = float((smooth < _MATCHING).mean())
    error = float(errors.mean())
    overlap_s = len(errors) * TERM_S
    return Match(
        probability=round(_probability(error, matched, overlap_s), 4),
        offset_ms=round(1000 * lag * TERM_S),
        overlap_ms=round(1000 * overlap_s),
        matched=round(matched, 4),
        bit_error=round(error, 4),
    )


def _probability(error: float, matched: float, overlap_s: float) -> float:
    """Return the calibrated probability; short overlaps agree more by chance."""
    offset, of_matched, of_error = _WEIGHTS
    sure = min(1.0, math.sqrt(overlap_s / 20))
    odds = offset + of_matched * matched + of_error * (_STRANGERS - error) * sure
    return 1 / (1 + math.exp(-min(max(odds, -30), 30)))
