"""A DDEX message: what its sender says, staged in the threads that replace it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from shared.ddex.catalog import (
    Acknowledged,
    Delivered,
    Doubt,
    Statement,
    acknowledged,
    statements_of,
)
from shared.ddex.model import model_of
from shared.ddex.nodes import Node
from shared.ddex.reading import parsed
from shared.ddex.versions import CHOREOGRAPHY, recognised
from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.errors import InvalidInputError, UnreadableFileError
from shared.formats.statements import FileFinding

from ..copying import LocalCopy
from ..readings import Message, Reading, as_findings
from ..staging import Origin, named, parties
from .stored import stored_file

_CREDITED: Final = (Kind.RECORDING, Kind.RELEASE, Kind.WORK)


def read_delivery(copy: LocalCopy, origin: Origin) -> Reading:
    """Return what the message in *copy* says.

    Later messages of one sender about one release replace earlier ones: so the origin
    of what they say is sender and release, not the file.

    Raises:
        UnreadableFileError: It is damaged, or no message that is read here.
    """
    try:
        root = parsed(copy.path.read_bytes())
        kind = recognised(str(root.tag))
        if kind.standard == CHOREOGRAPHY:
            return _answered(copy, origin, root, kind.message, kind.version)
        message = model_of(root)
        delivered = statements_of(message, origin.uri)
    except InvalidInputError as exc:
        raise UnreadableFileError(exc.message, **exc.facts) from exc
    records = list(_records(delivered, origin, copy))
    return Reading(
        batches=[records],
        findings=as_findings([_finding(doubt) for doubt in delivered.doubts]),
        message=Message(message.header.message_id, f"ern/{message.version}"),
    )


def _records(
    delivered: Delivered, origin: Origin, copy: LocalCopy
) -> Iterator[SourceRecord]:
    yield stored_file(copy, origin, "Message", "application/xml")
    about = delivered.about
    sha256 = Claim("sha256", copy.sums.sha256)
    yield origin.record(
        about.kind, about.keys, delivered.source, (*about.claims, sha256)
    )
    for thread in delivered.threads:
        spoken = replace(origin, uri=thread.name)
        for statement in thread.statements:
            yield from _spoken(spoken, delivered.source, statement)


def _spoken(
    origin: Origin, source: str, statement: Statement
) -> Iterator[SourceRecord]:
    if statement.is_timeless:
        yield named(origin, source, statement.claims)
        return
    yield origin.record(statement.kind, statement.keys, source, statement.claims)
    if statement.kind in _CREDITED:
        yield from parties(origin, source, statement.claims)


def _answered(
    copy: LocalCopy, origin: Origin, root: Node, message: str, version: str
) -> Reading:
    """Return what a partner answers; of a manifest, that it is there."""
    stored = stored_file(copy, origin, message, "application/xml")
    if message == "ManifestMessage":
        return Reading(batches=[[stored]])
    answer: Acknowledged = acknowledged(root)
    records: Iterable[SourceRecord] = (
        origin.record(said.kind, said.keys, answer.source, said.claims)
        for said in answer.statements
    )
    return Reading(
        batches=[[stored, *records]],
        message=Message(answer.message_id, f"ern-c-sftp/{version}"),
    )


def _finding(doubt: Doubt) -> FileFinding:
    code = f"invalid-{doubt.field.replace('_', '-')}"
    return FileFinding(code, doubt.field, doubt.message, doubt.value)
