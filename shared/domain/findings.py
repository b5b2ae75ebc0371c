"""Results of validation: what is wrong, where, and how to put it right."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.domain.claims import JsonValue


class Level(StrEnum):
    """How much a finding matters.

    FATAL: nothing could be read; ERROR: partners will refuse it; WARNING: partners
    may refuse it, or people will be misled; INFO: worth knowing.
    """

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that a rule has to say.

    Attributes:
        code: Stable, such as `LN-RECORDING-ISRC-MISSING`.
        field: The field concerned; empty if the whole.
        place: Where in the source: a line, an XPath, a frame; empty if nowhere.
        value: The offending value as text, if there is one.
        fix: What a person can do about it.
    """

    code: str
    level: Level
    field: str
    message: str
    fix: str
    place: str = ""
    value: str | None = None

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "code": self.code,
            "level": str(self.level),
            "field": self.field,
            "message": self.message,
            "fix": self.fix,
            "place": self.place,
            "value": self.value,
        }
