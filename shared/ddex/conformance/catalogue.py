"""Which of our own rules says what a requirement says, and which are faulty."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from .notation import Requirement
from .tables import profiles_of

# By the number in edition 2.1, of the first profile that has the requirement.
_RULE_WORDS: Final = """
    1000 L01  1001 D03  1002 D07  1003 D05  1004 D09  1005 D09  1006 D09  1007 D09
    1008 D09  1009 D09  1010 D06  1011-1 D01  1011-2 D02  1012 A09  1014 S06  1015 S12
    1016 S07  1017 S09  1018 L15  1019 L16  1020 L17  1021 L18  1022 L19  1023 L20
    1025 L02  1026 L12  1027 L10  1028 L24  1029 S02  1030 S11  1031 S14  1032 S21
    1038 X07  1039 X07  1040 X08  1041 X09  1042 X09  1043 X09  1044 X09  1045 L03
    1046 L04  1047 L06  1048 L06  1049 L07  1050 A05  1051 A06  1052 S20  1053 S28
    1054 S29  1055 L08  1056 L20  1057 L21  1058 S01  1059 S02  1113 S28  1116 L08
    1178 L08  1237 L08  1239 L23  1242 L29  1296 L08  1357 L08  1359 L23  1360 L23
    1411 L28  1416 L08  1422 S27  1423 L28  1424 L28  1425 L28  1426 L28  1478 L03
    1479 L27  1480 L27  1483 L08  1488 L27  1489 L27  1490 L27  1491 L27  1492 L27
    1544 L15  1545 L25  1546 L25  1548 L15  1549 L26  1550 L26  1551 L26  1552 L26
    1555 L26  G.1 I12  G.2 I12  G.3 I11  G.4 I10
"""
_RULES: Final[Mapping[str, str]] = MappingProxyType(
    dict(zip(_RULE_WORDS.split()[::2], _RULE_WORDS.split()[1::2], strict=True))
)

_EVERY_NODE: Final = "the published test looks at all shares of the message at once"
_INVERTED: Final = "the published test forbids what its text asks for"
_TYPING_ERROR: Final = "the published test has a typing error in the profile's name"
_BY_CHOICE: Final = "the profile that a message names is the one it is held against"
_OWN_VERSION: Final = "about the age of the published file, not the message"
# What the published files ask, and no message is to be blamed for; with the reason.
_FAULTS: Final = (
    ("//RightSharePercentage > 0", _EVERY_NODE),
    ("sum(//RightShare", _EVERY_NODE),
    ("ResourceReference in //ResourceGroupContentItem[IsBonusResource", _INVERTED),
    ("CommonReleaseTypes/14//14", _TYPING_ERROR),
    ("@ReleaseProfileVersionId = '", _BY_CHOICE),
    ("@MessageSchemaVersionId", _OWN_VERSION),
)


def fault_of(requirement: Requirement) -> str:
    """Return why nobody is blamed for breaking *requirement*; empty where one is."""
    found = (why for start, why in _FAULTS if requirement.what.startswith(start))
    inside = (why for part, why in _FAULTS if part in requirement.what)
    return next(found, "") or next(inside, "")


def rule_id_of(requirement: Requirement) -> str:
    """Return the rule of our catalogue that says the same; else its number, if any."""
    key = (requirement.where, requirement.is_must, requirement.what)
    return _rules_by_words().get(key) or requirement.number or "PROFILE"


@cache
def _rules_by_words() -> dict[tuple[str, bool, str], str]:
    found: dict[tuple[str, bool, str], str] = {}
    for requirements in profiles_of("2.1").values():
        for each in requirements:
            base = each.number.partition("-")[0]
            rule_id = _RULES.get(each.number) or _RULES.get(base)
            if rule_id:
                found[(each.where, each.is_must, each.what)] = rule_id
    return found
