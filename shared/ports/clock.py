"""The time, and fresh ids, as ports: so that tests need no patching."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present, aware, in UTC."""
        ...


class IdMaker(Protocol):
    def new(self) -> UUID:
        """Return an id nobody has had: a UUID of version 7 (RFC 9562 §5.7)."""
        ...
