"""python -m shared.ddex.schema DIR [TARGET]: derive the tables anew."""

from __future__ import annotations

import sys
from pathlib import Path

from .deriving import derive
from .tables import HERE


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    target = Path(arguments[1]) if arguments[1:] else HERE
    for path in derive(Path(arguments[0]), target):
        sys.stdout.write(f"{path}  {path.stat().st_size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
