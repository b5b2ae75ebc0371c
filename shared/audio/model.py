"""Models that put a recording into a class: what they promise, and how they are kept.

A model's file is JSON: plain numbers, nothing is unpickled. `loaded` takes its bytes
from wherever they are kept (`models/<name>.json` in the object store, or SHIPPED).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import Calibration
from shared.audio.traits import known_traits, traits
from shared.domain.errors import InvalidInputError, NotFoundError

CONTENT_TYPE: Final = "application/json"
FORMAT: Final = "linear-1"

_FOLDER = Path(__file__).parent
_NAME = re.compile(r"[a-z]+_v[0-9]+")
SHIPPED: Final = ("genre_v1", "mood_v1")
"""The models that come with the code, one for each field."""

_DECIMALS = 5
_ALTERNATIVES = 3
_MOST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one model says about one field of a recording.

    Attributes:
        field: Such as `genre`.
        confidence: The calibrated probability that a labeller would say the same.
        alternatives: Up to three others, likeliest first.
        model: Such as `genre_v1`.
    """

    field: str
    value: str
    confidence: float
    alternatives: tuple[str, ...]
    model: str


class Model(Protocol):
    """A version of what is known about one field."""

    @property
    def name(self) -> str:
        """`<field>_v<number>`, such as `genre_v1`; a catalog's own has more to it."""
        ...

    @property
    def field(self) -> str:
        """What it tells: `genre`, `mood`."""
        ...

    def estimate(self, document: Mapping[str, Any]) -> Estimate | None:
        """Return what it says of a `features.Document`, stored or fresh.

        None where nothing was measured that it goes by, as in silence.
        """
        ...


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Multinomial logistic regression over standardised traits.

    Attributes:
        classes: Sorted.
        inputs: Names of traits: see `traits`.
        mean: Of each trait where it was trained, shape (n_inputs,).
        spread: Standard deviation of each.
        weights: Shape (n_inputs, n_classes).
        offsets: Shape (n_classes,).
    """

    name: str
    field: str
    classes: tuple[str, ...]
    inputs: tuple[str, ...]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    weights: NDArray[np.float64]
    offsets: NDArray[np.float64]
    calibration: Calibration

    def scores(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return log-likelihoods up to a constant, shape (..., n_classes)."""
        standard = (values - self.mean) / self.spread
        return np.asarray(standard @ self.weights + self.offsets)

    def likelihood(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of each class, shape (..., n_classes), uncalibrated."""
        scores = self.scores(values)
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=-1, keepdims=True))

    def estimate(self, document: Mapping[str, Any]) -> Estimate | None:
        values = traits(document, self.inputs)
        if values is None:
            return None
        shares = self.likelihood(values)
        ranked = np.argsort(-shares, kind="stable")
        names = [self.classes[index] for index in ranked[: 1 + _ALTERNATIVES]]
        return Estimate(
            field=self.field,
            value=names[0],
            confidence=self.calibration.probability([float(shares[ranked[0]])]),
            alternatives=tuple(names[1:]),
            model=self.name,
        )


def loaded(content: bytes) -> LinearModel:
    """Return the model that *content* is.

    Raises:
        InvalidInputError: It is no model of this format, or goes by what is not
            measured here, or its numbers do not fit one another.
    """
    if len(content) > _MOST_BYTES:
        raise InvalidInputError("too large for a model", size_bytes=len(content))
    try:
        stored = json.loads(content)
        model = _model(stored)
    except (ValueError, TypeError, KeyError) as exc:
        raise InvalidInputError("not a model", reason=str(exc)) from exc
    _require_fitting(model)
    return model


def stored(model: LinearModel, training: Mapping[str, object] | None = None) -> bytes:
    """Return the file of *model*, with what is to be said of its training."""
    told = {
        "format": FORMAT,
        "name": model.name,
        "field": model.field,
        "classes": model.classes,
        "inputs": model.inputs,
        "mean": _rounded(model.mean),
        "spread": _rounded(model.spread),
        "weights": _rounded(model.weights),
        "offsets": _rounded(model.offsets),
        "calibration": [
            round(model.calibration.slope, 4),
            round(model.calibration.offset, 4),
        ],
        "training": dict(training or {}),
    }
    return (json.dumps(told, ensure_ascii=False) + "\n").encode()


@cache
def shipped(name: str) -> LinearModel:
    """Return the model of that name that comes with the code.

    Raises:
        NotFoundError: None does.
    """
    path = _FOLDER / f"{name}.json"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFoundError("no such model comes with the code", model=name)
    return loaded(path.read_bytes())


def object_name(name: str) -> str:
    """Return where the model *name* lies in the object store."""
    return f"models/{name}.json"


def _model(stored: Mapping[str, Any]) -> LinearModel:
    if stored["format"] != FORMAT:
        raise InvalidInputError("a model of another format", format=stored["format"])
    slope, offset = stored["calibration"]
    return LinearModel(
        name=str(stored["name"]),
        field=str(stored["field"]),
        classes=tuple(map(str, stored["classes"])),
        inputs=tuple(map(str, stored["inputs"])),
        mean=_numbers(stored["mean"]),
        spread=_numbers(stored["spread"]),
        weights=_numbers(stored["weights"]),
        offsets=_numbers(stored["offsets"]),
        calibration=Calibration(float(slope), float(offset)),
    )


def _require_fitting(model: LinearModel) -> None:
    unknown = sorted(set(model.inputs) - known_traits())
    if unknown:
        raise InvalidInputError("the model goes by unknown traits", traits=unknown)
    n_inputs, n_classes = len(model.inputs), len(model.classes)
    shapes = (
        model.mean.shape == model.spread.shape == (n_inputs,)
        and model.weights.shape == (n_inputs, n_classes)
        and model.offsets.shape == (n_classes,)
    )
    if not (shapes and n_classes and (model.spread > 0).all()):
        raise InvalidInputError("the model's numbers do not fit", model=model.name)


def _numbers(values: Sequence[object]) -> NDArray[np.float64]:
    found = np.array(values, np.float64)
    if not np.isfinite(found).all():
        raise ValueError("a number is not finite")
    return found


def _rounded(values: NDArray[np.float64]) -> object:
    return np.round(values, _DECIMALS).tolist()
