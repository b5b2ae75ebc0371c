"""The conversion of one message: rearranged, fitted, and accounted for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared.ddex.model import serialised
from shared.ddex.nodes import Node
from shared.ddex.reading import Limits, parsed
from shared.ddex.schema.compiling import schema_for
from shared.ddex.schema.particles import Complex, SchemaFacts, elements_of
from shared.ddex.schema.tables import editions, facts_of, is_carried
from shared.ddex.versions import MessageKind, recognised
from shared.domain.errors import InvalidInputError

from .drafts import Draft, draft_of, node_of
from .fitting import Fitter
from .ledger import Balance, Ledger
from .simple_types import SimpleTypes
from .steps import rearrange
from .supplying import Supplier
from .tables import LAYOUTS

_ERN_NAMESPACE: Final = "http://ddex.net/xml/ern/"
_UNKNOWN_SENDER: Final = "PADPIDA0000000000X"


@dataclass(frozen=True, slots=True)
class Conversion:
    """A message in another version, and what became of all it said.

    Attributes:
        root: The message, valid against the schema of its version.
    """

    source: MessageKind
    target: MessageKind
    root: Node
    balance: Balance

    def to_bytes(self) -> bytes:
        """Return the message as XML in UTF-8; the same for the same source."""
        return serialised(self.root)

    @property
    def is_schema_valid(self) -> bool:
        schema = schema_for(self.target.namespace, self.target.version)
        return schema.validate(self.root)


def versions() -> tuple[str, ...]:
    """Return the versions that messages are converted to, oldest first."""
    return tuple(version for version in LAYOUTS if is_carried(version))


def convert(content: bytes, to: str, limits: Limits | None = None) -> Conversion:
    """Return the message in *content* as one of version *to*.

    Raises:
        LimitExceededError: It is beyond a limit.
        InvalidInputError: It cannot be read, or *to* has no such message, or is no
            version of `versions()`.
    """
    return converted(parsed(content, limits), to)


def converted(root: Node, to: str) -> Conversion:
    """Return the message at *root*, which stays as it is, as one of version *to*.

    Raises:
        InvalidInputError: As `convert`.
    """
    source = recognised(str(root.tag))
    if to not in versions():
        raise InvalidInputError("not a version to convert to", version=to)
    if source.version not in LAYOUTS:
        raise InvalidInputError("not a message of ERN", standard=source.standard)
    target = recognised(f"{{{_ERN_NAMESPACE}{to.replace('.', '')}}}{source.message}")
    if target.message not in facts_of(to).messages:
        raise InvalidInputError("no such message in this version", version=to)
    draft = draft_of(root)
    ledger = Ledger(draft)
    _leave_markup(draft)
    rearrange(draft, source.version, to)
    _fit(draft, target, ledger)
    return Conversion(
        source=source,
        target=target,
        root=node_of(draft, target.namespace),
        balance=ledger.balance(draft),
    )


def _leave_markup(draft: Draft) -> None:
    """Leave out what names the version, and its schema: the namespace says that."""
    for name in list(draft.attributes):
        if name.startswith("{") or name == "MessageSchemaVersionId":
            draft.imply(draft.attributes.pop(name))


def _fit(draft: Draft, target: MessageKind, ledger: Ledger) -> None:
    facts = facts_of(target.version)
    types = SimpleTypes(facts, editions()[facts.edition])
    anchors = _anchors(draft, facts, types)
    supplier = Supplier(facts, types, draft, _sender(draft))
    is_settled = False
    while not is_settled:
        fitter = Fitter(facts, types, supplier, ledger)
        fitter.fit_message(draft, target.message)
        lost = [
            part
            for part in fitter.pointers
            if part.origins
            and part.text.strip() in anchors
            and part.text.strip() not in fitter.anchors
        ]
        _remove(draft, lost, ledger)
        is_settled = not (supplier.list_party() or lost)


def _anchors(draft: Draft, facts: SchemaFacts, types: SimpleTypes) -> set[str]:
    """Return the references that the source names things by."""
    names = {
        element.name
        for kind in facts.types.values()
        if isinstance(kind, Complex)
        for element in elements_of(kind.content)
        if types.base(element.type) == "xs:ID"
    }
    found = [part for part in draft.within() if part.name in names and not part.parts]
    return {part.text.strip() for part in found}


def _remove(draft: Draft, lost: list[Draft], ledger: Ledger) -> None:
    gone = {id(part) for part in lost}
    for part in lost:
        ledger.drop(part, "points to what has no place in the version")
    for holder in draft.within():
        holder.parts = [part for part in holder.parts if id(part) not in gone]


def _sender(draft: Draft) -> str:
    header = draft.first("MessageHeader")
    found = header.value("MessageSender/PartyId") if header else ""
    return found or _UNKNOWN_SENDER
