"""Reading what was heard: features of a recording, pictures, labels to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from shared.domain.claims import JsonValue

Picture = Literal["waveform", "spectrogram"]


@dataclass(frozen=True, slots=True)
class HeardFile:
    """One analysis of one file.

    Attributes:
        etag: Of the features, without quotes.
        damage: What is wrong with the file, in words; empty if nothing.
        is_heard: Whether anything could be decoded.
    """

    source: str
    uri: str
    generation: int
    sha256: str
    received_at: datetime
    damage: str
    etag: str
    is_heard: bool

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "source": self.source,
            "uri": self.uri,
            "generation": str(self.generation),
            "sha256": self.sha256 or None,
            "received_at": self.received_at.isoformat(),
            "damage": self.damage or None,
            "is_heard": self.is_heard,
        }


@dataclass(frozen=True, slots=True)
class HeardRecording:
    """What was heard in a recording.

    Attributes:
        version: Of the recording's entry.
        deleted_at: Set where the recording is a tombstone.
        merged_into: Where that redirects to, if it was a merge.
        files: Its analyses; the first speaks for it (`audio_features.best_of`).
        document: What the first one measured; empty where there is none.
        guesses: What models said of that file: `source`, `field`, `value`,
            `confidence`, `alternatives`, `model`; by field, the believed first.
    """

    version: int
    deleted_at: datetime | None
    merged_into: UUID | None
    files: Sequence[HeardFile]
    document: Mapping[str, JsonValue]
    guesses: Sequence[Mapping[str, JsonValue]]


@dataclass(frozen=True, slots=True)
class ReviewedLabel:
    """A value that a person confirmed or put right, and what was heard there.

    Attributes:
        value: As the catalog has it now; it stands on a person's word.
        guessed: What was asked about.
        source: Who guessed: `audio-model@genre_v1`.
        outcome: `accepted` or `corrected`.
        document: A `shared.audio.features.Document`.
        artist: As credited; empty where nobody is.
    """

    recording_id: UUID
    field: str
    artist: str
    value: JsonValue
    guessed: JsonValue
    source: str
    outcome: str
    settled_at: datetime
    document: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What one model said of one recording, to be held against what is true.

    Attributes:
        value: One of the model's classes.
        truth: What a person says of the catalog's field; None where nobody did.
    """

    recording_id: UUID
    model: str
    value: str
    confidence: float
    truth: JsonValue


@dataclass(frozen=True, slots=True)
class Similar:
    """A recording whose embedding lies near another's.

    Attributes:
        likeness: The cosine, from -1 to 1.
    """

    recording_id: UUID
    likeness: float


class AudioQueries(Protocol):
    """Reads of one tenant. All raise TransientError while the database is away."""

    def heard(self, tenant_id: str, recording_id: UUID) -> HeardRecording | None:
        """Return what was heard in a recording, tombstones too; None where unknown."""
        ...

    def picture(
        self, tenant_id: str, recording_id: UUID, picture: Picture
    ) -> tuple[bytes, str] | None:
        """Return a picture of what speaks for a recording, and its ETag.

        None where the recording is unknown or was not heard.
        """
        ...

    def reviewed_labels(
        self, tenant_id: str, field: str, *, after: UUID | None = None, limit: int = 500
    ) -> Sequence[ReviewedLabel]:
        """Return what people said of *field* when they were asked, by recording.

        One for each recording: the newest. What was taken back since is left out. To
        go on, ask again *after* the last one's id.
        """
        ...

    def model_answers(
        self, tenant_id: str, guessed: str, field: str
    ) -> Sequence[ModelAnswer]:
        """Return what each model, on trial or not, said last of each recording.

        Args:
            guessed: What models call it: `genre`.
            field: The catalog's field that tells the truth: `genres`.
        """
        ...

    def similar(
        self, tenant_id: str, recording_id: UUID, limit: int
    ) -> Sequence[Similar] | None:
        """Return the recordings that sound most alike, nearest first.

        Every embedding of the tenant is looked at. None where the recording is unknown
        or has no embedding.
        """
        ...
