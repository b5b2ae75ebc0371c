from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.deals import Deal, Period
from shared.domain.errors import InvalidInputError
from shared.domain.rights import (
    Ground,
    calendar,
    open_territories,
    streamable,
    streamable_many,
)
from shared.domain.territories import Territories, all_countries

_DAY = timedelta(days=1)
_START = datetime(2026, 1, 1, tzinfo=UTC)
_USES = ("OnDemandStream", "NonInteractiveStream", "PermanentDownload")
_MODELS = ("SubscriptionModel", "AdvertisementSupportedModel")
_CODES = ("Worldwide", "EU", "2127", "DE", "US", "GB", "FR", "AN", "SU", "840", "GSA")


def day(number):
    return _START + number * _DAY


def deal(name="a", included=("Worldwide",), excluded=(), **told):
    return Deal(name, Territories.of(included, excluded), **told)


def grounds(answer):
    return [(reason.ground, reason.deal_id) for reason in answer.reasons]


def test_a_deal_grants_where_when_and_what_it_says():
    ours = deal(
        included=["DE", "AT"],
        uses=frozenset({"OnDemandStream"}),
        models=frozenset({"SubscriptionModel"}),
        period=Period(day(0), day(10)),
    )

    answer = streamable([ours], "DE", day(5), "OnDemandStream", "SubscriptionModel")

    assert answer.allowed
    assert grounds(answer) == [(Ground.GRANTED, "a")]
    assert answer.reasons[0].at == day(10)


@pytest.mark.parametrize(
    ("country", "at", "use", "model", "ground"),
    [
        ("FR", 5, "OnDemandStream", "", Ground.OTHER_TERRITORY),
        ("DE", -1, "OnDemandStream", "", Ground.NOT_YET),
        ("DE", 10, "OnDemandStream", "", Ground.ENDED),
        ("DE", 5, "PermanentDownload", "", Ground.OTHER_USE),
        ("DE", 5, "OnDemandStream", "FreeOfChargeModel", Ground.OTHER_MODEL),
    ],
)
def test_a_refusal_says_what_was_missing(country, at, use, model, ground):
    ours = deal(
        included=["DE"],
        uses=frozenset({"OnDemandStream"}),
        models=frozenset({"SubscriptionModel"}),
        period=Period(day(0), day(10)),
    )

    answer = streamable([ours], country, day(at), use, model)

    assert not answer.allowed
    assert grounds(answer) == [(ground, "a")]


def test_without_a_deal_nothing_is_allowed():
    answer = streamable([], "DE", day(0))

    assert not answer.allowed
    assert answer.reasons == ()


def test_what_came_nearest_is_told_first():
    deals = [
        deal("use", uses=frozenset({"PermanentDownload"})),
        deal("later", period=Period(day(9), None)),
    ]

    answer = streamable(deals, "DE", day(0))

    assert grounds(answer) == [(Ground.NOT_YET, "later"), (Ground.OTHER_USE, "use")]


def test_a_takedown_beats_what_was_granted_before_it():
    granted = deal(stated_at=day(0))
    taken = deal(
        "t", ["DE"], is_takedown=True, period=Period(day(3), None), stated_at=day(1)
    )

    answers = {c: streamable([granted, taken], c, day(4)) for c in ("DE", "AT")}

    assert grounds(answers["DE"]) == [(Ground.TAKEN_DOWN, "a")]
    assert answers["DE"].reasons[0].takedown_id == "t"
    assert answers["DE"].reasons[0].at == day(3)
    assert answers["AT"].allowed
    assert streamable([granted, taken], "DE", day(2)).allowed


def test_what_is_granted_after_a_takedown_stands():
    taken = deal("t", is_takedown=True, stated_at=day(1))
    again = deal("again", stated_at=day(2))

    assert streamable([taken, again], "DE", day(3)).allowed
    assert open_territories([taken, again], day(3)).is_world


def test_a_takedown_beats_what_is_granted_with_it():
    taken = deal("t", is_takedown=True, stated_at=day(1))
    granted = deal(stated_at=day(1))

    assert not streamable([taken, granted], "DE", day(3)).allowed
    assert not open_territories([taken, granted], day(3))


def test_a_takedown_of_one_use_leaves_the_others():
    granted = deal(uses=frozenset({"Stream"}))
    taken = deal("t", uses=frozenset({"OnDemandStream"}), is_takedown=True)

    assert streamable([granted, taken], "DE", day(0), "Stream").allowed
    assert not streamable([granted, taken], "DE", day(0), "OnDemandStream").allowed


def test_two_takedowns_together_may_leave_nothing():
    granted = deal(uses=frozenset(_USES[:2]))
    takedowns = [
        deal(use, uses=frozenset({use}), is_takedown=True) for use in _USES[:2]
    ]

    answer = streamable([granted, *takedowns], "DE", day(0), "Stream")

    assert grounds(answer) == [(Ground.TAKEN_DOWN, "a")]


def test_days_are_granted_to_their_end():
    ours = deal(period=Period.of_days(date(2026, 1, 1), date(2026, 1, 1)))

    assert streamable([ours], "DE", _START).allowed
    assert streamable([ours], "DE", day(1) - timedelta(microseconds=1)).allowed
    assert not streamable([ours], "DE", day(1)).allowed


