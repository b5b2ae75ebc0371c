"""Messages, checked whole: what came in, what was answered, what was sent in to check.

What is wrong with a message is kept with the message, and shown at the releases it is
about, per sender; what partners answer is shown there too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import UUID

from shared.domain.claims import Kind
from shared.domain.decisions import ValidationStatus
from shared.domain.entities import Entity
from shared.domain.errors import NotFoundError, PermanentError
from shared.domain.findings import Finding, Level
from shared.events.pipeline import MessageExtracted, ValidationRequested
from shared.ports.catalog import Catalog, CatalogTransaction
from shared.ports.clock import Clock
from shared.ports.object_store import ObjectStore

from .deliveries import state_findings

PRODUCER: Final = "ddex-message@v1"
ANSWERED: Final = "acknowledgement"
_MOST_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message that was read and checked, before anything is written of it.

    Attributes:
        keys: Of the messages in the catalog that the findings are about.
        is_answer: It is an acknowledgement.
    """

    keys: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    is_answer: bool = False


@dataclass(frozen=True, slots=True)
class MessageChecks:
    """Checks messages.

    Attributes:
        schema_folder: The operator's own schema files, instead of the tables.
    """

    catalog: Catalog
    uploads: ObjectStore
    clock: Clock
    schema_folder: Path | None = None

    def read(self, event: MessageExtracted) -> ReadMessage | None:
        """Return what is wrong with the message of *event*; None where it is gone."""
        name = event.uri.removeprefix(f"{self.uploads.base_uri}/")
        try:
            stored = self.uploads.read(name, generation=event.generation)
            content = b"".join(stored)
        except NotFoundError:
            return None  # Replaced before it was read: its successor has an event too.
        try:
            return self._checked(content)
        except PermanentError:
            return None  # It was read by extract: what it says is no message any more.

    def _checked(self, content: bytes) -> ReadMessage:
        # What reads DDEX takes a while to load, and files of tags never need it.
        from shared.ddex.catalog import acknowledged
        from shared.ddex.checking import check
        from shared.ddex.nodes import text_of
        from shared.ddex.reading import parsed
        from shared.ddex.versions import CHOREOGRAPHY, recognised

        root = parsed(content)
        if recognised(str(root.tag)).standard == CHOREOGRAPHY:
            said = acknowledged(root).statements
            return ReadMessage(tuple(s.keys[0] for s in said), is_answer=True)
        header = root.find("MessageHeader")
        sender = text_of(header, "MessageSender/PartyId") or "unknown"
        key = f"message:{sender}|{text_of(header, 'MessageId')}"
        found = check(content, now=self.clock.now(), schema_folder=self.schema_folder)
        findings = (f.to_finding() for f in found.findings[:_MOST_KEPT])
        return ReadMessage((key,), tuple(findings))

    def keep(self, tx: CatalogTransaction, read: ReadMessage) -> None:
        """Write what was found, at the message and at its releases."""
        for key in read.keys:
            message_id = tx.find(Kind.MESSAGE, key)
            message = message_id and tx.entity(Kind.MESSAGE, message_id)
            if not message:
                continue
            if read.is_answer:
                self._keep_answer(tx, message)
            else:
                self._keep_check(tx, message, read.findings)

    def _keep_check(
        self, tx: CatalogTransaction, message: Entity, findings: Sequence[Finding]
    ) -> None:
        told = (*findings, *_reused(tx, message))
        tx.replace_findings(Kind.MESSAGE, message.id, PRODUCER, told, shown=True)
        producer = f"{PRODUCER}:{message.values.get('sender')}"
        for release in _releases(tx, message):
            more = state_findings(tx, release, message)
            tx.replace_findings(
                Kind.RELEASE, release, producer, (*told, *more), shown=True
            )

    def _keep_answer(self, tx: CatalogTransaction, message: Entity) -> None:
        findings = tuple(_answers(message))
        producer = f"{ANSWERED}:{message.values.get('recipient') or 'unknown'}"
        tx.replace_findings(Kind.MESSAGE, message.id, ANSWERED, findings, shown=True)
        for release in _releases(tx, message):
            tx.replace_findings(Kind.RELEASE, release, producer, findings, shown=True)

    def check_sent_in(self, event: ValidationRequested) -> None:
        """Check what somebody sent in to be checked, and forget it."""
        from shared.ddex.checking import check

        with self.catalog.transaction(event.tenant_id) as tx:
            wanted = tx.validation(event.validation_id)
        if wanted is None or wanted.content is None:
            return
        checked = check(
            wanted.content, now=self.clock.now(), schema_folder=self.schema_folder
        )
        result = checked.to_json()
        with self.catalog.transaction(event.tenant_id) as tx:
            done = replace(
                wanted,
                status=ValidationStatus.DONE,
                content=None,
                finished_at=self.clock.now(),
                result=result,
            )
            tx.save_validation(done)


def _releases(tx: CatalogTransaction, message: Entity) -> list[UUID]:
    listed = message.values.get("releases")
    found = (
        tx.find(Kind.RELEASE, str(key))
        for key in (listed if isinstance(listed, list) else [])
    )
    return list(dict.fromkeys(release for release in found if release))


def _reused(tx: CatalogTransaction, message: Entity) -> Iterator[Finding]:
    contents = {
        claim.value
        for record in tx.history(Kind.MESSAGE, message.id)
        for claim in record.claims
        if claim.field == "sha256"
    }
    if len(contents) > 1:
        yield Finding(
            code="LN-MESSAGE-ID-REUSED",
            level=Level.ERROR,
            field="message_id",
            message="another message came with this id before",
            fix="Give each message an id of its own; recipients may ignore the second.",
            value=str(message.values.get("message_id")),
        )


def _answers(message: Entity) -> Iterator[Finding]:
    errors = message.values.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if not isinstance(error, dict):
            continue
        rules = str(error.get("rule") or "").split()
        status = str(error.get("status"))
        yield Finding(
            code=rules[0] if rules else f"LN-ANSWER-{status.upper()}",
            level=Level.ERROR,
            field="",
            message=f"the recipient answered {status}: {error.get('text') or '…'}",
            fix=f"See the rules {', '.join(rules)}." if rules else "Ask the recipient.",
            place=str(error.get("resource") or ""),
            value=status,
        )
