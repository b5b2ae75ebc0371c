from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from shared.ddex.checking import CheckedMessage, check
from shared.ddex.reading import Deadline, ForbiddenMarkupError, Limits, parsed
from shared.domain.errors import LimitExceededError, UnreadableFileError
from tests.shared.ddex.album import album_text

_BOMB = """<?xml version="1.0"{}?>
<!-- a comment --> <?an instruction?>
<!DOCTYPE m [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<m>&b;</m>"""


@pytest.mark.parametrize(
    "content",
    [
        _BOMB.format("").encode(),
        b"\xef\xbb\xbf" + _BOMB.format("").encode(),
        _BOMB.format(' encoding="UTF-16"').encode("utf-16"),
        _BOMB.format("").encode("utf-16-le"),
        _BOMB.format("").encode("utf-16-be"),
        b'<!DOCTYPE m SYSTEM "file:///etc/hostname"><m/>',
        b'  <!DOCTYPE m PUBLIC "x" "http://nowhere.invalid/x.dtd"><m/>',
    ],
)
def test_a_document_type_is_refused_in_every_encoding(content):
    with pytest.raises(ForbiddenMarkupError):
        parsed(content)


def test_a_document_type_in_a_comment_is_none():
    root = parsed(b"<?xml version='1.0'?><!-- <!DOCTYPE m> --><m/>")

    assert root.tag == "m"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_utf_8_and_utf_16_are_read(encoding):
    declared = "UTF-16" if encoding == "utf-16" else "UTF-8"

    root = parsed(
        f"<?xml version='1.0' encoding='{declared}'?><m>é</m>".encode(encoding)
    )

    assert root.text == "é"


@pytest.mark.parametrize(
    "content",
    [
        b"<?xml version='1.0' encoding='ISO-8859-1'?><m>\xe9</m>",
        b"<?xml version='1.0' encoding='UTF-16'?><m/>",
        "<m/>".encode("utf-32"),
        b"<m>\xff</m>",
    ],
)
def test_other_encodings_are_refused(content):
    with pytest.raises(UnreadableFileError):
        parsed(content)


def test_what_is_not_well_formed_is_told_with_its_line():
    with pytest.raises(UnreadableFileError) as caught:
        parsed(b"<m>\n<a></b></m>")

    assert caught.value.facts["line"] == 2


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (b"<m>" + b"x" * 100 + b"</m>", Limits(size_bytes=50)),
        (b"<m>" * 9 + b"</m>" * 9, Limits(depth=8)),
        (b"<m a='1' b='2' c='3'/>", Limits(attributes=2)),
        (b"<m/>", Limits(seconds=-1.0)),
    ],
)
def test_each_limit_holds(content, limits):
    with pytest.raises(LimitExceededError):
        parsed(content, limits)


def test_what_is_within_the_limits_is_read():
    limits = Limits(size_bytes=100, depth=8, attributes=2)

    assert parsed(b"<m>" * 8 + b"</m>" * 8, limits).tag == "m"
    assert parsed(b"<m a='1' b='2'/>", limits).get("b") == "2"


def test_a_deadline_passes():
    Deadline.within(60).check()

    with pytest.raises(LimitExceededError):
        Deadline.within(-1).check()


def test_depth_beyond_what_the_parser_takes_is_refused():
    checked = check(b"<m>" * 5_000 + b"</m>" * 5_000)

    assert checked.exit_code == 2


def test_nothing_outside_is_read(tmp_path):
    secret = tmp_path / "secret.xsd"
    secret.write_text("<never/>")
    content = album_text().replace(
        'AvsVersionId="9"',
        'AvsVersionId="9" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="http://ddex.net/xml/ern/43 file://{secret}"',
    )

    checked = check(content.encode())

    assert checked.is_schema_valid


@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(content):
    checked = check(content)

    assert isinstance(checked, CheckedMessage)
    assert checked.exit_code == 2


_ALBUM = album_text().encode()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(_ALBUM) - 1),
            st.integers(0, 40),
            st.one_of(
                st.binary(max_size=6),
                st.sampled_from([b"<", b">", b"&amp;", b"<ISRC/>", b"</Deal>", b"9e9"]),
            ),
        ),
        max_size=4,
    )
)
def test_a_harmed_album_gets_an_answer(cuts):
    content = _ALBUM
    for start, length, instead in cuts:
        content = content[:start] + instead + content[start + length :]

    checked = check(content)

    assert checked.exit_code in {0, 1, 2}
    assert list(checked.findings) == sorted(
        checked.findings, key=lambda finding: (finding.line, finding.column)
    )


_TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(
        ["PT", "P1Y", "-PT1S", "9999999999", "2026-13-45", "0001-01-01", "Worldwide"]
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), _TEXTS), min_size=1, max_size=12))
def test_any_texts_in_an_album_get_an_answer(texts):
    root = parsed(_ALBUM)
    elements = [element for element in root.iter() if not len(element)]
    for place, text in texts:
        elements[place % len(elements)].text = text

    checked = check(_serialised(root))

    assert checked.version == "4.3"


def _serialised(root):
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
