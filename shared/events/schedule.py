"""What the scheduler says every minute: of no tenant, and without content."""

from __future__ import annotations

from typing import Final

SCHEDULE_TICK: Final = "schedule.tick.v1"
