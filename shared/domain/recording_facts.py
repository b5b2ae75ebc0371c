"""What is known of a recording when it is compared with another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import isfinite

from shared.domain.content_identifiers import Isrc
from shared.domain.errors import InvalidInputError
from shared.domain.messy_values import (
    language_of,
    length_ms_of,
    number_of,
    told,
    year_of,
)
from shared.domain.recording_forms import Form, form_of

_Scalar = str | float | None
_SCALARS = (
    *("title", "release", "version", "isrc", "language"),
    *("length_ms", "number", "year"),
)

_BARE_NUMBER = re.compile(r"\s*0*[A-Z]?\d{1,3}\s*")


@dataclass(frozen=True)
class RecordingFacts:
    """One recording as one source tells of it; what it does not tell is left out.

    Attributes:
        title: As written, with whatever ran into it.
        artists: As credited, in order; one line with several names will do.
        release: Title of a release it is on.
        number: Its track number there, `"7"` or `"A3"`.
        isrc: Twelve characters.
        language: Of the lyrics, ISO 639-2.
        version: Version words that a source keeps beside the title.
    """

    title: str = ""
    artists: tuple[str, ...] = ()
    length_ms: int | None = None
    release: str = ""
    number: str = ""
    year: int | None = None
    isrc: str = ""
    language: str = ""
    version: str = ""

    @classmethod
    def read(cls, record: Mapping[str, object]) -> RecordingFacts:
        """Return the facts of a record with these names as keys, however messy.

        Every value may be missing, text or a number; `artists` also a list of names.

        Raises:
            InvalidInputError: A value is of a kind that cannot be meant.
        """
        artists = record.get("artists")
        values = [_scalar(record, name) for name in _SCALARS]
        if _is_shifted(values[0], values[5], artists):
            return cls.read(_unshifted(record))
        # A candidate is compared again and again: what was read of it is kept.
        return _read(_credited(artists), *values)

    @cached_property
    def form(self) -> Form:
        """These facts in the form in which they are compared, made once."""
        return form_of(
            self.title,
            self.artists,
            self.release,
            number=self.number,
            year=self.year,
            version=self.version,
        )


@lru_cache(maxsize=16_384)
def _read(
    artists: tuple[str, ...],
    title: _Scalar,
    release: _Scalar,
    version: _Scalar,
    isrc: _Scalar,
    language: _Scalar,
    *rest: _Scalar,
) -> RecordingFacts:
    length, number, year = rest
    return RecordingFacts(
        title=_text(title),
        artists=tuple(name for name in map(told, artists) if name),
        length_ms=length_ms_of(length),
        release=_text(release),
        number=number_of(number),
        year=year_of(year),
        isrc=_isrc(_text(isrc)),
        language=language_of(_text(language)),
        version=_text(version),
    )


def _is_shifted(title: _Scalar, length: _Scalar, artists: object) -> bool:
    """Whether the columns of a row stand one place too far to the left.

    Then the number stands for the title, the title for the length, and the length for
    the artists.
    """
    if not isinstance(length, str) or not _BARE_NUMBER.fullmatch(str(title or "")):
        return False
    if not told(length) or length_ms_of(length) is not None or year_of(length):
        return False
    return not artists or (
        isinstance(artists, str) and (not told(artists) or bool(length_ms_of(artists)))
    )


def _unshifted(record: Mapping[str, object]) -> Mapping[str, object]:
    return {
        **record,
        "number": record.get("title"),
        "title": record.get("length_ms"),
        "length_ms": record.get("artists") or None,
        "artists": record.get("release"),
        "release": record.get("year"),
        "year": record.get("language"),
        "language": None,
    }


def _scalar(record: Mapping[str, object], name: str) -> _Scalar:
    value = record.get(name)
    if value is None or isinstance(value, str):
        return value
    # JSON has no NaN, but Python's reader takes it.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInputError("not a text or a number", field=name)
    if not isfinite(value):
        raise InvalidInputError("not a finite number", field=name)
    return value


def _text(value: _Scalar) -> str:
    return "" if value is None else told(str(value))


def _credited(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list | tuple):
        raise InvalidInputError("not a name or a list of names", field="artists")
    if not all(isinstance(name, str) for name in value):
        raise InvalidInputError("not a list of names", field="artists")
    return tuple(value)


def _isrc(text: str) -> str:
    try:
        return Isrc.parse(text).value if text else ""
    except InvalidInputError:
        return ""
