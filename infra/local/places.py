"""Where the local cloud keeps its things, and at which ports its parts listen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
PROJECT = "linernotes-local"
DEFAULT_PORT_BASE = 8700

_PORTS = (
    "api",
    "pubsub",
    "pubsub_admin",
    "firestore",
    "firestore_web",
    "storage",
    "postgres",
    "extract",
    "enrich",
    "validate",
    "export",
    "sync",
)


@dataclass(frozen=True, slots=True)
class Places:
    """Folders below *data*, and ports from *port_base* on."""

    data: Path
    port_base: int = DEFAULT_PORT_BASE

    def port(self, part: str) -> int:
        return self.port_base + _PORTS.index(part)

    def address(self, part: str) -> str:
        return f"{HOST}:{self.port(part)}"

    def url(self, part: str) -> str:
        return f"http://{self.address(part)}"

    def folder(self, part: str) -> Path:
        return self.data / part

    def log(self, part: str) -> Path:
        return self.data / "logs" / f"{part}.log"

    @property
    def state(self) -> Path:
        """What runs now: process ids and ports, as JSON; absent while nothing does."""
        return self.data / "state.json"

    @property
    def variables(self) -> Path:
        """The environment of the functions, as JSON; written when all is up."""
        return self.data / "environment.json"
