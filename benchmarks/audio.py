"""Hearing: time, memory and accuracy, beside decoding alone, librosa and Essentia.

    python -m benchmarks.audio [--data FOLDER] [--essentia PYTHON] [--hours 3]

The input is made here: three minutes of stereo drums and chords, an MP3 of 320 kbit/s.
Every figure is CPU seconds of a process of its own, the median of nine warm runs
where it says so. Accuracy needs labelled sets (`real syn nott`, each with an
`index.csv`); Essentia needs the path of a Python that has it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from benchmarks._machine import machine
from benchmarks.audio_accuracy import print_accuracy

_RATE_HZ = 44_100
_SECONDS = 180
_RUNS = 9
_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "audio"
_ESSENTIA = """
import json, sys, time
import essentia
essentia.log.infoActive = essentia.log.warningActive = False
from essentia.standard import MusicExtractor
begun = time.process_time()
MusicExtractor()(sys.argv[1])
spent = time.process_time() - begun
status = open("/proc/self/status").read()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"cpu_s": spent, "peak_mib": peak}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, default=_DATA, help="labelled sets")
    parser.add_argument("--essentia", help="a Python that has Essentia")
    parser.add_argument("--hours", type=float, default=3, help="of the long file")
    parser.add_argument("--child", choices=_CHILDREN, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(_CHILDREN[options.child](options.file)))
        return
    print(machine())
    print(f"input: {_SECONDS} s of stereo, MP3 at 320 kbit/s")
    with tempfile.TemporaryDirectory() as folder:
        _print_speed(Path(folder), options)
    if options.data.is_dir():
        print_accuracy(options.data, options.essentia)
    else:
        print(f"accuracy: not measured, there is no {options.data}")


def _print_speed(folder: Path, options: argparse.Namespace) -> None:
    file = folder / "track.mp3"
    _write_mp3(file, _music())
    ours = _child("ours", file)
    cpu_s = ours["cpu_s"]
    print(f"decode alone        {ours['decode_cpu_s']:7.2f} s CPU")
    print(f"analysis            {cpu_s:7.2f} s CPU, {ours['wall_s']:.2f} s wall")
    print(f"  to decoding       {ours['to_decoding']:7.2f} times")
    print(f"  peak memory       {ours['peak_mib']:7.0f} MiB")
    extra_s = ours["first_cpu_s"] - cpu_s
    print(f"  import, first run {extra_s:7.2f} s CPU beyond the track")
    print(f"  two at a time     {_tracks_an_hour(file):7.0f} tracks an hour")
    long = folder / "long.mp3"
    content = file.read_bytes()
    with long.open("wb") as target:
        for _ in range(round(options.hours * 3600 / _SECONDS)):
            target.write(content)
    found = _child("long", long)
    print(f"{options.hours:g} h: peak memory  {found['peak_mib']:7.0f} MiB", end="")
    print(f", {found['cpu_s']:.1f} s CPU")
    librosa = _child("librosa", file)
    print(f"librosa, plain      {librosa['cpu_s']:7.2f} s CPU", end="")
    print(f", {librosa['peak_mib']:.0f} MiB; ours is 1/{librosa['cpu_s'] / cpu_s:.0f}")
    if options.essentia:
        peer = _run([options.essentia, "-c", _ESSENTIA, str(file)])
        print(f"Essentia            {peer['cpu_s']:7.2f} s CPU", end="")
        print(f", {peer['peak_mib']:.0f} MiB; ours is 1/{peer['cpu_s'] / cpu_s:.0f}")


