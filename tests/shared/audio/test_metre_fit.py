import csv
import json

import numpy as np
import pytest

from shared.audio import metre_fit
from shared.audio.metre import HYPOTHESES, METRE_FILE

RATE_HZ = 22_050
BPM = 120


def march(beats_per_bar, seed, upbeat):
    """Return drums, low on downbeats; and when beats fall, the first a downbeat."""
    generator = np.random.default_rng(seed)
    gap, n_beats = RATE_HZ * 60 // BPM, 24
    samples = 1e-3 * generator.standard_normal((n_beats + 1) * gap)
    time_s = np.arange(RATE_HZ // 10) / RATE_HZ
    fade = np.exp(-time_s * 45)
    for beat in range(n_beats):
        hit = 0.15 * generator.standard_normal(len(fade))
        if (beat - upbeat) % beats_per_bar == 0:
            hit += 0.8 * np.sin(2 * np.pi * 60 * time_s)
        samples[beat * gap : beat * gap + len(fade)] += hit * fade
    beats_s = [beat * 60 / BPM for beat in range(upbeat, n_beats)]
    return samples.astype(np.float32), beats_s


@pytest.fixture
def folder(tmp_path, sound_file):
    rows = []
    for number in range(6):
        metre = (3, 4)[number % 2]
        samples, beats_s = march(metre, number, upbeat=number % metre)
        name = f"march_{number:02}.wav"
        sound_file(samples, name, rate_hz=RATE_HZ)
        path = tmp_path / name
        path.with_suffix(".beats.json").write_text(json.dumps(beats_s))
        rows.append({"file": name, "bpm": BPM, "meter": f"{metre}/4"})
    with (tmp_path / "index.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path


def test_what_is_fitted_tells_three_from_four(folder):
    known = list(metre_fit.examples(folder))

    weights = metre_fit.learned(known)

    true = [HYPOTHESES[int(one.truth.argmax())] for one in known]
    best = [HYPOTHESES[int((one.features @ weights).argmax())] for one in known]
    assert len(known) == 6
    assert {metre for metre, _ in true} == {3, 4}
    assert len(set(true)) > 3
    assert [metre for metre, _ in best] == [metre for metre, _ in true]


def test_what_was_fitted_is_stored_and_told(folder, tmp_path, capsys):
    target = tmp_path / "metre.json"

    metre_fit.main([str(folder), "--output", str(target)])

    stored = json.loads(target.read_text())
    assert len(stored["weights"]) == len(metre_fitted()["weights"])
    assert len(stored["calibration"]) == 2
    assert "of 6 right, unheard" in capsys.readouterr().out


def metre_fitted():
    return json.loads(METRE_FILE.read_text())
