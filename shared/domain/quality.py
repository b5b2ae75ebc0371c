"""How good an entry is: complete, agreed upon, and well sourced."""

from __future__ import annotations

from shared.domain.claims import Kind
from shared.domain.fields import FIELDS
from shared.domain.resolve import Resolution


def completeness(kind: Kind, resolution: Resolution) -> float:
    """Return the weighted share of the fields of *kind* that have a value, 0 to 1."""
    weights = {name: field.weight for name, field in FIELDS[kind].items()}
    total = sum(weights.values())
    return sum(weights.get(name, 0.0) for name in resolution.values) / total


def agreement(resolution: Resolution) -> float:
    """Return the mean share of claims that agree with the value believed, 0 to 1."""
    shares = [
        1.0 if why.locked else why.agreeing / (why.agreeing + why.differing)
        for why in resolution.provenance.values()
    ]
    return sum(shares) / len(shares) if shares else 0.0


def confidence(resolution: Resolution) -> float:
    """Return the mean confidence of the values believed, 0 to 1."""
    found = [
        1.0 if why.locked else why.confidence for why in resolution.provenance.values()
    ]
    return sum(found) / len(found) if found else 0.0


def quality(kind: Kind, resolution: Resolution) -> float:
    """Return one figure from 0 to 1, to four decimals.

    Completeness is half of it; agreement and confidence share the other half. An
    empty entry has quality 0.
    """
    if not resolution.values:
        return 0.0
    score = (
        0.5 * completeness(kind, resolution)
        + 0.25 * agreement(resolution)
        + 0.25 * confidence(resolution)
    )
    return round(score, 4)
