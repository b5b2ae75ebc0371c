"""The tables against DDEX's own schema files, where these lie beside the project."""

from __future__ import annotations

import random
from copy import deepcopy
from functools import cache

import pytest
from lxml import etree

from shared.ddex.schema.compiling import schema_for
from shared.ddex.schema.deriving import derive
from shared.ddex.schema.tables import CARRIED, HERE
from shared.ddex.versions import recognised
from shared.domain.errors import InvalidInputError

pytestmark = pytest.mark.shared_data

_ROUNDS_OF_HARM = 4


@cache
def _official(folder):
    return etree.XMLSchema(etree.parse(folder / "release-notification.xsd"))


@pytest.fixture(scope="module")
def messages(ddex_data, sample_rows, mutant_rows):
    """Every sample and mutant whose official schema is there, with both checkers."""
    found = []
    for row in [*sample_rows, *mutant_rows]:
        try:
            tree = etree.parse(ddex_data / "samples" / row["file"])
            kind = recognised(tree.getroot().tag)
        except (etree.XMLSyntaxError, InvalidInputError):
            continue
        if kind.version in CARRIED:
            official = _official(ddex_data / "xsd" / f"ERN_{kind.version}")
            ours = schema_for(kind.namespace, kind.version)
            found.append((row["file"], tree, official, ours))
    return found


def test_the_verdict_is_the_official_one_on_every_sample_and_mutant(messages):
    wrong = [
        name
        for name, tree, official, ours in messages
        if official.validate(tree) is not ours.validate(tree)
    ]

    assert len(messages) > 240
    assert wrong == []


def test_the_verdict_is_the_official_one_on_messages_that_we_harm(messages):
    dice = random.Random(20261121)
    wrong, refused, tried = [], 0, 0
    for name, tree, official, ours in messages:
        if len(etree.tostring(tree)) > 80_000:
            continue
        for _ in range(_ROUNDS_OF_HARM):
            harmed = deepcopy(tree)
            _harm(harmed.getroot(), dice)
            verdict = official.validate(harmed)
            tried += 1
            refused += not verdict
            if ours.validate(harmed) is not verdict:
                wrong.append((name, official.error_log, ours.error_log))

    assert wrong == []
    assert 0.3 < refused / tried < 1


def _harm(root, dice):
    node = dice.choice(list(root.iter("*")))
    parent = node.getparent()
    action = dice.randrange(6)
    if action == 0 and parent is not None:
        parent.remove(node)
    elif action == 1 and parent is not None:
        parent.insert(dice.randrange(len(parent) + 1), deepcopy(node))
    elif action == 2:
        node.text = dice.choice(["", "true", "PT1S", "2026", "Worldwide", "R1", "x"])
    elif action == 3:
        name = dice.choice(["Namespace", "IsDefault", "LanguageAndScriptCode", "X"])
        node.set(name, dice.choice(["true", "en", "??"]))
    elif action == 4 and node.attrib:
        del node.attrib[dice.choice(list(node.attrib))]
    elif parent is not None:
        parent.append(node)


def test_the_official_samples_of_4_3_1_are_valid(ddex_data, sample_rows):
    files = [row["file"] for row in sample_rows if row["version"] == "431"]
    schema = schema_for("http://ddex.net/xml/ern/431", "4.3.1")

    verdicts = {
        name: schema.validate(etree.parse(ddex_data / "samples" / name))
        for name in files
    }

    assert len(verdicts) >= 5
    assert set(verdicts.values()) == {True}


def test_the_tables_are_what_the_schema_files_give(ddex_data, tmp_path):
    written = derive(ddex_data / "xsd", tmp_path)

    assert len(written) == len(CARRIED) + 1
    for path in written:
        assert path.read_bytes() == (HERE / path.name).read_bytes(), path.name
