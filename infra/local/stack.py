"""All parts of the local cloud as one thing that starts, is watched, and stops."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from infra.local import environment, postgres
from infra.local.given_database import GivenDatabase, given_database
from infra.local.places import Places
from infra.local.processes import Child, DidNotStartError, is_alive, is_free, kill_group
from infra.local.services import functions, servers

_READY_WITHIN_S = 60.0
_WATCH_EVERY_S = 0.1

# What a start needs later is imported later: the servers are under way by then, and
# half of a start is imports.
if TYPE_CHECKING:
    from infra.local.schedule import Schedule

Tell = Callable[[str], None]


@dataclass(slots=True)
class Stack:
    """The local cloud in one process tree.

    Attributes:
        tell: Called with a line per thing that happened.
        database: The server started here; None where one was given by its address.
        overrides: Settings of the functions that differ from the usual.
        function_source: The staged deploy units, if not the checkout itself.
        only: Function names to run; empty for all.
        attempts: After how many tries a message is given up, if not as usual.
    """

    places: Places
    tell: Tell = print
    overrides: Mapping[str, str] = field(default_factory=dict)
    function_source: Path | None = None
    only: tuple[str, ...] = ()
    attempts: int | None = None
    children: list[Child] = field(default_factory=list)
    database: postgres.PostgresServer | None = None
    variables: dict[str, str] = field(default_factory=dict)
    _given: GivenDatabase | None = None
    _schedule: Schedule | None = None
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start everything; return once all of it answers.

        Raises:
            DidNotStartError: Something is in the way; what was started is stopped.
        """
        begun = time.monotonic()
        self.places.folder("logs").mkdir(parents=True, exist_ok=True)
        self._check_ports()
        try:
            self._start_servers()
            self._start_functions()
            self._ready(begun)
        except BaseException:
            self.stop()
            raise

    def _start_servers(self) -> None:
        clients = environment.client_environment(self.places)
        around = environment.inherited()
        found = servers(self.places, {**around, **clients})
        for child in found:
            child.start()
            self.children.append(child)
        self._record()
        given = given_database(self.places.folder("keys"))
        if given is None:
            self.database = postgres.start(
                self.places.folder("postgres"), self.places.port("postgres")
            )
        self._given = given
        database_url = given.url_app if given else self._own.url_app
        self.variables = environment.function_environment(
            self.places, database_url, self.overrides
        )
        # Imported while the servers get ready: half of a start is imports.
        for child in functions(
            self.places, {**around, **self.variables}, self.function_source
        ):
            if not self.only or child.name in self.only:
                child.start()
                self.children.append(child)
        self._record()
        self._migrate()
        os.environ.update(clients)
        for child in found:
            child.wait_until_ready(_READY_WITHIN_S)
            self._say(child.name, child.address, child.log)
        from infra.local import bootstrap

        bootstrap.make_topics(self.places, self.attempts)
        bootstrap.make_buckets()

    def _migrate(self) -> None:
        from migrations.run import upgrade

        if self._given:
            upgrade(self._given.url_admin, app_password=self._given.app_password)
            self.tell(f"postgres   {self._given.address:<28} given, not started here")
            return
        own = self._own
        upgrade(own.url_admin, app_password=own.credentials.app)
        self._say("postgres", f"127.0.0.1:{own.port}", own.log)

    def _start_functions(self) -> None:
        known = {"pubsub", "firestore", "storage"}
        for child in self.children:
            if child.name not in known:
                child.wait_until_ready(_READY_WITHIN_S)
                self._say(child.name, f"http://{child.address}", child.log)

    def _ready(self, begun: float) -> None:
        environment.save(
            self.places,
            {
                **self.variables,
                "LINERNOTES_API_URL": self.places.url("api"),
                "LINERNOTES_ADMIN_DATABASE_URL": self.admin_url,
            },
        )
        from infra.local.schedule import Schedule

        self._schedule = Schedule()
        self._schedule.start()
        self._record(ready=True)
        self.tell(f"ready in {time.monotonic() - begun:.1f} s")

    @property
    def admin_url(self) -> str:
        """The database as its schema's owner."""
        return self._given.url_admin if self._given else self._own.url_admin

    @property
    def _own(self) -> postgres.PostgresServer:
        if self.database is None:
            raise DidNotStartError("the database was not started")
        return self.database

    def child(self, name: str) -> Child:
        return next(child for child in self.children if child.name == name)

    def watch(self) -> None:
        """Start again what dies, until `stop` is called."""
        while not self._stopping.wait(_WATCH_EVERY_S):
            for child in self.children:
                if child.revive():
                    self.tell(f"{child.name} died and was started again")
                    self._record(ready=True)

    def stop(self) -> None:
        """Stop functions first, then servers, then the database; keep all data."""
        self._stopping.set()
        if self._schedule:
            self._schedule.stop()
        stopping = [
            threading.Thread(target=child.stop) for child in reversed(self.children)
        ]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        if self.database:
            self.database.stop()
        self.places.state.unlink(missing_ok=True)

    def _check_ports(self) -> None:
        taken = [
            str(self.places.port(part))
            for part in ("api", "pubsub", "firestore", "storage", "postgres")
            if not is_free(self.places.port(part))
        ]
        if taken:
            raise DidNotStartError(
                f"port {', '.join(taken)} is in use: stop what uses it, or choose "
                "others with --port-base"
            )

    def _say(self, name: str, address: str, log: Path) -> None:
        self.tell(f"{name:<10} {address:<28} log {log}")

    def _record(self, *, ready: bool = False) -> None:
        state = {
            "supervisor": os.getpid(),
            "port_base": self.places.port_base,
            "ready": ready,
            "children": {child.name: child.pid for child in self.children},
        }
        draft = self.places.state.with_suffix(".draft")
        draft.write_text(json.dumps(state))
        draft.replace(self.places.state)


def state_of(places: Places) -> dict[str, object] | None:
    """Return what is recorded of a running local cloud; None where none runs."""
    try:
        found: dict[str, object] = json.loads(places.state.read_text())
    except (FileNotFoundError, ValueError):
        return None
    return found


def is_running(state: Mapping[str, object] | None) -> bool:
    return state is not None and is_alive(int(str(state.get("supervisor", 0))))


def clear_leftovers(places: Places) -> None:
    """End what a killed supervisor left running, so that its ports are free."""
    state = state_of(places)
    if state is None or is_running(state):
        return
    children = state.get("children")
    for pid in (children if isinstance(children, dict) else {}).values():
        with suppress(ValueError):
            kill_group(int(pid), signal.SIGKILL)
    places.state.unlink(missing_ok=True)
