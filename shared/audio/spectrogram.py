"""The mel picture that a player draws: 96 bands by up to 400 columns, 38,408 bytes.

Bytes, big-endian: a version (1), a zero, the number of columns and of bands as
unsigned 16-bit numbers, the loudest level as a signed 16-bit number of hundredths of
a dB; then the columns from the beginning of the sound on, each its bands from the
lowest up as unsigned bytes: 255 is the loudest level of all, 0 is 80 dB below it or
less. Bands are equally wide in mel (Slaney) up to 11,025 Hz; columns are equally long.
"""

from __future__ import annotations

import struct
from functools import cache

import numpy as np
from numpy.typing import NDArray

from shared.audio.filterbanks import Array
from shared.domain.errors import InvalidInputError

BANDS, COLUMNS = 96, 400
RANGE_DB = 80.0

_VERSION = 1
_HEADER = ">BBHHh"
_FLOOR = 1e-10


def spectrogram(mel_power: Array) -> bytes:
    """Return the picture of *mel_power*, shape (n_frames, n_bands), n_bands ≥ 96.

    Each column is the mean power of its frames, each band that of the bands in it.
    """
    columns = min(COLUMNS, len(mel_power))
    if not columns:
        return struct.pack(_HEADER, _VERSION, 0, 0, BANDS, 0)
    starts = np.linspace(0, len(mel_power), columns, endpoint=False).astype(int)
    counts = np.diff(starts, append=len(mel_power))
    mean = np.add.reduceat(mel_power, starts, axis=0) / counts[:, None]
    power = mean.astype(np.float32) @ _folding(mel_power.shape[1])
    level_db = 10 * np.log10(np.maximum(power, _FLOOR))
    loudest_db = float(level_db.max())
    share = np.clip(1 + (level_db - loudest_db) / RANGE_DB, 0, 1)
    header = (_VERSION, 0, columns, BANDS, round(100 * loudest_db))
    picture: NDArray[np.uint8] = np.rint(255 * share).astype(np.uint8)
    return struct.pack(_HEADER, *header) + picture.tobytes()


def levels_of(content: bytes) -> NDArray[np.float64]:
    """Return the level of each column and band in dB, shape (n_columns, n_bands).

    Raises:
        InvalidInputError: *content* is no picture of this version.
    """
    size = struct.calcsize(_HEADER)
    if len(content) < size:
        raise InvalidInputError("too short for a spectrogram", size=len(content))
    version, _, columns, bands, loudest = struct.unpack_from(_HEADER, content)
    if version != _VERSION or len(content) != size + columns * bands:
        raise InvalidInputError("not a spectrogram of this version", version=version)
    share = np.frombuffer(content, np.uint8, offset=size).reshape(columns, bands) / 255
    return np.asarray(loudest / 100 + RANGE_DB * (share - 1))


@cache
def _folding(n_bands: int) -> Array:
    """Return how much of each of *n_bands* lies in each of BANDS, (n_bands, BANDS)."""
    fine = np.arange(n_bands + 1) / n_bands
    coarse = np.arange(BANDS + 1) / BANDS
    low = np.maximum(fine[:-1, None], coarse[:-1])
    high = np.minimum(fine[1:, None], coarse[1:])
    overlap = np.maximum(high - low, 0)
    return np.asarray(overlap / overlap.sum(axis=0), np.float32)
