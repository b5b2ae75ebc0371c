"""What mutagen knows of the sound itself, as technical facts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import mutagen

from ..technical import TechnicalFacts
from .bounds import BoundedFile
from .chunks import LOSSLESS_WAVE, WAVE_CODECS, aiff_codec

_Codec = Callable[[mutagen.StreamInfo], str]

_LOSSLESS: Final = LOSSLESS_WAVE | {"alac", "als", "ape", "dsd", "ofr", "tak", "tta"}
_LONGEST_MS: Final = 7 * 24 * 3_600_000


def _always(codec: str) -> _Codec:
    return lambda _: codec


def _mpeg(info: mutagen.StreamInfo) -> str:
    return f"mp{getattr(info, 'layer', 3)}"


def _wave(info: mutagen.StreamInfo) -> str:
    code = int(getattr(info, "audio_format", 1))
    return WAVE_CODECS.get(code, f"wave-0x{code:04x}")


def _mp4(info: mutagen.StreamInfo) -> str:
    """Codec by RFC 6381; object type 36 of MPEG-4 Audio is lossless ALS."""
    codec = str(getattr(info, "codec", "")).lower()
    if codec == "mp4a.40.36":
        return "als"
    if codec in {"mp4a.6b", "mp4a.69", "mp4a.40.34"}:
        return "mp3"
    if codec.startswith("mp4a"):
        return "aac"
    return codec or "unknown"


def _asf(info: mutagen.StreamInfo) -> str:
    name = str(getattr(info, "codec_name", "")).lower()
    return "wma-lossless" if "lossless" in name else "wma"


def _ac3(info: mutagen.StreamInfo) -> str:
    return {"ac-3": "ac3", "ec-3": "eac3"}.get(getattr(info, "codec", ""), "ac3")


# By mutagen's class: container, codec, media type.
_FORMATS: Final[Mapping[str, tuple[str, _Codec, str]]] = MappingProxyType(
    {
        "AAC": ("aac", _always("aac"), "audio/aac"),
        "AC3": ("ac3", _ac3, "audio/ac3"),
        "AIFF": ("aiff", _always("pcm"), "audio/aiff"),
        "APEv2File": ("ape", _always("ape"), "audio/ape"),
        "ASF": ("asf", _asf, "audio/x-ms-wma"),
        "DSDIFF": ("dff", _always("dsd"), "audio/dff"),
        "DSF": ("dsf", _always("dsd"), "audio/dsf"),
        "FLAC": ("flac", _always("flac"), "audio/flac"),
        "MP3": ("mp3", _mpeg, "audio/mpeg"),
        "MP4": ("mp4", _mp4, "audio/mp4"),
        "MonkeysAudio": ("ape", _always("ape"), "audio/ape"),
        "Musepack": ("musepack", _always("musepack"), "audio/musepack"),
        "OggFLAC": ("ogg", _always("flac"), "audio/ogg"),
        "OggOpus": ("ogg", _always("opus"), "audio/ogg"),
        "OggSpeex": ("ogg", _always("speex"), "audio/ogg"),
        "OggTheora": ("ogg", _always("theora"), "video/ogg"),
        "OggVorbis": ("ogg", _always("vorbis"), "audio/ogg"),
        "OptimFROG": ("optimfrog", _always("ofr"), "audio/optimfrog"),
        "SMF": ("midi", _always("midi"), "audio/midi"),
        "TAK": ("tak", _always("tak"), "audio/tak"),
        "TrueAudio": ("tta", _always("tta"), "audio/tta"),
        "WAVE": ("wav", _wave, "audio/wav"),
        "WavPack": ("wavpack", _always("wavpack"), "audio/wavpack"),
    }
)


def technical_facts(file: mutagen.FileType, stored: BoundedFile) -> TechnicalFacts:
    """Return what *file*, read from *stored*, says of its sound, if it can be."""
    info = file.info
    size_bytes = stored.size_bytes
    container, codec_of, mime_type = _FORMATS.get(
        type(file).__name__, ("unknown", _always("unknown"), "audio/*")
    )
    codec = aiff_codec(stored) if container == "aiff" else codec_of(info)
    lossless = codec in _LOSSLESS or codec == "wma-lossless"
    if codec == "wavpack":
        lossless = not _wavpack_flags(stored) & 0x8
    duration_ms = _duration_ms(info)
    rate_hz = getattr(info, "sample_rate", None)
    if codec == "opus":
        # Opus always decodes at 48 kHz (RFC 7845 §5.1).
        rate_hz = 48_000
    return TechnicalFacts(
        container=container,
        codec=codec,
        mime_type=mime_type,
        duration_ms=duration_ms,
        sample_rate_hz=_within(rate_hz, 10_000_000),
        bit_depth=_within(getattr(info, "bits_per_sample", None), 64)
        if lossless
        else None,
        channels=_within(getattr(info, "channels", None), 256),
        bitrate_bps=_bitrate_bps(info, size_bytes, duration_ms),
        lossless=lossless,
    )


def _duration_ms(info: mutagen.StreamInfo) -> int | None:
    length_s = getattr(info, "length", None)
    if not isinstance(length_s, int | float) or not math.isfinite(length_s):
        return None
    return _within(round(length_s * 1000), _LONGEST_MS)


def _bitrate_bps(
    info: mutagen.StreamInfo, size_bytes: int, duration_ms: int | None
) -> int | None:
    stated = _within(getattr(info, "bitrate", None), 10_000_000_000)
    if stated is None and duration_ms:
        return _within(size_bytes * 8000 // duration_ms, 10_000_000_000)
    return stated


def _within(value: object, highest: int) -> int | None:
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return int(value) if 1 <= value <= highest else None


def _wavpack_flags(stored: BoundedFile) -> int:
    """Return the flags of the first block, bytes 24 to 27; bit 3 says it is lossy."""
    stored.seek(24)
    return int.from_bytes(stored.read(4), "little")
