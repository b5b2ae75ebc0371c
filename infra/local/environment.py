"""The variables that point Google's clients, and the functions, at this machine."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from infra.local.places import PROJECT, Places
from infra.local.storage.keys import service_account_file
from infra.local.topology import BUCKETS

_PEPPER_BYTES = 32


def bucket_name(name: str) -> str:
    return f"{PROJECT}-{name}"


def client_environment(places: Places) -> dict[str, str]:
    """Return what any Google client library needs to find the local cloud."""
    return {
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "STORAGE_EMULATOR_HOST": places.url("storage"),
        "PUBSUB_EMULATOR_HOST": places.address("pubsub"),
        "FIRESTORE_EMULATOR_HOST": places.address("firestore"),
    }


def function_environment(
    places: Places, database_url: str, overrides: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return what the functions need: the clients' variables and their settings."""
    buckets = {
        f"LINERNOTES_{name.upper()}_URL": f"gs://{bucket_name(name)}"
        for name in BUCKETS
    }
    return {
        **client_environment(places),
        **buckets,
        "LINERNOTES_API_KEY_PEPPER": _pepper(places.folder("keys")),
        "LINERNOTES_BUS_URL": f"pubsub://{PROJECT}",
        "LINERNOTES_DATABASE_POOL_SIZE": "8",
        "LINERNOTES_DATABASE_URL": database_url,
        "LINERNOTES_DOCUMENTS_URL": f"firestore://{PROJECT}",
        "LINERNOTES_ENVIRONMENT": "local",
        "LINERNOTES_SIGNER": "key",
        "LINERNOTES_SIGNER_KEY_FILE": str(service_account_file(places.folder("keys"))),
        **(overrides or {}),
    }


def inherited() -> dict[str, str]:
    """Return this process's environment without settings meant for another cloud."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LINERNOTES_", "GOOGLE_", "COVERAGE_PROCESS_START_"))
    }


def save(places: Places, variables: Mapping[str, str]) -> None:
    """Keep *variables* for `env` and whoever starts later; readable to the owner."""
    _write_private(places.variables, json.dumps(dict(variables), indent=1))


def saved(places: Places) -> dict[str, str]:
    """Return what `save` kept, or nothing where the local cloud never was up."""
    if not places.variables.exists():
        return {}
    found = json.loads(places.variables.read_text())
    return {str(name): str(value) for name, value in found.items()}


def _pepper(keys: Path) -> str:
    kept = keys / "api-key-pepper"
    if not kept.exists():
        keys.mkdir(parents=True, exist_ok=True)
        _write_private(kept, secrets.token_hex(_PEPPER_BYTES))
    return kept.read_text().strip()


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
