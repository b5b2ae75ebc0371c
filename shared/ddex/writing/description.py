"""A release as the catalog knows it, apart from how it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.claims import JsonValue

Values = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Who tells whom, in which message.

    Attributes:
        message_id: Never used before by this sender.
        created_at: An `xs:dateTime` with its zone.
    """

    message_id: str
    sender_dpid: str
    sender_name: str
    recipient_dpid: str
    recipient_name: str
    created_at: str
    thread_id: str = ""
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class FileDescription:
    """A file of the delivery.

    Attributes:
        uri: Where it lies beside the message: `resources/….flac`.
        values: Of the resource: codec, rates, sums, sizes.
    """

    uri: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordingDescription:
    """A recording.

    Attributes:
        id: The catalog's; stands where it has neither ISRC nor a partner's id.
        values: As `shared.domain.fields` has them.
        keys: All keys that mean it.
    """

    id: str
    values: Values
    keys: frozenset[str] = frozenset()
    file: FileDescription | None = None

    @property
    def is_video(self) -> bool:
        return "Video" in str(self.values.get("recording_type") or "")


@dataclass(frozen=True, slots=True)
class PlaceDescription:
    """Where a recording stands on the release, counted from 1."""

    recording: RecordingDescription
    medium_number: int
    track_number: int
    is_bonus: bool = False
    is_instant_gratification: bool = False


@dataclass(frozen=True, slots=True)
class PictureDescription:
    """A picture of the release; *type* in DDEX's words."""

    type: str
    file: FileDescription


@dataclass(frozen=True, slots=True)
class ReleaseDescription:
    """All that a message about a release says.

    Attributes:
        places: In the order of play.
        further: Recordings that others are made of, such as those of a mix.
        deals: As `shared.domain.offer_fields` has them.
    """

    id: str
    values: Values
    correspondence: Correspondence
    places: tuple[PlaceDescription, ...] = ()
    further: tuple[RecordingDescription, ...] = ()
    pictures: tuple[PictureDescription, ...] = ()
    deals: tuple[Values, ...] = ()


def text(values: Values, name: str) -> str:
    """Return the text of a field; empty where it has none."""
    value = values.get(name)
    return value if isinstance(value, str) else ""


def listed(values: Values, name: str) -> list[str]:
    """Return the texts of a list; none where it has none."""
    value = values.get(name)
    found = value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, str)]


def objects(values: Values, name: str) -> list[dict[str, JsonValue]]:
    """Return the objects of a list; none where it has none."""
    value = values.get(name)
    found = value if isinstance(value, list) else []
    return [each for each in found if isinstance(each, dict)]


def number(values: Values, name: str) -> int | None:
    """Return a whole number; None where there is none."""
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
