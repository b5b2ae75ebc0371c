"""Artists as one line credits them, taken apart without losing a character.

What always parts names: `;`, NUL, ` / `, and the featuring words. What may be part
of a name (`&`, `,`, `and`, `x`, `+`, `vs`, `with`) only parts guests, after a
featuring word, or names that the caller knows: so "Earth, Wind & Fire" stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shared.domain.claims import JsonValue
from shared.domain.name_keys import name_key

MAIN_ARTIST = "MainArtist"
FEATURED_ARTIST = "FeaturedArtist"

# A run of spaces is matched from its start alone and never given back in parts, or
# long runs would cost a square.
_GAP = r"(?<!\s)\s++"
_HARD = re.compile(rf"(?<!\s)\s*[;\0][;\0\s]*|{_GAP}/\s+")
_AND = r"&|\+|and|x|\u00d7|vs\.?"
# "Little Feat feat. X" and "Little Feat & X" have a "Feat" that features nobody.
_FEATURING = (
    r"(?:feat\.|ft\.|(?:featuring|f/|w/)(?=\s)"
    r"|(?:feat|ft)(?=\s)(?!\s+(?:(?:feat|ft|featuring)\b|(?:&|\+|and|vs\.?|with)\s)))"
)


def _marker(words: str) -> re.Pattern[str]:
    before = rf"(?:\A|{_GAP}|(?=[(\[]))(?:(?P<open>[(\[])\s*+)?"
    return re.compile(rf"{before}(?:{words})\s*(?=[^\s)\]])", re.IGNORECASE)


MARKER = _marker(_FEATURING)
_MARKER_IN_LINE = _marker(rf"{_FEATURING}|(?<=[(\[])with(?=\s)")
_SOFT = re.compile(
    rf"(?<!\s)\s*[,\u3001\uff0c](?!\d)\s*(?:(?:&|and)\s+)?|{_GAP}(?:{_AND}|with)\s+",
    re.IGNORECASE,
)
_SOFT_IF_KNOWN = re.compile(
    rf"{_SOFT.pattern}|{_GAP}(?:y|e|et|und|och|og)\s+|(?<!\s)\s*/\s*", re.IGNORECASE
)
# After these, an "and" or a comma belongs to the name: "Kool & The Gang".
_BACKING = re.compile(
    r"(?:the|his|her|their|friends|co|jr|sr|ii|iii|iv)\b", re.IGNORECASE
)
_CLOSING = {"(": ")", "[": "]"}
_LONGEST_KNOWN_NAME = 8

Piece = tuple[str, str]
"""A stretch of text, and the words from its end to the next stretch."""


@dataclass(frozen=True, slots=True)
class Credit:
    """One artist of a line.

    Attributes:
        name: Who, with single spaces.
        role: `MainArtist` or `FeaturedArtist` (DDEX's words).
        credited_as: The name exactly as the line has it.
        join: What the line has between this name and the next, spaces included;
            after the last name, what follows it.
    """

    name: str
    role: str = MAIN_ARTIST
    credited_as: str = ""
    join: str = ""

    def to_json(self) -> dict[str, JsonValue]:
        """Return the credit as the fields of the catalog hold it."""
        found: dict[str, JsonValue] = {"name": self.name, "role": self.role}
        if self.credited_as not in ("", self.name):
            found["credited_as"] = self.credited_as
        if self.join:
            found["join"] = self.join
        return found


def split_credit(text: str, known: Iterable[str] = ()) -> list[Credit]:
    """Return the artists of a line such as "A feat. B & C", in its order.

    `credited_as` and `join` of all credits, one after the other, are the line again
    (without the spaces around it).

    Args:
        text: The line; blank gives no credit.
        known: Names of artists. A stretch that is one of them stays whole, and one
            that wholly consists of them is split.
    """
    keys = frozenset(name_key(name) for name in known)
    line = text.strip()
    pieces: list[tuple[str, str, str]] = []
    for part, join in _cut(line, _HARD.finditer(line)):
        found = _by_role(part, keys)
        last_text, last_role, last_join = found[-1]
        pieces += [*found[:-1], (last_text, last_role, last_join + join)]
    return _credits(pieces) if line else []


def split_guests(text: str, known: Iterable[str] = ()) -> list[Credit]:
    """Return the artists of what follows a featuring word, such as "B, C & D"."""
    keys = frozenset(name_key(name) for name in known)
    line = text.strip()
    found = [(t, FEATURED_ARTIST, j) for t, j in _by_word(line, keys, is_guest=True)]
    return _credits(found) if line else []


def closing_place(text: str, opening: str) -> int:
    """Return where *text*, which follows *opening*, closes it; its end if nowhere."""
    depth = 1
    for place, character in enumerate(text):
        depth += (character == opening) - (character == _CLOSING[opening])
        if depth == 0:
            return place
    return len(text)


def _cut(text: str, separators: Iterable[re.Match[str]]) -> list[Piece]:
    pieces: list[Piece] = []
    start = 0
    for separator in separators:
        pieces.append((text[start : separator.start()], separator.group()))
        start = separator.end()
    return [*pieces, (text[start:], "")]


def _by_role(part: str, known: frozenset[str]) -> list[tuple[str, str, str]]:
    if known and name_key(part) in known:
        return [(part, MAIN_ARTIST, "")]
    markers = list(_MARKER_IN_LINE.finditer(part))
    stretches = _cut(part, markers)
    pieces = [
        (text, MAIN_ARTIST, join)
        for text, join in _joined_by(stretches[0], known, is_guest=False)
    ]
    for marker, stretch in zip(markers, stretches[1:], strict=True):
        guests, rest = _within(stretch, marker["open"])
        pieces += [
            (text, FEATURED_ARTIST, join)
            for text, join in _joined_by(guests, known, is_guest=True)
        ]
        if rest is not None:
            pieces += [
                (text, MAIN_ARTIST, join)
                for text, join in _joined_by(rest, known, is_guest=False)
            ]
    return pieces


def _within(stretch: Piece, opening: str | None) -> tuple[Piece, Piece | None]:
    """Part what a bracket holds from what comes after it, where that is a name."""
    text, join = stretch
    close = closing_place(text, opening) if opening else len(text)
    if close == len(text):
        return stretch, None
    tail = text[close + 1 :]
    connector = _SOFT.match(tail)
    if connector is None or connector.end() == len(tail):
        return (text[:close], text[close:] + join), None
    end = close + 1 + connector.end()
    return (text[:close], text[close:end]), (text[end:], join)


def _joined_by(stretch: Piece, known: frozenset[str], *, is_guest: bool) -> list[Piece]:
    text, join = stretch
    pieces = _by_word(text, known, is_guest=is_guest)
    last_text, last_join = pieces[-1]
    return [*pieces[:-1], (last_text, last_join + join)]


def _by_word(text: str, known: frozenset[str], *, is_guest: bool) -> list[Piece]:
    covered = _covered(text, known) if known else None
    if covered is not None:
        return covered
    if not is_guest:
        return [(text, "")]
    separators = (
        found for found in _SOFT.finditer(text) if not _BACKING.match(text, found.end())
    )
    return _cut(text, separators)


def _covered(text: str, known: frozenset[str]) -> list[Piece] | None:
    """Return the fewest known names that *text* consists of, or None."""
    pieces = _cut(text, _SOFT_IF_KNOWN.finditer(text))
    best: list[list[Piece] | None] = [None] * len(pieces) + [[]]
    for start in range(len(pieces) - 1, -1, -1):
        for end in range(start + 1, min(len(pieces), start + _LONGEST_KNOWN_NAME) + 1):
            rest = best[end]
            name = _written(pieces[start:end])
            if rest is None or name_key(name) not in known:
                continue
            found = [(name, pieces[end - 1][1]), *rest]
            shortest = best[start]
            if shortest is None or len(found) < len(shortest):
                best[start] = found
    return best[0]


def _written(pieces: list[Piece]) -> str:
    *others, (last, _) = pieces
    return "".join(text + join for text, join in others) + last


def _credits(pieces: list[tuple[str, str, str]]) -> list[Credit]:
    """Return a credit per piece; what has no name in it goes to its neighbours."""
    found: list[Credit] = []
    lead = ""
    for text, role, join in pieces:
        name = " ".join(text.split())
        if name:
            found.append(Credit(name, role, lead + text, join))
            lead = ""
        elif found:
            last = found[-1]
            found[-1] = Credit(
                last.name, last.role, last.credited_as, last.join + text + join
            )
        else:
            lead += text + join
    return found or [Credit(lead.strip(), MAIN_ARTIST, lead)]
