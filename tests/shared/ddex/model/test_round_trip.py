"""A message comes out of the model as it went in."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shared.ddex.model import model_of, read
from shared.ddex.reading import parsed
from shared.ddex.schema.compiling import schema_for
from shared.ddex.schema.tables import is_carried
from shared.domain.errors import PermanentError
from tests.shared.ddex.album import album_text
from tests.shared.ddex.generated import messages
from tests.shared.ddex.single_of_3 import single_text

_SLOW = settings(max_examples=25, deadline=None)


def _leaves(content):
    """Every text and attribute with its path, counted without the model's help."""
    found = Counter()
    for node in parsed(content).iter("*"):
        path = "/".join(each.tag for each in [*node.iterancestors()][::-1]) + node.tag
        if not len(node) or (node.text or "").strip():
            found[path, node.text or ""] += 1
        found.update((path, name, value) for name, value in node.attrib.items())
        if (node.tail or "").strip():
            found[path, "after", node.tail] += 1
    return found


@pytest.mark.parametrize("text", [album_text(), single_text()])
def test_every_text_and_attribute_is_kept(text):
    written = read(text.encode()).to_bytes()

    assert _leaves(written) == _leaves(text.encode())


@pytest.mark.parametrize("version", ["3.8.2", "4.1.1", "4.2", "4.3", "4.3.2"])
def test_whatever_a_schema_allows_is_kept_and_still_allowed(version):
    @_SLOW
    @given(messages(version))
    def check(content):
        message = read(content)
        written = message.to_bytes()
        schema = schema_for(message.kind.namespace, version)
        assert _leaves(written) == _leaves(content)
        assert schema.validate(parsed(content)), schema.error_log
        assert schema.validate(parsed(written))

    check()


def test_what_no_view_knows_stays_in_its_place():
    text = album_text().replace(
        "<Duration>PT6M</Duration>",
        '<Mood xmlns:w="urn:w" w:depth="3">blue <b>very</b> dark</Mood>'
        "<Duration>PT6M</Duration>",
    )

    written = read(text.encode()).to_bytes()

    root = parsed(written)
    mood = root.find("ReleaseList/Release/Mood")
    assert mood.getnext().tag == "Duration"
    assert mood.get("{urn:w}depth") == "3"
    assert "".join(mood.itertext()) == "blue very dark"


def test_the_same_message_is_written_as_the_same_bytes():
    message = read(album_text().encode())

    assert message.to_bytes() == read(message.to_bytes()).to_bytes()


def test_utf_16_becomes_utf_8_and_nothing_else():
    text = album_text().replace("Mira Oak", "Míra 夢").replace("UTF-8", "UTF-16")

    written = read(text.encode("utf-16")).to_bytes()

    assert "Míra 夢" in written.decode("utf-8")


def test_prefixes_are_those_of_the_message():
    text = album_text().replace("ern:", "n:").replace(":ern", ":n")

    assert b"<n:NewReleaseMessage" in read(text.encode()).to_bytes()


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Z"])))
def test_any_text_survives(text):
    root = parsed(album_text().encode())
    root.find("ReleaseList/Release/DisplayTitleText").text = text

    kept = model_of(root).node().findtext("ReleaseList/Release/DisplayTitleText")

    assert kept == text


@pytest.mark.shared_data
def test_every_leaf_of_every_real_message_is_kept(ddex_data, sample_rows):
    lost, read_files = {}, 0
    for row in sample_rows:
        content = (ddex_data / "samples" / row["file"]).read_bytes()
        try:
            written = read(content).to_bytes()
        except PermanentError:
            continue
        read_files += 1
        if _leaves(written) != _leaves(content):
            lost[row["file"]] = _leaves(content) - _leaves(written)

    assert read_files > 90
    assert lost == {}


@pytest.mark.shared_data
def test_the_verdict_on_a_real_message_stays_what_it_was(ddex_data, sample_rows):
    changed = []
    for row in sample_rows:
        content = (ddex_data / "samples" / row["file"]).read_bytes()
        try:
            message = read(content)
        except PermanentError:
            continue
        if is_carried(message.version):
            schema = schema_for(message.kind.namespace, message.version)
            verdicts = {
                schema.validate(etree.fromstring(each))
                for each in (content, message.to_bytes())
            }
            if len(verdicts) > 1:
                changed.append(row["file"])

    assert changed == []
