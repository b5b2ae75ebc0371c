"""What partners require of recordings and releases, one rule one small function.

A rule is registered with its code, level and kind, and yields what it has to say.
Adding a rule touches this module alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from shared.domain.claims import JsonValue, Kind, SourceRecord, canonical_json
from shared.domain.findings import Finding, Level
from shared.domain.trust import source_family

# Two readings of one recording's length differ by no more than encoders pad.
_SAME_LENGTH_MS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule looks at.

    Attributes:
        values: As resolved.
        records: The standing records, for what sources disagree about.
        positions: Values of the recordings' places on a release; empty otherwise.
    """

    kind: Kind
    values: Mapping[str, JsonValue]
    records: Sequence[SourceRecord] = ()
    positions: Sequence[Mapping[str, JsonValue]] = ()

    def said(self, field: str) -> list[tuple[str, JsonValue]]:
        """Return who says what of *field*, each once, in a fixed order.

        One source may say several things: two files can carry one ISRC.
        """
        found = {
            (record.source, canonical_json(claim.value)): claim.value
            for record in self.records
            for claim in record.claims
            if claim.field == field and not claim.withdrawn
        }
        return [(source, found[source, text]) for source, text in sorted(found)]


Say = Callable[..., Finding]
Rule = Callable[[Subject, Say], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class _Registered:
    code: str
    level: Level
    kind: Kind
    field: str
    rule: Rule


_RULES: Final[list[_Registered]] = []


def rule(
    code: str, level: Level, kind: Kind, field: str = ""
) -> Callable[[Rule], Rule]:
    """Register a rule; its findings carry *code*, *level* and *field*."""

    def register(found: Rule) -> Rule:
        _RULES.append(_Registered(code, level, kind, field, found))
        return found

    return register


def check(subject: Subject) -> tuple[Finding, ...]:
    """Return what the rules say of *subject*, sorted."""
    return tuple(
        sorted(
            finding
            for registered in _RULES
            if registered.kind is subject.kind
            for finding in registered.rule(subject, _saying(registered))
        )
    )


def codes() -> tuple[str, ...]:
    """Return the codes of all rules, sorted."""
    return tuple(sorted({registered.code for registered in _RULES}))


def _saying(registered: _Registered) -> Say:
    def say(message: str, fix: str, value: JsonValue = None) -> Finding:
        return Finding(
            code=registered.code,
            level=registered.level,
            field=registered.field,
            message=message,
            fix=fix,
            value=None if value is None else str(value),
        )

    return say


def _required(
    code: str, level: Level, kind: Kind, field: str, words: tuple[str, str]
) -> None:
    message, fix = words

    @rule(code, level, kind, field)
    def missing(subject: Subject, say: Say) -> Iterator[Finding]:
        if not subject.values.get(field):
            yield say(message, fix)


for _kind, _prefix in ((Kind.RECORDING, "RECORDING"), (Kind.RELEASE, "RELEASE")):
    _required(
        f"LN-{_prefix}-TITLE-MISSING",
        Level.ERROR,
        _kind,
        "title",
        ("it has no title", "Tag the file with a title, or set one here."),
    )
    _required(
        f"LN-{_prefix}-ARTIST-MISSING",
        Level.ERROR,
        _kind,
        "artists",
        ("it has no artist", "Name at least one main artist."),
    )
    _required(
        f"LN-{_prefix}-GENRE-MISSING",
        Level.WARNING,
        _kind,
        "genres",
        ("it has no genre", "Stores file it by genre: choose at least one."),
    )
    _required(
        f"LN-{_prefix}-PLINE-MISSING",
        Level.WARNING,
        _kind,
        "p_line",
        ("it has no ℗ line", "Give year and owner of the sound recording."),
    )

_required(
    "LN-RECORDING-ISRC-MISSING",
    Level.ERROR,
    Kind.RECORDING,
    "isrc",
    ("it has no ISRC", "Ask the label for it, or register one with your ISRC agency."),
)
_required(
    "LN-RECORDING-DURATION-MISSING",
    Level.ERROR,
    Kind.RECORDING,
    "duration_ms",
    ("its length is unknown", "Upload the file, or send it in a message."),
)
_required(
    "LN-RELEASE-BARCODE-MISSING",
    Level.ERROR,
    Kind.RELEASE,
    "gtin",
    ("it has no barcode", "Give its UPC or EAN; without one no store takes it."),
)
_required(
    "LN-RELEASE-LABEL-MISSING",
    Level.ERROR,
    Kind.RELEASE,
    "label",
    ("it has no label", "Name the label it is released on."),
)
_required(
    "LN-RELEASE-DATE-MISSING",
    Level.ERROR,
    Kind.RELEASE,
    "release_date",
    ("it has no release date", "Set the day it is first sold, as YYYY-MM-DD."),
)


@rule("LN-RELEASE-DATE-INEXACT", Level.WARNING, Kind.RELEASE, "release_date")
def inexact_date(subject: Subject, say: Say) -> Iterator[Finding]:
    day = str(subject.values.get("release_date", ""))
    if day and len(day) < len("YYYY-MM-DD"):
        yield say("stores need the day, not only the year or month", "Add it.", day)


@rule("LN-RECORDING-LENGTH-DISAGREES", Level.WARNING, Kind.RECORDING, "duration_ms")
def lengths_disagree(subject: Subject, say: Say) -> Iterator[Finding]:
    """Two lengths under one ISRC are often two recordings."""
    said = [(who, ms) for who, ms in subject.said("duration_ms") if isinstance(ms, int)]
    lengths = [ms for _, ms in said]
    if lengths and max(lengths) - min(lengths) > _SAME_LENGTH_MS:
        yield say(
            "sources disagree about its length: perhaps these are two recordings",
            "Compare the files; a different version needs an ISRC of its own.",
            ", ".join(f"{who}: {ms} ms" for who, ms in said),
        )


@rule("LN-RECORDING-TITLE-DISAGREES", Level.INFO, Kind.RECORDING, "title")
def titles_disagree(subject: Subject, say: Say) -> Iterator[Finding]:
    """Sources write one title differently; the one believed is shown."""
    said = [
        (who, str(title))
        for who, title in subject.said("title")
        if source_family(who) != "person"
    ]
    if len({title.casefold() for _, title in said}) > 1:
        yield say(
            "sources write its title differently",
            "Keep the one shown, or set and lock the right one.",
            ", ".join(f"{who}: {title}" for who, title in said),
        )


@rule("LN-RELEASE-TRACKS-MISSING", Level.ERROR, Kind.RELEASE)
def no_tracks(subject: Subject, say: Say) -> Iterator[Finding]:
    if not subject.positions:
        yield say("it has no track", "Upload its recordings, or a message with them.")


@rule("LN-RELEASE-TRACK-NUMBER-TWICE", Level.ERROR, Kind.RELEASE)
def numbered_twice(subject: Subject, say: Say) -> Iterator[Finding]:
    """Each place on a medium holds one recording."""
    seen: set[tuple[JsonValue, JsonValue]] = set()
    for position in subject.positions:
        number = position.get("track_number")
        place = (position.get("medium_number", 1), number)
        if number is not None and place in seen:
            yield say(
                "two recordings have the same place",
                "Number the tracks of each medium from 1, each once.",
                f"medium {place[0]}, track {place[1]}",
            )
        seen.add(place)


@rule("LN-RELEASE-TRACK-NUMBER-GAP", Level.WARNING, Kind.RELEASE)
def numbers_with_gaps(subject: Subject, say: Say) -> Iterator[Finding]:
    """A missing number is mostly a missing file."""
    media: dict[int, set[int]] = {}
    for position in subject.positions:
        medium, number = position.get("medium_number", 1), position.get("track_number")
        if isinstance(medium, int) and isinstance(number, int):
            media.setdefault(medium, set()).add(number)
    for medium, numbers in sorted(media.items()):
        missing = set(range(1, max(numbers) + 1)) - numbers
        if missing:
            yield say(
                "track numbers are missing",
                "Upload the missing recordings, or number the tracks anew.",
                f"medium {medium}: {', '.join(map(str, sorted(missing)[:20]))}",
            )
