"""What a player draws before it plays.

`waveform` gives bytes: a version (1), a zero, then the number of columns as an
unsigned 16-bit number, big-endian; then for each column its lowest and its highest
sample as signed bytes, full scale at ±127.
"""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from shared.audio.filterbanks import Array
from shared.domain.errors import InvalidInputError

COLUMNS = 1000

_VERSION = 1
_HEADER = ">BBH"


def waveform(samples: Array, columns: int = COLUMNS) -> bytes:
    """Return the outline of *samples*, shape (n_samples,), in at most *columns*."""
    columns = min(columns, len(samples))
    header = struct.pack(_HEADER, _VERSION, 0, columns)
    if not columns:
        return header
    starts = np.linspace(0, len(samples), columns, endpoint=False).astype(int)
    outline = np.empty((columns, 2), np.float32)
    outline[:, 0] = np.minimum.reduceat(samples, starts)
    outline[:, 1] = np.maximum.reduceat(samples, starts)
    levels = np.rint(127 * np.clip(outline, -1, 1)).astype(np.int8)
    return header + levels.tobytes()


def columns_of(content: bytes) -> NDArray[np.float64]:
    """Return the lowest and highest of each column, shape (n_columns, 2), within ±1.

    Raises:
        InvalidInputError: *content* is no waveform of this version.
    """
    size = struct.calcsize(_HEADER)
    if len(content) < size:
        raise InvalidInputError("too short for a waveform", size=len(content))
    version, _, columns = struct.unpack_from(_HEADER, content)
    if version != _VERSION or len(content) != size + 2 * columns:
        raise InvalidInputError("not a waveform of this version", version=version)
    levels = np.frombuffer(content, np.int8, offset=size).reshape(-1, 2)
    return levels / 127
