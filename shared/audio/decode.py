"""From a file to samples: in pieces, at the file's own rate, bounded in every way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

from shared.domain.errors import UnreadableFileError

LONGEST_S = 4 * 3600
"""Only so much of a file's beginning is decoded."""

CHUNK_S = 12.8
"""As many blocks of loudness as are transformed at once, and again."""

# Both come from headers, and headers lie.
_RATES_HZ = range(1_000, 768_001)
_MOST_CHANNELS = 64
_MOST_VALUES = LONGEST_S * 96_000 * 2
_CHUNK_VALUES = 4_000_000
_BATCH_FRAMES = 16
_MOST_BAD_PACKETS = 400
_PATIENCE_S = 60.0

_SCALE = {"u8": 2.0**-7, "s16": 2.0**-15, "s32": 2.0**-31, "flt": 1.0, "dbl": 1.0}
_DTYPE = {"u8": "u1", "s16": "<i2", "s32": "<i4", "flt": "<f4", "dbl": "<f8"}
_LOSSLESS = ("pcm", "flac", "alac", "ape", "wavpack", "tta", "dsd", "truehd", "mlp")

Samples = NDArray[np.float32]


@dataclass(slots=True)
class Decoding:
    """A file being decoded; what is known of it grows while `chunks` is read.

    Attributes:
        sample_rate_hz: Of the samples, as decoded.
        bit_depth: As the file says; None where its codec has none.
        used_bits: Bits of each whole-number sample that are ever set, ORed.
        sample_bits: Of the numbers that `used_bits` was taken from.
        finding: What was wrong where only a part could be decoded.
        truncated: The file is longer than what is decoded.
    """

    container: Any
    stream: Any
    codec: str
    sample_rate_hz: int = 0
    channels: int = 0
    bit_depth: int | None = None
    used_bits: int = 0
    sample_bits: int = 0
    n_samples: int = 0
    finding: str = ""
    truncated: bool = False
    _kind: str = field(default="", repr=False)
    _form: str = field(default="", repr=False)
    _planar: bool = field(default=False, repr=False)

    @property
    def lossless(self) -> bool:
        """The codec gives back what went into it."""
        return self.codec.startswith(_LOSSLESS)

    def chunks(self, longest_s: float = LONGEST_S) -> Iterator[Samples]:
        """Yield the sound in pieces of about CHUNK_S seconds, or four million values.

        Each has shape (channels, n_samples), float32, full scale at ±1, and is
        overwritten by the next: copy what is kept.
        """
        buffer = np.empty((0, 0), np.float32)
        filled = 0
        for frames in self._batches():
            end = filled + sum(frame.samples for frame in frames)
            if end > buffer.shape[1]:
                room = max(self._chunk_samples + 65_536, end)
                grown = np.empty((self.channels, room), np.float32)
                if filled:
                    grown[:, :filled] = buffer[:, :filled]
                buffer = grown
            self._copy(frames, buffer[:, filled:end])
            self.n_samples += end - filled
            filled = end
            excess = self.n_samples - self._most_samples(longest_s)
            if excess > 0:
                self.truncated = True
                self.n_samples -= excess
                filled = max(filled - excess, 0)
                break
            if filled >= self._chunk_samples:
                # Pieces of one length need no joining where they are measured.
                yield buffer[:, : self._chunk_samples]
                left = buffer[:, self._chunk_samples : filled].copy()
                filled = left.shape[1]
                buffer[:, :filled] = left
        if filled:
            yield buffer[:, :filled]

    @property
    def _chunk_samples(self) -> int:
        return int(min(CHUNK_S * self.sample_rate_hz, _CHUNK_VALUES // self.channels))

    def _most_samples(self, longest_s: float) -> int:
        return min(
            round(longest_s * self.sample_rate_hz), _MOST_VALUES // self.channels
        )

    def _batches(self) -> Iterator[list[Any]]:
        """Yield frames of one form, some at a time: each by itself is dear to copy."""
        batch: list[Any] = []
        for frame in self._frames():
            if not self._continues(frame):
                break
            batch.append(frame)
            if len(batch) == _BATCH_FRAMES:
                yield batch
                batch = []
        if batch:
            yield batch

    def _frames(self) -> Iterator[Any]:
        bad = 0
        try:
            for packet in self.container.demux(self.stream):
                try:
                    yield from packet.decode()
                except av.FFmpegError as exc:
                    bad += 1
                    self.finding = f"{bad} of its packets are damaged: {exc.strerror}"
                    if bad >= _MOST_BAD_PACKETS:
                        return
        except av.FFmpegError as exc:
            self.finding = f"it ends in damage: {exc.strerror}"

    def _continues(self, frame: Any) -> bool:
        """Learn the form from the first frame; False where a later one differs."""
        if not self._kind:
            self._begin(frame)
        same = (self._form, self.channels, self.sample_rate_hz)
        if (frame.format.name, frame.layout.nb_channels, frame.sample_rate) == same:
            return True
        self.finding = "its form changes on the way: what follows is not decoded"
        return False

    def _begin(self, frame: Any) -> None:
        kind = frame.format.name.removesuffix("p")
        channels = frame.layout.nb_channels
        if kind not in _DTYPE or frame.sample_rate not in _RATES_HZ:
            raise UnreadableFileError(
                "its sound has an odd form", rate_hz=frame.sample_rate, form=kind
            )
        if not 0 < channels <= _MOST_CHANNELS:
            raise UnreadableFileError("its channels are odd", channels=channels)
        self._kind, self._form, self.channels = kind, frame.format.name, channels
        self._planar = frame.format.is_planar
        self.sample_rate_hz = frame.sample_rate
        self.sample_bits = 8 * frame.format.bytes

    def _copy(self, frames: list[Any], out: Samples) -> None:
        dtype = np.dtype(_DTYPE[self._kind])
        if self._planar:
            planes = [(frame.planes, frame.samples) for frame in frames]
            for channel, row in enumerate(out):
                parts = [np.frombuffer(p[channel], dtype, n) for p, n in planes]
                self._scale(parts, row)
            return
        interleaved = [
            np.frombuffer(frame.planes[0], dtype, frame.samples * self.channels)
            for frame in frames
        ]
        self._scale([part.reshape(-1, self.channels).T for part in interleaved], out)

    def _scale(self, parts: list[NDArray[Any]], out: Samples) -> None:
        """Join *parts* along their last axis into *out*, full scale at ±1."""
        if parts[0].dtype.kind == "f":
            np.concatenate(parts, axis=-1, out=out, casting="same_kind")
            return
        joined = np.concatenate(parts, axis=-1)
        if self._kind != "u8":
            self.used_bits |= int(np.bitwise_or.reduce(joined, axis=None))
        np.multiply(joined, np.float32(_SCALE[self._kind]), out=out, casting="unsafe")
        if self._kind == "u8":
            out -= 1


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[Decoding]:
    """Open the first sound in *source*, a path or a seekable stream of bytes.

    Raises:
        UnreadableFileError: It is no sound that can be decoded.
    """
    file = str(source) if isinstance(source, Path) else source
    try:
        container = av.open(
            file, mode="r", metadata_errors="ignore", timeout=_PATIENCE_S
        )
    except (av.FFmpegError, ValueError) as exc:
        raise UnreadableFileError("it cannot be decoded", reason=str(exc)) from exc
    with container:
        if not container.streams.audio:
            raise UnreadableFileError("there is no sound in it")
        stream = container.streams.audio[0]
        context = stream.codec_context
        if context is None:
            raise UnreadableFileError("nothing here decodes its sound")
        yield Decoding(container, stream, context.name, bit_depth=_bit_depth(context))


def _bit_depth(context: Any) -> int | None:
    if not context.name.startswith(_LOSSLESS) or context.format is None:
        return None
    # PCM's depth is in its name; 24 bits of other codecs come as 32, see Technical.
    digits = "".join(filter(str.isdigit, context.name.partition("_")[2]))
    return int(digits) if digits else 8 * int(context.format.bytes)
