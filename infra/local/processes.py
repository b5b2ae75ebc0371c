"""Processes that are started, watched, started again when they die, and stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_POLL_S = 0.05
_STOP_WITHIN_S = 10.0
_RESTART_AFTER_S = 0.3


class DidNotStartError(RuntimeError):
    """A process died, or did not answer in time; the message ends with its log."""


@dataclass(slots=True)
class Child:
    """One process in a session of its own, so that its children go with it.

    Attributes:
        address: `host:port` it answers at once it is ready.
        path: Asked for by GET to see whether it is; empty: a connection will do.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    address: str
    path: str = ""
    restarts: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _died_at: float = 0.0

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        return _answers(self.address, self.path)

    def wait_until_ready(self, within_s: float) -> None:
        """Return once it answers, or raise DidNotStartError with the end of its log."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if self.is_ready():
                return
            if not self.is_alive():
                break
            time.sleep(_POLL_S)
        tail = self.log.read_text(errors="replace")[-2000:]
        raise DidNotStartError(
            f"{self.name} did not start at {self.address}; its log says:\n{tail}"
        )

    def revive(self) -> bool:
        """Start it again if it died a moment ago; return whether it was started."""
        if self.is_alive():
            return False
        now = time.monotonic()
        if not self._died_at:
            self._died_at = now
        if now - self._died_at < _RESTART_AFTER_S:
            return False
        # A worker may outlive its master by a moment, and with it the port.
        kill_group(self.pid, signal.SIGKILL)
        self._died_at = 0.0
        self.restarts += 1
        self.start()
        return True

    def stop(self) -> None:
        """Ask it to end, and insist after a while."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_WITHIN_S)
        kill_group(self.pid, signal.SIGKILL)
        self._process.wait()


def kill_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process and all it started; nothing if they are gone."""
    if pid <= 0:
        return
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def is_alive(pid: int) -> bool:
    """Return whether the process runs; one that ended and waits for its parent not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return False
    return state not in "ZX"


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _answers(address: str, path: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        if not path:
            socket.create_connection((host, int(port)), 0.5).close()
            return True
        connection = http.client.HTTPConnection(host, int(port), timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status > 0
        finally:
            connection.close()
    except (OSError, http.client.HTTPException):
        return False
