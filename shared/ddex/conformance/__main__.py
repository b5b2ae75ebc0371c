"""`python -m shared.ddex.conformance FOLDER`: derive the tables from one's own files.

FOLDER holds DDEX's compiled Schematron, `14/*.xsl` for ERN 3.8 and `21/*.xsl` for 4.1.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .deriving import requirements
from .notation import written
from .tables import EDITIONS, table_path

_ALLOWED_VALUES = "release-notification-avs.sch"


def main(folder: Path) -> None:
    for edition, name in EDITIONS.items():
        profiles = requirements(folder / name)
        # What values are allowed is told by the tables of the schema.
        profiles.pop(_ALLOWED_VALUES, None)
        table_path(edition).write_text("".join(written(profiles)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
