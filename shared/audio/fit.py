"""Fits the weights of tempo and key, and what their confidence means.

    python -m shared.audio.fit FOLDER…

Each FOLDER has an `index.csv` with the columns `file`, `bpm` and `key` (either may be
empty) beside the files. What is reported was predicted by weights that had not seen
the recording, nor any of the same source name; what is written saw them all.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.optimize import minimize

from shared.audio.calibration import Calibration, expected_error
from shared.audio.listening import listen
from shared.audio.onsets import SAMPLE_RATE_HZ, onset_strength
from shared.audio.pitch import SAMPLE_RATE_HZ as PITCH_RATE_HZ
from shared.audio.pitch import pitches
from shared.audio.tempo import GRID_BPM, NEARBY, mass_near, tempo_features
from shared.audio.tonality import KEYS, key_features
from shared.audio.weights import PRIOR_FILE, WEIGHTS_FILE

_FOLDS = 10
_SHARPNESS = 0.015  # how far, in log tempo, a near miss is half right
_RIDGE = {"tempo": 1e-3, "key": 1e-2}
_SHARP_TO_FLAT = {"C#": "Db", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb"}

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Examples:
    """What one model learns from.

    Attributes:
        names: Of the files, for grouping.
        features: Shape (n_examples, n_answers, n_features).
        truth: How right each answer is, rows summing to 1, (n_examples, n_answers).
    """

    names: tuple[str, ...]
    features: Floats
    truth: Floats


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--output", type=Path, default=WEIGHTS_FILE)
    options = parser.parse_args()
    tempo, key = examples(options.folders)
    prior = json.loads(PRIOR_FILE.read_text(encoding="utf-8"))
    stored: dict[str, object] = {}
    for name, data, share in (
        ("tempo", tempo, _tempo_share),
        ("key", key, _key_share),
    ):
        shares, right = _cross_validated(data, _RIDGE[name], share)
        slope, offset = fit_calibration(shares, right)
        learned = _final(data, _RIDGE[name], np.array(prior[name]))
        stored[name] = [round(value, 6) for value in learned]
        stored[f"{name}_calibration"] = [round(slope, 4), round(offset, 4)]
        for line in _report(name, data, shares, right, Calibration(slope, offset)):
            sys.stdout.write(line + "\n")
    options.output.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    return 0


def examples(folders: Sequence[Path]) -> tuple[Examples, Examples]:
    """Return what the recordings in *folders* teach about tempo, and about key."""
    tempo: list[tuple[str, Floats, Floats]] = []
    key: list[tuple[str, Floats, Floats]] = []
    for path, row in _rows(folders):
        mono = listen(path).mono
        if row["bpm"]:
            near = np.log(GRID_BPM / float(row["bpm"])) / _SHARPNESS
            truth = np.exp(-0.5 * near**2)
            features = tempo_features(onset_strength(mono))[1]
            tempo.append((path.name, features.astype(float), truth / truth.sum()))
        if row["key"]:
            low = soxr.resample(mono, SAMPLE_RATE_HZ, PITCH_RATE_HZ, quality="MQ")
            answer = np.eye(len(KEYS))[KEYS.index(_flat(row["key"]))]
            key.append((path.name, key_features(pitches(low)), answer))
    return _stacked(tempo), _stacked(key)


def fit(data: Examples, ridge: float, prior: Floats) -> Floats:
    """Return weights that make the truth likely, and stay near *prior*.

    Multinomial logistic regression over answers that share one weight vector, by
    L-BFGS; *ridge* holds back weights in units of their feature's spread.
    """
    spread = data.features.std(axis=(0, 1)) + 1e-6
    n_examples, n_answers, n_features = data.features.shape
    flat = (data.features / spread).reshape(-1, n_features)
    start = prior * spread

    def loss(scaled: Floats) -> tuple[float, Floats]:
        scores = (flat @ scaled).reshape(n_examples, n_answers)
        likelihood, logarithm = _softmax(scores)
        gap = (likelihood - data.truth).ravel() / n_examples
        drift = scaled - start
        value = -(data.truth * logarithm).sum() / n_examples + ridge * (drift @ drift)
        return float(value), gap @ flat + 2 * ridge * drift

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x / spread)


def _final(data: Examples, ridge: float, prior: Floats) -> Floats:
    """Return weights near *prior*, as decided as those that calibration was fitted on.

    A common factor changes no order: only how far the best stands above the rest.
    """
    learned = fit(data, ridge, prior)
    alone = fit(data, ridge, np.zeros_like(prior))
    spreads = [np.median((data.features @ w).std(axis=1)) for w in (alone, learned)]
    return np.asarray(learned * (spreads[0] / spreads[1]))


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
    data: Examples,
    ridge: float,
    share: Callable[[Floats, Floats], tuple[float, bool]],
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return each best answer's share and whether it is right, unseen when asked.

    The prior has seen some of these recordings, so nothing starts from it here.
    """
    groups = np.array([_group(name) for name in data.names])
    distinct = np.unique(groups)
    order = np.random.default_rng(0).permutation(len(distinct))
    fold_of = dict(zip(distinct[order], np.arange(len(distinct)) % _FOLDS, strict=True))
    folds = np.array([fold_of[group] for group in groups])
    shares, right = np.zeros(len(folds)), np.zeros(len(folds), bool)
    nothing = np.zeros(data.features.shape[2])
    for fold in range(_FOLDS):
        seen, asked = folds != fold, np.flatnonzero(folds == fold)
        part = Examples(data.names, data.features[seen], data.truth[seen])
        learned = fit(part, ridge, nothing)
        for index in asked:
            likelihood, _ = _softmax(data.features[index] @ learned)
            shares[index], right[index] = share(likelihood, data.truth[index])
    return shares, right


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
    shares: Floats,
    right: NDArray[np.bool_],
    calibration: Calibration,
) -> Iterator[str]:
    sure = np.array([calibration.probability([share]) for share in shares])
    error = expected_error(sure, right)
    yield (f"{name}: {right.mean():.1%} of {len(right)} right, unseen; ECE {error:.3f}")
    for source in sorted({_source(one) for one in data.names}):
        of = np.array([_source(one) == source for one in data.names])
        yield (f"  {source:12} {right[of].mean():6.1%} of {of.sum()}")
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


def _rows(folders: Sequence[Path]) -> Iterator[tuple[Path, dict[str, str]]]:
    for folder in folders:
        with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield folder / row["file"], row


def _stacked(found: list[tuple[str, Floats, Floats]]) -> Examples:
    return Examples(
        tuple(name for name, _, _ in found),
        np.stack([features for _, features, _ in found]),
        np.stack([truth for _, _, truth in found]),
    )


def _source(name: str) -> str:
    return name.partition("_")[0]


def _group(name: str) -> str:
    """Return what must stay together: loops of one pack often are one recording."""
    pack, found, title = name.partition("__")
    return f"{pack} {title[:6]}" if found else name


def _flat(key: str) -> str:
    pitch, _, mode = key.partition(" ")
    return f"{_SHARP_TO_FLAT.get(pitch, pitch)} {mode}"


if __name__ == "__main__":
    raise SystemExit(main())
