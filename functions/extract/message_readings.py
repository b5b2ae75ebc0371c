"""What a DDEX message says, in the words of its reader."""

from __future__ import annotations

from dataclasses import dataclass

from .statements import FieldClaim, FileFinding


@dataclass(frozen=True, slots=True)
class PartyReading:
    """One party of the message, as a thing of the catalog.

    Attributes:
        reference: The message's own name for it (`PArtist`), or its name where the
            version has no party list.
        dpid: Its DDEX party id, if given.
    """

    reference: str
    claims: tuple[FieldClaim, ...]
    dpid: str | None
    line: int


@dataclass(frozen=True, slots=True)
class RecordingReading:
    """One sound recording; *files* are the addresses of its sound, as delivered."""

    reference: str
    claims: tuple[FieldClaim, ...]
    files: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ReleaseReading:
    """One release that is sold as such (not the release of a single track)."""

    reference: str
    claims: tuple[FieldClaim, ...]
    line: int


@dataclass(frozen=True, slots=True)
class PositionReading:
    """Where a recording stands on a release, both counted from 1."""

    release: str
    recording: str
    medium_number: int
    track_number: int
    line: int


@dataclass(frozen=True, slots=True)
class ImageReading:
    """One picture; *type* in DDEX's words (`FrontCoverImage`)."""

    reference: str
    type: str
    files: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class MessageReading:
    """What a DDEX message says.

    Attributes:
        standard: `ern`, `mead`, `pie`, `dsr` …
        version: `4.3`, `3.8.2` …; empty where the namespace does not tell.
        message_type: The root element's name, such as `NewReleaseMessage`.
        sender_dpid, recipient_dpid: As written, checked or not.
        created_at: As written (xs:dateTime).
        is_test: The sender says that it is no live message.
    """

    standard: str
    version: str
    namespace: str
    message_type: str
    message_id: str
    thread_id: str
    sender_dpid: str
    sender_name: str
    recipient_dpid: str
    created_at: str
    is_test: bool
    parties: tuple[PartyReading, ...] = ()
    recordings: tuple[RecordingReading, ...] = ()
    releases: tuple[ReleaseReading, ...] = ()
    positions: tuple[PositionReading, ...] = ()
    images: tuple[ImageReading, ...] = ()
    findings: tuple[FileFinding, ...] = ()
