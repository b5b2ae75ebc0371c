"""What a version demands and a message does not say.

First what the rest of the message tells, then what `tables.DEFAULTS` names, and where
all else fails the least that the type allows.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from shared.ddex.nodes import instant
from shared.ddex.schema.particles import (
    Attribute,
    Complex,
    Element,
    Group,
    SchemaFacts,
    Simple,
    elements_of,
)

from .drafts import Draft
from .simple_types import SimpleTypes
from .tables import DEFAULT_ATTRIBUTES, DEFAULTS, LEAST_BY_BASE, LEAST_BY_PATTERN

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNKNOWN: Final = "Unknown"
_CHOSEN_LIST_VALUES: Final = (_UNKNOWN, "Worldwide", "NotSpecified", "UserDefined")


def _moment(at: datetime | None) -> str:
    return (at or _LONG_AGO).isoformat()


class Supplier:
    """Supplies what is missing for one message in one version.

    Attributes:
        sender: The DPID of the message's sender; words of its own are in its name.
    """

    def __init__(
        self, facts: SchemaFacts, types: SimpleTypes, root: Draft, sender: str
    ) -> None:
        self._facts = facts
        self._types = types
        self._root = root
        self._count = 0
        self._party: Draft | None = None
        self.sender = sender
        created = root.value("MessageHeader/MessageCreatedDateTime")
        at = instant(created)
        is_written_so = types.accepts(Simple("xs:dateTime"), created)
        self._created_at = created if is_written_so else _moment(at)
        self._created_on = (at or _LONG_AGO).date().isoformat()
        self._used = {part.text.strip() for part in root.within() if not part.parts}

    def known(self, parent: Draft, element: Element) -> Draft | None:
        """Return the missing child *element* of *parent*, where its value is known."""
        name = element.name
        for key in (f"{parent.name.rpartition('}')[2]}/{name}", name):
            if key in DEFAULTS:
                return Draft(name, self._resolved(DEFAULTS[key]))
        return None

    def attribute(self, draft: Draft, attribute: Attribute) -> str:
        """Return a value for a required attribute that *draft* lacks."""
        if attribute.name == "AvsVersionId":
            return self._facts.edition.removeprefix("avs")
        local = draft.name.rpartition("}")[2]
        for key in (f"{local}/@{attribute.name}", f"@{attribute.name}"):
            if key in DEFAULT_ATTRIBUTES:
                text = self._resolved(DEFAULT_ATTRIBUTES[key])
                if self._types.accepts(attribute.type, text):
                    return text
        return self._least_text(attribute.type)

    def easiest(self, parent: Draft, group: Group) -> Element | Group:
        """Return the part of a choice that is supplied with the least invention."""
        for part in group.parts:
            elements = [part] if isinstance(part, Element) else elements_of(part)
            if any(self.known(parent, element) for element in elements):
                return part
        return group.parts[0]

    def least(self, element: Element) -> Draft:
        """Return the least that *element* may say; its children are yet to be made."""
        kind = self._facts.types.get(element.type.base)
        if isinstance(kind, Complex):
            text = self._least_text(Simple(kind.text)) if kind.text else ""
            part = Draft(element.name, text)
            if element.name == "DisplayArtist":
                part.set("SequenceNumber", "1")
            return part
        return Draft(element.name, self._least_text(element.type))

    def _least_text(self, simple: Simple) -> str:
        values = self._types.values(simple)
        if values:
            return next((v for v in _CHOSEN_LIST_VALUES if v in values), values[0])
        base, pattern = self._types.base(simple), self._types.pattern(simple)
        if base == "xs:ID":
            return self._fresh(pattern[:1] or "X")
        if base == "xs:IDREF":
            return self._pointed(pattern[:1] or "X")
        for start, text in LEAST_BY_PATTERN.items():
            if pattern.startswith(start):
                return self._resolved(text)
        return self._resolved(LEAST_BY_BASE.get(base, _UNKNOWN))

    def _resolved(self, text: str) -> str:
        return (
            text.replace("{created_at}", self._created_at)
            .replace("{created_on}", self._created_on)
            .replace("{year}", self._created_on[:4])
            .replace("{sender}", self.sender)
        )

    def _fresh(self, letter: str) -> str:
        while True:
            self._count += 1
            reference = f"{letter}_{self._count}"
            if reference not in self._used:
                self._used.add(reference)
                return reference

    def _pointed(self, letter: str) -> str:
        """Return a reference to what is there; to a party unknown if there is none."""
        if letter == "P":
            return self._unknown_party()
        anchors = {"A": "ResourceReference", "R": "ReleaseReference"}
        for part in self._root.within():
            if part.name == anchors.get(letter) and part.text.strip():
                return part.text.strip()
        return f"{letter}0"

    def _unknown_party(self) -> str:
        if self._party is None:
            self._party = Draft("Party")
            self._party.add("PartyReference", self._fresh("P"))
            self._party.add("PartyName").add("FullName", _UNKNOWN)
        return self._party.value("PartyReference")

    def list_party(self) -> bool:
        """List the unknown party, if something points to it that is not listed."""
        listed = self._root.first("PartyList")
        if listed is None or self._party is None or self._party in listed.parts:
            return False
        # What has been made up because a list needs something is no longer needed.
        listed.parts = [
            part
            for part in listed.parts
            if any(said.origins for _, said in part.leaves())
        ]
        listed.parts.append(self._party)
        return True
