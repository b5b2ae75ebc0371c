"""The machine's own clock and chance."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime
from uuid import UUID


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class RandomIds:
    """UUIDs of version 7: they sort by the time they were made (RFC 9562 §5.7)."""

    def new(self) -> UUID:
        value = (time.time_ns() // 1_000_000 & (2**48 - 1)) << 80
        value |= 0x7 << 76 | secrets.randbits(12) << 64
        value |= 0b10 << 62 | secrets.randbits(62)
        return UUID(int=value)
