"""Schemas and their revisions, and whether a message keeps to them.

AVRO is enforced, in both encodings. Protocol buffer schemas are kept but not enforced:
that needs their compiler.
"""

from __future__ import annotations

import io
import json
import struct
import time
import uuid
from typing import Any

import fastavro
from fastavro.schema import SchemaParseException
from fastavro.validation import ValidationError

from infra.local.pubsub.errors import (
    ExistsError,
    InvalidArgumentError,
    MissingError,
    PreconditionError,
)
from infra.local.pubsub.wire import Encoding, Proto, Schema, SchemaType

# What fastavro raises on data that is not what the schema says.
_MISFITS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    StopIteration,
    TypeError,
    ValidationError,
    ValueError,
    struct.error,
)


class SchemaBook:
    """The revisions of each schema, oldest first."""

    def __init__(self) -> None:
        self._revisions: dict[str, list[Proto]] = {}
        self._parsed: dict[tuple[str, str], Any] = {}

    def add(self, schema: Proto) -> Proto:
        """Keep *schema* as a new schema's first revision."""
        if schema.name in self._revisions:
            raise ExistsError("Schema already exists", name=schema.name)
        parse_schema(schema)
        return self.restore(_stamped(schema))

    def commit(self, schema: Proto) -> Proto:
        """Keep *schema* as the newest revision of the one of its name."""
        if self.revisions(schema.name)[-1].type_ != schema.type_:
            raise InvalidArgumentError("A schema keeps its type", name=schema.name)
        parse_schema(schema)
        return self.restore(_stamped(schema))

    def restore(self, revision: Proto) -> Proto:
        known = self._revisions.setdefault(revision.name, [])
        known.append(revision)
        known.sort(key=lambda each: each.revision_create_time.ToNanoseconds())
        self._parsed[revision.name, revision.revision_id] = parse_schema(revision)
        return revision

    def names(self) -> list[str]:
        return sorted(self._revisions)

    def revisions(self, name: str) -> list[Proto]:
        if name not in self._revisions:
            raise MissingError("Resource not found", resource=name)
        return self._revisions[name]

    def get(self, name: str) -> Proto:
        """Return the revision `<name>@<revision>`, or the newest of `<name>`."""
        plain, _, wanted = name.partition("@")
        for revision in reversed(self.revisions(plain)):
            if wanted in ("", revision.revision_id):
                return revision
        raise MissingError("Revision not found", resource=name)

    def drop(self, name: str) -> list[Proto]:
        """Forget the schema; return the revisions it had."""
        dropped = self.revisions(name)
        del self._revisions[name]
        return dropped

    def drop_revision(self, name: str) -> Proto:
        revision = self.get(name)
        known = self._revisions[revision.name]
        if len(known) == 1:
            raise PreconditionError("The only revision cannot go", resource=name)
        known.remove(revision)
        return revision

    def check(self, settings: Proto, message: Proto) -> None:
        """Refuse *message* unless a revision allowed by *settings* describes it.

        A topic whose schema is deleted refuses everything, as in the service.
        """
        misfit: InvalidArgumentError | None = None
        for revision in reversed(self._allowed(settings)):
            parsed = self._parsed[revision.name, revision.revision_id]
            try:
                check_data(parsed, settings.encoding, message.data)
            except InvalidArgumentError as exc:
                misfit = misfit or exc
                continue
            message.attributes.update(
                {
                    "googclient_schemaencoding": Encoding(settings.encoding).name,
                    "googclient_schemaname": revision.name,
                    "googclient_schemarevisionid": revision.revision_id,
                }
            )
            return
        raise misfit or InvalidArgumentError("No revision of the schema is allowed")

    def _allowed(self, settings: Proto) -> list[Proto]:
        try:
            known = self.revisions(settings.schema)
        except MissingError as exc:
            raise InvalidArgumentError("The schema is deleted", **exc.facts) from exc
        ids = [revision.revision_id for revision in known]
        first, last = settings.first_revision_id, settings.last_revision_id
        start = ids.index(first) if first in ids else 0
        end = ids.index(last) + 1 if last in ids else len(ids)
        return known[start:end]


def parse_schema(schema: Proto) -> Any:
    """Return fastavro's form of *schema*, or None for one that is not enforced.

    Raises:
        InvalidArgumentError: *schema* is no AVRO schema.
    """
    if schema.type_ == SchemaType.PROTOCOL_BUFFER:
        return None
    if schema.type_ != SchemaType.AVRO:
        raise InvalidArgumentError("The schema's type is missing")
    try:
        return fastavro.parse_schema(json.loads(schema.definition))
    except (SchemaParseException, *_MISFITS) as exc:
        raise InvalidArgumentError("Invalid AVRO schema", reason=repr(exc)) from exc


def check_data(parsed: Any, encoding: int, data: bytes) -> None:
    """Refuse *data* unless it is one datum of the *parsed* schema, and no more."""
    if parsed is None:
        return
    try:
        if encoding == Encoding.BINARY:
            stream = io.BytesIO(data)
            fastavro.schemaless_reader(stream, parsed)
            fits = not stream.read(1)
        else:
            fits = _fits_json(parsed, json.loads(data))
    except _MISFITS as exc:
        raise InvalidArgumentError(
            "The message does not match the schema", reason=repr(exc)
        ) from exc
    if not fits:
        raise InvalidArgumentError("The message and the schema differ")


def _fits_json(parsed: Any, datum: Any) -> bool:
    """Say whether *datum* is all that the schema has, and nothing besides.

    The reader fills in defaults and passes unknown fields over, which Avro's JSON
    encoding knows nothing of: what was read must write down as it was.
    """
    rows = list(fastavro.json_reader(io.StringIO(json.dumps(datum)), parsed))
    if len(rows) != 1:
        return False
    fastavro.validation.validate(rows[0], parsed, strict=True)
    written = io.StringIO()
    fastavro.json_writer(written, parsed, rows)
    return bool(json.loads(written.getvalue()) == datum)


def _stamped(schema: Proto) -> Proto:
    revision = Schema()
    revision.CopyFrom(schema)
    revision.revision_id = uuid.uuid4().hex[:8]
    revision.revision_create_time.FromNanoseconds(time.time_ns())
    return revision
