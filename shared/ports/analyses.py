"""What was heard in files, what sounds alike, and analyses that wait their turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.domain.audio_features import AudioFeatures
from shared.domain.claims import JsonValue


@dataclass(frozen=True, slots=True)
class Alike:
    """A recording whose fingerprint has terms in common with another's.

    Attributes:
        shared_terms: How many.
    """

    recording_id: UUID
    features: AudioFeatures
    shared_terms: int


@dataclass(frozen=True, slots=True)
class QueuedAnalysis:
    """A file that is to be listened to when there is time.

    Attributes:
        keys: Of the recording, as `RecordingExtracted` has them.
        is_forced: Listen even where the same bytes were heard before.
        releases: How often it was let go.
    """

    recording_id: UUID
    uri: str
    generation: int
    keys: tuple[str, ...]
    queued_at: datetime
    is_forced: bool = False
    releases: int = 0


class AnalysisTransaction(Protocol):
    """The part of a catalog's transaction that is about sound."""

    def tenant_settings(self) -> Mapping[str, JsonValue]:
        """Return what was set for the tenant alone, by name."""
        ...

    def save_audio_features(self, features: AudioFeatures) -> None:
        """Write *features*, unless those of a newer generation are there.

        They take the place of what the same source said of the same origin; terms and
        embedding go with them. To be called after staging the record that they are of.
        """
        ...

    def audio_features(self, recording_id: UUID) -> Sequence[AudioFeatures]:
        """Return the features of all files of a recording, by source and origin."""
        ...

    def heard_before(self, source: str, sha256: str) -> AudioFeatures | None:
        """Return what *source* heard in the same bytes, wherever they lie."""
        ...

    def alike(
        self, features: AudioFeatures, *, least: int, limit: int
    ) -> Sequence[Alike]:
        """Return files of other recordings with *least* terms of *features* or more.

        By index, most terms in common first.
        """
        ...

    def queue_analysis(self, item: QueuedAnalysis) -> None:
        """Let *item* wait, in place of an older generation of its file."""
        ...

    def release_analyses(
        self, now: datetime, *, limit: int, lost_before: datetime, most_releases: int
    ) -> Sequence[QueuedAnalysis]:
        """Let go what waited longest, so that *limit* of the tenant are under way.

        What was let go before *lost_before* and is still there counts as lost: it may
        go again, and is forgotten once it went *most_releases* times.
        """
        ...

    def forget_queued(self, uri: str, generation: int) -> bool:
        """Remove what waits for a file up to this generation: it was heard.

        Return whether anything did.
        """
        ...
