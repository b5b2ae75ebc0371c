"""Sound as files: every container and codec that FFmpeg's build in PyAV writes."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from .sound import SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class Format:
    """How to write one format; names are FFmpeg's."""

    suffix: str
    container: str
    codec: str
    sample_format: str
    rate_hz: int = SAMPLE_RATE_HZ
    bit_rate_bps: int = 0
    options: dict[str, str] = field(default_factory=dict)


FORMATS: Final = MappingProxyType(
    {
        "mp3": Format("mp3", "mp3", "libmp3lame", "s16p", bit_rate_bps=128_000),
        "flac": Format("flac", "flac", "flac", "s16"),
        "wav": Format("wav", "wav", "pcm_s16le", "s16"),
        "aiff": Format("aiff", "aiff", "pcm_s16be", "s16"),
        "m4a": Format("m4a", "ipod", "aac", "fltp", bit_rate_bps=128_000),
        "alac": Format("m4a", "ipod", "alac", "s16p"),
        "aac": Format("aac", "adts", "aac", "fltp", bit_rate_bps=128_000),
        "ogg": Format(
            "ogg", "ogg", "vorbis", "fltp", options={"strict": "experimental"}
        ),
        "opus": Format("opus", "ogg", "libopus", "flt", 48_000, 96_000),
        "oga": Format("oga", "ogg", "flac", "s16"),
        "wv": Format("wv", "wv", "wavpack", "s16p"),
        "wma": Format("wma", "asf", "wmav2", "fltp", bit_rate_bps=128_000),
        "tta": Format("tta", "tta", "tta", "s16"),
        "ac3": Format("ac3", "ac3", "ac3", "fltp", bit_rate_bps=192_000),
    }
)
"""By name; `ape`, which FFmpeg cannot write, comes from `silent_ape`."""

_FRAME_SAMPLES: Final = 4_096


def encoded(sound: NDArray[np.int16], name: str) -> bytes:
    """Return *sound*, shape (n_samples, 2) at 44.1 kHz, as a file of format *name*.

    The bytes depend on the sound and the build of FFmpeg alone.
    """
    form = FORMATS[name]
    target = io.BytesIO()
    with av.open(
        target, "w", format=form.container, options={"fflags": "+bitexact"}
    ) as container:
        stream = container.add_stream(
            form.codec, rate=form.rate_hz, options=dict(form.options)
        )
        stream.layout = "stereo"
        stream.codec_context.format = form.sample_format
        if form.bit_rate_bps:
            stream.bit_rate = form.bit_rate_bps
        # FFmpeg's own name and version would change the bytes with every build.
        stream.codec_context.flags |= 1 << 23
        resampler = AudioResampler(
            form.sample_format, "stereo", form.rate_hz, frame_size=_frame_size(stream)
        )
        for frame in _frames(sound):
            for part in resampler.resample(frame):
                container.mux(stream.encode(part))
        for part in resampler.resample(None):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return target.getvalue()


def _frame_size(stream: av.AudioStream) -> int:
    return stream.codec_context.frame_size or _FRAME_SAMPLES


def _frames(sound: NDArray[np.int16]) -> list[av.AudioFrame]:
    frames = []
    for start in range(0, len(sound), _FRAME_SAMPLES):
        part = np.ascontiguousarray(sound[start : start + _FRAME_SAMPLES])
        frame = av.AudioFrame.from_ndarray(
            part.reshape(1, -1), format="s16", layout="stereo"
        )
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = start
        frames.append(frame)
    return frames


def silent_ape(duration_s: float = 1.0) -> bytes:
    """Return a Monkey's Audio file (version 3.99) whose header is valid.

    It has a descriptor, a header and a frame of zeros: enough to be known and tagged,
    not to be played.
    """
    samples_per_frame = 73_728
    total = round(duration_s * SAMPLE_RATE_HZ)
    frames, last = divmod(total, samples_per_frame)
    body = bytes(256)
    descriptor = struct.pack(
        "<4sHHIIIIIII16s", b"MAC ", 3990, 0, 52, 24, 0, 0, len(body), 0, 0, bytes(16)
    )
    header = struct.pack(
        "<HHIIIHHI",
        2000,
        0,
        samples_per_frame,
        last,
        frames + 1,
        16,
        2,
        SAMPLE_RATE_HZ,
    )
    return descriptor + header + body
