"""`python -m shared.audio`: see `command`."""

from __future__ import annotations

import sys

from shared.audio.command import main

if __name__ == "__main__":
    sys.exit(main())
