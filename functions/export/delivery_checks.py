"""What is held against a message before it leaves the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.ddex.catalog import Difference, differences
from shared.ddex.checking import check
from shared.ddex.model import read
from shared.domain.claims import JsonValue
from shared.domain.errors import InvalidInputError
from shared.domain.findings import Level

_SERIOUS: Final = frozenset({Level.FATAL, Level.ERROR})
_MOST_TOLD: Final = 20


def require_clean(
    content: bytes, version: str, intended: frozenset[str] = frozenset()
) -> int:
    """Return how many warnings a message has.

    Args:
        intended: Codes of what is no fault in this message.

    Raises:
        InvalidInputError: It has faults that recipients refuse; the facts list them.
    """
    checked = check(content)
    serious = [
        finding
        for finding in checked.findings
        if finding.level in _SERIOUS and finding.code not in intended
    ]
    if serious:
        raise InvalidInputError(
            "the message would be refused",
            version=version,
            codes=" ".join(dict.fromkeys(finding.code for finding in serious)),
            findings="; ".join(
                f"{finding.code} {finding.message} at {finding.xpath}"
                for finding in serious[:_MOST_TOLD]
            ),
        )
    return len(checked.findings) - len(serious)


def same_facts(messages: Mapping[str, bytes]) -> list[JsonValue]:
    """Return what versions of one message tell the catalog differently.

    The first version is what the others are held against; an empty list is the proof
    that all say the same.
    """
    (first, content), *others = messages.items()
    model = read(content)
    return [
        _told(first, version, difference)
        for version, other in others
        for difference in differences(model, read(other))
    ]


def _told(first: str, version: str, difference: Difference) -> JsonValue:
    return {
        "kind": str(difference.kind),
        "key": difference.key,
        "field": difference.field,
        first: difference.first,
        version: difference.second,
    }
