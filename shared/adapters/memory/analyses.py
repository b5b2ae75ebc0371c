"""What was heard, and what waits to be, in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.adapters.memory.books import Books, Waiting
from shared.domain.audio_features import AudioFeatures
from shared.domain.claims import JsonValue, Kind
from shared.ports.analyses import Alike, QueuedAnalysis


class MemoryAnalyses:
    """The part of a transaction that is about sound."""

    def __init__(self, books: Books, settings: Mapping[str, JsonValue]) -> None:
        self._books = books
        self._settings = settings

    def tenant_settings(self) -> Mapping[str, JsonValue]:
        return self._settings

    def save_audio_features(self, features: AudioFeatures) -> None:
        of = (features.source, features.origin)
        known = self._books.heard.get(of)
        if known is None or known.origin_version <= features.origin_version:
            self._books.heard[of] = features

    def audio_features(self, recording_id: UUID) -> Sequence[AudioFeatures]:
        return [
            features
            for _, features in sorted(self._books.heard.items())
            if self._recording_of(features) == recording_id
        ]

    def heard_before(self, source: str, sha256: str) -> AudioFeatures | None:
        found = [
            features
            for features in self._books.heard.values()
            if features.source == source and features.sha256 == sha256
        ]
        return min(found, key=lambda features: features.origin, default=None)

    def alike(
        self, features: AudioFeatures, *, least: int, limit: int
    ) -> Sequence[Alike]:
        own = self._recording_of(features)
        found = []
        for other in self._books.heard.values():
            shared = len({*features.terms} & {*other.terms})
            recording = self._recording_of(other)
            if shared >= least and recording not in (None, own):
                found.append(Alike(recording, other, shared))
        found.sort(key=lambda alike: (-alike.shared_terms, alike.features.record_id))
        return found[:limit]

    def queue_analysis(self, item: QueuedAnalysis) -> None:
        known = self._books.queued.get(item.uri)
        if known is None or known.item.generation <= item.generation:
            self._books.queued[item.uri] = Waiting(item)

    def release_analyses(
        self, now: datetime, *, limit: int, lost_before: datetime, most_releases: int
    ) -> Sequence[QueuedAnalysis]:
        queued = self._books.queued
        under_way = 0
        waiting = []
        for uri, one in sorted(queued.items()):
            if one.released_at is not None and one.released_at >= lost_before:
                under_way += 1
            elif one.item.releases >= most_releases:
                del queued[uri]
            else:
                waiting.append(one.item)
        waiting.sort(key=lambda item: (item.queued_at, item.uri))
        released = [
            replace(item, releases=item.releases + 1)
            for item in waiting[: max(limit - under_way, 0)]
        ]
        queued.update({item.uri: Waiting(item, now) for item in released})
        return released

    def forget_queued(self, uri: str, generation: int) -> bool:
        known = self._books.queued.get(uri)
        if known is None or known.item.generation > generation:
            return False
        del self._books.queued[uri]
        return True

    def _recording_of(self, features: AudioFeatures) -> UUID | None:
        return self._books.mapping.get((Kind.RECORDING, features.subject_key))
