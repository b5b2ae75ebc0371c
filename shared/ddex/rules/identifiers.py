"""Rules D: identifiers, wherever they stand."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from shared.ddex.message import Message
from shared.ddex.nodes import Node, text_of
from shared.ddex.rules.registry import Fault, Faults, rule
from shared.domain.check_digits import gs1_mod_10
from shared.domain.content_identifiers import Grid, Iswc
from shared.domain.errors import InvalidInputError
from shared.domain.findings import Level
from shared.domain.identifier_forms import Identifier
from shared.domain.isrc_prefixes import ISRC_PREFIXES
from shared.domain.party_identifiers import IpiName, Isni

_ISRC: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_ICPN_LENGTHS: Final = frozenset({8, 12, 13, 14})
# Schematron 2.1, rules 1004 to 1009, in the forms that the agencies print.
_FORMS: Final = {
    "ISMN": re.compile(r"M[0-9]{9}|9790[0-9]{9}|M-[0-9]+-[0-9]+-[0-9]"),
    "ISBN": re.compile(r"(?:97[89])?[0-9]{9}[0-9X]|[0-9X-]{13,17}"),
    "ISSN": re.compile(r"[0-9]{4}-?[0-9]{3}[0-9X]"),
    "ISAN": re.compile(r"[0-9A-F]{16}|[0-9A-F-]{17,26}", re.IGNORECASE),
    "VISAN": re.compile(r"[0-9A-F]{24,26}|[0-9A-Z-]{26,40}", re.IGNORECASE),
    "SICI": re.compile(r"[0-9]{4}-[0-9]{3}[X0-9].+"),
}
_INVALID: Final = "IdentifierSyntaxInvalid"


@rule(
    "D01",
    Level.FATAL,
    source="Schematron 2.1, 1011-1; ISO 3901",
    says="an ISRC has 12 characters: two letters, three of either, seven digits",
    fix="Write the ISRC without hyphens, in capitals.",
    status=_INVALID,
)
def isrc_form(message: Message) -> Faults:
    for text, node in message.texts_and_nodes("ISRC"):
        if not _ISRC.fullmatch(text):
            yield Fault(node, text)


@rule(
    "D02",
    Level.FATAL,
    source="Schematron 2.1, 1011-2; ISRC Registration Authority",
    says="no agency gives ISRCs with this prefix",
    fix="Look the ISRC up where it was assigned.",
    status="IdentifierInvalid",
)
def isrc_prefix(message: Message) -> Faults:
    for value, node in message.texts_and_nodes("ISRC"):
        if value[:2] not in ISRC_PREFIXES and _ISRC.fullmatch(value):
            yield Fault(node, value, value[:2])


@rule(
    "D03",
    Level.FATAL,
    source="Schematron 2.1, 1001",
    says="a barcode has 8, 12, 13 or 14 digits",
    fix="Write the digits under the bars, and nothing else.",
    status=_INVALID,
)
def barcode_form(message: Message) -> Faults:
    for node in message.all("ICPN"):
        if not _is_barcode(text_of(node)):
            yield Fault(node, text_of(node))


@rule(
    "D04",
    Level.ERROR,
    source="GS1 General Specifications, 7.9",
    says="the barcode's check digit is wrong",
    fix="Compare the barcode with the one that was assigned: a digit is mistyped.",
    status="IdentifierInvalid",
)
def barcode_check_digit(message: Message) -> Faults:
    for node in message.all("ICPN"):
        value = text_of(node)
        if _is_barcode(value) and gs1_mod_10(value[:-1]) != value[-1]:
            yield Fault(node, value)


def _is_barcode(value: str) -> bool:
    return value.isdecimal() and value.isascii() and len(value) in _ICPN_LENGTHS


@rule(
    "D05",
    Level.FATAL,
    source="Schematron 2.1, 1003; GRid Standard 2.1",
    says="not a GRid: 18 characters from A1, the last one a check character",
    fix="Look the GRid up where it was assigned.",
    status="IdentifierInvalid",
)
def grid_valid(message: Message) -> Faults:
    yield from _invalid(message, Grid, "GRid", length=18)


@rule(
    "D06",
    Level.FATAL,
    source="Schematron 2.1, 1010; ISO 15707",
    says="not an ISWC: T and ten digits, the last one a check digit",
    fix="Look the ISWC up at ISWC-Net.",
    status="IdentifierInvalid",
)
def iswc_valid(message: Message) -> Faults:
    yield from _invalid(message, Iswc, "ISWC", length=11)


@rule(
    "D07",
    Level.FATAL,
    source="Schematron 2.1, 1002; ISO 27729",
    says="not an ISNI: 16 characters, the last one a check character",
    fix="Look the ISNI up at isni.org.",
    status="IdentifierInvalid",
)
def isni_valid(message: Message) -> Faults:
    yield from _invalid(message, Isni, "ISNI", length=16)


@rule(
    "D08",
    Level.FATAL,
    source="CISAC, IPI name number",
    says="not an IPI name number: eleven digits, the last two a check",
    fix="Look the number up in the IPI list.",
    status="IdentifierInvalid",
)
def ipi_valid(message: Message) -> Faults:
    yield from _invalid(message, IpiName, "IpiNameNumber", length=11)


def _invalid(
    message: Message, kind: type[Identifier], name: str, *, length: int
) -> Faults:
    """Yield what *kind* refuses; a wrong check character of a right form as ERROR.

    DDEX's own samples carry invented numbers: a form is the sender's fault for sure,
    a check character may be the assigner's.
    """
    for value, node in message.texts_and_nodes(name):
        if not _is_valid(kind, value):
            has_form = len(value) == length and value.isalnum()
            yield Fault(node, value, level=Level.ERROR if has_form else None)


@lru_cache(maxsize=4096)
def _is_valid(kind: type[Identifier], value: str) -> bool:
    try:
        kind.parse(value)
    except InvalidInputError:
        return False
    return True


@rule(
    "D09",
    Level.FATAL,
    source="Schematron 2.1, 1004 to 1009",
    says="the identifier does not have its form",
    fix="Write the identifier as its agency prints it.",
    status=_INVALID,
)
def other_forms(message: Message) -> Faults:
    for name, form in _FORMS.items():
        for node in message.all(name):
            if not form.fullmatch(text_of(node)):
                yield Fault(node, text_of(node), name)


@rule(
    "D10",
    Level.ERROR,
    source="DDEX Knowledge Base, track releases",
    says="two recordings share one ISRC",
    fix="Give each recording its own ISRC, or make them editions of one recording.",
    status="IdentifierInvalid",
)
def isrc_once(message: Message) -> Faults:
    texts = message.texts("ISRC")
    if len(set(texts)) == len(texts):
        return
    seen: dict[str, Node] = {}
    primary = set(message.primary_resources)
    for resource, node in message.resource_isrcs:
        if resource not in primary or not text_of(node):
            continue
        owner = seen.setdefault(text_of(node), resource)
        if owner is not resource:
            yield Fault(node, text_of(node), text_of(owner, "ResourceReference"))


@rule(
    "D11",
    Level.FATAL,
    source="XSD annotation of ProprietaryId; ERN Part 1",
    says="the identifier, or the namespace that it is of, is empty",
    fix="Write the identifier, and the DPID of who assigned it as Namespace.",
    status="IdentifierInvalid",
)
def proprietary_ids_filled(message: Message) -> Faults:
    for text, node in message.texts_and_nodes("ProprietaryId"):
        if not text:
            yield Fault(node)
        elif not node.get("Namespace", "").strip():
            yield Fault(node, text, level=Level.ERROR)
