"""Deliveries that wait for their answer."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from infra.local.pubsub.messages import Message


class Consumer(Protocol):
    """Whoever leases messages under a limit of its own."""

    def leased(self, size_bytes: int) -> None: ...

    def returned(self, size_bytes: int) -> None: ...


@dataclass(slots=True, eq=False)
class Entry:
    """One message in one subscription."""

    message: Message
    attempts: int = 0
    acked: bool = False
    lease: Lease | None = None


@dataclass(slots=True, eq=False)
class Lease:
    """A delivery of *entry*; `deadline` is in the loop's time."""

    ack_id: str
    entry: Entry
    deadline: float
    consumer: Consumer | None

    @property
    def attempt(self) -> int:
        """Which delivery of its message this is, from 1."""
        return self.entry.attempts


class LeaseBook:
    """The leases of one subscription, by ack id and by deadline."""

    def __init__(self, holder: int) -> None:
        self._holder = holder
        self._epoch = 0
        self._leases: dict[str, Lease] = {}
        self._expiring: list[tuple[float, str]] = []

    def __len__(self) -> int:
        return len(self._leases)

    def grant(self, entry: Entry, deadline: float, consumer: Consumer | None) -> Lease:
        entry.attempts += 1
        ack_id = f"{self._stamp}:{entry.message.number}:{entry.attempts}"
        lease = Lease(ack_id, entry, deadline, consumer)
        entry.lease = self._leases[ack_id] = lease
        self._watch(lease)
        if consumer is not None:
            consumer.leased(entry.message.size_bytes)
        return lease

    def find(self, ack_id: str) -> Lease | None:
        return self._leases.get(ack_id)

    def extend(self, lease: Lease, deadline: float) -> None:
        lease.deadline = deadline
        self._watch(lease)

    def end(self, entry: Entry) -> None:
        """End the lease of *entry*, if it has one."""
        lease, entry.lease = entry.lease, None
        if lease is not None:
            del self._leases[lease.ack_id]
            if lease.consumer is not None:
                lease.consumer.returned(entry.message.size_bytes)

    def end_all(self) -> None:
        """End every lease; ack ids given out so far are void."""
        self._epoch += 1
        for lease in list(self._leases.values()):
            self.end(lease.entry)
        self._expiring.clear()

    def expired(self, now: float) -> Iterator[Lease]:
        """Yield the leases whose deadline has passed."""
        while self._expiring and self._expiring[0][0] <= now:
            _, ack_id = heapq.heappop(self._expiring)
            lease = self._leases.get(ack_id)
            if lease is not None and lease.deadline <= now:
                yield lease

    @property
    def next_deadline(self) -> float:
        return self._expiring[0][0] if self._expiring else math.inf

    def message_number(self, ack_id: str) -> int | None:
        """Return which message *ack_id* was given out for, even if its lease ended."""
        stamp, _, rest = ack_id.partition(":")
        number = rest.partition(":")[0]
        return int(number) if stamp == self._stamp and number.isdecimal() else None

    @property
    def _stamp(self) -> str:
        return f"{self._holder}.{self._epoch}"

    def _watch(self, lease: Lease) -> None:
        if lease.deadline != math.inf:
            heapq.heappush(self._expiring, (lease.deadline, lease.ack_id))
