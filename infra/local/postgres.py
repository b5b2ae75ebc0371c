"""A PostgreSQL server of one's own: found or fetched, started, kept, stopped.

`python -m infra.local` and the tests take it from here. The server never runs as
root: where root starts it, the `postgres` or `nobody` account runs it. Its data stay
between runs; nothing is written through to the disk (`fsync=off`), so they survive the
server's death, not the machine's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.local.postgres_binaries import find_binaries
from infra.local.postgres_home import (
    Credentials,
    PostgresUnavailableError,
    account,
    credentials_of,
    give_away,
    home_of,
    make_folders,
    socket_folder,
)

__all__ = [
    "Credentials",
    "PostgresServer",
    "PostgresUnavailableError",
    "home_of",
    "remove",
    "start",
    "stop_abandoned",
]

_HOST = "127.0.0.1"
_ROOT = 0
# Commits reach the operating system before they are answered (synchronous_commit is
# left on): a killed server has lost nothing, as `restart(crash=True)` shows.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": _HOST,
    "max_connections": "100",
    # A batch of n records holds about 3 n keys, and 4 n locks are to be had at least.
    "max_locks_per_transaction": "256",
    "max_wal_size": "1GB",
    "shared_buffers": "128MB",
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server with the roles and the database of the project.

    Attributes:
        binaries: Where its programs lie.
        home: Folder of data, log, credentials and socket.
        port: On the loopback address.
    """

    binaries: Path
    home: Path
    port: int
    credentials: Credentials

    @property
    def url_superuser(self) -> str:
        return self.url("postgres", self.credentials.superuser, "postgres")

    @property
    def url_admin(self) -> str:
        """As the schema's owner: for migrations and administration."""
        return self.url("linernotes_admin", self.credentials.admin)

    @property
    def url_app(self) -> str:
        """As the functions, once migrations have let `linernotes_app` log in."""
        return self.url("linernotes_app", self.credentials.app)

    @property
    def socket(self) -> Path:
        return socket_folder(self.home) / f".s.PGSQL.{self.port}"

    @property
    def log(self) -> Path:
        return self.home / "data" / "server.log"

    def url(self, user: str, password: str, database: str = "linernotes") -> str:
        return f"postgresql+pg8000://{user}:{password}@{_HOST}:{self.port}/{database}"

    def is_running(self) -> bool:
        return self._control("status", check=False) == 0

    def stop(self) -> None:
        """Stop in order: transactions under way are undone, data are kept."""
        self._control("stop", "-m", "fast", "-t", "20", check=False)

    def kill(self) -> None:
        """Stop as a crash does: at once, so that the next start has to recover."""
        self._control("stop", "-m", "immediate", "-t", "20", check=False)

    def restart(self, *, crash: bool = False) -> None:
        """Stop and start on the same port; as after a crash where *crash* is set."""
        if crash:
            self.kill()
        else:
            self.stop()
        self._start()

    def _start(self) -> None:
        settings = {
            **_SETTINGS,
            "port": str(self.port),
            "unix_socket_directories": str(socket_folder(self.home)),
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._control("start", "-l", str(self.log), "-t", "30", "-o", options)

    def _control(self, action: str, *options: str, check: bool = True) -> int:
        data = str(self.home / "data")
        command = [str(self.binaries / "pg_ctl"), action, "-D", data, *options]
        if action != "status":
            command += ["-w", "-s"]
        return _run(command, check=check, log=self.log)


def start(
    data_dir: Path,
    port: int,
    *,
    binaries: Path | None = None,
    home: Path | None = None,
) -> PostgresServer:
    """Start the server of *data_dir* on *port*, making it first where it is new.

    Args:
        data_dir: Where its data belong. Where the account that has to run the server
            cannot enter, a folder in /var/tmp stands in, always the same for the
            same *data_dir* (see `home_of`).
        port: A free port of the loopback address.
        binaries: The folder of `initdb` and `pg_ctl`; by default they are found, or
            fetched (`postgres_binaries.find_binaries`).
        home: Overrides what *data_dir* leads to.

    Raises:
        PostgresUnavailableError: It could not be started; the reason is told.
    """
    programs = binaries or find_binaries()
    place = home or home_of(data_dir)
    make_folders(place)
    credentials = credentials_of(place)
    server = PostgresServer(programs, place, port, credentials)
    is_new = not (place / "data" / "PG_VERSION").exists()
    if is_new:
        _initialise(server)
    elif server.is_running():
        server.stop()
    server._start()  # noqa: SLF001 - only this module starts one
    if is_new or not (place / "ready").exists():
        _furnish(server)
        (place / "ready").touch()
    return server


def stop_abandoned(home: Path) -> None:
    """Stop the server in *home*, if one that nobody holds any longer runs there."""
    PostgresServer(find_binaries(), home, 0, Credentials("", "", "")).kill()


def remove(data_dir: Path) -> None:
    """Delete all data of *data_dir*; its server has to be stopped."""
    home = home_of(data_dir)
    shutil.rmtree(socket_folder(home), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def _initialise(server: PostgresServer) -> None:
    data = server.home / "data"
    # initdb reads the password from a file alone, and as the account it runs as.
    password = socket_folder(server.home) / "password"
    password.write_text(server.credentials.superuser)
    give_away(password)
    command = [
        str(server.binaries / "initdb"),
        *("-D", str(data), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8"),
        *("--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256"),
        f"--pwfile={password}",
    ]
    try:
        _run(command)
    finally:
        password.unlink()


def _furnish(server: PostgresServer) -> None:
    """Make the schema's owner and the database, once."""
    import pg8000.native  # here, so that finding and stopping need no driver

    connection = pg8000.native.Connection(
        "postgres",
        password=server.credentials.superuser,
        host=_HOST,
        port=server.port,
        database="postgres",
    )
    try:
        # The words are ours: urlsafe base64 has nothing to quote.
        if not connection.run(
            "SELECT 1 FROM pg_roles WHERE rolname = 'linernotes_admin'"
        ):
            connection.run(
                "CREATE ROLE linernotes_admin LOGIN CREATEROLE CREATEDB "
                f"PASSWORD '{server.credentials.admin}'"
            )
        if not connection.run("SELECT 1 FROM pg_database WHERE datname = 'linernotes'"):
            connection.run("CREATE DATABASE linernotes OWNER linernotes_admin")
    finally:
        connection.close()


def _run(
    command: Sequence[str],
    *,
    check: bool = True,
    log: Path | None = None,
) -> int:
    if os.geteuid() == _ROOT:
        command = ["runuser", "-u", account().pw_name, "--", *command]
    # Into a file, not a pipe: the server would inherit the pipe and keep it open.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            check=False,
            start_new_session=True,
        )
        if check and done.returncode != 0:
            said.seek(0)
            told = said.read() + (log.read_text()[-2000:] if log else "")
            raise PostgresUnavailableError(told.strip())
    return done.returncode
