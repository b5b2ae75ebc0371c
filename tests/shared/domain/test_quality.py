"""Quality: one figure from completeness, agreement and confidence."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.claims import Claim, Kind, SourceRecord
from shared.domain.fields import FIELDS
from shared.domain.quality import agreement, completeness, confidence, quality
from shared.domain.resolve import resolve

NOTHING = resolve([])


def said(source, **claims):
    return SourceRecord(
        kind=Kind.RECORDING,
        keys=("isrc:USRC17607839",),
        source=source,
        origin=f"gs://u/{source}",
        origin_version=1,
        claims=tuple(claims.values()),
        received_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_entry_has_no_quality(kind):
    assert quality(kind, NOTHING) == 0.0
    assert completeness(kind, NOTHING) == 0.0
    assert agreement(NOTHING) == confidence(NOTHING) == 0.0


@pytest.mark.parametrize("kind", list(Kind))
def test_a_full_entry_on_which_all_agree_is_perfect(kind):
    claims = {name: Claim(name, "x") for name in FIELDS[kind]}

    full = resolve([said("tags", **claims), said("table", **claims)])

    assert completeness(kind, full) == pytest.approx(1.0)
    assert quality(kind, full) == 1.0


def test_completeness_is_the_weighted_share_of_the_fields():
    weights = {name: field.weight for name, field in FIELDS[Kind.PARTY].items()}

    named = resolve([said("tags", name=Claim("name", "Miles Davis"))])

    expected = weights["name"] / sum(weights.values())
    assert completeness(Kind.PARTY, named) == pytest.approx(expected)


def test_a_field_without_weight_completes_nothing():
    commented = resolve([said("tags", comment=Claim("comment", "take 2"))])

    assert completeness(Kind.RECORDING, commented) == 0.0


def test_agreement_is_the_share_that_says_the_same_as_the_winner():
    resolution = resolve(
        [
            said("ddex:X", title=Claim("title", "So What")),
            said("table", title=Claim("title", "So What")),
            said("tags", title=Claim("title", "So what?")),
        ]
    )

    assert agreement(resolution) == pytest.approx(2 / 3)


def test_a_lock_is_certain_whoever_differs():
    lock = Claim("title", "So What", confidence=0.1, locked=True)
    resolution = resolve(
        [
            said("person:ada", title=lock),
            said("tags", title=Claim("title", "So what?")),
        ]
    )

    assert agreement(resolution) == confidence(resolution) == 1.0


def test_confidence_is_the_mean_of_the_values_believed():
    resolution = resolve(
        [
            said(
                "tags",
                title=Claim("title", "So What", 0.5),
                bpm=Claim("bpm", 136.0, 1.0),
            )
        ]
    )

    assert confidence(resolution) == pytest.approx(0.75)


@given(
    names=st.sets(st.sampled_from(sorted(FIELDS[Kind.RECORDING]))),
    sure=st.floats(0, 1),
)
def test_quality_is_from_0_to_1_and_one_more_field_never_lowers_completeness(
    names, sure
):
    claims = {name: Claim(name, "x", sure) for name in sorted(names)}
    fewer = resolve([said("tags", **claims)])
    more = resolve([said("tags", **(claims | {"title": Claim("title", "x", sure)}))])

    assert 0.0 <= quality(Kind.RECORDING, fewer) <= 1.0
    assert completeness(Kind.RECORDING, more) >= completeness(Kind.RECORDING, fewer)
