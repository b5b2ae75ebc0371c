import numpy as np
import pytest

from shared.audio.learning import FEWEST, Decided, card, class_of, learned
from shared.audio.model import loaded, shipped, stored
from shared.domain.errors import InvalidInputError

GENRES = ("house", "jazz", "polka")


@pytest.fixture
def base():
    return shipped("genre_v1")


def document(generator, genre):
    """Return what is heard in a recording: here polka is what others call metal."""
    centre = {"house": -1.0, "jazz": 0.0, "polka": 1.5}[genre]
    cepstrum = (generator.normal(size=13) * 12 + centre * 25).tolist()
    return {
        "mfcc_mean": cepstrum,
        "mfcc_variance": np.exp(generator.normal(size=13) + 5 + centre).tolist(),
        "centroid_hz": 2200 + 400 * generator.normal(),
        "centroid_variance_hz2": 4e5,
        "bandwidth_hz": 2200 + 200 * generator.normal(),
        "rolloff_hz": 4600 + 500 * generator.normal(),
        "zero_crossings": 0.1,
        "rms": 0.13,
        "rms_variance": 2e-3,
        "bpm": 120.0,
    }


def decisions(n, labels=GENRES):
    generator = np.random.default_rng(8)
    return [
        Decided(
            document(generator, GENRES[k % 3]), labels[k % 3], f"artist {k // 3 % 20}"
        )
        for k in range(n)
    ]


def test_a_hundred_reviews_teach_what_the_shipped_model_cannot_know(base):
    found = learned(base, "genre_blue_v1", decisions(102))

    assert found.model.name == "genre_blue_v1"
    assert found.model.classes == GENRES
    assert found.after.right > found.before.right + 0.1
    assert found.classes == {"house": 34, "jazz": 34, "polka": 34}


def test_what_was_learned_can_be_kept_and_asked(base):
    found = learned(base, "genre_blue_v1", decisions(102))
    asked = document(np.random.default_rng(9), "polka")

    kept = loaded(stored(found.model))

    assert kept.estimate(asked).value == found.model.estimate(asked).value == "polka"


def test_labels_that_sound_decides_nothing_about_are_not_learned(base):
    told = decisions(90)
    mixed = np.random.default_rng(10).permutation([one.label for one in told])
    noise = [
        Decided(one.document, str(label), one.artist)
        for one, label in zip(told, mixed, strict=True)
    ]

    assert learned(base, "genre_blue_v1", noise).after.right < 0.55


def test_silence_and_what_is_said_once_are_left_out(base):
    told = decisions(60)
    odd = Decided({"mfcc_mean": None}, "jazz", "nobody")
    once = Decided(told[0].document, "skiffle", "nobody")

    found = learned(base, "genre_blue_v1", [*told, odd, once])

    assert found.left_out == 2
    assert "skiffle" not in found.model.classes


@pytest.mark.parametrize(
    "told",
    [
        decisions(FEWEST - 1),
        decisions(60, ("jazz", "jazz", "jazz")),
        [Decided(one.document, one.label, "one artist") for one in decisions(60)],
        [],
    ],
)
def test_too_little_teaches_nothing(base, told):
    with pytest.raises(InvalidInputError) as caught:
        learned(base, "genre_blue_v1", told)

    assert caught.value.facts["fewest"] == FEWEST


def test_a_card_says_what_was_learned_and_how_good_it_is(base):
    found = learned(base, "genre_blue_v1", decisions(102))

    told = card(found, base, "2026-11-21")

    assert "# Model card: genre_blue_v1" in told
    assert "genre_v1 taught by this catalog's own reviews, 2026-11-21" in told
    assert f"{found.after.right:.1%} of 102 right" in told
    assert "polka 34" in told


@pytest.mark.parametrize(
    ("value", "named"),
    [
        (["Hip-Hop", "Jazz"], "hiphop"),
        ("HIP HOP", "hiphop"),
        (["Deep  House"], "deep house"),
        ([], None),
        ("  ", None),
        (None, None),
        ([3], None),
    ],
)
def test_a_decided_value_names_a_class(base, value, named):
    assert class_of(value, base.classes) == named
