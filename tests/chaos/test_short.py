"""A short form of the crash test: `make chaos` runs it for minutes."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest

from infra.local.services import ROOT
from tests.chaos.material import sendings


@pytest.mark.timeout(240)
def test_nothing_is_lost_or_doubled_while_functions_are_killed():
    # A process of its own, since a local cloud changes the environment.
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "--short", "--deaf"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=230,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-2000:]}"


def test_the_same_seed_makes_the_same_uploads():
    assert sendings(30, seed=7, duration_s=0.3) == sendings(30, seed=7, duration_s=0.3)


def test_what_is_sent_is_of_every_kind():
    sent = sendings(300, seed=1, duration_s=0.2)

    what = Counter(one.what for one in sent)
    assert len(sent) == 300
    assert {"audio", "message", "table", "copy", "replaced", "put back"} <= {*what}
    assert {"same again", "broken", "empty"} <= {*what}
