"""Rules: each one small function, registered with all that is to be said about it.

    @rule("T05", Level.WARNING, source="logic", says="a territory is named twice", …)
    def territories_once(message: Message) -> Faults: …

A rule yields the places that break it. Adding one touches its own module alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from shared.ddex.findings import MessageFinding
from shared.ddex.message import Message
from shared.ddex.nodes import Node
from shared.domain.findings import Level

AUDIO: Final = frozenset({"Audio", "MixedMedia", "DjMix"})
ALBUMS: Final = frozenset({"Audio", "Video", "MixedMedia"})
SINGLES: Final = frozenset({"SimpleAudioSingle", "SimpleVideoSingle"})


class Fault(NamedTuple):
    """A place that breaks a rule.

    Attributes:
        value: The offending value, as written.
        detail: What to add to the rule's words, such as a name or a number.
        level: How much it matters, where that is not what the rule says.
    """

    node: Node
    value: str = ""
    detail: str = ""
    level: Level | None = None


Faults = Iterator[Fault]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and when it applies.

    Attributes:
        rule_id: As in the catalogue of rules: `T05`.
        profiles: The release profiles it is for; empty for all.
        since: The first version it is for: 4.1, whose structure the rules know.
        until: The last version, or None.
        message: The one message it is for; empty for all.
        is_advice: Whether it is told only when advice is asked for.
    """

    rule_id: str
    level: Level
    source: str
    says: str
    fix: str
    status: str
    profiles: frozenset[str]
    since: tuple[int, ...]
    until: tuple[int, ...] | None
    message: str
    is_advice: bool
    faults: Callable[[Message], Faults]

    @property
    def code(self) -> str:
        return f"ERN-{self.rule_id}"

    def applies_to(self, number: tuple[int, ...], message: str, profile: str) -> bool:
        """Tell whether the rule is for messages of that version, name and profile."""
        return (
            number >= self.since
            and (self.until is None or number <= self.until)
            and (not self.profiles or profile in self.profiles)
            and self.message in {"", message}
        )

    def finding(self, fault: Fault) -> MessageFinding:
        """Return *fault* as a finding, still without its line and column."""
        said = f"{self.says}: {fault.detail}" if fault.detail else self.says
        return MessageFinding(
            code=self.code,
            level=fault.level or self.level,
            message=said,
            fix=self.fix,
            source=self.source,
            xpath=fault.node.getroottree().getpath(fault.node),
            value=fault.value,
            status=self.status,
        )


_RULES: Final[dict[str, Rule]] = {}


def rule(  # noqa: PLR0913 - everything that is to be said about a rule stands here
    rule_id: str,
    level: Level,
    *,
    source: str,
    says: str,
    fix: str,
    status: str = "",
    profiles: frozenset[str] = frozenset(),
    since: tuple[int, ...] = (4, 1),
    until: tuple[int, ...] | None = None,
    message: str = "NewReleaseMessage",
    is_advice: bool = False,
) -> Callable[[Callable[[Message], Faults]], Callable[[Message], Faults]]:
    """Register the function as the rule *rule_id*."""

    def registered(
        faults: Callable[[Message], Faults],
    ) -> Callable[[Message], Faults]:
        _RULES[rule_id] = Rule(
            rule_id=rule_id,
            level=level,
            source=source,
            says=says,
            fix=fix,
            status=status,
            profiles=profiles,
            since=since,
            until=until,
            message=message,
            is_advice=is_advice,
            faults=faults,
        )
        return faults

    return registered


@lru_cache(maxsize=64)
def applicable_rules(
    number: tuple[int, ...], message: str, profile: str, *, with_advice: bool
) -> tuple[Rule, ...]:
    """Return the rules for a message of that version, name and profile."""
    return tuple(
        rule
        for rule in registered_rules()
        if rule.applies_to(number, message, profile)
        and (with_advice or not rule.is_advice)
    )


def registered_rules() -> tuple[Rule, ...]:
    """Return all rules that have been imported, in the order of their ids."""
    return tuple(_RULES[rule_id] for rule_id in sorted(_RULES))
