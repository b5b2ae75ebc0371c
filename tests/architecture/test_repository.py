"""What holds for every file that is kept."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from infra.local.services import ROOT
from infra.local.topology import BUCKETS, FUNCTIONS, SUBSCRIPTIONS, TOPICS
from infra.local.trial import available_functions
from shared.events.base import Event
from shared.runtime.settings import Settings

# Written apart, so that this file is not the only one that names them.
_HOSTS = re.compile(
    "|".join(
        re.escape("".join(parts))
        for parts in (
            ("py", "pi.org"),
            ("pythonhos", "ted.org"),
            ("registry.npm", "js.org"),
            ("proxy.golang", ".org"),
            ("--index", "-url"),
            ("--extra-index", "-url"),
        )
    )
)
_TEXTS = {".py", ".toml", ".txt", ".md", ".json", ".yaml", ".yml", ".sh", ".cfg", ""}


def kept():
    """Return the files that are tracked, or would be."""
    try:
        said = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("not a git repository")
    paths = (ROOT / line for line in said.splitlines())
    return [path for path in paths if path.is_file()]


def test_no_file_says_where_packages_come_from():
    naming = [
        path.relative_to(ROOT).as_posix()
        for path in kept()
        if path.suffix in _TEXTS
        and path.stat().st_size < 2_000_000
        and _HOSTS.search(path.read_text(errors="replace"))
    ]

    assert naming == []


def test_nothing_is_mocked():
    word = "unittest" + ".mock"

    mocking = [p for p in kept() if p.suffix == ".py" and word in p.read_text()]

    assert [p for p in mocking if p != Path(__file__)] == []


def test_every_setting_says_what_it_is_for():
    silent = [
        name for name, field in Settings.model_fields.items() if not field.description
    ]

    assert silent == []


def test_every_event_has_a_topic_and_a_version():
    def all_of(kind):
        for found in kind.__subclasses__():
            yield found
            yield from all_of(found)

    events = [event for event in all_of(Event) if "type" in vars(event)]

    assert events
    assert {event.topic for event in events} <= set(TOPICS)
    assert all(re.fullmatch(r"[a-z_]+\.[a-z]+\.v\d+", event.type) for event in events)
    assert len({event.type for event in events}) == len(events)


def test_every_function_has_an_entry_point_of_its_name():
    for name in available_functions():
        text = (ROOT / "functions" / name / "main.py").read_text()
        is_named = re.search(rf"^(async )?def {name}\(|^{name} = ", text, re.MULTILINE)
        assert is_named, name


def test_subscriptions_lead_from_topics_to_functions():
    functions = {function.name for function in FUNCTIONS}

    assert {one.topic for one in SUBSCRIPTIONS} <= set(TOPICS)
    assert {one.function for one in SUBSCRIPTIONS} <= functions
    assert len({one.name for one in SUBSCRIPTIONS}) == len(SUBSCRIPTIONS)


def test_every_bucket_has_a_setting():
    assert {f"{name}_url" for name in BUCKETS} <= set(Settings.model_fields)


def targets():
    return re.findall(
        r"^([a-z0-9-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE
    )


def test_every_target_of_make_says_what_it_does():
    text = (ROOT / "Makefile").read_text()
    rules = set(re.findall(r"^([a-z][a-z0-9-]*):(?!=)", text, re.MULTILINE))

    assert rules == set(targets())


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="there is no README")
def test_the_readme_names_the_targets_people_need():
    text = (ROOT / "README.md").read_text()

    wanted = {"demo", "up", "down", "test", "check"}
    assert wanted <= {name for name in targets() if f"make {name}" in text}
