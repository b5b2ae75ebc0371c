"""Fits what tells metres, and what their confidence means.

    python -m shared.audio.metre_fit FOLDER…

Each FOLDER has an `index.csv` with the columns `file`, `bpm` and `meter` (`4`, `6/8`)
and may have `<name>.beats.json`, the times of the beats, the first on a downbeat.
Truth is counted in the beats that are found: heard twice as fast, 3/4 is 6. What is
reported was predicted by weights that had not heard the recording.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from shared.audio.beats import beat_times
from shared.audio.calibration import Calibration, expected_error
from shared.audio.examples import Examples
from shared.audio.fit import fit, fit_calibration
from shared.audio.listening import listen
from shared.audio.metre import (
    HYPOTHESES,
    METRE_FILE,
    METRES,
    Floats,
    metre_features,
    metre_shares,
)
from shared.audio.onsets import SAMPLE_RATE_HZ, onset_strength
from shared.audio.pitch import SAMPLE_RATE_HZ as PITCH_RATE_HZ
from shared.audio.pitch import pitches
from shared.audio.tempo import estimate_tempo

_FOLDS = 10
_RIDGE = 1e-2
_OCTAVE_NEAR = 0.06
_BEAT_NEAR_S = 0.1
# 6/8 and 9/8 are felt in dotted beats; 3/2 in three.
_FELT = {"2/4": 2, "3/4": 3, "4/4": 4, "6/8": 2, "9/8": 3, "3/2": 3}


@dataclass(frozen=True, slots=True)
class Example:
    """One recording's hypotheses: features (15, n), and how true each is (15,)."""

    name: str
    features: Floats
    truth: Floats


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--output", type=Path, default=METRE_FILE)
    options = parser.parse_args(arguments)
    known = [one for folder in options.folders for one in examples(folder)]
    shares, right, phase = cross_validated(known)
    slope, offset = fit_calibration(shares, right)
    curve = Calibration(slope, offset)
    weights = learned(known)
    stored = {
        "weights": [round(float(value), 5) for value in weights],
        "calibration": [round(slope, 4), round(offset, 4)],
    }
    options.output.write_text(json.dumps(stored) + "\n", encoding="utf-8")
    sure = np.array([curve.probability([share]) for share in shares])
    sys.stdout.write(
        f"metre: {right.mean():.1%} of {len(right)} right, unheard;"
        f" ECE {expected_error(sure, right):.3f};"
        f" downbeats right in {np.mean(phase):.1%} of {len(phase)}\n"
    )
    return 0


def examples(folder: Path) -> Iterator[Example]:
    """Yield what each recording of *folder* whose beats are found teaches."""
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row.get("meter")]
    for row in rows:
        mono = listen(folder / row["file"]).mono
        strength = onset_strength(mono)
        tempo = estimate_tempo(strength)
        if tempo is None:
            continue
        beats = beat_times(strength, tempo.bpm)
        metre = felt_metre(row["meter"], tempo.bpm / float(row["bpm"]))
        if metre is None or len(beats) < 2 * metre:
            continue
        truth = _truth(metre, beats, folder / row["file"], row["meter"])
        low = soxr.resample(mono, SAMPLE_RATE_HZ, PITCH_RATE_HZ, quality="MQ")
        features = metre_features(strength, beats, pitches(low))
        yield Example(row["file"], features, truth)


def felt_metre(written: str, ratio: float) -> int | None:
    """Return the metre in beats found *ratio* times as fast as they are written."""
    metre = _FELT.get(written) or int(written)
    felt = metre * ratio
    nearest = min(METRES, key=lambda one: abs(one - felt))
    if abs(felt / 8 - 1) < _OCTAVE_NEAR:
        return 4
    return nearest if abs(felt / nearest - 1) < _OCTAVE_NEAR else None


def _truth(metre: int, beats: Floats, path: Path, written: str) -> Floats:
    """Return which hypotheses are true: one, or all of a metre if no beat is known."""
    truth = np.array([float(of == metre) for of, _ in HYPOTHESES])
    annotated = path.with_suffix(".beats.json")
    if annotated.is_file():
        times = np.array(json.loads(annotated.read_text(encoding="utf-8")))
        downbeats = times[:: _FELT.get(written) or int(written)]
        gaps = np.abs(beats[:, None] - downbeats).min(axis=1)
        hits = np.bincount(np.flatnonzero(gaps < _BEAT_NEAR_S) % metre, None, metre)
        if hits.sum():
            place = int(hits.argmax())
            truth *= [float(phase == place) for _, phase in HYPOTHESES]
    return np.asarray(truth / truth.sum())


def learned(known: Sequence[Example]) -> Floats:
    """Return weights over the features, fitted to all that is *known*."""
    data = Examples.alike(
        tuple(one.name for one in known),
        np.stack([one.features for one in known]),
        np.stack([one.truth for one in known]),
    )
    return fit(data, _RIDGE)


def cross_validated(
    known: Sequence[Example],
) -> tuple[Floats, np.typing.NDArray[np.bool_], list[bool]]:
    """Return each best metre's share, whether it is right, and so the downbeats.

    The last of those only whose downbeats are known and whose metre is right.
    """
    order = np.random.default_rng(0).permutation(len(known))
    shares, right, phase = np.zeros(len(known)), np.zeros(len(known), bool), []
    for fold in range(_FOLDS):
        asked = order[fold::_FOLDS]
        weights = learned([known[i] for i in order if i not in set(asked.tolist())])
        for index in asked.tolist():
            one = known[index]
            scores = one.features @ weights
            likelihood = np.exp(scores - scores.max())
            likelihood /= likelihood.sum()
            of = metre_shares(likelihood)
            best = max(METRES, key=lambda metre: of[metre])
            true = {HYPOTHESES[k][0] for k in np.flatnonzero(one.truth)}
            shares[index], right[index] = of[best], best in true
            if right[index] and (one.truth == 1).any():
                inside = [k for k, (metre, _) in enumerate(HYPOTHESES) if metre == best]
                found = max(inside, key=lambda k: float(likelihood[k]))
                phase.append(bool(one.truth[found] == 1))
    return shares, right, phase


if __name__ == "__main__":
    sys.exit(main())
