"""Rules A and H: the message as a whole, and its header."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Final

from shared.ddex.languages import is_registered_tag
from shared.ddex.message import Message
from shared.ddex.nodes import instant, text_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.ddex.schema.tables import editions, facts_of
from shared.domain.errors import InvalidInputError
from shared.domain.findings import Level
from shared.domain.party_identifiers import Dpid

_OLD: Final = (3, 4)
# The editions of the common list of allowed values that DDEX has numbered so far.
_EDITIONS: Final = frozenset(map(str, range(1, 13)))
# Clocks differ, and a message may be made before it is sent.
_TOLERANCE: Final = timedelta(days=1)


@rule(
    "A04",
    Level.FATAL,
    source="ERN Part 1, 6.2 and 6.5",
    says="there is no such edition of the allowed values, or not with that value",
    fix="Name the edition of the allowed values that the message was made with: 9.",
    status="NewReleaseMessageInvalid",
    since=(4, 3),
    message="",
)
def edition_exists(message: Message) -> Faults:
    edition = message.root.get("AvsVersionId", "").strip()
    if edition and edition not in _EDITIONS:
        yield Fault(message.root, edition)
    values = editions().get(f"avs{edition}")
    if values is None or f"avs{edition}" == facts_of(message.kind.version).edition:
        return
    for name, value_set in _CHECKED_SETS.items():
        allowed = set(values[value_set])
        for node in message.all(name):
            if text_of(node) and text_of(node) not in allowed:
                yield Fault(node, text_of(node), f"{value_set}, edition {edition}")


_CHECKED_SETS: Final = {
    "UseType": "UseType_ERN",
    "CommercialModelType": "CommercialModelType_ERN",
    "ParentalWarningType": "ParentalWarningType",
    "TerritoryCode": "CurrentTerritoryCode",
}


@rule(
    "A07",
    Level.WARNING,
    source="ERN Part 2, 6.1",
    says="the message names no release profile",
    fix="Give ReleaseProfileVersionId the profile that the release follows.",
)
def profile_named(message: Message) -> Faults:
    if not message.profile:
        yield Fault(message.root)


@rule(
    "A08",
    Level.ERROR,
    source="ERN Part 1, 6.2; RFC 5646",
    says="the language is not a registered tag",
    fix="Write a tag such as en, ja-Latn or pt-BR.",
    since=(4, 1),
    message="",
)
def language_registered(message: Message) -> Faults:
    tags = message.values_of("LanguageAndScriptCode")
    wrong = {tag for tag in tags if not is_registered_tag(tag)}
    for node in message.holders_of("LanguageAndScriptCode") if wrong else ():
        tag = node.get("LanguageAndScriptCode", "")
        if tag in wrong:
            yield Fault(node, tag)


@rule(
    "A09",
    Level.ERROR,
    source="Schematron 2.1, 1012",
    says="a value of one's own needs UserDefined as the value, and a Namespace",
    fix="Write UserDefined as the element's value, and whose value it is as Namespace.",
)
def own_values_marked(message: Message) -> Faults:
    for node in message.holders_of("UserDefinedValue"):
        values = {text_of(node), *(str(value) for value in node.attrib.values())}
        if "UserDefined" not in values or not node.get("Namespace"):
            yield Fault(node, node.get("UserDefinedValue", ""))


@rule(
    "H02",
    Level.FATAL,
    source="DPID standard, ISO 7064 MOD 37,36",
    says="the sender's DPID is not one",
    fix="Write the DPID as DDEX assigned it: PADPIDA and eleven characters.",
    status="IdentifierInvalid",
    message="",
)
def sender_has_dpid(message: Message) -> Faults:
    for node in message.root.iterfind("MessageHeader/MessageSender/PartyId"):
        value = text_of(node)
        if not _is_dpid(value):
            # Some senders leave the check character out, and are read nevertheless.
            has_form = len(value) in {17, 18} and value.isalnum()
            level = Level.WARNING if has_form else None
            yield Fault(node, value, level=level)


@lru_cache(maxsize=256)
def _is_dpid(value: str) -> bool:
    try:
        Dpid.parse(value)
    except InvalidInputError:
        return False
    return True


@rule(
    "H03",
    Level.ERROR,
    source="XSD; ERN Part 1",
    says="the message goes to its own sender",
    fix="Name the recipient's DPID.",
    message="",
)
def recipient_differs(message: Message) -> Faults:
    sender = text_of(message.first("MessageHeader/MessageSender/PartyId"))
    for node in message.root.iterfind("MessageHeader/MessageRecipient/PartyId"):
        if sender and text_of(node) == sender:
            yield Fault(node, sender)


@rule(
    "H04",
    Level.WARNING,
    source="XSD annotation of MessageCreatedDateTime; ISO 8601",
    says="the time of creation has no zone, or lies in the future",
    fix="Write the time with its zone: 2026-11-21T12:00:00Z.",
    message="",
)
def created_in_the_past(message: Message) -> Faults:
    node = message.first("MessageHeader/MessageCreatedDateTime")
    text = text_of(node)
    created = instant(text)
    if node is None or created is None:
        return
    has_zone = text.endswith("Z") or text[-6:-5] in {"+", "-"}
    if not has_zone or created > message.now + _TOLERANCE:
        yield Fault(node, text)


@rule(
    "H05",
    Level.WARNING,
    source="AVS MessageControlType",
    says="a test message must not go to a live feed",
    fix="Leave MessageControlType out, or write LiveMessage, once it is meant.",
    since=_OLD,
    message="",
)
def live_message(message: Message) -> Faults:
    node = message.first("MessageHeader/MessageControlType")
    if node is not None and text_of(node) == "TestMessage":
        yield Fault(node, "TestMessage")
