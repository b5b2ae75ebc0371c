"""Identifiers: every usual written form, one canonical one, and clear refusals."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.check_digits import (
    ALPHANUMERIC,
    gs1_mod_10,
    ipi_base_mod_10,
    ipi_name_mod_101,
    iso7064_mod_11_2,
    iso7064_mod_37_36,
    iswc_mod_10,
)
from shared.domain.errors import InvalidInputError
from shared.domain.identifiers import (
    IDENTIFIERS,
    Dpid,
    Grid,
    Gtin,
    IpiBase,
    IpiName,
    Isni,
    Isrc,
    Iswc,
    identify,
)
from shared.domain.isrc_prefixes import ADDITIONAL, ISRC_PREFIXES

EXAMPLES = Path(__file__).parents[4] / "shared/data/identifiers.csv"
TYPES = {
    "ISRC": Isrc,
    "UPC": Gtin,
    "EAN": Gtin,
    "UPC14": Gtin,
    "ISWC": Iswc,
    "IPI_NAME": IpiName,
    "IPI_BASE": IpiBase,
    "ISNI": Isni,
    "GRid": Grid,
    "DPID": Dpid,
}

# The same letters and digits, as East Asian keyboards type them.
FULL_WIDTH = "".join(chr(ord(c) + 0xFEE0) for c in "USRC17607839")

nonzero = st.integers(1, 10**9 - 1).map("{:09d}".format)
isrcs = st.builds(
    "{}{}{:07d}".format,
    st.sampled_from(sorted(ISRC_PREFIXES)),
    st.text(ALPHANUMERIC, min_size=3, max_size=3),
    st.integers(0, 9_999_999),
)
gtins = st.integers(1, 10**13 - 1).map("{:013d}".format)
codes = st.text(ALPHANUMERIC, min_size=10, max_size=10)
VALID = {
    Isrc: isrcs,
    Iswc: nonzero.map(lambda n: f"T{n}{iswc_mod_10(n)}"),
    Gtin: gtins.map(lambda n: n + gs1_mod_10(n)),
    Grid: codes.map(lambda c: f"A1ABCDE{c}").map(lambda c: c + iso7064_mod_37_36(c)),
    Isni: nonzero.map(lambda n: f"000000{n}").map(lambda n: n + iso7064_mod_11_2(n)),
    IpiName: nonzero.map(lambda n: n + ipi_name_mod_101(n)),
    IpiBase: nonzero.map(lambda n: f"I{n}{ipi_base_mod_10(n)}"),
    Dpid: codes.map(lambda c: f"PADPIDA{c}").map(lambda c: c + iso7064_mod_37_36(c)),
}


@pytest.mark.parametrize(
    ("identifier", "written", "value", "display"),
    [
        (Isrc, "USRC17607839", "USRC17607839", "US-RC1-76-07839"),
        (Isrc, "ISRC US-RC1-76-07839", "USRC17607839", "US-RC1-76-07839"),
        (Isrc, "urn:isrc:usrc17607839", "USRC17607839", "US-RC1-76-07839"),
        (Isrc, "isrc:US RC1 76 07839", "USRC17607839", "US-RC1-76-07839"),
        (Isrc, "ISRC Code: US\u2011RC1\u201176\u201107839", "USRC17607839", None),
        (Isrc, "https://musicbrainz.org/isrc/USRC17607839", "USRC17607839", None),
        (Isrc, FULL_WIDTH, "USRC17607839", None),
        (Isrc, "ISRC17607839", "ISRC17607839", "IS-RC1-76-07839"),
        (Iswc, "T-034.524.680-1", "T0345246801", "T-034.524.680-1"),
        (Iswc, "ISWC t 034 524 680 1", "T0345246801", "T-034.524.680-1"),
        (Iswc, "ISWC:T0345246801", "T0345246801", "T-034.524.680-1"),
        (Gtin, "036000291452", "00036000291452", "0 36000 29145 2"),
        (Gtin, "0036000291452", "00036000291452", "0 36000 29145 2"),
        (Gtin, "UPC-A: 0 36000 29145 2", "00036000291452", "0 36000 29145 2"),
        (Gtin, "EAN-13 4-006381-333931", "04006381333931", "4 006381 333931"),
        (Gtin, "ean4006381333931", "04006381333931", "4 006381 333931"),
        (Gtin, "96385074", "00000096385074", "9638 5074"),
        (Gtin, "(01)09506000134352", "09506000134352", "9 506000 134352"),
        (Gtin, "https://id.gs1.org/01/09506000134352", "09506000134352", None),
        (Gtin, "10614141000415", "10614141000415", "1 06 14141 00041 5"),
        (Grid, "A1-2425G-ABC1234002-M", "A12425GABC1234002M", None),
        (Grid, "urn:grid:a1-2425g-abc1234002-m", "A12425GABC1234002M", None),
        (Grid, "A12425GABC1234002M", "A12425GABC1234002M", "A1-2425G-ABC1234002-M"),
        (Isni, "0000 0001 2150 090X", "000000012150090X", "0000 0001 2150 090X"),
        (Isni, "https://isni.org/isni/0000000121032683", "0000000121032683", None),
        (Isni, "http://www.isni.org/000000012150090x", "000000012150090X", None),
        (Isni, "ISNI: 0000-0001-2103-2683", "0000000121032683", "0000 0001 2103 2683"),
        (IpiName, "00014107338", "00014107338", "00014107338"),
        (IpiName, "14107338", "00014107338", "00014107338"),
        (IpiName, "IPI 00014.10.73.38", "00014107338", "00014107338"),
        (IpiName, "IPI Name No. 14107338", "00014107338", "00014107338"),
        (IpiBase, "I-000000229-7", "I0000002297", "I-000000229-7"),
        (IpiBase, "ipi base: I-001635861-3", "I0016358613", "I-001635861-3"),
        (Dpid, "PADPIDA2013042401U", "PADPIDA2013042401U", "PA-DPIDA-2013042401-U"),
        (Dpid, "dpid: pa-dpida-2013042401-u", "PADPIDA2013042401U", None),
    ],
)
def test_usual_forms_become_the_canonical_one(identifier, written, value, display):
    parsed = identifier.parse(written)

    assert parsed.value == value
    assert str(parsed) == value
    assert display in (None, parsed.display)


@pytest.mark.parametrize(
    ("identifier", "text", "facts"),
    [
        (Isrc, "USRC1760783", {"rule": "length", "length": 11, "allowed": [12]}),
        (Isrc, "USRC1760783O", {"rule": "characters"}),
        (Isrc, "XXABC1234567", {"rule": "prefix", "prefix": "XX"}),
        (Iswc, "T0345246802", {"rule": "check-digit", "expected": "1"}),
        (Iswc, "X0345246801", {"rule": "prefix", "prefix": "X"}),
        (Iswc, "T0000000000", {"rule": "placeholder"}),
        (Gtin, "036000291453", {"rule": "check-digit", "expected": "2"}),
        (Gtin, "123123123123", {"rule": "check-digit", "expected": "5"}),
        (Gtin, "03600029145", {"rule": "length"}),
        (Gtin, "03600029145X", {"rule": "characters"}),
        (Gtin, "000000000000", {"rule": "placeholder"}),
        (Grid, "A12425GABC1234002N", {"rule": "check-digit", "expected": "M"}),
        (Grid, "B12425GABC1234002M", {"rule": "prefix", "prefix": "B1"}),
        (Isni, "0000000121032684", {"rule": "check-digit", "expected": "3"}),
        (Isni, "X000000121032683", {"rule": "characters"}),
        (IpiName, "00000000198", {"rule": "check-digit", "expected": "99"}),
        (IpiName, "00000000000", {"rule": "placeholder"}),
        (IpiBase, "I-000000229-8", {"rule": "check-digit", "expected": "7"}),
        (IpiBase, "H-000000229-7", {"rule": "prefix", "prefix": "H"}),
        (Dpid, "PADPIDA2024010101A", {"rule": "check-digit", "expected": "K"}),
        (Dpid, "PADPIDA1234567890", {"rule": "length", "length": 17}),
        (Dpid, "PBDPIDA2013042401U", {"rule": "prefix"}),
        (Isni, "https://orcid.org/0000-0001-2103-2683", {"rule": "length"}),
    ],
)
def test_a_refusal_says_which_rule_is_broken(identifier, text, facts):
    with pytest.raises(InvalidInputError) as caught:
        identifier.parse(text)

    assert caught.value.facts["text"] == text
    assert facts.items() <= caught.value.facts.items()


@pytest.mark.parametrize("identifier", IDENTIFIERS)
@pytest.mark.parametrize(
    "text", ["", " ", "-", "ISRC", "https://isni.org/isni/", "٣" * 12]
)
def test_what_is_no_identifier_is_refused(identifier, text):
    with pytest.raises(InvalidInputError):
        identifier.parse(text)


def test_the_digits_of_other_scripts_are_no_digits():
    with pytest.raises(InvalidInputError) as caught:
        Gtin.parse("٤٠٠٦٣٨١٣٣٣٩٣١")

    assert caught.value.facts["rule"] == "characters"


@pytest.mark.parametrize("identifier", IDENTIFIERS)
@given(data=st.data())
def test_value_and_display_parse_to_the_same_identifier(identifier, data):
    text = data.draw(VALID[identifier])

    parsed = identifier.parse(text)

    assert parsed.value == text
    assert identifier.parse(parsed.display) == parsed
    assert identifier.parse(text.lower()) == parsed
    assert identifier.parse(f" {parsed.display}\n") == parsed


@pytest.mark.parametrize("identifier", IDENTIFIERS)
@given(text=st.text())
def test_any_text_is_refused_cleanly_or_parsed_for_good(identifier, text):
    found = [parsed for _, parsed in identify(text) if type(parsed) is identifier]

    assert all(identifier.parse(parsed.value) == parsed for parsed in found)


@pytest.mark.parametrize(
    "identifier", [each for each in IDENTIFIERS if each is not Isrc]
)
@given(data=st.data())
def test_the_expected_check_digit_makes_a_refused_identifier_valid(identifier, data):
    valid = data.draw(VALID[identifier])
    width = 2 if identifier is IpiName else 1
    wrong = data.draw(st.integers(0, 10**width - 1).map(f"{{:0{width}d}}".format))

    try:
        parsed = identifier.parse(valid[:-width] + wrong)
    except InvalidInputError as refusal:
        parsed = identifier.parse(valid[:-width] + refusal.facts["expected"])

    assert parsed.value == valid


def test_an_isrc_tells_its_parts():
    isrc = Isrc.parse("US-RC1-76-07839")

    assert (isrc.prefix, isrc.registrant, isrc.year, isrc.designation) == (
        "US",
        "RC1",
        "76",
        "07839",
    )


def test_isrc_prefixes_are_countries_and_the_agencies_additional_ones():
    assert {"US", "GB", "JP", "TC"} <= ISRC_PREFIXES
    assert {"QM", "QZ", "QT", "QN", "UK", "CP", "DG", "ZZ"} <= set(ADDITIONAL)
    assert len(ISRC_PREFIXES) == 249 + len(ADDITIONAL)
    assert all(len(p) == 2 and p.isalpha() and p.isupper() for p in ISRC_PREFIXES)


def test_a_upc_and_its_ean_are_one():
    assert Gtin.parse("036000291452") == Gtin.parse("0036000291452")


@pytest.mark.parametrize(
    ("text", "upc", "ean"),
    [
        ("036000291452", "036000291452", "0036000291452"),
        ("4006381333931", None, "4006381333931"),
        ("10614141000415", None, None),
    ],
)
def test_a_gtin_knows_which_shorter_forms_it_has(text, upc, ean):
    gtin = Gtin.parse(text)

    assert (gtin.upc, gtin.ean) == (upc, ean)


def test_an_isni_has_an_address_that_parses_again():
    isni = Isni.parse("000000012150090X")

    assert isni.uri == "https://isni.org/isni/000000012150090X"
    assert Isni.parse(isni.uri) == isni


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("US-RC1-76-07839", ["isrc"]),
        ("T-034.524.680-1", ["iswc"]),
        ("EAN 4006381333931", ["gtin"]),
        ("A1-2425G-ABC1234002-M", ["grid"]),
        ("0000 0001 2150 090X", ["isni"]),
        ("00014107338", ["ipi"]),
        ("I-000000229-7", ["ipi_base"]),
        ("PADPIDA2013042401U", ["dpid"]),
        ("So What", []),
        ("", []),
    ],
)
def test_identify_tells_what_a_pasted_text_is(text, kinds):
    assert [kind for kind, _ in identify(text)] == kinds


def test_identify_tells_all_that_digits_can_be():
    # An EAN-8 whose last two digits are also the check of an IPI name number.
    both = next(
        body + gs1_mod_10(body)
        for body in map("{:07d}".format, range(1_000_000, 2_000_000))
        if ipi_name_mod_101(f"000{body[:6]}") == body[6] + gs1_mod_10(body)
    )

    assert [kind for kind, _ in identify(both)] == ["gtin", "ipi"]


@pytest.mark.shared_data
@pytest.mark.skipif(not EXAMPLES.exists(), reason="the sample data is not here")
def test_the_collected_examples_are_judged_as_noted():
    with EXAMPLES.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))

    wrong = [row for row in rows if _is_valid(row) != (row["valid"] != "no")]

    assert len(rows) > 30
    assert wrong == []


def _is_valid(row):
    try:
        TYPES[row["identifier"]].parse(row["value"])
    except InvalidInputError:
        return False
    return True
