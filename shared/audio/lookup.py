"""Terms by which a recording is looked up among many, however it is encoded.

A fingerprint of two minutes is about 950 values of 32 bits, many of which survive
another encoding to the bit. Those with the lowest hashes are its terms (the bottom-k
sketch of Cohen & Kaplan, 2007): what two recordings have in common shows in an index
of terms, whatever its size, and only candidates are compared (`duplicates.compare`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from shared.audio.duplicates import decompressed

TERMS: Final = 64
LEAST_SHARED: Final = 3
"""So many terms two recordings must share to be compared.

Of 67 recordings of the open sets, encoded anew as MP3, Opus and AAC, and cut at their
beginning, the worst shared 5; no two strangers shared any.
"""

_HASH = np.uint64(0x9E3779B97F4A7C15)  # Knuth's multiplicative hash, 64 bits


def lookup_terms(fingerprint: str) -> tuple[int, ...]:
    """Return what *fingerprint*, compressed, is found by: at most TERMS, signed.

    Raises:
        InvalidInputError: It is no compressed fingerprint.
    """
    values = np.unique(decompressed(fingerprint))
    hashes = (values.astype(np.uint64) * _HASH) >> np.uint64(32)
    chosen = values[np.argsort(hashes, kind="stable")[:TERMS]]
    return tuple(sorted(chosen.astype(np.int32).tolist()))
