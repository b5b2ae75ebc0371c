"""The commands that start each part of the local cloud."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.local.places import HOST, Places
from infra.local.processes import Child
from infra.local.topology import FUNCTIONS, Function

ROOT = Path(__file__).resolve().parents[2]
_GOOGLES = Path("/usr/lib/google-cloud-sdk/platform")


def wants_official_emulators() -> bool:
    """Return whether Google's own emulators shall serve Pub/Sub and Firestore."""
    return os.environ.get("LINERNOTES_EMULATORS", "") == "official"


def servers(places: Places, environment: Mapping[str, str]) -> list[Child]:
    """Return the servers that functions talk to, besides PostgreSQL."""
    if wants_official_emulators():
        return [
            _official_pubsub(places, environment),
            _official_firestore(places, environment),
            _storage(places, environment),
        ]
    return [
        _python(
            places,
            environment,
            "pubsub",
            ("--port", str(places.port("pubsub"))),
            ("--admin-port", str(places.port("pubsub_admin"))),
        ),
        _python(
            places,
            environment,
            "firestore",
            ("--port", str(places.port("firestore"))),
            ("--web-port", str(places.port("firestore_web"))),
        ),
        _storage(places, environment),
    ]


def functions(
    places: Places, environment: Mapping[str, str], source: Path | None = None
) -> list[Child]:
    """Return the functions, each under functions-framework as in the cloud.

    Args:
        source: Where `<name>/main.py` lie: the staged deploy units, if not the
            checkout itself.
    """
    return [_function(places, environment, f, source) for f in FUNCTIONS]


def _function(
    places: Places,
    environment: Mapping[str, str],
    function: Function,
    source: Path | None,
) -> Child:
    folder = (source or ROOT / "functions") / function.name
    command = [
        sys.executable,
        "-m",
        "functions_framework",
        f"--source={folder / 'main.py'}",
        f"--target={function.name}",
        f"--signature-type={function.signature}",
        f"--host={HOST}",
        f"--port={places.port(function.name)}",
    ]
    if function.signature == "http":
        command.append("--asgi")
    path = str(folder if source else ROOT)
    return Child(
        function.name,
        command,
        {**environment, "PYTHONPATH": path},
        places.log(function.name),
        places.address(function.name),
        "/health",
    )


def _storage(places: Places, environment: Mapping[str, str]) -> Child:
    return _python(
        places,
        environment,
        "storage",
        ("--port", str(places.port("storage"))),
        ("--keys", str(places.folder("keys"))),
    )


def _python(
    places: Places,
    environment: Mapping[str, str],
    name: str,
    *options: tuple[str, str],
) -> Child:
    return Child(
        name,
        [
            sys.executable,
            "-m",
            f"infra.local.{name}",
            "--data",
            str(places.folder(name)),
            *(word for option in options for word in option),
        ],
        {**environment, "PYTHONPATH": str(ROOT)},
        places.log(name),
        places.address(name),
    )


def _official_pubsub(places: Places, environment: Mapping[str, str]) -> Child:
    command = _GOOGLES / "pubsub-emulator" / "bin" / "cloud-pubsub-emulator"
    return Child(
        "pubsub",
        [_found(command), f"--host={HOST}", f"--port={places.port('pubsub')}"],
        environment,
        places.log("pubsub"),
        places.address("pubsub"),
    )


def _official_firestore(places: Places, environment: Mapping[str, str]) -> Child:
    command = _GOOGLES / "cloud-firestore-emulator" / "cloud_firestore_emulator"
    return Child(
        "firestore",
        [
            _found(command),
            "start",
            f"--host={HOST}",
            f"--port={places.port('firestore')}",
        ],
        environment,
        places.log("firestore"),
        places.address("firestore"),
    )


def _found(command: Path) -> str:
    if not command.exists() or shutil.which("java") is None:
        raise FileNotFoundError(
            f"Google's emulator is not at {command}, or java is missing; "
            "unset LINERNOTES_EMULATORS to use the project's own servers"
        )
    return str(command)
