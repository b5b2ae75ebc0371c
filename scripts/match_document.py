"""Coefficients as the curves and tables that `match_weights` reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scripts.match_design import DESIGN, FALLING, RANKED, RISING, SILENCE
from shared.domain.comparisons import DIFFERENT, MISSING, SAME

# No open set has pairs with ISRCs that does not take them for the truth, so these are
# set, not fitted: labels reuse and reissue codes, but seldom.
_ISRC = {DIFFERENT: -2.5, MISSING: 0.0, SAME: 7.0}
_DECIMALS = 4


def document_of(coefficients: NDArray[np.float64]) -> dict[str, Any]:
    """Return the part of the weights file that *coefficients* say."""
    told: defaultdict[str, list[float]] = defaultdict(list)
    for column, value in zip(DESIGN, coefficients[:-1], strict=True):
        told[column.comparison].append(float(value))
    curves = {
        name: _curve(
            knots,
            told[name],
            knots.index(SILENCE[name][0]),
            is_falling=name in FALLING,
        )
        for name, knots in (RISING | FALLING).items()
    }
    tables: dict[str, dict[str, float]] = {
        name: dict(zip(answers, _rounded(np.cumsum([0, *told[name]])), strict=True))
        for name, answers in RANKED.items()
    }
    details, one_only, missing, same = told["version"]
    answers = (0.0, details, one_only, one_only + missing, one_only + same)
    names = (DIFFERENT, "details", "one", MISSING, SAME)
    tables["version"] = dict(zip(names, _rounded(answers), strict=True))
    tables["isrc"] = dict(_ISRC)
    return {
        "intercept": round(float(coefficients[-1]), _DECIMALS),
        "curves": curves,
        "tables": tables,
    }


def _curve(
    knots: tuple[float, ...],
    told: Sequence[float],
    shared: int,
    *,
    is_falling: bool,
) -> dict[str, Any]:
    *steps, silence = told
    steps[shared] += silence
    if is_falling:
        values = [*np.cumsum(steps[::-1])[::-1], 0.0]
    else:
        values = [0.0, *np.cumsum(steps)]
    return {
        "knots": list(knots),
        "values": _rounded(values),
        "missing": round(float(silence), _DECIMALS),
    }


def _rounded(values: Sequence[float] | NDArray[np.float64]) -> list[float]:
    return [round(float(one), _DECIMALS) for one in values]
