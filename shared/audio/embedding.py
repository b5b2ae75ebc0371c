"""Where a recording lies among others: 64 numbers whose cosine says how alike.

The first 33 are its timbre: standardised traits, turned and stretched so that what
varies between recordings of one artist counts little, and what tells artists apart
counts much. The other 31 are contrast, rhythm, harmony and descriptors, standardised;
they are a quarter of the whole. Fitted by `python -m shared.audio.embedding_fit`; the
length is one, so that the product of two is their cosine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.audio.traits import traits
from shared.domain.errors import InvalidInputError

SIZE: Final = 64
BYTES: Final = 4 * SIZE
PROJECTION_FILE: Final = Path(__file__).with_name("embedding_v1.json")


@dataclass(frozen=True, slots=True)
class Projection:
    """From traits to the embedding.

    Attributes:
        version: Embeddings of other versions are other spaces.
        inputs: Names of traits: see `traits`.
        mean: Of each trait where it was fitted, shape (n_inputs,).
        spread: Standard deviation of each.
        matrix: Shape (n_inputs, SIZE).
    """

    version: str
    inputs: tuple[str, ...]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    matrix: NDArray[np.float64]

    def embedded(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return *values*, shape (..., n_inputs), as (..., SIZE) of length one."""
        # Whatever is stranger than four spreads is just strange.
        standard = np.clip((values - self.mean) / self.spread, -4, 4)
        place = standard @ self.matrix
        length = np.linalg.norm(place, axis=-1, keepdims=True)
        return np.asarray(place / np.maximum(length, 1e-12))


def embedding(document: Mapping[str, Any]) -> tuple[float, ...] | None:
    """Return the embedding of a `features.Document`; None where it is silent."""
    shipped = projection()
    values = traits(document, shipped.inputs)
    if values is None:
        return None
    return tuple(round(float(value), 6) for value in shipped.embedded(values))


def embedding_bytes(values: Sequence[float]) -> bytes:
    """Return an embedding as BYTES bytes: float32, little-endian.

    Raises:
        InvalidInputError: It has not SIZE finite numbers.
    """
    numbers = np.asarray(values, "<f4")
    if numbers.shape != (SIZE,) or not np.isfinite(numbers).all():
        raise InvalidInputError("not an embedding", size=numbers.size)
    return numbers.tobytes()


def embedding_of(content: bytes) -> NDArray[np.float32]:
    """Return the embedding that `embedding_bytes` wrote, shape (SIZE,).

    Raises:
        InvalidInputError: *content* has another length.
    """
    if len(content) != BYTES:
        raise InvalidInputError("not an embedding", size_bytes=len(content))
    return np.frombuffer(content, "<f4").astype(np.float32)


def similarity(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the cosine of two embeddings of one version, from -1 to 1."""
    left, right = np.asarray(one, np.float64), np.asarray(other, np.float64)
    length = float(np.linalg.norm(left) * np.linalg.norm(right))
    return float(left @ right) / length if length > 0 else 0.0


@cache
def projection(path: Path = PROJECTION_FILE) -> Projection:
    """Return the projection stored at *path*."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Projection(
        version=stored["version"],
        inputs=tuple(stored["inputs"]),
        mean=np.array(stored["mean"]),
        spread=np.array(stored["spread"]),
        matrix=np.array(stored["matrix"]),
    )
