"""What a column means here: its name, whose it is, and which of several it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from shared.domain.errors import InvalidInputError

TRACK: Final = "track"
RELEASE: Final = "release"
WORK: Final = "work"
CARRIED: Final = "carried"
"""A column that is known and kept as it came: no field of the catalog is meant."""

_FORM: Final = re.compile(
    r"(?:(?P<scope>track|release|work):)?(?P<name>[a-z_]+)"
    r"(?:\.(?P<index>\d{1,3}))?(?:/(?P<part>[A-Za-z_]+))?"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column, by our name of it; as text `track:p_line`, `writer.2/last_name`.

    Attributes:
        scope: Whose value it is, where the heading says so: track, release or work.
        index: Which of several alike, from 1; 0 where there is one.
        part: Of a column that describes somebody or something: which part.
    """

    name: str
    scope: str = ""
    index: int = 0
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> Column:
        """Return the column that `str()` wrote.

        Raises:
            InvalidInputError: It is no such text.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise InvalidInputError("no column of ours", column=text)
        return cls(
            found["name"],
            found["scope"] or "",
            int(found["index"] or 0),
            found["part"] or "",
        )

    def __str__(self) -> str:
        scope = f"{self.scope}:" if self.scope else ""
        index = f".{self.index}" if self.index else ""
        return f"{scope}{self.name}{index}{'/' if self.part else ''}{self.part}"
