from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.matching import RecordingFacts, match
from shared.domain.merging import (
    DEFAULT,
    ISRC_REUSED,
    LOOSE,
    POLICIES,
    STRICT,
    Doubt,
    Outcome,
    candidates_of,
    decide,
    doubts_of,
    is_isrc_reused,
)

_ISRC = "USRC17607839"
_OTHER_ISRC = "GBAYE0601498"
_KNOWN = {
    "title": "Wreck on the Highway",
    "artists": "Sinkhole",
    "length_ms": 109_000,
    "release": "Groping for Trout",
    "number": "10",
    "year": 1993,
}


def facts(**told):
    return RecordingFacts.read(_KNOWN | told)


def decided(query, *recordings, policy=DEFAULT):
    named = [(f"r{place}", one) for place, one in enumerate(recordings)]
    return decide(candidates_of(query, named), policy, isrc=query.isrc)


def test_without_candidates_it_is_one_of_its_own():
    assert decided(facts()).outcome is Outcome.DIFFERENT


def test_a_clear_match_is_merged_alone():
    decision = decided(facts(title="010-Wreck on the Highway"), facts())

    assert decision.outcome is Outcome.SAME
    assert decision.candidate_id == "r0"
    assert decision.doubts == ()
    assert decision.probability > DEFAULT.accept_from


def test_the_likeliest_of_several_is_taken():
    other = facts(title="Another Song", number="3", length_ms=200_000)

    decision = decided(facts(), other, facts())

    assert decision.outcome is Outcome.SAME
    assert decision.candidate_id == "r1"


def test_what_is_unlike_all_is_one_of_its_own():
    other = facts(title="Another Song", artists="Else", length_ms=200_000, release="X")

    decision = decided(facts(), other)

    assert decision.outcome is Outcome.DIFFERENT
    assert decision.candidate_id is None


def test_two_candidates_that_are_as_likely_are_a_question():
    decision = decided(facts(), facts(), facts())

    assert decision.outcome is Outcome.REVIEW
    assert decision.doubts == (Doubt.SMALL_MARGIN,)
    assert decision.candidate_id == "r0"
    assert decision.contender_ids == ("r1",)


@pytest.mark.parametrize(
    ("told", "doubt"),
    [
        ({"title": "Wreck on the Highway (Live)"}, Doubt.VERSION_DIFFERS),
        ({"title": "Wreck on the Highway (Karaoke Version)"}, Doubt.VERSION_DIFFERS),
        ({"title": "Wreck on the Highway, Pt. 2"}, Doubt.PART_DIFFERS),
        ({"length_ms": 121_000}, Doubt.LENGTH_DIFFERS),
    ],
)
def test_what_contradicts_goes_to_a_person_however_alike_the_rest(told, doubt):
    query = facts(isrc=_ISRC)

    decision = decided(query, facts(isrc=_ISRC, **told))

    assert decision.outcome is Outcome.REVIEW
    assert doubt in decision.doubts


def test_clean_and_explicit_are_a_question_but_for_the_loose():
    clean = facts(title="Wreck on the Highway [Clean]")
    explicit = facts(title="Wreck on the Highway [Explicit]")

    assert decided(clean, explicit).doubts == (Doubt.MARKING_DIFFERS,)
    assert decided(clean, explicit, policy=LOOSE).outcome is Outcome.SAME


def test_one_isrc_with_lengths_more_than_five_seconds_apart_is_a_question():
    query = facts(isrc=_ISRC)

    near = decided(query, facts(isrc=_ISRC, length_ms=114_000))
    far = decided(query, facts(isrc=_ISRC, length_ms=114_001))

    assert Doubt.ISRC_LENGTH not in near.doubts
    assert far.outcome is Outcome.REVIEW
    assert Doubt.ISRC_LENGTH in far.doubts


def test_an_isrc_used_for_two_recordings_is_found_and_never_merged():
    query = facts(isrc=_ISRC)
    other = facts(
        title="Another Song", artists="Somebody", release="X", isrc=_ISRC,
        length_ms=250_000, number="2", year=2011,
    )  # fmt: skip

    decision = decided(query, other)

    assert decision.outcome is Outcome.REVIEW
    assert Doubt.ISRC_REUSED in decision.doubts
    assert [(one.code, one.place, one.value) for one in decision.findings] == [
        (ISRC_REUSED, "r0", _ISRC)
    ]


def test_the_bearer_of_the_isrc_comes_before_a_likelier_candidate():
    query = facts(isrc=_ISRC)
    bearer = facts(title="Another Song", artists="Somebody", isrc=_ISRC)

    decision = decided(query, bearer, facts())

    assert decision.outcome is Outcome.REVIEW
    assert decision.candidate_id == "r0"
    assert decision.contender_ids == ("r1",)
    assert len(decision.findings) == 1


