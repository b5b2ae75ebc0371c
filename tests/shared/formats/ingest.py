"""Where the sample files lie that are beside the project in CI."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "ingest"

needs_samples = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the sample files are not beside the checkout"
)


def samples(*categories: str) -> list[Path]:
    """Return the sample files of *categories* that are no expected results."""
    if not FOLDER.is_dir():
        return []
    with (FOLDER / "index.csv").open(encoding="utf-8") as stream:
        return [
            FOLDER / row["file"]
            for row in csv.DictReader(stream)
            if row["category"] in categories and row["kind"] != "expected-output"
        ]
