"""What all identifiers share: one canonical value, and the ways it gets written."""

from __future__ import annotations

import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

from shared.domain.errors import InvalidInputError

_SEPARATORS = re.compile(r"[\s.\u00ad\u200b-\u200f\u2010-\u2015\u2212\ufeff_-]+")


@dataclass(frozen=True, slots=True)
class Identifier(ABC):
    """One identifier, parsed: equal where the canonical forms are.

    Attributes:
        value: The canonical form, as stored and compared.
    """

    value: str

    kind: ClassVar[str]
    label: ClassVar[str]

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """Return the identifier that *text* writes, in any usual form.

        Raises:
            InvalidInputError: It breaks a rule. The fact `rule` says which (`length`,
                `characters`, `prefix`, `check-digit` or `placeholder`), `text` is
                what was given, and a wrong check digit comes with what was
                `expected` for the digits before it.
        """

    @property
    @abstractmethod
    def display(self) -> str:
        """The form for people, with the separators of the standard."""

    def __str__(self) -> str:
        return self.value


def bare(text: str, introduction: re.Pattern[str]) -> str:
    """Return *text* in upper case, without what introduces it and without separators.

    Full-width letters and digits become plain ones (NFKC). *introduction* is what
    may come before the identifier itself: its name, a URN, the address of a page.
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("<>[]\"'").upper()
    return _SEPARATORS.sub("", introduction.sub("", plain, count=1).rstrip("/"))


def introduced_by(name: str) -> re.Pattern[str]:
    """Return a pattern of what people write before an identifier called *name*.

    That is `NAME`, `NAME:`, `NAME No.`, `urn:name:`, `info:name/`, or the address of
    a page whose path has the segment `name`. *name* is a pattern, in upper case.
    """
    return re.compile(
        rf"^(?:HTTPS?://\S+?/(?:{name})/"
        rf"|(?:URN:|INFO:)?(?:{name})(?:\s*(?:CODE|NO\.?|NUMBER|#))?[\s:=/-]*)",
    )


def check_length(label: str, text: str, found: str, *lengths: int) -> None:
    if len(found) not in lengths:
        raise InvalidInputError(
            f"wrong length of {label}",
            text=text,
            rule="length",
            length=len(found),
            allowed=list(lengths),
        )


def check_form(label: str, text: str, found: str, form: re.Pattern[str]) -> None:
    if form.fullmatch(found) is None:
        raise InvalidInputError(
            f"wrong characters in {label}", text=text, rule="characters"
        )


def check_prefix(label: str, text: str, prefix: str, *, allowed: bool) -> None:
    if not allowed:
        raise InvalidInputError(
            f"unknown prefix of {label}", text=text, rule="prefix", prefix=prefix
        )


def check_check_digit(label: str, text: str, found: str, expected: str) -> None:
    if found != expected:
        raise InvalidInputError(
            f"wrong check digit of {label}",
            text=text,
            rule="check-digit",
            found=found,
            expected=expected,
        )


def check_not_placeholder(label: str, text: str, found: str) -> None:
    """Refuse zeros alone: they pass every weighted sum, and identify nothing."""
    if not found.strip("0"):
        raise InvalidInputError(
            f"zeros in place of {label}", text=text, rule="placeholder"
        )
