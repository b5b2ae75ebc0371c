"""One subscription's messages, on their way: ready, leased, delayed, done.

A message is *ready* until a consumer takes it, *leased* until that one acknowledges or
its deadline passes, *delayed* while a backoff runs, and *parked* behind another of its
ordering key. Waits are timers, arrivals are calls: nothing here polls.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable

from infra.local.pubsub.leases import Consumer, Entry, Lease, LeaseBook
from infra.local.pubsub.messages import Held, Ledger, Message
from infra.local.pubsub.ordering import Lanes
from infra.local.pubsub.policies import DeliveryPolicy
from infra.local.pubsub.timers import Alarm

_DEAD_LETTER_RETRY_S = 1.0


class Queue:
    """What a subscription has to deliver, and has under way.

    *bury* is asked to dead-letter an entry that used up its attempts, and says whether
    it could. Listeners are called whenever a message has become ready.
    """

    def __init__(
        self,
        holder: int,
        policy: DeliveryPolicy,
        ledger: Ledger,
        bury: Callable[[Entry], bool],
    ) -> None:
        self.policy = policy
        self.listeners: set[Callable[[], None]] = set()
        self.stats: Counter[str] = Counter()
        self._holder = holder
        self._ledger = ledger
        self._bury = bury
        self._ready: deque[Entry] = deque()
        self._leases = LeaseBook(holder)
        self._open: dict[int, Entry] = {}
        self._kept: dict[int, Entry] = {}
        self._lanes: Lanes[Entry] = Lanes()
        self._delayed: list[tuple[float, int, Entry]] = []
        self._alarm = Alarm(self._ring)

    def offer(self, message: Message) -> None:
        """Take *message* in, unless the filter is against it."""
        wanted = self.policy.filter
        if wanted is not None and not wanted.matches(message.proto.attributes):
            self.stats["filtered"] += 1
            return
        self._ledger.hold(self._holder, message)
        self._admit(Entry(message))

    def restore(self, message: Message, held: Held) -> None:
        """Take *message* in as the journal has it."""
        message.holders += 1
        entry = Entry(message, held.attempts, held.acked)
        if held.acked:
            self._kept[message.number] = entry
        else:
            self._admit(entry)

    def take(
        self,
        limit: int,
        *,
        max_bytes: float,
        lease_s: float,
        consumer: Consumer | None = None,
    ) -> list[Lease]:
        """Lease up to *limit* messages, stopping once they exceed *max_bytes*."""
        leases: list[Lease] = []
        size_bytes = 0
        deadline = asyncio.get_running_loop().time() + lease_s
        oldest_s = time.time() - self.policy.retention_s
        while self._ready and len(leases) < limit and size_bytes < max_bytes:
            entry = self._ready.popleft()
            if entry.acked:
                continue
            if entry.message.published_s < oldest_s:
                self._finish(entry, "outlived")
                continue
            leases.append(self._leases.grant(entry, deadline, consumer))
            size_bytes += entry.message.size_bytes
        self.stats["delivered"] += len(leases)
        self._set_alarm()
        return leases

    def acknowledge(self, ack_id: str) -> bool:
        """Be done with a message; say whether *ack_id* was good for it.

        As in the service, an answer that comes after its deadline still counts, but
        not where delivery is exactly once.
        """
        lease = self._leases.find(ack_id)
        entry = lease.entry if lease is not None else None
        if entry is None and not self.policy.exactly_once:
            entry = self._open.get(self._leases.message_number(ack_id) or 0)
        if entry is None:
            return False
        self._leases.end(entry)
        self._finish(entry, "acked")
        return True

    def reject(self, ack_id: str, why: str = "nacked") -> bool:
        """Deliver again, after the backoff; dead-letter what was tried too often."""
        lease = self._leases.find(ack_id)
        if lease is None:
            return False
        entry = lease.entry
        self._leases.end(entry)
        self.stats[why] += 1
        most = self.policy.max_attempts
        if most and entry.attempts >= most:
            self._dead_letter(entry)
        else:
            self._ledger.note(self._holder, entry.message, Held(entry.attempts))
            self._come_back(entry, self.policy.backoff_s(entry.attempts))
        return True

    def give_back(self, ack_id: str) -> None:
        """Undo a delivery that did not take place: it counts as no attempt."""
        lease = self._leases.find(ack_id)
        if lease is not None:
            self._leases.end(lease.entry)
            lease.entry.attempts -= 1
            self._come_back(lease.entry, 0.0)

    def extend(self, ack_id: str, seconds: float) -> bool:
        """Move the deadline to *seconds* from now; zero rejects."""
        lease = self._leases.find(ack_id)
        if lease is None:
            return False
        if seconds == 0:
            return self.reject(ack_id)
        self._leases.extend(lease, asyncio.get_running_loop().time() + seconds)
        self._set_alarm()
        return True

    def messages(self) -> list[Message]:
        """Return every message that is unacknowledged, or retained afterwards."""
        entries = sorted(
            [*self._open.values(), *self._kept.values()],
            key=lambda entry: entry.message.number,
        )
        return [entry.message for entry in entries]

    def unacked(self) -> list[Message]:
        return [self._open[number].message for number in sorted(self._open)]

    def replace(self, wanted: Iterable[Message]) -> None:
        """Make exactly *wanted* unacknowledged, and all else acknowledged."""
        known = {**self._open, **self._kept}
        fresh = {message.number: message for message in wanted}
        self._forget()
        for number in sorted(known.keys() | fresh.keys()):
            message = fresh.get(number)
            if message is None:
                self._settle(known[number].message)
            elif number in known:
                self._ledger.note(self._holder, message, Held())
                self._admit(Entry(message))
            else:
                self.offer(message)

    def sweep(self) -> None:
        """Let go of what is older than the retention."""
        oldest_s = time.time() - self.policy.retention_s
        for entry in list(self._open.values()):
            if entry.lease is None and entry.message.published_s < oldest_s:
                self._finish(entry, "outlived")
        for number, entry in list(self._kept.items()):
            if not self.policy.retain_acked or entry.message.published_s < oldest_s:
                del self._kept[number]
                self._ledger.release(self._holder, entry.message)

    def clear(self) -> None:
        """Let go of everything: the subscription is deleted."""
        for message in self.messages():
            self._ledger.release(self._holder, message)
        self._forget()
        self._alarm.cancel()

    def status(self) -> dict[str, object]:
        oldest = min((e.message.published_s for e in self._open.values()), default=None)
        return {
            "backlog": len(self._open),
            "ready": sum(not entry.acked for entry in self._ready),
            "in_flight": len(self._leases),
            "delayed": sum(not entry.acked for _, _, entry in self._delayed),
            "parked": self._lanes.parked,
            "retained": len(self._kept),
            "dead_lettered": self.stats["dead_lettered"],
            "oldest_unacked_age_s": oldest and round(time.time() - oldest, 3),
            "counts": dict(self.stats),
        }

    def _admit(self, entry: Entry) -> None:
        self._open[entry.message.number] = entry
        key = entry.message.proto.ordering_key if self.policy.ordered else ""
        if not key or self._lanes.admit(key, entry):
            self._ready.append(entry)
            self._notify()

    def _finish(self, entry: Entry, why: str) -> None:
        entry.acked = True
        self.stats[why] += 1
        message = entry.message
        del self._open[message.number]
        key = message.proto.ordering_key if self.policy.ordered else ""
        following = self._lanes.leave(key, entry) if key else None
        if following is not None:
            self._ready.append(following)
            self._notify()
        self._settle(message, entry.attempts)

    def _settle(self, message: Message, attempts: int = 0) -> None:
        if self.policy.retain_acked:
            self._kept[message.number] = Entry(message, attempts, acked=True)
            self._ledger.note(self._holder, message, Held(attempts, acked=True))
        else:
            self._ledger.release(self._holder, message)

    def _dead_letter(self, entry: Entry) -> None:
        if self._bury(entry):
            self._finish(entry, "dead_lettered")
        else:
            # As in the service: without its topic the message stays.
            self._come_back(entry, _DEAD_LETTER_RETRY_S)

    def _come_back(self, entry: Entry, delay_s: float) -> None:
        if delay_s > 0:
            due = asyncio.get_running_loop().time() + delay_s
            heapq.heappush(self._delayed, (due, entry.message.number, entry))
            self._set_alarm()
        else:
            self._ready.appendleft(entry)
            self._notify()

    def _notify(self) -> None:
        for listener in tuple(self.listeners):
            listener()

    def _forget(self) -> None:
        self._leases.end_all()
        for held in (self._ready, self._open, self._kept, self._lanes, self._delayed):
            held.clear()

    def _set_alarm(self) -> None:
        self._alarm.set(self._leases.next_deadline)
        if self._delayed:
            self._alarm.set(self._delayed[0][0])

    def _ring(self) -> None:
        now = asyncio.get_running_loop().time()
        for lease in self._leases.expired(now):
            self.reject(lease.ack_id, "expired")
        while self._delayed and self._delayed[0][0] <= now:
            entry = heapq.heappop(self._delayed)[2]
            if not entry.acked:
                self._ready.append(entry)
                self._notify()
        self._set_alarm()
