"""A catalog's own model: what shipped, taught by what people decided in reviews.

Every review that a person accepted or corrected is a lesson. `learned` fits a model
over what the shipped one would say and the traits themselves, so that a few lessons
move it a little and many move it far; artists are kept apart when it is judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import Calibration
from shared.audio.fit import fit_calibration
from shared.audio.model import LinearModel
from shared.audio.model_fit import Figures, figures, folds_of, regression
from shared.audio.traits import traits
from shared.domain.errors import InvalidInputError

FEWEST: Final = 30
"""Fewer lessons, or lessons of fewer artists than folds, teach nothing reliable."""

_FEWEST_OF_CLASS = 2
_FEWEST_ARTISTS = 5
_STRENGTHS = (0.03, 0.3)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about one recording.

    Attributes:
        document: A `features.Document`, as it is stored.
        label: What the person said it is.
        artist: Whose recordings are judged together; any name for it.
    """

    document: Mapping[str, Any]
    label: str
    artist: str


@dataclass(frozen=True, slots=True)
class Learned:
    """A model, and how good it and the one before are at unheard artists.

    Attributes:
        before: The shipped model's figures on the same recordings.
        after: This model's, cross-validated.
        classes: How many lessons there were of each.
        left_out: Lessons without timbre, or of a class with hardly any.
    """

    model: LinearModel
    before: Figures
    after: Figures
    classes: Mapping[str, int]
    left_out: int


def learned(base: LinearModel, name: str, decided: Sequence[Decided]) -> Learned:
    """Return what *base* becomes, under *name*, by what people *decided*.

    It knows the classes that were decided on, and no others.

    Raises:
        InvalidInputError: There are too few lessons, artists or classes.
    """
    values, labels, artists = _lessons(base, decided)
    _require_enough(labels, artists)
    folds = folds_of(artists)
    judged = {
        strength: _cross_validated(base, values, labels, folds, strength)
        for strength in _STRENGTHS
    }
    best = max(_STRENGTHS, key=lambda strength: float(judged[strength][1].mean()))
    shares, right = judged[best]
    curve = Calibration(*fit_calibration(shares, right))
    model = _taught(base, values, labels, best)
    counts = Counter(labels.tolist())
    return Learned(
        model=replace(model, name=name, calibration=curve),
        before=_figures_of(base, values, labels),
        after=figures(shares, right, curve),
        classes=dict(sorted(counts.items())),
        left_out=len(decided) - len(labels),
    )


def card(learned: Learned, base: LinearModel, on: str) -> str:
    """Return a model card in Markdown, *on* a date such as `2026-11-21`."""
    return "\n".join(_card_lines(learned, base, on)) + "\n"


def _card_lines(learned: Learned, base: LinearModel, on: str) -> Iterator[str]:
    model = learned.model
    told = ", ".join(f"{name} {count}" for name, count in learned.classes.items())
    yield f"# Model card: {model.name}"
    yield ""
    yield f"**What.** {base.name} taught by this catalog's own reviews, {on}."
    yield f"It knows {len(model.classes)} classes of {model.field}, and no others."
    yield ""
    yield f"**Data.** {sum(learned.classes.values())} decided reviews: {told}."
    yield f"{learned.left_out} were left out (no timbre, or hardly any of the class)."
    yield "They are the tenant's, and so is the model."
    yield ""
    for title, found in (("before", learned.before), ("after", learned.after)):
        yield f"**Figures {title}**, artists unheard:"
        yield ""
        yield from (f"    {line}" for line in found.lines())
        yield ""
    yield "**Limits.** Reviews are of what the model before was unsure of: on what it"
    yield "was sure of, this one is judged too harshly, and its classes are those that"
    yield "people typed. Judged by the reviews of five groups of artists, each unheard."


def _lessons(
    base: LinearModel, decided: Sequence[Decided]
) -> tuple[Floats, NDArray[np.str_], list[str]]:
    counts = Counter(one.label for one in decided)
    values, labels, artists = [], [], []
    for one in decided:
        found = traits(one.document, base.inputs)
        if found is not None and counts[one.label] >= _FEWEST_OF_CLASS:
            values.append(found)
            labels.append(one.label)
            artists.append(one.artist)
    shape = (len(values), len(base.inputs))
    return np.array(values).reshape(shape), np.array(labels, np.str_), artists


def _require_enough(labels: NDArray[np.str_], artists: Sequence[str]) -> None:
    n_classes, n_artists = len(set(labels.tolist())), len(set(artists))
    if len(labels) < FEWEST or n_classes < 2 or n_artists < _FEWEST_ARTISTS:
        raise InvalidInputError(
            "too few decided reviews to learn from",
            reviews=len(labels),
            artists=n_artists,
            classes=n_classes,
            fewest=FEWEST,
        )


def _taught(
    base: LinearModel, values: Floats, labels: NDArray[np.str_], strength: float
) -> LinearModel:
    """Return one linear model of the base's scores and the traits together."""
    standard = (values - base.mean) / base.spread
    own, own_offsets = _centred(base)
    both = np.column_stack([standard @ own + own_offsets, standard])
    weights, offsets, classes = regression(both, labels, strength)
    from_base, from_traits = weights[: own.shape[1]], weights[own.shape[1] :]
    return replace(
        base,
        classes=classes,
        weights=own @ from_base + from_traits,
        offsets=own_offsets @ from_base + offsets,
    )


def _centred(base: LinearModel) -> tuple[Floats, Floats]:
    # Only differences of scores mean something.
    return (
        base.weights - base.weights.mean(axis=1, keepdims=True),
        base.offsets - base.offsets.mean(),
    )


def _cross_validated(
    base: LinearModel,
    values: Floats,
    labels: NDArray[np.str_],
    folds: NDArray[np.intp],
    strength: float,
) -> tuple[Floats, NDArray[np.bool_]]:
    shares, right = np.zeros(len(labels)), np.zeros(len(labels), bool)
    for fold in np.unique(folds):
        seen, asked = folds != fold, folds == fold
        if len(set(labels[seen].tolist())) < 2:
            continue
        model = _taught(base, values[seen], labels[seen], strength)
        likelihood = model.likelihood(values[asked])
        shares[asked] = likelihood.max(axis=1)
        best = np.array(model.classes)[likelihood.argmax(axis=1)]
        right[asked] = best == labels[asked]
    return shares, right


def _figures_of(
    model: LinearModel, values: Floats, labels: NDArray[np.str_]
) -> Figures:
    likelihood = model.likelihood(values)
    best = np.array(model.classes)[likelihood.argmax(axis=1)]
    return figures(likelihood.max(axis=1), best == labels, model.calibration)


def class_of(value: object, known: Sequence[str]) -> str | None:
    """Return the class that a decided *value* names: its first, if it is a list.

    `Hip-Hop` is the known class `hiphop`; what is not known is a class of its own, in
    small letters. None where nothing is named.
    """
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, str) or not first.strip():
        return None
    plain = {_plain(name): name for name in known}
    return plain.get(_plain(first), " ".join(first.casefold().split()))


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
