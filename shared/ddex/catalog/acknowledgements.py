"""What partners answer: acknowledgements of choreography 1.6 to 1.8.

The answer to a message is a statement about that message, so that it is shown with
what was sent, and at the releases that the message was about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shared.ddex.model import Identifier, Part, part_of
from shared.ddex.nodes import Node
from shared.domain.claims import JsonValue, Kind

from .releases import identified, release_keys_of
from .statements import Saying, Statement

ACCEPTED = frozenset({"FileOK", "MessageReceived", "OK"})
"""The statuses of a message that are no fault."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What an acknowledgement says.

    Attributes:
        source: Who answers: `ddex:<DPID>`.
        statements: One for each message that is answered.
    """

    source: str
    message_id: str
    statements: tuple[Statement, ...]


def acknowledged(root: Node) -> Acknowledged:
    """Return what the acknowledgement at *root* says of the messages it answers."""
    message = part_of(root)
    header = message.first("MessageHeader") or Part("")
    answering = _dpid(header.first("MessageSender"))
    answered = _dpid(header.first("MessageRecipient"))
    gathered: dict[str, _Answer] = {}
    for status in message.all("ReleaseStatus"):
        for said in status.all("Acknowledgement") or ():
            answer = gathered.setdefault(said.value("MessageId"), _Answer([], [], []))
            answer.releases.extend(_release_keys(status))
            answer.states.append(status.value("ReleaseStatus"))
            answer.errors.extend(_errors(status, said))
    at = header.value("MessageCreatedDateTime")
    statements = tuple(
        _statement(f"{answered}|{message_id}", answer, at)
        for message_id, answer in gathered.items()
        if message_id
    )
    return Acknowledged(f"ddex:{answering}", header.value("MessageId"), statements)


@dataclass(slots=True)
class _Answer:
    releases: list[str]
    states: list[str]
    errors: list[JsonValue]


def _statement(name: str, answer: _Answer, at: str) -> Statement:
    saying = Saying(Kind.MESSAGE)
    saying.say("acknowledgement", " ".join(dict.fromkeys(filter(None, answer.states))))
    saying.say("acknowledged_at", at)
    saying.say("errors", answer.errors)
    saying.say("releases", answer.releases)
    return Statement(Kind.MESSAGE, (f"message:{name}",), tuple(saying.claims))


def _release_keys(status: Part) -> Iterator[str]:
    listed = [
        Identifier(child.name, child.value(), child.get("Namespace"))
        for part in status.all("ReleaseId")
        for child in part.parts
        if child.value()
    ]
    if listed:
        yield from release_keys_of(listed, identified(listed))


def _errors(status: Part, said: Part) -> Iterator[JsonValue]:
    affected = " ".join(
        child.value() for part in status.all("AffectedResource") for child in part.parts
    )
    for each in said.all("MessageStatus"):
        word = each.value("Status")
        if not word or word in ACCEPTED:
            continue
        yield {
            "status": word,
            "text": each.value("Information") or status.value("ErrorText"),
            "resource": affected,
            "rule": " ".join(codes_of(word)),
        }


def codes_of(status: str) -> tuple[str, ...]:
    """Return the codes of the rules whose breach is answered with *status*."""
    from shared.ddex.rules import registered_rules

    return tuple(rule.code for rule in registered_rules() if rule.status == status)


def _dpid(part: Part | None) -> str:
    ids = part.values("PartyId") if part else ()
    return next(filter(None, ids), "unknown")
