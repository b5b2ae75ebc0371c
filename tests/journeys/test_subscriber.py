"""The example of a subscriber, run as its page says."""

from __future__ import annotations

import subprocess
import sys

from infra.local.places import PROJECT
from infra.local.services import ROOT


def test_the_example_prints_the_changes_of_a_label(label, sample):
    following = subprocess.Popen(
        [
            *(sys.executable, "docs/examples/subscriber.py", PROJECT, label.tenant),
            *("--for-s", "60"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    begun = following.stdout.readline()

    label.send("01.flac", sample.tracks[0].path.read_bytes())
    lines = [following.stdout.readline() for _ in range(3)]

    following.terminate()
    following.wait(10)
    following.stdout.close()
    assert begun.startswith("listening at projects/")
    assert all(line.startswith("#") for line in lines)
    assert any("created" in line for line in lines)
