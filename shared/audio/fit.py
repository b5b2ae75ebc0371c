"""Fits the weights of tempo and key, and what their confidence means.

    python -m shared.audio.fit FOLDER…

Each FOLDER has an `index.csv` with the columns `file`, `bpm` and `key` (either may be
empty) beside the files. What is reported as unseen was predicted by weights that had
not seen the recording, nor any of the same source name; what is written saw them all,
and composed pieces (`composing`) in either case.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from shared.audio.calibration import Calibration, expected_error
from shared.audio.examples import Examples, examples
from shared.audio.tempo import GRID_BPM, NEARBY, mass_near
from shared.audio.weights import WEIGHTS_FILE

_FOLDS = 10
_RIDGE = {"tempo": 5e-3, "key": 1e-3}
_MOST_STEPS = 100
_COMPOSED = 400

Floats = NDArray[np.float64]
Share = Callable[[Floats, Floats], tuple[float, bool]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--output", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--composed", type=int, default=_COMPOSED, help="pieces")
    options = parser.parse_args()
    tempo, key = examples(options.folders, options.composed)
    stored: dict[str, object] = {}
    for name, data, share in (
        ("tempo", tempo, _tempo_share),
        ("key", key, _key_share),
    ):
        ridge = _RIDGE[name]
        shares, right = _cross_validated(data, ridge, share)
        slope, offset = fit_calibration(shares, right)
        learned = fit(data, ridge)
        stored[name] = [round(value, 6) for value in learned]
        stored[f"{name}_calibration"] = [round(slope, 4), round(offset, 4)]
        asked = data.part(data.asked)
        _, seen = _answers(asked, learned, share)
        curve = Calibration(slope, offset)
        for line in _report(name, asked, (shares, right, seen), curve):
            sys.stdout.write(line + "\n")
    options.output.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


def fit(data: Examples, ridge: float) -> Floats:
    """Return weights that make the truth likely, and stay small.

    Multinomial logistic regression over answers that share one weight vector, by
    L-BFGS; *ridge* holds back weights in units of their feature's spread.
    """
    spread = data.features.std(axis=(0, 1)) + 1e-6
    n_examples, n_answers, n_features = data.features.shape
    flat = np.asarray(data.features / spread, np.float32).reshape(-1, n_features)
    counts = (data.weights / data.weights.sum())[:, None]

    def loss(scaled: Floats) -> tuple[float, Floats]:
        scores = (flat @ scaled.astype(np.float32)).astype(np.float64)
        likelihood, logarithm = _softmax(scores.reshape(n_examples, n_answers))
        gap = ((likelihood - data.truth) * counts).astype(np.float32).ravel()
        value = -(counts * data.truth * logarithm).sum() + ridge * (scaled @ scaled)
        return float(value), (gap @ flat).astype(float) + 2 * ridge * scaled

    found = minimize(
        loss,
        np.zeros(n_features),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _MOST_STEPS},
    )
    return np.asarray(found.x / spread)


def fit_calibration(shares: Floats, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and offset that make the likeliest logistic curve of *shares*."""
    clipped = np.clip(shares, 1e-6, 1 - 1e-6)
    odds = np.log(clipped / (1 - clipped))
    # Platt, 1999, section 2.2: targets that no finite number of cases makes certain.
    good, bad = int(right.sum()), int((~right).sum())
    target = np.where(right, (good + 1) / (good + 2), 1 / (bad + 2))

    def loss(curve: Floats) -> float:
        value = curve[0] * odds + curve[1]
        return float((np.logaddexp(0, value) - target * value).sum())

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(slope), float(offset)


def _cross_validated(
    data: Examples, ridge: float, share: Share
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return each best answer's share and whether it is right, unseen when asked."""
    groups = np.array([_group(name) for name in data.names])
    distinct = np.unique(groups[data.asked])
    order = np.random.default_rng(0).permutation(len(distinct))
    fold_of = dict(zip(distinct[order], np.arange(len(distinct)) % _FOLDS, strict=True))
    # What was composed is in no fold: it is always learned from, and never asked.
    folds = np.array([fold_of.get(group, -1) for group in groups])
    shares, right = np.zeros(len(folds)), np.zeros(len(folds), bool)
    for fold in range(_FOLDS):
        learned = fit(data.part(folds != fold), ridge)
        chosen = (folds == fold) & data.asked
        shares[chosen], right[chosen] = _answers(data.part(chosen), learned, share)
    return shares[data.asked], right[data.asked]


def _answers(
    data: Examples, learned: Floats, share: Share
) -> tuple[Floats, NDArray[np.bool_]]:
    found = [
        share(_softmax(features @ learned)[0], truth)
        for features, truth in zip(data.features, data.truth, strict=True)
    ]
    return np.array([one for one, _ in found]), np.array([two for _, two in found])


def _tempo_share(likelihood: Floats, truth: Floats) -> tuple[float, bool]:
    best = int(likelihood.argmax())
    gap = abs(GRID_BPM[best] / GRID_BPM[truth.argmax()] - 1)
    return mass_near(likelihood, best), bool(gap < NEARBY)


def _key_share(likelihood: Floats, truth: Floats) -> tuple[float, bool]:
    best = int(likelihood.argmax())
    return float(likelihood[best]), bool(truth[best] == 1)


def _report(
    name: str,
    data: Examples,
    found: tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]],
    calibration: Calibration,
) -> Iterator[str]:
    shares, right, seen = found
    sure = np.array([calibration.probability([share]) for share in shares])
    error = expected_error(sure, right)
    yield (
        f"{name}: {right.mean():.1%} of {len(right)} right, unseen"
        f" ({seen.mean():.1%} seen); ECE {error:.3f}"
    )
    sources = np.array([_source(one) for one in data.names])
    for source in np.unique(sources):
        of = sources == source
        yield (
            f"  {source:12} {right[of].mean():6.1%} of {of.sum()}"
            f" ({seen[of].mean():.1%} seen)"
        )
    yield ("  confidence      n   mean  right")
    for low in np.arange(0, 1, 0.1):
        inside = (sure >= low) & (sure < low + 0.1)
        if inside.any():
            yield (
                f"  {low:.1f} to {low + 0.1:.1f} {inside.sum():6}"
                f"  {sure[inside].mean():.3f}  {right[inside].mean():.3f}"
            )


def _softmax(scores: Floats) -> tuple[Floats, Floats]:
    shifted = scores - scores.max(axis=-1, keepdims=True)
    logarithm = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return np.exp(logarithm), logarithm


def _source(name: str) -> str:
    return name.partition("_")[0]


def _group(name: str) -> str:
    """Return what must stay together: loops of one pack often are one recording."""
    pack, found, title = name.partition("__")
    return f"{pack} {title[:6]}" if found else name


if __name__ == "__main__":
    raise SystemExit(main())