def _child(name: str, file: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.audio"]
    return _run([*command, "--child", name, "--file", str(file)])


def _run(command: list[str]) -> dict[str, float]:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _tracks_an_hour(file: Path) -> float:
    """Return what two processes do together, imports left out."""
    command = [sys.executable, "-m", "benchmarks.audio", "--child", "ours"]
    running = [
        subprocess.Popen(
            [*command, "--file", str(file)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [json.loads(process.communicate()[0]) for process in running]
    return sum(3600 / float(found["wall_s"]) for found in told)


def _timed(work: Callable[[], object], runs: int = _RUNS) -> dict[str, float]:
    cpu_s, wall_s = [], []
    for _ in range(runs):
        cpu_begun, begun = time.process_time(), time.perf_counter()
        work()
        cpu_s.append(time.process_time() - cpu_begun)
        wall_s.append(time.perf_counter() - begun)
    return {
        "cpu_s": statistics.median(cpu_s),
        "wall_s": statistics.median(wall_s),
        "peak_mib": _peak_mib(),
    }


def _peak_mib() -> float:
    # Not getrusage: its maximum is inherited from the process that started this one.
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _decode(file: Path) -> None:
    with av.open(str(file)) as container:
        for _ in container.decode(audio=0):
            pass


def _ours(file: Path) -> dict[str, float]:
    """Time analysis and decoding in turns: both meet the same neighbours."""
    from shared.audio.analysis import analyse

    analyse(file)
    spent = os.times()
    first_cpu_s = spent.user + spent.system
    decoded, analysed = [], []
    for _ in range(_RUNS):
        decoded.append(_timed(lambda: _decode(file), runs=1))
        analysed.append(_timed(lambda: analyse(file), runs=1))

    def median(runs: list[dict[str, float]], name: str) -> float:
        return statistics.median(run[name] for run in runs)

    ratios = [
        one["cpu_s"] / other["cpu_s"]
        for one, other in zip(analysed, decoded, strict=True)
    ]
    return {
        "first_cpu_s": first_cpu_s,
        "decode_cpu_s": median(decoded, "cpu_s"),
        "cpu_s": median(analysed, "cpu_s"),
        "wall_s": median(analysed, "wall_s"),
        "to_decoding": statistics.median(ratios),
        "peak_mib": _peak_mib(),
    }


def _long(file: Path) -> dict[str, float]:
    from shared.audio.analysis import analyse

    return _timed(lambda: analyse(file), runs=1)


def _librosa(file: Path) -> dict[str, float]:
    """The same features, one call of librosa (and pyloudnorm) after the other."""
    import librosa
    import pyloudnorm
    from librosa.beat import beat_track
    from librosa.effects import hpss

    def work(seconds: float | None = None) -> None:
        samples, rate_hz = librosa.load(file, sr=22_050, duration=seconds)
        feature = librosa.feature
        feature.mfcc(y=samples, sr=rate_hz, n_mfcc=13)
        for measure in (
            feature.spectral_centroid,
            feature.spectral_bandwidth,
            feature.spectral_rolloff,
            feature.spectral_contrast,
            feature.chroma_stft,
            feature.chroma_cqt,
            feature.tonnetz,
        ):
            measure(y=samples, sr=rate_hz)
        feature.spectral_flatness(y=samples)
        feature.zero_crossing_rate(samples)
        feature.rms(y=samples)
        beat_track(y=samples, sr=rate_hz)
        hpss(samples)
        stereo, full_hz = librosa.load(file, sr=None, mono=False, duration=seconds)
        pyloudnorm.Meter(full_hz).integrated_loudness(stereo.T)

    work(10.0)
    return _timed(work, runs=1)


_CHILDREN: dict[str, Callable[[Path], dict[str, float]]] = {
    "ours": _ours,
    "long": _long,
    "librosa": _librosa,
}


def _music() -> NDArray[np.float32]:
    generator = np.random.default_rng(1)
    time_s = np.arange(_SECONDS * _RATE_HZ) / _RATE_HZ
    beat_s = time_s % 0.5
    kick = np.exp(-beat_s * 18) * np.sin(2 * np.pi * 60 * beat_s)
    hat = np.exp(-(time_s % 0.25) * 60) * generator.standard_normal(len(time_s))
    root_hz = np.array([110, 146.83, 164.81, 110])[(time_s // 2).astype(int) % 4]
    phase = 2 * np.pi * np.cumsum(root_hz) / _RATE_HZ
    chord = sum(np.sin(phase * ratio) for ratio in (1, 2, 2.52, 2.997))
    left = 0.5 * kick + 0.08 * hat + 0.08 * chord
    right = 0.5 * kick + 0.05 * hat + 0.08 * np.roll(chord, 400)
    return np.stack([left, right]).astype(np.float32)


def _write_mp3(path: Path, samples: NDArray[np.float32]) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=_RATE_HZ, layout="stereo")
        stream.bit_rate = 320_000
        size = stream.codec_context.frame_size or 1152
        for start in range(0, samples.shape[1], size):
            part = np.ascontiguousarray(samples[:, start : start + size])
            frame = av.AudioFrame.from_ndarray(part, format="fltp", layout="stereo")
            frame.sample_rate = _RATE_HZ
            frame.pts = start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    main()
