"""The whole check of one message: read, recognise, schema, references, rules."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from shared.domain.claims import JsonValue
from shared.domain.errors import (
    InvalidInputError,
    LimitExceededError,
    NotFoundError,
    PermanentError,
    UnreadableFileError,
)
from shared.domain.findings import Level

from .catalog_facts import CatalogFacts, Delivery
from .conformance.findings import conformance_findings
from .findings import MessageFinding, in_order
from .message import Message
from .nodes import Node
from .positions import positions
from .reading import Deadline, ForbiddenMarkupError, Limits, hold_to_limits, well_formed
from .references import reference_findings
from .rules import applicable_rules
from .schema.compiling import schema_for
from .schema_findings import schema_errors
from .versions import ERN, recognised

_MOST_OF_ONE_RULE: Final = 100
_REFUSALS: Final = (
    (ForbiddenMarkupError, "Z01", "Send the message without a document type."),
    (LimitExceededError, "Z01", "Split the delivery into smaller messages."),
    (UnreadableFileError, "A01", "Send well-formed XML in UTF-8."),
    (InvalidInputError, "A02", "Send a message of ERN 3.4.1 to 4.3.2."),
)


@dataclass(frozen=True, slots=True)
class CheckedMessage:
    """What the check says of one message.

    Attributes:
        version: Empty where the message was not recognised.
        is_schema_valid: None where there is no schema to tell.
        findings: In the order of the message.
    """

    version: str = ""
    message: str = ""
    profile: str = ""
    is_readable: bool = True
    is_schema_valid: bool | None = None
    findings: tuple[MessageFinding, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 clean; 1 with findings of FATAL or ERROR; 2 where it was not readable."""
        if not self.is_readable:
            return 2
        refused = {Level.FATAL, Level.ERROR}
        return int(any(finding.level in refused for finding in self.findings))

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "version": self.version,
            "message": self.message,
            "profile": self.profile,
            "schema_valid": self.is_schema_valid,
            "findings": [finding.to_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class _Question:
    content: bytes
    schema_folder: Path | None
    limits: Limits
    now: datetime
    with_advice: bool
    facts: CatalogFacts | None
    delivery: Delivery | None


def check(  # noqa: PLR0913 - all but the message have a default
    content: bytes,
    *,
    schema_folder: Path | None = None,
    limits: Limits | None = None,
    now: datetime | None = None,
    with_advice: bool = False,
    facts: CatalogFacts | None = None,
    delivery: Delivery | None = None,
) -> CheckedMessage:
    """Return all that is wrong with the message in *content*.

    What the message is guilty of is never raised.

    Args:
        schema_folder: The user's own schema files, instead of the tables.
        now: What counts as the present, aware; dates are held against it.
        with_advice: Tell also what holds only if the sender knows more, as INFO.
        facts: What the catalog knows; without, rules that need it say nothing.
        delivery: The files that came with it; without, so do those about files.

    Raises:
        InvalidInputError: A file of *schema_folder* is not a schema.
    """
    now = now or datetime.now(UTC)
    question = _Question(
        content, schema_folder, limits or Limits(), now, with_advice, facts, delivery
    )
    with _uncollected():
        # In a function of its own, so that the tree is gone before the collector
        # wakes, which would look at all of it once more.
        return _answer(question)


def _answer(question: _Question) -> CheckedMessage:
    content, limits = question.content, question.limits
    deadline = Deadline.within(limits.seconds)
    try:
        root = well_formed(content, limits, deadline)
        kind = recognised(str(root.tag))
    except PermanentError as exc:
        return CheckedMessage(is_readable=False, findings=(_refusal(exc),))
    message = Message(
        root,
        kind,
        content=content,
        now=question.now,
        facts=question.facts,
        delivery=question.delivery,
    )
    try:
        run = _Check(content, message, question.schema_folder, deadline)
        return run.checked(question.with_advice, limits)
    except LimitExceededError as exc:
        return CheckedMessage(is_readable=False, findings=(_refusal(exc),))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector of cycles rest: it would look at each element many times."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _refusal(error: PermanentError) -> MessageFinding:
    rule_id, fix = next(
        (rule_id, fix) for kind, rule_id, fix in _REFUSALS if isinstance(error, kind)
    )
    line, column = error.facts.get("line", 0), error.facts.get("column", 0)
    return MessageFinding(
        code=f"ERN-{rule_id}",
        level=Level.FATAL,
        message=str(error),
        fix=fix,
        source="security" if rule_id == "Z01" else "XML 1.0; XSD",
        line=line if isinstance(line, int) else 0,
        column=column if isinstance(column, int) else 0,
        status="NewReleaseMessageInvalid",
    )


class _Check:
    def __init__(
        self,
        content: bytes,
        message: Message,
        schema_folder: Path | None,
        deadline: Deadline,
    ) -> None:
        self._content = content
        self._message = message
        self._schema_folder = schema_folder
        self._deadline = deadline
        self._found: list[tuple[Node | None, MessageFinding]] = []

    def checked(self, with_advice: bool, limits: Limits) -> CheckedMessage:
        is_valid = self._hold_against_schema()
        if not is_valid or self._schema_folder is not None:
            hold_to_limits(self._message.root, limits)
        if self._message.kind.standard == ERN:
            self._hold_references()
            self._hold_against_rules(with_advice)
            self._hold_against_profile(with_advice)
        return CheckedMessage(
            version=self._message.kind.version,
            message=self._message.kind.message,
            profile=self._message.profile,
            is_schema_valid=is_valid,
            findings=self._placed(),
        )

    def _hold_against_schema(self) -> bool | None:
        kind = self._message.kind
        if kind.standard != ERN:
            return None
        try:
            schema = schema_for(kind.namespace, kind.version, self._schema_folder)
        except NotFoundError:
            return None
        self._found.extend(schema_errors(self._message, schema))
        return not self._found

    def _hold_references(self) -> None:
        self._deadline.check()
        told = {(finding.code, finding.xpath) for _, finding in self._found}
        self._found.extend(
            (node, finding)
            for node, finding in reference_findings(self._message)
            if (finding.code, finding.xpath) not in told
        )

    def _hold_against_rules(self, with_advice: bool) -> None:
        told = {finding.code for _, finding in self._found}
        message = self._message
        rules = applicable_rules(
            message.number,
            message.kind.message,
            message.profile,
            with_advice=with_advice,
        )
        for rule in rules:
            self._deadline.check()
            if told and rule.code in told:
                continue
            for fault in islice(rule.faults(message), _MOST_OF_ONE_RULE):
                self._found.append((fault.node, rule.finding(fault)))

    def _hold_against_profile(self, with_advice: bool) -> None:
        self._deadline.check()
        told = {finding.code for _, finding in self._found}
        self._found.extend(
            conformance_findings(self._message, told, with_advice=with_advice)
        )

    def _placed(self) -> tuple[MessageFinding, ...]:
        nodes = {node for node, _ in self._found if node is not None}
        where = positions(self._content, self._message.root, nodes)
        return in_order(
            finding if node is None else finding.at(*where[node])
            for node, finding in self._found
        )