def test_two_isrcs_are_never_merged_alone():
    decision = decided(facts(isrc=_ISRC), facts(isrc=_OTHER_ISRC))

    assert decision.outcome is Outcome.REVIEW
    assert Doubt.ISRC_DIFFERS in decision.doubts


def test_an_untitled_record_is_merged_by_its_isrc_alone():
    untitled = {"title": "", "isrc": _ISRC}

    assert decided(facts(**untitled), facts(isrc=_ISRC)).outcome is Outcome.SAME
    assert decided(facts(title=""), facts()).outcome is not Outcome.SAME


def test_a_title_alone_is_too_little():
    told = RecordingFacts.read({"title": "Intro", "number": 1, "year": 2001})

    decision = decided(told, told)

    assert decision.outcome is not Outcome.SAME
    assert Doubt.LITTLE_TOLD in doubts_of(match(told, told))


def test_the_strict_want_a_length():
    query = facts(length_ms=None, isrc=_ISRC)
    candidate = facts(isrc=_ISRC)

    assert decided(query, candidate).outcome is Outcome.SAME
    assert decided(query, candidate, policy=STRICT).doubts == (Doubt.LENGTH_UNKNOWN,)


def test_policies_are_known_by_name():
    assert set(POLICIES) == {"strict", "default", "loose"}
    assert all(name == one.name for name, one in POLICIES.items())


titles = st.sampled_from(
    [
        "Wreck on the Highway", "Wreck on the Highwy", "Wreck on the Highway (Live)",
        "Wreck on the Highway [Clean]", "Wreck on the Highway [Explicit]", "Another",
        "Wreck on the Highway, Pt. 2", "Sinkhole - Wreck on the Highway", "",
    ]
)  # fmt: skip
recordings = st.builds(
    facts,
    title=titles,
    artists=st.sampled_from(["Sinkhole", "Sinkhole feat. A", "Somebody Else", ""]),
    length_ms=st.sampled_from([None, 109_000, 110_500, 113_000, 118_000, 190_000]),
    isrc=st.sampled_from(["", _ISRC, _OTHER_ISRC]),
    release=st.sampled_from(["", "Groping for Trout", "Elsewhere"]),
)


@settings(max_examples=60)
@given(recordings, st.lists(recordings, max_size=5), st.randoms())
def test_the_order_of_candidates_decides_nothing(query, candidates, chance):
    named = [(f"r{place}", one) for place, one in enumerate(candidates)]
    shuffled = list(named)
    chance.shuffle(shuffled)

    decision = decide(candidates_of(query, named))

    assert decide(candidates_of(query, shuffled)) == decision


@settings(max_examples=80)
@given(recordings, recordings)
def test_nothing_is_merged_alone_against_what_is_told(query, candidate):
    decision = decided(query, candidate)

    found = match(query, candidate).comparisons
    if decision.outcome is Outcome.SAME:
        assert found.isrc != "different"
        assert found.version in {"same", "missing"}
        assert found.isrc != "same" or found.length is None or found.length <= 5_000
        assert decision.probability >= DEFAULT.accept_from
        assert not decision.findings
    assert (decision.outcome is Outcome.REVIEW) == bool(decision.doubts)


@settings(max_examples=80)
@given(recordings, recordings)
def test_the_stricter_never_merge_what_the_looser_do_not(query, candidate):
    merging = [
        decided(query, candidate, policy=one).outcome is Outcome.SAME
        for one in (STRICT, DEFAULT, LOOSE)
    ]

    assert merging == sorted(merging)


@settings(max_examples=60)
@given(recordings, recordings)
def test_a_decision_is_the_same_from_either_side(query, candidate):
    forth, back = decided(query, candidate), decided(candidate, query)

    assert back.outcome is forth.outcome
    assert set(back.doubts) == set(forth.doubts)


@given(recordings, recordings)
def test_a_wider_length_raises_no_doubt_that_a_narrower_does_not(query, candidate):
    found = match(query, candidate)
    wider = replace(DEFAULT, length_ms=DEFAULT.length_ms * 2)

    assert set(doubts_of(found, wider)) <= set(doubts_of(found, DEFAULT))


def test_the_live_recording_of_a_studio_isrc_is_found():
    found = match(facts(isrc=_ISRC), facts(isrc=_ISRC, title="Wreck (Live)"))

    assert is_isrc_reused(found)
    assert not is_isrc_reused(match(facts(isrc=_ISRC), facts(isrc=_ISRC)))
