"""Whom to believe: families of sources, in general and per field."""

import pytest

from shared.domain.trust import DEFAULT_TRUST, Trust, source_family, source_version


@pytest.mark.parametrize(
    ("source", "family"),
    [
        ("tags", "tags"),
        ("ddex:PADPIDA2013042401U", "ddex"),
        ("audio-analysis@v1", "audio-analysis"),
        ("person:ada@example.org", "person"),
        ("reference:musicbrainz@2", "reference"),
        ("", ""),
    ],
)
def test_a_family_is_the_source_without_who_and_which_version(source, family):
    assert source_family(source) == family


def test_people_come_first_about_everything():
    for name in ("title", "duration_ms", "bpm"):
        ranks = {
            source: DEFAULT_TRUST.rank(name, source)
            for source in ("person:ada", "ddex:X", "table", "tags", "file")
        }

        assert max(ranks, key=ranks.__getitem__) == "person:ada"


def test_a_decoder_is_believed_about_what_it_measures_and_not_about_words():
    measured = DEFAULT_TRUST.rank("duration_ms", "file")
    told = DEFAULT_TRUST.rank("duration_ms", "ddex:X")

    assert measured > told
    assert DEFAULT_TRUST.rank("title", "file") < DEFAULT_TRUST.rank("title", "ddex:X")


def test_a_source_nobody_listed_comes_last():
    listed = [DEFAULT_TRUST.rank("title", source) for source in DEFAULT_TRUST.general]

    assert DEFAULT_TRUST.rank("title", "hearsay") < min(listed)


def test_a_tenant_may_have_an_order_of_its_own():
    trust = Trust(general=("tags", "ddex"), per_field={"label": ("ddex", "tags")})

    assert trust.rank("title", "tags") > trust.rank("title", "ddex:X")
    assert trust.rank("label", "tags") < trust.rank("label", "ddex:X")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("audio-analysis@v3", ("audio-analysis@v", 3)),
        ("audio-analysis@v12", ("audio-analysis@v", 12)),
        ("audio-model@genre_v2", ("audio-model@genre_v", 2)),
        ("audio-model@genre", ("audio-model@genre", 0)),
        ("tags", ("tags", 0)),
        ("person:ann@label2", ("person:ann@label2", 0)),
        ("ddex:PADPIDA2007050901U", ("ddex:PADPIDA2007050901U", 0)),
    ],
)
def test_a_source_may_have_a_version(source, expected):
    assert source_version(source) == expected


def test_what_a_model_guesses_is_believed_last_and_on_trial_not_at_all():
    ranks = [
        DEFAULT_TRUST.rank("genres", source)
        for source in ("tags", "reference", "audio-model@g_v1", "audio-trial@g_v2")
    ]

    assert ranks == sorted(ranks, reverse=True)
    assert ranks[-1] == 0
