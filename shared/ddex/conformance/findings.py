"""Breaches of the conformance rules as findings, beside those of our own rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from types import MappingProxyType
from typing import Final

from shared.ddex.findings import MessageFinding
from shared.ddex.message import Message
from shared.ddex.nodes import Node, text_of
from shared.domain.findings import Level

from .catalogue import fault_of, rule_id_of
from .notation import Requirement, Severity
from .requirements import breaches
from .tables import requirements_for

_MOST_OF_ONE_RULE: Final = 100
# A breach costs a certificate and not the delivery: what a recipient refuses is told
# by the schema and by our own rules.
_LEVELS: Final = MappingProxyType(
    {
        Severity.FATAL: Level.WARNING,
        Severity.ERROR: Level.WARNING,
        Severity.WARNING: Level.INFO,
    }
)


def conformance_findings(
    message: Message, told: Collection[str], *, with_advice: bool = False
) -> Iterator[tuple[Node, MessageFinding]]:
    """Yield what breaks the published rules of the profiles that *message* follows.

    Args:
        told: The codes that have been told already, and are not told again.
        with_advice: Tell also what holds only if the sender knows more, as INFO.
    """
    counts: Counter[str] = Counter()
    for edition, profile, requirements in requirements_for(message):
        due = [
            each
            for each in requirements
            if not fault_of(each)
            and (with_advice or each.severity in _LEVELS)
            and f"ERN-{rule_id_of(each)}" not in told
        ]
        for breach in breaches(message.root, due):
            finding = _finding(breach.requirement, breach.node, edition, profile)
            counts[finding.code] += 1
            if counts[finding.code] <= _MOST_OF_ONE_RULE:
                yield breach.node, finding


def _finding(
    requirement: Requirement, node: Node, edition: str, profile: str
) -> MessageFinding:
    asks = "asks for" if requirement.is_must else "does not allow"
    return MessageFinding(
        code=f"ERN-{rule_id_of(requirement)}",
        level=_LEVELS.get(requirement.severity, Level.INFO),
        message=f"the profile {profile} {asks}: {requirement.what}",
        fix="Write what the profile allows here, or name another profile.",
        source=f"DDEX release profiles {edition}, {profile} {requirement.number}",
        xpath=node.getroottree().getpath(node),
        value=text_of(node)[:80],
    )
