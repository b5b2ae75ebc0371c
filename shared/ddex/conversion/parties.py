"""Parties: described where they are credited in 3.x, listed once in 4.x."""

from __future__ import annotations

import re
from typing import Final

from .drafts import NOWHERE, Draft, each

_DESCRIPTION: Final = ("PartyName", "PartyId")
# Whoever is described inside these, and the reference that takes the place.
_REFERENCES: Final = {
    "DisplayArtist": "ArtistPartyReference",
    "Contributor": "ContributorPartyReference",
    "Performer": "ContributorPartyReference",
    "ResourceRightsController": "RightsControllerPartyReference",
    "WorkRightsController": "RightsControllerPartyReference",
    "Character": "CharacterPartyReference",
    "AdministratingRecordCompany": "RecordCompanyPartyReference",
}
_DIGITS: Final = re.compile(r"[0-9]{11}")
_IPI: Final = "IPI"
_KINDS: Final = ("ISNI", "DPID", "IpiNameNumber", "IPN", "CisacSocietyId")


class PartyBook:
    """The list of parties of one message: each party once."""

    def __init__(self, root: Draft) -> None:
        listed = root.first("PartyList")
        if listed is None:
            listed = Draft("PartyList")
            root.parts.append(listed)
        self._list = listed
        self._used = {part.text.strip() for part in root.within() if not part.parts}
        self._known: dict[tuple[object, ...], Draft] = {}
        for party in listed.all("Party"):
            self._known.setdefault(_key(party.parts[1:]), party)

    def listed(self, description: list[Draft]) -> str:
        """Return the reference of the party so described, listed if it was not."""
        key = _key(description)
        party = self._known.get(key)
        if party is not None:
            for mine, other in zip(party.parts[1:], description, strict=True):
                mine.absorb(other)
            return party.value("PartyReference")
        party = self._list.add("Party")
        party.add("PartyReference", self._fresh())
        party.parts += description
        self._known[key] = party
        return party.value("PartyReference")

    def pointer(self, name: str, said: Draft) -> Draft:
        """Return the reference *name* to a party that has *said* for its name."""
        known = said.attributes.pop("UserDefinedValue", None)
        text, origins = (
            (known.text, known.origins) if known else (said.text, said.origins)
        )
        full = Draft("PartyName", parts=[Draft("FullName", text, origins)])
        return Draft(name, self.listed([full]))

    def _fresh(self) -> str:
        number = len(self._known) + 1
        while f"P{number}" in self._used:
            number += 1
        self._used.add(f"P{number}")
        return f"P{number}"


def _key(description: list[Draft]) -> tuple[object, ...]:
    return tuple(part.content() for part in description)


def list_parties(root: Draft) -> None:
    """Put all parties that are described in credits into a list, as 4.x does."""
    book = PartyBook(root)
    for credited in each(root, *_REFERENCES):
        described = credited.take(*_DESCRIPTION)
        if not described:
            continue
        reference = Draft(_REFERENCES[credited.name], book.listed(detailed(described)))
        credited.parts.insert(0, reference)
    for channel in each(root, "DistributionChannel", "ExcludedDistributionChannel"):
        channel.parts = detailed(channel.take(*_DESCRIPTION)) + channel.parts


def detailed(description: list[Draft]) -> list[Draft]:
    """Return names and ids with every id in the element of its kind."""
    names = [part for part in description if part.name == "PartyName"]
    ids = [_detailed_id(part) for part in description if part.name == "PartyId"]
    return names + ids


def _detailed_id(part: Draft) -> Draft:
    if part.parts:
        return part
    inner = Draft(_kind(part), part.text, part.origins)
    if inner.name == "ProprietaryId" and "Namespace" in part.attributes:
        inner.attributes["Namespace"] = part.attributes["Namespace"]
    elif "Namespace" in part.attributes and part.get("Namespace").upper() == inner.name:
        inner.imply(part.attributes["Namespace"])
    for flag in ("IsDPID", "IsISNI"):
        if part.get(flag) == ("true" if flag == f"Is{inner.name}" else "false"):
            inner.imply(part.attributes[flag])
    return Draft("PartyId", parts=[inner])


def _kind(part: Draft) -> str:
    text, namespace = part.text.strip(), part.get("Namespace").upper()
    if part.is_said("IsDPID") or text.startswith("PADPIDA"):
        return "DPID"
    if part.is_said("IsISNI") or namespace == "ISNI":
        return "ISNI"
    if namespace.startswith(_IPI) and _DIGITS.fullmatch(text):
        return "IpiNameNumber"
    return "IPN" if namespace == "IPN" else "ProprietaryId"


def inline_parties(root: Draft, names: tuple[str, ...]) -> None:
    """Describe parties where they are credited, as 3.x does.

    Args:
        names: The elements of 4.x that refer to parties.
    """
    listed = root.first("PartyList")
    parties = {
        party.value("PartyReference"): party
        for party in (listed.parts if listed else ())
    }
    root.take("PartyList")
    for credited in each(root, *_REFERENCES):
        for reference in credited.take(*names):
            party = parties.get(reference.text.strip())
            if party is not None:
                credited.imply(reference, party.first("PartyReference"))
            credited.parts = described(party, reference) + credited.parts
    for holder in list(root.within()):
        for label in holder.all("ReleaseLabelReference"):
            _name_label(label, parties.get(label.text.strip()))
    for channel in each(root, "DistributionChannel", "ExcludedDistributionChannel"):
        ids = [one for part in channel.take("PartyId") for one in plain_ids(part)]
        channel.parts = ids + channel.parts


def described(party: Draft | None, reference: Draft) -> list[Draft]:
    """Return the names and ids of *party*; unknown, the reference for a name."""
    if party is None:
        name = Draft("FullName", reference.text, reference.origins)
        return [Draft("PartyName", parts=[name])]
    names = [part.copy() for part in party.all("PartyName")]
    ids = [one for part in party.all("PartyId") for one in plain_ids(part.copy())]
    return names + ids


def plain_ids(part: Draft) -> list[Draft]:
    """Return the ids that a `PartyId` of 4.x holds, each as one of 3.x."""
    if not part.parts:
        return [part]
    found = []
    for inner in part.parts:
        plain = Draft("PartyId", inner.text, inner.origins, dict(inner.attributes))
        if inner.name in {"DPID", "ISNI"}:
            plain.set(f"Is{inner.name}", "true")
        elif inner.name in _KINDS:
            plain.set("Namespace", inner.name)
        found.append(plain)
    return found


def _name_label(label: Draft, party: Draft | None) -> None:
    label.name = "LabelName"
    name = party.first("PartyName/FullName") if party else None
    if party is not None:
        label.implied |= label.origins
        label.imply(party.first("PartyReference"))
    label.attributes = {
        {"LabelType": "LabelNameType"}.get(key, key): said
        for key, said in label.attributes.items()
    }
    if name is not None:
        label.text, label.origins = name.text, name.origins or NOWHERE