@pytest.mark.parametrize("country", ["EU", "ZZ", "", "Worldwide", "AN"])
def test_a_question_is_about_one_country(country):
    with pytest.raises(InvalidInputError):
        streamable([deal()], country, day(0))


def test_a_time_needs_a_zone():
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - that is the point

    with pytest.raises(InvalidInputError):
        streamable([deal()], "DE", naive)
    with pytest.raises(InvalidInputError):
        Period(naive, None)


def test_the_calendar_tells_what_opens_and_closes():
    deals = [
        deal("a", ["DE", "FR"], period=Period(day(1), day(9))),
        deal("t", ["FR"], is_takedown=True, period=Period(day(4), None)),
        deal("b", ["DE"], period=Period(day(9), day(12))),
    ]

    found = calendar(deals, day(0), day(30))

    assert [(o.at, str(o.opened), str(o.closed), o.deal_ids) for o in found] == [
        (day(1), "DE, FR", "nowhere", ("a",)),
        (day(4), "nowhere", "FR", ("t",)),
        (day(12), "nowhere", "DE", ("b",)),
    ]


instants = st.none() | st.integers(0, 12).map(day)
kinds = st.frozensets(st.sampled_from(_USES), max_size=2)
models = st.frozensets(st.sampled_from(_MODELS), max_size=2)
codes = st.lists(st.sampled_from(_CODES), max_size=2)


@st.composite
def any_deals(draw):
    return [
        Deal(
            str(number),
            Territories.of(draw(codes), draw(codes)),
            draw(kinds),
            draw(models),
            Period(draw(instants), draw(instants)),
            is_takedown=draw(st.booleans()),
            stated_at=draw(st.none() | st.integers(0, 2).map(day)),
        )
        for number in range(draw(st.integers(0, 5)))
    ]


def brute_force(deals, country, at, use, model):
    """Ask of every single use and model, from the words of the definition alone."""
    # Whoever grants or takes back "all" means uses that nobody names, too.
    streams = {"OnDemandStream", "NonInteractiveStream", "Webcast"}
    asked_uses = {"Stream": streams, "": {*_USES, "Other"}}.get(use, {use})
    asked_models = {model} if model else {*_MODELS, "Other"}

    def speaks(one, single_use, single_model):
        return (
            country in set(one.territories)
            and (one.period.starts_at is None or one.period.starts_at <= at)
            and (one.period.ends_at is None or at < one.period.ends_at)
            and (not one.uses or single_use in one.uses)
            and (not one.models or single_model in one.models)
        )

    def is_later(one, other):
        told = one.stated_at is not None and other.stated_at is not None
        return told and one.stated_at > other.stated_at

    for asked in product(asked_uses, asked_models):
        said = [one for one in deals if speaks(one, *asked)]
        takedowns = [one for one in said if one.is_takedown]
        if any(
            not one.is_takedown and all(is_later(one, t) for t in takedowns)
            for one in said
        ):
            return True
    return False


@settings(max_examples=25, deadline=None)
@given(
    any_deals(),
    st.integers(-1, 13).map(day),
    st.sampled_from(["Stream", *_USES, ""]),
    st.sampled_from(["", *_MODELS]),
)
def test_answers_equal_brute_force_over_all_countries(deals, at, use, model):
    said = {c: streamable(deals, c, at, use, model).allowed for c in all_countries()}

    expected = {c: brute_force(deals, c, at, use, model) for c in all_countries()}
    assert said == expected
    assert set(open_territories(deals, at, use, model)) == {
        country for country, allowed in expected.items() if allowed
    }


@settings(max_examples=40, deadline=None)
@given(any_deals(), st.sampled_from(["DE", "US", "CW", "JP"]), st.data())
def test_answers_equal_brute_force_over_all_days(deals, country, data):
    use = data.draw(st.sampled_from(["Stream", *_USES, ""]))
    days = [day(number) for number in range(-1, 14)]

    said = [streamable(deals, country, at, use).allowed for at in days]

    assert said == [brute_force(deals, country, at, use, "") for at in days]


@settings(max_examples=40, deadline=None)
@given(any_deals())
def test_the_calendar_leads_from_one_day_to_any_other(deals):
    known = open_territories(deals, day(-1))

    for number in range(14):
        for turn in calendar(deals, day(number - 1), day(number)):
            known = (known | turn.opened) - turn.closed
        assert known == open_territories(deals, day(number))


@settings(max_examples=25, deadline=None)
@given(any_deals(), st.randoms())
def test_the_order_of_deals_decides_nothing(deals, chance):
    shuffled = list(deals)
    chance.shuffle(shuffled)

    said = streamable(deals, "DE", day(6))

    assert streamable(shuffled, "DE", day(6)).allowed == said.allowed


def test_ten_thousand_are_answered_as_one_by_one():
    shared_deals = [deal("s", ["EU"])]
    deals_of = {
        str(n): shared_deals if n % 2 else [deal(str(n), ["Worldwide"], ["DE"])]
        for n in range(10_000)
    }

    started = time.process_time()
    answers = streamable_many(deals_of, "DE", day(0))
    took_s = time.process_time() - started

    assert answers["1"] == streamable(shared_deals, "DE", day(0))
    assert answers["2"] == streamable(deals_of["2"], "DE", day(0))
    assert sum(one.allowed for one in answers.values()) == 5_000
    assert took_s < 2
