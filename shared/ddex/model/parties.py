"""Parties and credits: inline in ERN 3.x, by reference to a list in 4.x."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .offers import Label
from .parts import Part
from .sections import Section, each_child, is_true, term, terms, whole_number
from .things import Correspondent, Credit, Header, Party
from .values import EVERYWHERE, Identifier, PartyName, Term, Territories

Parties = Mapping[str, Party]

_KINDS: Final = {
    "DisplayArtist": "DisplayArtist",
    "Artist": "DisplayArtist",
    "DisplayConductor": "DisplayConductor",
    "DisplayComposer": "DisplayComposer",
    "ResourceContributor": "Contributor",
    "Contributor": "Contributor",
    "EditionContributor": "Contributor",
    "IndirectResourceContributor": "IndirectContributor",
    "MusicalWorkContributor": "IndirectContributor",
    "RightsController": "RightsController",
    "ResourceRightsController": "RightsController",
    "WorkRightsController": "RightsController",
    "Character": "Character",
}
_ROLES: Final = (
    *("DisplayArtistRole", "ArtisticRole", "ArtistRole", "Role"),
    *("ResourceContributorRole", "IndirectResourceContributorRole"),
    *("MusicalWorkContributorRole", "RightsControllerRole", "RightsControlType"),
)
_REFERENCES: Final = (
    *("ArtistPartyReference", "ContributorPartyReference"),
    *("RightsControllerPartyReference", "CharacterPartyReference"),
)
_SPECIAL: Final = ("SpecialDisplayArtist", "SpecialContributor")
_FEATURED: Final = ("IsFeaturedArtist", "HasMadeFeaturedContribution")
_FLAGS: Final = {"IsDPID": "DPID", "IsISNI": "ISNI"}


def header_of(root: Part) -> Header:
    """Return the envelope of the message at *root*."""
    header = root.first("MessageHeader") or Part("MessageHeader")
    behalf = header.first("SentOnBehalfOf")
    return Header(
        message_id=header.value("MessageId"),
        thread_id=header.value("MessageThreadId"),
        sender=_correspondent(header.first("MessageSender") or Part("")),
        on_behalf_of=_correspondent(behalf) if behalf else None,
        recipients=tuple(map(_correspondent, header.all("MessageRecipient"))),
        created_at=header.value("MessageCreatedDateTime"),
        control_type=header.value("MessageControlType"),
        update_indicator=root.value("UpdateIndicator"),
        source=header,
    )


def _correspondent(part: Part) -> Correspondent:
    name = part.value("PartyName/FullName") or part.value("TradingName")
    ids = [each for each in part.all("PartyId") if each.value()]
    marked = [each for each in ids if is_true(each.get("IsDPID"))]
    found = (marked or ids)[:1]
    return Correspondent(found[0].value() if found else "", name)


def party_list(root: Part) -> dict[str, Party]:
    """Return the parties of the message's list by reference; of two, the first."""
    found: dict[str, Party] = {}
    listed = root.first("PartyList") or Part("")
    for part in listed.all("Party"):
        found.setdefault(part.value("PartyReference"), party_of(part))
    return found


def party_of(part: Part) -> Party:
    """Return the party that *part* describes by names and ids."""
    return Party(
        reference=part.value("PartyReference"),
        names=tuple(map(_name, part.all("PartyName"))),
        identifiers=_ids(part),
        source=part,
    )


def _ids(part: Part) -> tuple[Identifier, ...]:
    found: dict[Identifier, None] = {}
    for each in part.all("PartyId"):
        if each.parts:
            for inner in each.parts:
                namespace = inner.get("Namespace")
                found[Identifier(inner.name, inner.value(), namespace)] = None
        elif each.value():
            kinds = (kind for flag, kind in _FLAGS.items() if is_true(each.get(flag)))
            namespace = each.get("Namespace")
            kind = next(kinds, "ProprietaryId" if namespace else "PartyId")
            found[Identifier(kind, each.value(), namespace)] = None
    return tuple(found)


def _name(part: Part) -> PartyName:
    code = part.get("ApplicableTerritoryCode")
    return PartyName(
        full=part.value("FullName"),
        indexed=part.value("FullNameIndexed"),
        ascii=part.value("FullNameAsciiTranscribed"),
        before_key=part.value("NamesBeforeKeyName"),
        key=part.value("KeyName"),
        after_key=part.value("NamesAfterKeyName"),
        abbreviated=part.value("AbbreviatedName"),
        language=part.get("LanguageAndScriptCode"),
        territories=Territories((code,)) if code else EVERYWHERE,
        is_default=is_true(part.get("IsDefault")),
    )


def credits_of(sections: tuple[Section, ...], parties: Parties) -> tuple[Credit, ...]:
    """Return all credits of the sections in order, equal ones once."""
    found = (
        _credit(part, territories, parties)
        for part, territories in each_child(sections, *_KINDS)
    )
    return tuple(dict.fromkeys(found))


def _credit(part: Part, territories: Territories, parties: Parties) -> Credit:
    roles = [*terms(part, *_ROLES)]
    # From 4.3.1 on an instrument belongs to the role that it is played in.
    inner = [each for role in part.all("Role") for each in role.all("InstrumentType")]
    featured = {is_true(each.value()) for each in part.all(*_FEATURED)}
    return Credit(
        kind=_KINDS[part.name],
        party=_party(part, parties),
        roles=tuple(role for role in roles if role.value),
        sequence=whole_number(part.get("SequenceNumber")),
        instruments=(*terms(part, "InstrumentType"), *map(term, inner)),
        territories=territories,
        is_featured=True in featured
        or any(role.value == "FeaturedArtist" for role in roles),
        share_percent=part.value("RightSharePercentage"),
        source=part,
    )


def _party(part: Part, parties: Parties) -> Party:
    for name in _REFERENCES:
        reference = part.value(name)
        if reference:
            return parties.get(reference) or Party(reference)
    special = next(part.all(*_SPECIAL), None)
    if special is not None:
        return Party(names=(PartyName(term(special).meant),), source=special)
    return party_of(part)


def labels_of(sections: tuple[Section, ...], parties: Parties) -> tuple[Label, ...]:
    """Return the labels of the sections in order, equal ones once."""
    found: dict[Label, None] = {}
    for part, territories in each_child(sections, "LabelName", "ReleaseLabelReference"):
        kind = part.get("LabelNameType") or part.get("LabelType")
        if part.name == "LabelName":
            label = Label(part.value(), None, kind, territories)
        else:
            party = parties.get(part.value()) or Party(part.value())
            label = Label(party.name, party, kind, territories)
        found[label] = None
    return tuple(found)


def roles_of(credit: Credit) -> tuple[str, ...]:
    """Return the words of the credit's roles."""
    return tuple(map(_meant, credit.roles))


def _meant(role: Term) -> str:
    return role.meant
