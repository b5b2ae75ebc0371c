"""How often tempo, key and beats are right on labelled sets, beside peers."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared.audio.calibration import expected_error

_SETS = ("real", "syn", "nott")
_TOLERANCE = 0.04
_BEAT_TOLERANCE_S = 0.07
_PITCHES = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
_FLAT = {"C#": "Db", "D#": "Eb", "Gb": "F#", "G#": "Ab", "A#": "Bb"}
# Krumhansl & Kessler, 1982, as printed in Krumhansl, 1990, table 2.1.
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_ESSENTIA = """
import json, sys
import essentia
essentia.log.infoActive = essentia.log.warningActive = False
from essentia.standard import KeyExtractor, MonoLoader, RhythmExtractor2013
for line in sys.stdin:
    audio = MonoLoader(filename=line.strip(), sampleRate=44100)()
    bpm, beats, *_ = RhythmExtractor2013(method="multifeature")(audio)
    tonic, mode, _ = KeyExtractor(profileType="bgate")(audio)
    found = {"bpm": float(bpm), "key": f"{tonic} {mode}", "beats_s": beats.tolist()}
    print(json.dumps(found), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says of one recording; nan and empty where it says nothing."""

    bpm: float
    key: str
    beats_s: NDArray[np.float64]
    bpm_confidence: float = 0.0
    key_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Recording:
    path: Path
    bpm: float | None
    key: str | None
    beats_s: NDArray[np.float64] | None


def print_accuracy(folder: Path, essentia: str | None) -> None:
    """Print a table of all sets in *folder*: tempo, key, beats, calibration."""
    systems: dict[str, Callable[[list[Recording]], list[Answer]]] = {
        "ours": _ours,
        "librosa": _librosa,
    }
    if essentia:
        systems["Essentia"] = lambda recordings: _essentia(recordings, essentia)
    print("set   system     tempo Acc1/Acc2    key MIREX    beats F")
    answers = {}
    for name in _SETS:
        recordings = _recordings(folder / name)
        for system, ask in systems.items():
            answers[name, system] = ask(recordings)
            print(f"{name:5} {system:9}", _row(recordings, answers[name, system]))
    _print_calibration(
        [one for name in _SETS for one in _recordings(folder / name)],
        [one for name in _SETS for one in answers[name, "ours"]],
    )


def mirex_score(said: str, truth: str) -> float:
    """Return the MIREX key score: 1, fifth 0.5, relative 0.3, parallel 0.2, else 0."""
    (tonic, mode), (true_tonic, true_mode) = _parsed(said), _parsed(truth)
    step = (tonic - true_tonic) % 12
    if mode == true_mode:
        return {0: 1.0, 5: 0.5, 7: 0.5}.get(step, 0.0)
    relative = 9 if mode == "minor" else 3
    return {0: 0.2, relative: 0.3}.get(step, 0.0)


def beat_f_measure(said: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """Return the F-measure within 70 ms, each beat met once; from 5 s on (mir_eval)."""
    said, truth = said[said >= 5], truth[truth >= 5]
    hits, place = 0, 0
    for beat in truth:
        while place < len(said) and said[place] < beat - _BEAT_TOLERANCE_S:
            place += 1
        if place < len(said) and said[place] <= beat + _BEAT_TOLERANCE_S:
            hits, place = hits + 1, place + 1
    return 2 * hits / max(len(said) + len(truth), 1)


def _row(recordings: list[Recording], answers: list[Answer]) -> str:
    pairs = list(zip(recordings, answers, strict=True))
    tempi = [(a.bpm, r.bpm) for r, a in pairs if r.bpm]
    first = np.mean([_near(said, true, (1,)) for said, true in tempi])
    second = np.mean(
        [_near(said, true, (1, 2, 3, 1 / 2, 1 / 3)) for said, true in tempi]
    )
    keys = [mirex_score(a.key, r.key) for r, a in pairs if r.key]
    beats = [
        beat_f_measure(a.beats_s, r.beats_s) for r, a in pairs if r.beats_s is not None
    ]
    told = f"{first:6.0%} /{second:5.0%} of {len(tempi):3}"
    told += f"  {np.mean(keys):5.0%} of {len(keys):3}" if keys else " " * 14
    return told + (f"  {np.mean(beats):.3f}" if beats else "")


def _print_calibration(recordings: list[Recording], answers: list[Answer]) -> None:
    """Weights were fitted on these sets: `make fit-audio` prints the unseen figure."""
    pairs = list(zip(recordings, answers, strict=True))
    tempo = [(a.bpm_confidence, _near(a.bpm, r.bpm, (1,))) for r, a in pairs if r.bpm]
    key = [
        (a.key_confidence, mirex_score(a.key, r.key) == 1) for r, a in pairs if r.key
    ]
    for name, told in (("tempo", tempo), ("key", key)):
        sure = np.array([confidence for confidence, _ in told])
        right = np.array([is_right for _, is_right in told])
        print(f"calibration error, {name}: {expected_error(sure, right):.3f} (seen)")


def _near(said: float, true: float, ratios: Iterable[float]) -> bool:
    return any(abs(said / true / ratio - 1) < _TOLERANCE for ratio in ratios)


def _parsed(key: str) -> tuple[int, str]:
    pitch, _, mode = key.partition(" ")
    return _PITCHES.index(_FLAT.get(pitch, pitch)), mode


def _recordings(folder: Path) -> list[Recording]:
    found = []
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            path = folder / row["file"]
            beats = path.with_suffix(".beats.json")
            times = np.array(json.loads(beats.read_text())) if beats.exists() else None
            bpm = float(row["bpm"]) if row["bpm"] else None
            found.append(Recording(path, bpm, row["key"] or None, times))
    return found


def _ours(recordings: list[Recording]) -> list[Answer]:
    from shared.audio.analysis import analyse

    answers = []
    for recording in recordings:
        heard = analyse(recording.path)
        tempo, key = heard.tempo, heard.tonality
        assert tempo is not None
        assert key is not None
        beats_s = np.array(heard.beats_ms) / 1000
        answers.append(
            Answer(tempo.bpm, key.key, beats_s, tempo.confidence, key.confidence)
        )
    return answers


def _librosa(recordings: list[Recording]) -> list[Answer]:
    """beat_track, and the constant-Q chroma against Krumhansl's profiles."""
    import librosa
    from librosa.beat import beat_track

    profiles = [np.roll(p, k) for p in (_MAJOR, _MINOR) for k in range(12)]
    answers = []
    for recording in recordings:
        samples, rate_hz = librosa.load(recording.path, sr=22_050)
        bpm, beats = beat_track(y=samples, sr=rate_hz, units="time")
        chroma = librosa.feature.chroma_cqt(y=samples, sr=rate_hz).mean(axis=1)
        fits = [np.corrcoef(chroma, profile)[0, 1] for profile in profiles]
        mode, tonic = divmod(int(np.argmax(fits)), 12)
        key = f"{_PITCHES[tonic]} {'minor' if mode else 'major'}"
        answers.append(Answer(float(np.squeeze(bpm)), key, beats))
    return answers


def _essentia(recordings: list[Recording], python: str) -> list[Answer]:
    asked = "\n".join(str(recording.path) for recording in recordings)
    done = subprocess.run(
        [python, "-c", _ESSENTIA],
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line[:1] == "{"]
    return [Answer(t["bpm"], t["key"], np.array(t["beats_s"])) for t in told]


if __name__ == "__main__":
    print_accuracy(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
