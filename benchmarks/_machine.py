"""What every benchmark says first: on what it was measured."""

from __future__ import annotations

import os
import platform


def machine() -> str:
    return (
        f"machine: {platform.machine()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"
    )
