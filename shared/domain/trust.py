"""Whom to believe about what, when sources disagree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

ON_TRIAL = "audio-trial@"
"""How the sources begin that are kept to be compared, and not believed."""

# What a model guesses from the sound comes after what anybody says.
_GUESSED = ("reference", "audio-model")
# Who publishes a thing knows it better than whoever keeps a copy of it.
_TOLD = ("ddex", "table", "feed", "tags", "itunes-library", "playlist")
_GENERAL = ("person", *_TOLD, "file", "audio-analysis", *_GUESSED)
# What a decoder measured beats what anybody wrote down about the same file.
_MEASURED = ("person", "file", *_TOLD, "audio-analysis", *_GUESSED)
_VERSIONED = re.compile(r"([^@:]+@(?:.*\D)?)(\d+)")
_MEASURED_FIELDS = (
    "bit_depth",
    "bitrate_bps",
    "channels",
    "codec",
    "container",
    "crc32c",
    "duration_ms",
    "height_px",
    "mime_type",
    "sample_rate_hz",
    "sha256",
    "size_bytes",
    "uri",
    "width_px",
)


def source_family(source: str) -> str:
    """Return what *source* is, without who or which version: `ddex:PADP…` → `ddex`."""
    return source.partition(":")[0].partition("@")[0]


@lru_cache(maxsize=1024)
def source_version(source: str) -> tuple[str, int]:
    """Return what *source* is without its version, and which: `audio-analysis@v`, 3.

    A source without a version is its own, in version 0.
    """
    found = _VERSIONED.fullmatch(source)
    return (found[1], int(found[2])) if found else (source, 0)


@dataclass(frozen=True, slots=True)
class Trust:
    """The order in which sources are believed, best first, in general and per field.

    A source that is not listed comes last. A tenant may have an order of its own.
    """

    general: tuple[str, ...] = _GENERAL
    per_field: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType(
            dict.fromkeys(_MEASURED_FIELDS, _MEASURED)
        )
    )

    def rank(self, field_name: str, source: str) -> int:
        """Return how much *source* is believed about *field_name*: higher is more."""
        order = self.per_field.get(field_name, self.general)
        family = source_family(source)
        return len(order) - order.index(family) if family in order else 0


DEFAULT_TRUST = Trust()
