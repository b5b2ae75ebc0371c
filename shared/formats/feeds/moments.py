"""Moments as feeds write them: RFC 822 and its many relatives, ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Final

from shared.domain.errors import InvalidInputError

_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
# RFC 822 §5.1, and what is found beside it: hours before or after UTC.
_ZONES: Final = MappingProxyType(
    {
        **dict.fromkeys(("", "z", "ut", "utc", "gmt", "wet"), 0.0),
        "est": -5,
        "edt": -4,
        "cst": -6,
        "cdt": -5,
        "mst": -7,
        "mdt": -6,
        "pst": -8,
        "pdt": -7,
        "bst": 1,
        "cet": 1,
        "cest": 2,
        "mez": 1,
        "mesz": 2,
        "eet": 2,
        "eest": 3,
        "msk": 3,
        "ist": 5.5,
        "jst": 9,
        "kst": 9,
        "aest": 10,
        "aedt": 11,
        "nzst": 12,
        "nzdt": 13,
    }
)
_RFC_822: Final = re.compile(
    r"(?:[^\W\d]{2,12}\.?,?\s*)?(?P<day>\d{1,2})[\s.-]+(?P<month>[A-Za-z]{3,9})\.?,?[\s-]+"
    r"(?P<year>\d{4}|\d{2})(?:[,\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:\.\d+)?)?)?\s*(?P<zone>.*)",
    re.DOTALL,
)
_AMERICAN: Final = re.compile(
    r"(?:[^\W\d]{2,12}(?:\.|,|\s)\s*)?(?P<month>[A-Za-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s+)?"
    r"(?:(?P<before>[A-Z]{3,4})\s+)?(?P<year>\d{4})"
    r"(?:,?\s+(?P<hour2>\d{1,2}):(?P<minute2>\d{2})(?::(?P<second2>\d{2}))?)?"
    r"\s*(?P<zone>.*)",
    re.DOTALL,
)
_ISO: Final = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d{2})(?:-?(?P<day>\d{2}))?)?"
    r"(?:[T\s]+(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})"
    r"(?:[.,]\d+)?)?)?\s*(?P<zone>.*)",
    re.DOTALL,
)
_OFFSET: Final = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?(?:\s*\(.*\))?")


def moment(text: str) -> str | None:
    """Return the moment that *text* names, as `YYYY-MM-DDThh:mm:ssZ` in UTC.

    Without a zone it is read as UTC. None where nothing is said.

    Raises:
        InvalidInputError: It is no moment that can be told.
    """
    shown = " ".join(text.split())
    if not shown.strip("0-:. T"):
        return None
    found = (
        _RFC_822.fullmatch(shown) or _ISO.fullmatch(shown) or _AMERICAN.fullmatch(shown)
    )
    if found is None:
        raise InvalidInputError("not a moment", value=text)
    parts = {name: value for name, value in found.groupdict().items() if value}
    try:
        local = datetime(
            _year(parts["year"]),
            _month(parts.get("month", "1")),
            int(parts.get("day", "1")),
            tzinfo=timezone(_offset(parts)),
        ) + _of_day(parts)
        return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    except (ValueError, OverflowError) as exc:
        raise InvalidInputError("no such moment", value=text) from exc


def _year(digits: str) -> int:
    # Two digits are of the years around 2000 (RFC 5322 §4.3).
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _MONTHS.index(text[:3].lower()) + 1


def _of_day(parts: dict[str, str]) -> timedelta:
    hour, minute, second = (
        int(parts.get(name) or parts.get(f"{name}2") or 0)
        for name in ("hour", "minute", "second")
    )
    if minute > 59 or second > 61 or hour > 24:
        raise ValueError(hour)
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _offset(parts: dict[str, str]) -> timedelta:
    zone = parts.get("zone", "").strip() or parts.get("before", "")
    found = _OFFSET.fullmatch(zone)
    if found:
        size = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return size if found[1] == "+" else -size
    # A name that nobody knows is no reason to lose the day.
    return timedelta(hours=_ZONES.get(zone.split(" ")[0].lower(), 0.0))
