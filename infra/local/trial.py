"""A local cloud for one test or measurement: on free ports, thrown away afterwards."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from google.cloud import firestore, pubsub_v1, storage

from infra.local import postgres
from infra.local.environment import bucket_name
from infra.local.places import PROJECT, Places
from infra.local.services import ROOT, wants_official_emulators
from infra.local.stack import Stack
from infra.local.topology import FUNCTIONS
from shared.adapters.postgres.administration import create_tenant

_PORTS_IN_A_ROW = 12
# Below those that the system gives to whoever opens a connection.
_PORTS = (14_000, 31_000)
_POLL_S = 0.1
_SETTLED_POLLS = 3
_FOLDERS = "/var/tmp"  # noqa: S108 - PostgreSQL's account has to reach it


class NotSettledError(RuntimeError):
    """Work was still under way when patience ended; the message tells which."""


@dataclass(slots=True)
class Listener:
    """What a subscriber of `catalog-events` was sent, in order."""

    events: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def heard(self, message: pubsub_v1.subscriber.message.Message) -> None:
        with self.lock:
            self.events.append(json.loads(message.data))
            self.keys.append(message.ordering_key)
        message.ack()

    def of_type(self, name: str) -> list[dict[str, Any]]:
        with self.lock:
            return [event for event in self.events if event["type"] == name]


@dataclass
class Trial:
    """A running local cloud, and what a test asks of it."""

    stack: Stack
    _pulls: list[Any] = field(default_factory=list)

    @cached_property
    def engine(self) -> sa.Engine:
        """The database as seen by its superuser: all tenants at once."""
        if self.stack.database is None:
            raise NotSettledError("the database was not started")
        # Without a pool: a test may crash the server under it.
        server = self.stack.database
        return sa.create_engine(
            server.url("postgres", server.credentials.superuser),
            poolclass=sa.NullPool,
        )

    @cached_property
    def objects(self) -> storage.Client:
        return storage.Client(project=PROJECT)

    @cached_property
    def documents(self) -> firestore.Client:
        return firestore.Client(project=PROJECT)

    @property
    def uploads(self) -> storage.Bucket:
        return self.objects.bucket(bucket_name("uploads"))

    def url(self, part: str) -> str:
        return self.stack.places.url(part)

    def add_tenant(self, tenant: str) -> None:
        engine = sa.create_engine(self.stack.admin_url)
        create_tenant(engine, tenant, tenant)
        engine.dispose()

    def upload(
        self,
        name: str,
        content: bytes,
        content_type: str = "application/octet-stream",
    ) -> int:
        """Write an object into the uploads bucket; return its generation."""
        blob = self.uploads.blob(name)
        blob.upload_from_string(content, content_type=content_type)
        return int(blob.generation)

    def rows(self, statement: str, **parameters: object) -> list[sa.Row[Any]]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(statement), parameters))

    def listen(self, tenant: str) -> Listener:
        """Subscribe to the events of *tenant*, in order."""
        listener = Listener()
        subscriber = pubsub_v1.SubscriberClient()
        path = subscriber.subscription_path(PROJECT, f"catalog-events.{tenant}")
        subscriber.create_subscription(
            request={
                "name": path,
                "topic": f"projects/{PROJECT}/topics/catalog-events",
                "filter": f'attributes.tenant = "{tenant}"',
                "enable_message_ordering": True,
            }
        )
        self._pulls.append(subscriber.subscribe(path, callback=listener.heard))
        return listener

    def under_way(self) -> dict[str, int]:
        """Return what is still on its way, by where it waits; empty when settled.

        Google's own emulator does not tell; then the outbox alone is looked at.
        """
        told = {} if wants_official_emulators() else self.bus_status()["subscriptions"]
        # `schedule` ticks for ever.
        waiting = {
            f"{name.rpartition('/')[2]}: {state}": int(subscription[state])
            for name, subscription in told.items()
            for state in ("backlog", "in_flight", "delayed")
            if subscription["push_endpoint"] and "schedule." not in name
        }
        waiting["outbox"] = self.rows("SELECT count(*) FROM outbox")[0][0]
        return {name: count for name, count in waiting.items() if count}

    def bus_status(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url('pubsub_admin')}/status") as answer:  # noqa: S310 - our own server
            found: dict[str, Any] = json.load(answer)
        return found

    def disturb_bus(self, **chaos: float) -> None:
        """Have deliveries repeated and reordered (`infra.local.pubsub.chaos`)."""
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{self.url('pubsub_admin')}/chaos", data=json.dumps(chaos).encode()
        )
        urllib.request.urlopen(request).close()  # noqa: S310 - our own server

    def settle(self, within_s: float = 60.0, *, beside: str = "none") -> None:
        """Return once nothing is under way any longer.

        Args:
            within_s: How long to wait for that.
            beside: A subscription that need not be empty.

        Raises:
            NotSettledError: It took longer than *within_s*.
        """
        end, calm, waiting = time.monotonic() + within_s, 0, {}
        while calm < _SETTLED_POLLS:
            waiting = {
                name: count
                for name, count in self.under_way().items()
                if not name.startswith(f"{beside}:")
            }
            calm = 0 if waiting else calm + 1
            if time.monotonic() > end:
                raise NotSettledError(f"still under way: {waiting}")
            time.sleep(_POLL_S)

    def close(self) -> None:
        for pull in self._pulls:
            pull.cancel()
            pull.result()
        if "objects" in self.__dict__:
            self.objects.close()
        if "documents" in self.__dict__:
            self.documents.close()
        if "engine" in self.__dict__:
            self.engine.dispose()


def available_functions() -> tuple[str, ...]:
    """Return the functions whose entry point is in the tree."""
    return tuple(
        function.name
        for function in FUNCTIONS
        if (ROOT / "functions" / function.name / "main.py").exists()
    )


@contextmanager
def trial(
    overrides: Mapping[str, str] | None = None,
    *,
    attempts: int | None = None,
    tell: Callable[[str], None] = lambda _line: None,
) -> Iterator[Trial]:
    """Start a local cloud with all functions; stop and delete it afterwards.

    This process's environment points at it meanwhile.

    Args:
        overrides: Settings of the functions that differ from the usual.
        attempts: After how many tries a message is given up, if not as usual.
        tell: Called with a line per thing that happened.
    """
    folder = Path(tempfile.mkdtemp(prefix="linernotes-trial-", dir=_FOLDERS))
    folder.chmod(0o711)
    places = Places(folder, _free_port_base())
    stack = Stack(
        places,
        tell=tell,
        overrides=overrides or {},
        only=available_functions(),
        attempts=attempts,
    )
    before = dict(os.environ)
    running = Trial(stack)
    try:
        stack.start()
        watching = threading.Thread(target=stack.watch, daemon=True)
        watching.start()
        yield running
    finally:
        running.close()
        stack.stop()
        os.environ.clear()
        os.environ.update(before)
        postgres.remove(places.folder("postgres"))
        shutil.rmtree(folder, ignore_errors=True)


def _free_port_base() -> int:
    """Return the first of as many free ports in a row as a local cloud takes."""
    for _ in range(200):
        base = random.randrange(*_PORTS, _PORTS_IN_A_ROW)  # noqa: S311 - any will do
        if all(_is_free(base + place) for place in range(_PORTS_IN_A_ROW)):
            return base
    raise NotSettledError("no ports are free in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
