"""The identifiers of what is recorded, written and sold: ISRC, ISWC, GTIN, GRid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from shared.domain.check_digits import gs1_mod_10, iso7064_mod_37_36, iswc_mod_10
from shared.domain.identifier_forms import (
    Identifier,
    bare,
    check_check_digit,
    check_form,
    check_length,
    check_not_placeholder,
    check_prefix,
    introduced_by,
)
from shared.domain.isrc_prefixes import ISRC_PREFIXES

# "ISRC" also opens codes of Iceland's registrant RC1 and the like, of 12 characters.
_ISRC_INTRODUCTION = introduced_by(r"ISRC(?!\d{8}$)")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")
_ISWC_INTRODUCTION = introduced_by("ISWC")
_ISWC = re.compile(r"T[0-9]{10}")
_GTIN_INTRODUCTION = re.compile(
    r"^(?:HTTPS?://\S+?/(?:GTIN/|01/|BARCODE/)|\(01\)"
    r"|(?:URN:)?(?:GTIN|UPC|EAN|JAN|ICPN|BARCODE)"
    r"(?:[\s-]?(?:A|8|12|13|14)(?!\d))?[\s:=/#-]*)",
)
_DIGITS = re.compile(r"[0-9]+")
_GRID_INTRODUCTION = introduced_by("GRID")
_GRID = re.compile(r"[A-Z0-9]{18}")


@dataclass(frozen=True, slots=True)
class Isrc(Identifier):
    """An International Standard Recording Code (ISO 3901:2019): `USRC17607839`.

    It has no check digit. Its prefix must be one that the registration authority
    has allocated.
    """

    kind = "isrc"
    label = "an ISRC"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = bare(text, _ISRC_INTRODUCTION)
        check_length(cls.label, text, found, 12)
        check_form(cls.label, text, found, _ISRC)
        prefix = found[:2]
        check_prefix(cls.label, text, prefix, allowed=prefix in ISRC_PREFIXES)
        return cls(found)

    @property
    def prefix(self) -> str:
        """Two letters: the agency that allocated the code."""
        return self.value[:2]

    @property
    def registrant(self) -> str:
        """Three letters or digits: who assigned the code, under that prefix."""
        return self.value[2:5]

    @property
    def year(self) -> str:
        """Two digits of the year of assignment: its century is not told."""
        return self.value[5:7]

    @property
    def designation(self) -> str:
        """Five digits: the recording, of that registrant in that year."""
        return self.value[7:]

    @property
    def display(self) -> str:
        return f"{self.prefix}-{self.registrant}-{self.year}-{self.designation}"


@dataclass(frozen=True, slots=True)
class Iswc(Identifier):
    """An International Standard Musical Work Code (ISO 15707): `T0345246801`."""

    kind = "iswc"
    label = "an ISWC"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = bare(text, _ISWC_INTRODUCTION)
        check_length(cls.label, text, found, 11)
        check_prefix(cls.label, text, found[0], allowed=found[0] == "T")
        check_form(cls.label, text, found, _ISWC)
        check_not_placeholder(cls.label, text, found[1:10])
        check_check_digit(cls.label, text, found[10], iswc_mod_10(found[1:10]))
        return cls(found)

    @property
    def display(self) -> str:
        work = self.value[1:10]
        return f"T-{work[:3]}.{work[3:6]}.{work[6:]}-{self.value[10]}"


@dataclass(frozen=True, slots=True)
class Gtin(Identifier):
    """A Global Trade Item Number (GS1): a UPC, EAN, JAN, or DDEX's ICPN.

    The value has 14 digits, so that a UPC and its EAN are one: `00036000291452`.
    """

    kind = "gtin"
    label = "a barcode"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = bare(text, _GTIN_INTRODUCTION)
        check_length(cls.label, text, found, 8, 12, 13, 14)
        check_form(cls.label, text, found, _DIGITS)
        check_not_placeholder(cls.label, text, found)
        check_check_digit(cls.label, text, found[-1], gs1_mod_10(found[:-1]))
        return cls(found.zfill(14))

    @property
    def upc(self) -> str | None:
        """The 12 digits of a UPC-A, where the number fits one."""
        return self.value[2:] if self.value.startswith("00") else None

    @property
    def ean(self) -> str | None:
        """The 13 digits of an EAN-13, where the number fits one."""
        return self.value[1:] if self.value.startswith("0") else None

    @property
    def display(self) -> str:
        """The digits as printed under the bars, of the shortest form that fits."""
        digits = self.value
        if digits.startswith("000000"):
            return f"{digits[6:10]} {digits[10:]}"
        if digits.startswith("00"):
            return f"{digits[2]} {digits[3:8]} {digits[8:13]} {digits[13]}"
        if digits.startswith("0"):
            return f"{digits[1]} {digits[2:8]} {digits[8:]}"
        return f"{digits[0]} {digits[1:3]} {digits[3:8]} {digits[8:13]} {digits[13]}"


@dataclass(frozen=True, slots=True)
class Grid(Identifier):
    """A Global Release Identifier (IFPI GRid Standard 2.1): `A12425GABC1234002M`."""

    kind = "grid"
    label = "a GRid"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = bare(text, _GRID_INTRODUCTION)
        check_length(cls.label, text, found, 18)
        check_form(cls.label, text, found, _GRID)
        check_prefix(cls.label, text, found[:2], allowed=found.startswith("A1"))
        check_check_digit(cls.label, text, found[-1], iso7064_mod_37_36(found[:-1]))
        return cls(found)

    @property
    def issuer(self) -> str:
        """Five letters or digits: who issued the GRid."""
        return self.value[2:7]

    @property
    def display(self) -> str:
        value = self.value
        return f"{value[:2]}-{value[2:7]}-{value[7:17]}-{value[17]}"
