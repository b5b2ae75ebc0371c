"""How the tables of requirements are written: one requirement a line.

    F //ISRC | must | . like ^[A-Z]{2}…$ | Audio 1011-1, Video 1133-1

Severity, place, `must` or `never`, what, and the number that each profile has for it.
Places and tests are paths of XPath 1.0 with some words of their own: `$message` is the
root, `X!` an X with text, `X{a|b}` an X that is one of these, and `X in P` an X whose
text is that of something at P.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_SEPARATOR: Final = " ¦ "


class Severity(StrEnum):
    """How much a requirement matters, as its authors say."""

    FATAL = "F"
    ERROR = "E"
    WARNING = "W"
    INFORMATION = "I"
    FATAL_IF_KNOWN = "f"
    ERROR_IF_KNOWN = "e"

    @classmethod
    def named(cls, role: str) -> Severity:
        """Return the one of a Schematron role."""
        return {
            "Fatal Error": cls.FATAL,
            "Error": cls.ERROR,
            "Warning": cls.WARNING,
            "Conditional Fatal Error": cls.FATAL_IF_KNOWN,
            "Conditional Error": cls.ERROR_IF_KNOWN,
        }.get(role, cls.INFORMATION)

    @property
    def is_conditional(self) -> bool:
        """Whether it holds only where the sender knows more than the message says."""
        return self.islower()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a profile asks for, or forbids, of the elements at one place.

    Attributes:
        number: The rule's number in its profile; empty where it has none.
        is_must: Whether *what* must be so; otherwise it must not.
    """

    number: str
    severity: Severity
    where: str
    is_must: bool
    what: str

    @property
    def said(self) -> str:
        return "must" if self.is_must else "never"


def written(profiles: dict[str, list[Requirement]]) -> Iterator[str]:
    """Yield the lines of a table, each requirement once for all that have it."""
    numbers: dict[tuple[str, str, str, str], list[str]] = {}
    for profile, requirements in profiles.items():
        for each in requirements:
            key = (each.severity.value, each.where, each.said, each.what)
            numbers.setdefault(key, []).append(f"{profile} {each.number}".strip())
    for key, told in numbers.items():
        yield _SEPARATOR.join((*key, ", ".join(told))) + "\n"


def read(lines: Iterable[str]) -> dict[str, list[Requirement]]:
    """Return the requirements of each profile, in the order of the table."""
    found: dict[str, list[Requirement]] = {}
    for line in lines:
        severity, where, said, what, numbers = line.rstrip("\n").split(_SEPARATOR)
        for told in numbers.split(", "):
            profile, _, number = told.partition(" ")
            requirement = Requirement(
                number, Severity(severity), where, said == "must", what
            )
            found.setdefault(profile, []).append(requirement)
    return found
