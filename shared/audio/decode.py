"""From a file to samples, bounded in time and memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from shared.domain.errors import UnreadableFileError

SAMPLE_RATE_HZ = 44_100
"""All sound is analysed at this rate."""

LONGEST_S = 300
"""Only so much of a file's beginning is listened to."""

_SHORTEST_S = 1.0


@dataclass(frozen=True, slots=True)
class Sound:
    """Decoded sound.

    Attributes:
        samples: Shape (n_samples, 2), float32, full scale at ±1, at SAMPLE_RATE_HZ.
            A mono file has two equal channels.
        channels: In the file.
        finding: What was wrong with the file where only a part could be decoded.
    """

    samples: NDArray[np.float32]
    channels: int
    finding: str = ""

    @property
    def duration_s(self) -> float:
        """Of what was decoded, in seconds."""
        return len(self.samples) / SAMPLE_RATE_HZ

    @property
    def mono(self) -> NDArray[np.float32]:
        """The mean of both channels, shape (n_samples,)."""
        mean: NDArray[np.float32] = self.samples.mean(axis=1, dtype=np.float32)
        return mean


def decode(path: Path) -> Sound:
    """Return the first LONGEST_S seconds of the sound in the file at *path*.

    A damaged file gives what can be decoded up to the damage, and a finding.

    Raises:
        UnreadableFileError: No second of sound can be decoded.
    """
    try:
        with av.open(str(path), mode="r") as container:
            if not container.streams.audio:
                raise UnreadableFileError("there is no sound in it")
            stream = container.streams.audio[0]
            channels = stream.codec_context.channels
            blocks, finding = _blocks(_resampled(container, stream))
    except av.FFmpegError as exc:
        raise UnreadableFileError("it cannot be decoded", reason=str(exc)) from exc
    samples = np.concatenate(blocks) if blocks else np.empty((0, 2), np.float32)
    if len(samples) < _SHORTEST_S * SAMPLE_RATE_HZ:
        raise UnreadableFileError(
            "less than a second can be decoded", reason=finding or "it is so short"
        )
    return Sound(samples, channels, finding)


def _resampled(
    container: av.container.InputContainer, stream: av.AudioStream
) -> Iterator[NDArray[np.float32]]:
    resampler = av.AudioResampler(format="flt", layout="stereo", rate=SAMPLE_RATE_HZ)
    for frame in container.decode(stream):
        frame.pts = None
        for ready in resampler.resample(frame):
            yield ready.to_ndarray().reshape(-1, 2)
    for ready in resampler.resample(None):
        yield ready.to_ndarray().reshape(-1, 2)


def _blocks(
    decoded: Iterator[NDArray[np.float32]],
) -> tuple[list[NDArray[np.float32]], str]:
    blocks: list[NDArray[np.float32]] = []
    left = LONGEST_S * SAMPLE_RATE_HZ
    try:
        for block in decoded:
            blocks.append(block[:left])
            left -= len(block)
            if left <= 0:
                break
    except av.FFmpegError as exc:
        return blocks, str(exc)
    return blocks, ""
