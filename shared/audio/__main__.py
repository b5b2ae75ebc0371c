"""`python -m shared.audio`: see `command`."""

from __future__ import annotations

import signal
import sys

from shared.audio.command import main

if __name__ == "__main__":
    # Whoever reads the answer may have had enough of it (`| head`).
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
