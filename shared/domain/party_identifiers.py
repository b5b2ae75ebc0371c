"""The identifiers of people, groups and companies: ISNI, IPI, DPID."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from shared.domain.check_digits import (
    ipi_base_mod_10,
    ipi_name_mod_101,
    iso7064_mod_11_2,
    iso7064_mod_37_36,
)
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

_ISNI_INTRODUCTION = re.compile(
    introduced_by("ISNI").pattern + r"|^(?:HTTPS?://)?(?:WWW\.)?ISNI\.ORG/(?:ISNI/)?"
)
_ISNI = re.compile(r"[0-9]{15}[0-9X]")
_IPI_INTRODUCTION = introduced_by(r"(?:IPI|CAE)(?:[\s/-]*(?:IPI|NAME|BASE|NN|BN))?")
_IPI_NAME = re.compile(r"[0-9]+")
_IPI_BASE = re.compile(r"I[0-9]{10}")
_DPID_INTRODUCTION = introduced_by("DPID|DDEX[\\s-]*PARTY[\\s-]*ID")
_DPID_PREFIX = "PADPIDA"
_DPID = re.compile(r"[A-Z0-9]{18}")


@dataclass(frozen=True, slots=True)
class Isni(Identifier):
    """An International Standard Name Identifier (ISO 27729): `000000012150090X`."""

    kind = "isni"
    label = "an ISNI"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = bare(text, _ISNI_INTRODUCTION)
        check_length(cls.label, text, found, 16)
        check_form(cls.label, text, found, _ISNI)
        check_not_placeholder(cls.label, text, found[:-1])
        check_check_digit(cls.label, text, found[-1], iso7064_mod_11_2(found[:-1]))
        return cls(found)

    @property
    def display(self) -> str:
        return " ".join(self.value[place : place + 4] for place in range(0, 16, 4))

    @property
    def uri(self) -> str:
        """The address that ISNI's own pages go by."""
        return f"https://isni.org/isni/{self.value}"


@dataclass(frozen=True, slots=True)
class IpiName(Identifier):
    """An IPI name number (CISAC): the name a writer or publisher goes by.

    The value has 11 digits, `00014107338`; leading zeros may be left out of what is
    parsed, as societies do.
    """

    kind = "ipi"
    label = "an IPI name number"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = bare(text, _IPI_INTRODUCTION)
        check_length(cls.label, text, found, *range(3, 12))
        check_form(cls.label, text, found, _IPI_NAME)
        value = found.zfill(11)
        check_not_placeholder(cls.label, text, value[:9])
        check_check_digit(cls.label, text, value[9:], ipi_name_mod_101(value[:9]))
        return cls(value)

    @property
    def display(self) -> str:
        """The 11 digits: CISAC separates none of them."""
        return self.value


@dataclass(frozen=True, slots=True)
class IpiBase(Identifier):
    """An IPI base number (CISAC): the party behind its names, `I0000002297`."""

    kind = "ipi_base"
    label = "an IPI base number"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = bare(text, _IPI_INTRODUCTION)
        check_length(cls.label, text, found, 11)
        check_prefix(cls.label, text, found[0], allowed=found[0] == "I")
        check_form(cls.label, text, found, _IPI_BASE)
        check_not_placeholder(cls.label, text, found[1:10])
        check_check_digit(cls.label, text, found[10], ipi_base_mod_10(found[1:10]))
        return cls(found)

    @property
    def display(self) -> str:
        return f"I-{self.value[1:10]}-{self.value[10]}"


@dataclass(frozen=True, slots=True)
class Dpid(Identifier):
    """A DDEX Party Identifier: `PADPIDA2013042401U`.

    The check character covers the prefix too (ISO 7064, MOD 37,36, over all 18
    characters); the message schemas do not test it, and other readers do not either.
    """

    kind = "dpid"
    label = "a DPID"

    @classmethod
    def parse(cls, text: str) -> Self:
        found = bare(text, _DPID_INTRODUCTION)
        prefix = found[: len(_DPID_PREFIX)]
        check_prefix(cls.label, text, prefix, allowed=prefix == _DPID_PREFIX)
        check_length(cls.label, text, found, 18)
        check_form(cls.label, text, found, _DPID)
        check_check_digit(cls.label, text, found[-1], iso7064_mod_37_36(found[:-1]))
        return cls(found)

    @property
    def display(self) -> str:
        return f"PA-DPIDA-{self.value[7:17]}-{self.value[17]}"
