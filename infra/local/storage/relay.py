"""Takes the outbox to Pub/Sub: at once, and again until it is accepted.

Each topic is served by itself, so one that is missing holds up no other, and in the
order its messages were recorded. A message leaves the outbox only after Pub/Sub has
answered, so a crash on either side can repeat it but not lose it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from .notifications import Message, Notifications

_log = logging.getLogger(__name__)

# A payload is at most some 10 KB, and gRPC servers take 4 MiB unless told otherwise.
_BATCH = 100
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 1.0


class PublishError(Exception):
    """Pub/Sub did not take the messages; it may later."""


class Publisher(Protocol):
    """Whoever takes messages."""

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Have all *messages* accepted by *topic*.

        Raises:
            PublishError: it is not known that they were.
        """
        ...

    async def close(self) -> None: ...


class Relay:
    """Empties the outbox for as long as it runs."""

    def __init__(self, notifications: Notifications, publisher: Publisher) -> None:
        self._notifications = notifications
        self._publisher = publisher
        self._news = asyncio.Event()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.published = 0
        self.last_errors: dict[str, str] = {}

    def wake(self) -> None:
        """Look into the outbox now."""
        self._news.set()

    async def run(self) -> None:
        """Serve every topic that has messages waiting, until cancelled."""
        self._news.set()
        try:
            while True:
                await self._news.wait()
                self._news.clear()
                for topic in self._notifications.waiting_topics():
                    if topic not in self._tasks:
                        self._tasks[topic] = asyncio.create_task(self._serve(topic))
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            await self._publisher.close()

    async def _serve(self, topic: str) -> None:
        pause = _FIRST_PAUSE_SECONDS
        try:
            while messages := self._notifications.waiting(topic, _BATCH):
                try:
                    await self._publisher.publish(topic, messages)
                except PublishError as exc:
                    self._note(topic, str(exc))
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                else:
                    self._notifications.remove(messages)
                    self.published += len(messages)
                    self.last_errors.pop(topic, None)
                    pause = _FIRST_PAUSE_SECONDS
        finally:
            # No await since the outbox was seen empty: nothing can slip in between.
            del self._tasks[topic]

    def _note(self, topic: str, error: str) -> None:
        if topic not in self.last_errors:
            _log.warning("notifications wait for %s: %s", topic, error)
        self.last_errors[topic] = error
