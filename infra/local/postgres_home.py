"""Where a server's data lie, whose they are, and what opens them."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

_ROOT = 0
# A socket's address has room for 107 bytes, its own name included (sun_path).
_LONGEST_SOCKET_FOLDER = 80


class PostgresUnavailableError(RuntimeError):
    """No server could be started; the message tells what it said."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Passwords of the three roles: superuser, schema owner, functions."""

    superuser: str
    admin: str
    app: str


def home_of(data_dir: Path) -> Path:
    """Return where the data of *data_dir* lie: there, if the server may enter."""
    wanted = data_dir.absolute()
    if os.geteuid() != _ROOT or _may_enter(wanted, account()):
        return wanted
    name = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    return Path("/var/tmp") / f"linernotes-postgres-{name}"  # noqa: S108 - a stable place is wanted; its folders are private


def _may_enter(folder: Path, runner: pwd.struct_passwd) -> bool:
    groups = os.getgrouplist(runner.pw_name, runner.pw_gid)
    for step in folder.parents:
        if not step.exists():
            continue
        told = step.stat()
        is_open = told.st_mode & 0o001
        is_own = told.st_uid == runner.pw_uid and told.st_mode & 0o100
        is_of_group = told.st_gid in groups and told.st_mode & 0o010
        if not (is_open or is_own or is_of_group):
            return False
    return True


def account() -> pwd.struct_passwd:
    """Return the account that the server runs as, where root starts it."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresUnavailableError("no account but root to run PostgreSQL as")


def socket_folder(home: Path) -> Path:
    inside = home / "run"
    if len(str(inside)) <= _LONGEST_SOCKET_FOLDER:
        return inside
    name = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"linernotes-{name}"


def make_folders(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    for folder in (home / "data", socket_folder(home)):
        folder.mkdir(exist_ok=True, mode=0o700)
        give_away(folder)


def give_away(path: Path) -> None:
    if os.geteuid() == _ROOT:
        owner = account()
        os.chown(path, owner.pw_uid, owner.pw_gid)


def credentials_of(home: Path) -> Credentials:
    kept = home / "credentials.json"
    if not kept.exists():
        made = {who: secrets.token_urlsafe(24) for who in ("superuser", "admin", "app")}
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            json.dump(made, stream)
    return Credentials(**json.loads(kept.read_text()))
