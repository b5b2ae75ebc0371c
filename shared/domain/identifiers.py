"""The identifiers of music, parsed once and then impossible to get wrong."""

from __future__ import annotations

from shared.domain.content_identifiers import Grid, Gtin, Isrc, Iswc
from shared.domain.errors import InvalidInputError
from shared.domain.identifier_forms import Identifier
from shared.domain.party_identifiers import Dpid, IpiBase, IpiName, Isni

__all__ = [
    "IDENTIFIERS",
    "Dpid",
    "Grid",
    "Gtin",
    "Identifier",
    "IpiBase",
    "IpiName",
    "Isni",
    "Isrc",
    "Iswc",
    "identify",
]

IDENTIFIERS: tuple[type[Identifier], ...] = (
    Isrc,
    Iswc,
    Gtin,
    Grid,
    Isni,
    IpiName,
    IpiBase,
    Dpid,
)


def identify(text: str) -> list[tuple[str, Identifier]]:
    """Return every identifier that *text* can be, by the name of its field.

    Digits alone may be several: about one EAN-8 in a hundred is also an IPI name
    number. The list is empty where *text* is none.
    """
    found: list[tuple[str, Identifier]] = []
    for identifier in IDENTIFIERS:
        try:
            found.append((identifier.kind, identifier.parse(text)))
        except InvalidInputError:
            continue
    return found
