"""A picture of a recording: waveform, mel spectrum, beats and chroma, as a PNG."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import fft

from shared.audio.beats import beat_times
from shared.audio.filterbanks import Array, framed, hann, mel_bank
from shared.audio.listening import listen
from shared.audio.metre import estimate_metre
from shared.audio.onsets import SAMPLE_RATE_HZ, onset_strength
from shared.audio.pitch import SAMPLE_RATE_HZ as PITCH_RATE_HZ
from shared.audio.pitch import Pitches, pitches
from shared.audio.tempo import estimate_tempo

WIDTH = 1200
_WAVE_HEIGHT, _MEL_BANDS, _MEL_ZOOM, _CHROMA_ZOOM, _GAP = 160, 96, 2, 12, 8
_RANGE_DB = 70.0
_BEAT, _WAVE, _GROUND = (230, 80, 60), (40, 110, 180), (250, 250, 250)

Picture = NDArray[np.uint8]


def plot(source: Path, target: Path) -> None:
    """Draw the sound at *source*: waveform with beats and bars, mel, chroma.

    C is the lowest row of chroma. The whole width is what was listened to.

    Raises:
        UnreadableFileError: Hardly any sound can be decoded.
    """
    mono = listen(source).mono
    heard = pitches(soxr.resample(mono, SAMPLE_RATE_HZ, PITCH_RATE_HZ, quality="MQ"))
    chroma = heard.chroma
    gap = np.full((_GAP, WIDTH, 3), _GROUND, np.uint8)
    rows = [
        _with_beats(_waveform(mono), mono, heard),
        gap,
        _heat(_mel_db(mono), _MEL_ZOOM),
        gap,
        _heat(chroma / (chroma.max(axis=1, keepdims=True) + 1e-9), _CHROMA_ZOOM),
    ]
    target.write_bytes(png(np.concatenate(rows)))


def png(picture: Picture) -> bytes:
    """Return *picture*, shape (height, width, 3), as a PNG (ISO/IEC 15948)."""
    height, width, _ = picture.shape

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(name + content)
        return (
            struct.pack(">I", len(content))
            + name
            + content
            + struct.pack(">I", checksum)
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = np.zeros((height, 1 + 3 * width), np.uint8)  # filter 0 before each
    lines[:, 1:] = picture.reshape(height, -1)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)),
            chunk(b"IEND", b""),
        )
    )


def _waveform(mono: Array) -> Picture:
    edges = np.linspace(0, len(mono), WIDTH + 1).astype(int)
    starts = np.minimum(edges[:-1], len(mono) - 1)
    high = np.maximum.reduceat(mono, starts)
    low = np.minimum.reduceat(mono, starts)
    level = np.linspace(1, -1, _WAVE_HEIGHT)[:, None]
    inside = (level <= high) & (level >= low) | (np.abs(level) < 1 / _WAVE_HEIGHT)
    picture: Picture = np.where(inside[..., None], _WAVE, _GROUND).astype(np.uint8)
    return picture


def _with_beats(picture: Picture, mono: Array, heard: Pitches) -> Picture:
    """Mark beats from the top, and those that begin a bar twice as far down."""
    strength = onset_strength(mono)
    tempo = estimate_tempo(strength)
    if tempo is None:
        return picture
    times_s = beat_times(strength, tempo.bpm)
    columns = (times_s * SAMPLE_RATE_HZ / len(mono) * WIDTH).astype(int)
    columns = np.clip(columns, 0, WIDTH - 1)
    picture[: _WAVE_HEIGHT // 8, columns] = _BEAT
    metre = estimate_metre(strength, times_s, heard)
    if metre:
        bars = columns[metre.first_downbeat :: metre.beats_per_bar]
        picture[: _WAVE_HEIGHT // 4, bars] = _BEAT
    return picture


def _mel_db(mono: Array) -> NDArray[np.float64]:
    window = 2048
    padded = np.pad(mono, window // 2)
    hop = max(256, len(mono) // WIDTH)
    frames = framed(padded, window, hop)
    spectrum = fft.rfft(frames * hann(window), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    bank = mel_bank(SAMPLE_RATE_HZ, window, _MEL_BANDS, 30.0, SAMPLE_RATE_HZ / 2)
    level_db = 10 * np.log10(power @ bank + 1e-10)
    return np.asarray(np.clip((level_db - level_db.max()) / _RANGE_DB + 1, 0, 1))


def _heat(values: NDArray[np.float64], zoom: int) -> Picture:
    """Return *values*, shape (n_frames, n_rows), 0 to 1, first row at the bottom."""
    columns = np.linspace(0, len(values) - 1, WIDTH).astype(int)
    share = np.repeat(values[columns].T[::-1], zoom, axis=0)[..., None]
    dark, middle, light = (
        np.array(colour, np.float64) for colour in ((10, 5, 40), (180, 50, 90), _HOT)
    )
    lower = dark + (middle - dark) * np.minimum(2 * share, 1)
    upper = (light - middle) * np.maximum(2 * share - 1, 0)
    picture: Picture = np.clip(lower + upper, 0, 255).astype(np.uint8)
    return picture


_HOT = (255, 240, 160)
