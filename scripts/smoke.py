"""Unzips each packaged function, installs its pins alone, starts and calls it.

What the cloud would do with the archive, done here: a module that was not staged, or a
requirement that is not pinned, shows.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from scripts.package import package
from scripts.stage import ROOT

_WITHIN_S = 60.0
# Nothing listens there: what is tried needs no database, but its address.
_SETTINGS = {
    "LINERNOTES_DATABASE_URL": "postgresql+pg8000://app@127.0.0.1:1/none",
    "LINERNOTES_LOG_LEVEL": "INFO",
}
_EVENT = {
    "specversion": "1.0",
    "id": "smoke",
    "source": "//smoke",
    "type": "smoke.v1",
    "datacontenttype": "application/json",
    "data": {},
}


def smoke(name: str) -> str:
    """Try the packaged function *name* and return what it answered."""
    with tempfile.TemporaryDirectory(prefix=f"smoke-{name}-") as temporary:
        folder = Path(temporary, "source")
        with zipfile.ZipFile(package(name)) as archive:
            archive.extractall(folder)
        python = _installed(Path(temporary, "venv"), folder / "requirements.txt")
        port = _free_port()
        log = Path(temporary, "log")
        with log.open("wb") as stream:
            process = subprocess.Popen(
                _command(python, name, port),
                cwd=folder,
                env={**_clean_environment(), **_SETTINGS},
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            return _called(name, port)
        except (OSError, AssertionError) as exc:
            sys.exit(f"smoke: {name} failed: {exc}\n{log.read_text()[-3000:]}")
        finally:
            os.killpg(process.pid, 9)
            process.wait()


def _installed(venv: Path, requirements: Path) -> Path:
    uv = ROOT / ".venv" / "bin" / "uv"
    environment = {**os.environ, "VIRTUAL_ENV": str(venv)}
    subprocess.run(
        [uv, "venv", "--quiet", "--python", sys.executable, venv], check=True
    )
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--require-hashes", "-r", requirements],
        check=True,
        env=environment,
    )
    return venv / "bin" / "python"


def _command(python: Path, name: str, port: int) -> list[str]:
    kind = ["--asgi"] if name == "api" else ["--signature-type=cloudevent"]
    return [
        *(str(python), "-m", "functions_framework", "--source=main.py"),
        *(f"--target={name}", f"--port={port}", "--host=127.0.0.1", *kind),
    ]


def _called(name: str, port: int) -> str:
    end = time.monotonic() + _WITHIN_S
    while True:
        try:
            return _call(name, port)
        except (OSError, http.client.HTTPException):
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def _call(name: str, port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    if name == "api":
        connection.request("GET", "/openapi.json")
    else:
        # Not a message: a permanent error, so logged and acknowledged.
        headers = {"Content-Type": "application/cloudevents+json"}
        connection.request("POST", "/", json.dumps(_EVENT), headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != http.client.OK:
        raise AssertionError(f"answered {answer.status}: {body[:300]!r}")
    return f"answered {answer.status}, {len(body):,} bytes"


def _clean_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINERNOTES_", "PYTHON"))
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    if shutil.which("uv") is None and not (ROOT / ".venv/bin/uv").exists():
        sys.exit("smoke: uv is missing: run `make setup`")
    for name in sys.argv[1:]:
        print(f"smoke: {name} {smoke(name)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
