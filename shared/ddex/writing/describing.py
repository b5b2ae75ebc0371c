"""What recordings and releases say alike: titles, artists, lines, warnings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shared.ddex.model import Part
from shared.domain.claims import JsonValue

from .building import WORLDWIDE, element, every, is_allowed, optional, own_word
from .description import Values, objects, text
from .roster import Roster

_YEAR: Final = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_PLAYED: Final = re.compile(r"(?P<role>[^()]+) \((?P<instrument>.+)\)")
_UNKNOWN_WARNING: Final = "NoAdviceAvailable"
_BETWEEN: Final = ", "


def titles(values: Values) -> Iterator[Part]:
    """Yield the display title, whole and in its pieces."""
    title, subtitle = text(values, "title"), text(values, "subtitle")
    if not title:
        return
    whole = f"{title} ({subtitle})" if subtitle else title
    yield element("DisplayTitleText", text=whole, ApplicableTerritoryCode=WORLDWIDE)
    yield element(
        "DisplayTitle",
        element("TitleText", text=title),
        optional("SubTitle", subtitle),
        ApplicableTerritoryCode=WORLDWIDE,
    )


def artists(values: Values, roster: Roster, namespace: str) -> Iterator[Part]:
    """Yield the line of artists as displayed, and each of them with a role."""
    billed = objects(values, "artists")
    line = text(values, "display_artist") or _line(billed)
    if line:
        yield element("DisplayArtistName", text=line, ApplicableTerritoryCode=WORLDWIDE)
    for place, credit in enumerate(billed, 1):
        name, role = str(credit["name"]), str(credit.get("role") or "MainArtist")
        yield element(
            "DisplayArtist",
            element("ArtistPartyReference", text=roster.reference(name, credit)),
            own_word("DisplayArtistRole", role, "DisplayArtistRole", namespace),
            SequenceNumber=str(place),
        )


def _line(billed: list[dict[str, JsonValue]]) -> str:
    shown = ""
    for place, credit in enumerate(billed, 1):
        shown += str(credit.get("credited_as") or credit["name"])
        if place < len(billed):
            shown += str(credit.get("join") or _BETWEEN)
    return shown


def contributors(values: Values, roster: Roster, namespace: str) -> Iterator[Part]:
    """Yield each contributor once, with all roles and instruments."""
    gathered: dict[str, tuple[list[str], list[str]]] = {}
    for credit in objects(values, "contributors"):
        reference = roster.reference(str(credit["name"]), credit)
        roles, instruments = gathered.setdefault(reference, ([], []))
        role = str(credit.get("role") or "Contributor")
        played = _PLAYED.fullmatch(role)
        if played and is_allowed("InstrumentType", played["instrument"]):
            role = played["role"]
            instruments.append(played["instrument"])
        if role not in roles:
            roles.append(role)
    for place, (reference, (roles, instruments)) in enumerate(gathered.items(), 1):
        yield element(
            "Contributor",
            element("ContributorPartyReference", text=reference),
            *(own_word("Role", role, "ContributorRole", namespace) for role in roles),
            *every("InstrumentType", dict.fromkeys(instruments)),
            SequenceNumber=str(place),
        )


def line(values: Values, kind: str) -> Part | None:
    """Return the P- or C-line; None where there is none."""
    said = text(values, f"{kind.lower()}_line")
    if not said:
        return None
    year = _YEAR.search(said)
    return element(
        f"{kind}Line",
        optional("Year", year[0] if year else ""),
        element(f"{kind}LineText", text=f"({kind}) {said}"),
    )


def warning(values: Values) -> Part:
    """Return what parents are told, and that nothing is known where it is not."""
    said = text(values, "parental_warning")
    explicit = values.get("explicit")
    if explicit is True and said in {"", "NotExplicit", _UNKNOWN_WARNING}:
        said = "Explicit"
    elif explicit is False and said in {"", "Explicit", _UNKNOWN_WARNING}:
        said = "NotExplicit"
    known = is_allowed("ParentalWarningType", said)
    return element("ParentalWarningType", text=said if known else _UNKNOWN_WARNING)


def genres(values: Values, inherited: Values | None = None) -> Iterator[Part]:
    """Yield the genres: the first with the second as what it is in particular."""
    listed = values.get("genres") or (inherited or {}).get("genres")
    found = [str(each) for each in listed] if isinstance(listed, list) else []
    pairs = [found[at : at + 2] for at in range(0, len(found), 2)]
    for place, pair in enumerate(pairs):
        yield element(
            "Genre",
            element("GenreText", text=pair[0]),
            optional("SubGenre", pair[1] if len(pair) > 1 else ""),
            ApplicableTerritoryCode=WORLDWIDE,
            IsDefault="true" if len(pairs) > 1 and place == 0 else "",
        )


def proprietary_ids(values: Values) -> Iterator[Part]:
    """Yield partners' ids, kept as `namespace:value`."""
    listed = values.get("proprietary_ids")
    for each in listed if isinstance(listed, list) else []:
        namespace, _, value = str(each).partition(":")
        if namespace and value:
            yield element("ProprietaryId", text=value, Namespace=namespace)


def date(name: str, values: Values, field: str) -> Part | None:
    return optional(name, text(values, field))
