import av
import numpy as np
import pyloudnorm
import pytest

from shared.audio.loudness import LoudnessMeter
from shared.audio.peaks import PeakMeter, dbfs


def measured(samples, rate_hz=48_000, piece=100_000):
    samples = np.atleast_2d(np.asarray(samples, np.float32))
    meter = LoudnessMeter(rate_hz, len(samples))
    for start in range(0, samples.shape[1], piece):
        meter.add(samples[:, start : start + piece])
    return meter.result()


def stereo_tone(tone, *parts):
    """Return 1 kHz in both channels: (level in dBFS, seconds) after one another."""
    mono = [tone(1000, level, seconds, 48_000) for level, seconds in parts]
    return np.stack([np.concatenate(mono)] * 2)


# EBU Tech 3341, table 1: minimum requirements test signals 1 to 5.
@pytest.mark.parametrize(
    ("parts", "expected_lufs"),
    [
        ([(-23, 20)], -23),
        ([(-33, 20)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
)
def test_ebu_test_signals_measure_as_the_standard_says(tone, parts, expected_lufs):
    found = measured(stereo_tone(tone, *parts))

    assert found.integrated_lufs == pytest.approx(expected_lufs, abs=0.1)


# EBU Tech 3342, table 1: minimum requirements test signals 1 to 4.
@pytest.mark.parametrize(
    ("levels", "expected_lu"),
    [
        ((-20, -30), 10),
        ((-20, -15), 5),
        ((-40, -20), 20),
        ((-50, -35, -20, -35, -50), 15),
    ],
)
def test_ebu_test_signals_range_as_the_standard_says(tone, levels, expected_lu):
    found = measured(stereo_tone(tone, *[(level, 20) for level in levels]))

    assert found.range_lu == pytest.approx(expected_lu, abs=1)


@pytest.mark.parametrize("rate_hz", [22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("piece", [1_000, 65_536])
def test_music_measures_as_ffmpeg_measures_it(clicks, chords, rate_hz, piece):
    music = clicks(97, 8, rate_hz) + chords(110, rate_hz=rate_hz)
    music = np.stack([music, 0.5 * np.roll(music, 300)])

    found = measured(music, rate_hz, piece)

    integrated, range_lu = _ffmpeg(music, rate_hz)
    assert found.integrated_lufs == pytest.approx(integrated, abs=0.1)
    assert found.range_lu == pytest.approx(range_lu, abs=0.3)
    meter = pyloudnorm.Meter(rate_hz)
    assert found.integrated_lufs == pytest.approx(
        meter.integrated_loudness(music.T), abs=0.1
    )


def _ffmpeg(samples, rate_hz):
    """Return integrated loudness and range as ffmpeg's ebur128 filter has them."""
    graph = av.filter.Graph()
    layout = "stereo"
    source = graph.add_abuffer(
        format="fltp", sample_rate=rate_hz, layout=layout, time_base=None
    )
    meter = graph.add("ebur128", "metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(
        np.ascontiguousarray(samples, np.float32), format="fltp", layout=layout
    )
    frame.sample_rate = rate_hz
    graph.push(frame)
    graph.push(None)
    found = {}
    while True:
        try:
            found.update(graph.pull().metadata)
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    return float(found["lavfi.r128.I"]), float(found["lavfi.r128.LRA"])


def test_silence_has_no_loudness():
    found = measured(np.zeros((2, 96_000)))

    assert found.integrated_lufs is None
    assert found.range_lu is None


def test_the_lfe_of_surround_sound_does_not_count(tone):
    surround = np.zeros((6, 5 * 48_000), np.float32)
    surround[3] = tone(60, -6, 5, 48_000)

    assert measured(surround).integrated_lufs is None


def test_a_peak_between_samples_is_found():
    # A sine of a quarter of the rate, sampled at 45°: 3 dB above its samples.
    wave = np.sin(2 * np.pi * np.arange(48_000) / 4 + np.pi / 4).astype(np.float32)
    meter = PeakMeter(1)

    for start in range(0, 48_000, 5_000):
        meter.add(0.5 * wave[None, start : start + 5_000])

    assert dbfs(meter.sample_peak) == pytest.approx(-9.03, abs=0.01)
    assert dbfs(meter.true_peak) == pytest.approx(-6.02, abs=0.1)


def test_music_peaks_as_oversampled_whole(clicks, chords):
    import soxr

    music = clicks(120, 8) + chords(130)
    meter = PeakMeter(1)

    meter.add(music[None])

    whole = soxr.resample(music, 44_100, 4 * 44_100, quality="VHQ")
    assert dbfs(meter.true_peak) == pytest.approx(dbfs(np.abs(whole).max()), abs=0.2)


def test_only_runs_at_full_scale_are_clipped():
    samples = np.zeros((1, 1000), np.float32)
    samples[0, [5, 6]] = 1  # two are a peak
    samples[0, 100:104] = -1  # four are not
    meter = PeakMeter(1)

    meter.add(samples)

    assert meter.clipped_samples == 4


@pytest.mark.parametrize("piece", [1, 7, 23, 1000, 4096])
def test_peaks_do_not_depend_on_pieces(clicks, piece):
    music = np.stack([clicks(120, 2), 0.5 * clicks(90, 2)])[:, :30_000]
    whole, parts = PeakMeter(2), PeakMeter(2)

    whole.add(music)
    for start in range(0, music.shape[1], piece):
        parts.add(music[:, start : start + piece])

    assert parts.true_peak == pytest.approx(whole.true_peak, rel=1e-6)
    assert parts.sample_peak == whole.sample_peak
    assert (parts.first_sound, parts.last_sound) == (
        whole.first_sound,
        whole.last_sound,
    )
