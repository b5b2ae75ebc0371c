"""Where the real messages lie, and a message of our own for everything else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "data" / "ddex"


@pytest.fixture(scope="session")
def ddex_data() -> Path:
    """The folder of official schemas and sample messages."""
    if not SAMPLES.is_dir():
        pytest.skip("the sample messages do not lie beside this project")
    return SAMPLES


@pytest.fixture(scope="session")
def sample_rows(ddex_data: Path) -> list[dict[str, str]]:
    with (ddex_data / "samples" / "index.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def mutant_rows(ddex_data: Path) -> list[dict[str, str]]:
    with (ddex_data / "samples" / "mutants.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
