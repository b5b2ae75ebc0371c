"""Published messages, and who still needs each of them.

A *holder* is whatever keeps a message: a subscription that has not acknowledged it, a
snapshot, or a topic that retains what it published. With the last holder the message
itself goes, from memory and from the journal.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.pubsub.journal import Journal
from infra.local.pubsub.wire import Proto, PubsubMessage


@dataclass(slots=True, eq=False)
class Message:
    """One message; `number` grows in the order of publication."""

    number: int
    proto: Proto
    published_s: float
    holders: int = 0

    @classmethod
    def stamped(cls, number: int, proto: Proto, published_s: float) -> Message:
        """Give *proto* its id and its time of publication, as precise as ms."""
        proto.message_id = str(number)
        proto.publish_time.FromMilliseconds(int(published_s * 1000))
        return cls(number, proto, published_s)

    @classmethod
    def read(cls, number: int, body: bytes) -> Message:
        proto = PubsubMessage.FromString(body)
        return cls(number, proto, proto.publish_time.ToMilliseconds() / 1000)

    @property
    def size_bytes(self) -> int:
        return len(self.proto.data)


@dataclass(frozen=True, slots=True)
class Held:
    """How far one holder is with one message."""

    attempts: int = 0
    acked: bool = False


_UNTOUCHED = Held()


class Ledger:
    """Counts the holders of each message, and journals every change."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def hold(self, holder: int, message: Message, held: Held = _UNTOUCHED) -> None:
        if message.holders == 0:
            self._journal.messages.put(
                message.number, (message.proto.SerializeToString(),), new=True
            )
        message.holders += 1
        self._journal.held.put(
            (holder, message.number), (held.attempts, held.acked), new=True
        )

    def note(self, holder: int, message: Message, held: Held) -> None:
        """Journal that *holder* has got on with *message*."""
        self._journal.held.put((holder, message.number), (held.attempts, held.acked))

    def release(self, holder: int, message: Message) -> None:
        message.holders -= 1
        self._journal.held.drop((holder, message.number))
        if message.holders == 0:
            self._journal.messages.drop(message.number)
