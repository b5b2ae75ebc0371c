"""Training and comparing from a catalog in PostgreSQL, into a store in a folder."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import numpy as np
import pytest

from infra.local import learning
from shared.audio.model import loaded, object_name
from shared.domain.audio_features import features_of, to_raw
from shared.domain.claims import Kind
from shared.domain.decisions import Outcome, ReviewItem
from tests.contract.statements import START, edit, recording

GENRES = ("Hip-Hop", "Polka")


def heard(generator, genre):
    """Return a document: polka has a brighter cepstrum than hip-hop."""
    centre = {"Hip-Hop": -1.0, "Polka": 1.0}[genre]
    return {
        "mfcc_mean": (generator.normal(size=13) * 10 + centre * 30).round(3).tolist(),
        "mfcc_variance": np.exp(generator.normal(size=13) + 5).round(3).tolist(),
        "centroid_hz": 2200.0,
        "centroid_variance_hz2": 4e5,
        "bandwidth_hz": 2200.0,
        "rolloff_hz": 4600.0,
        "zero_crossings": 0.1,
        "rms": 0.13,
        "rms_variance": 2e-3,
        "bpm": 120.0,
    }


def guess(key, origin, model, value):
    said = recording([key], source=f"audio-model@{model}", origin=origin)
    raw = {"field": "genre", "value": value, "confidence": 0.4, "model": model}
    return replace(said, raw=raw)


def review_of(tenant, entity, value):
    return ReviewItem(
        tenant_id=tenant,
        kind=Kind.RECORDING,
        entity_id=entity,
        field="genres",
        value=value,
        source="audio-model@genre_v1",
        confidence=0.4,
        reason="the analysis is not sure",
        created_at=START,
    )


@pytest.fixture
def reviewed(postgres_catalog, tenant):
    """Let people decide about so many recordings, in turns hip-hop and polka."""

    def decide(count):
        generator = np.random.default_rng(11)
        for number in range(count):
            genre = GENRES[number % 2]
            key, origin = f"isrc:{number}", f"gs://up/{tenant}/{number}.flac"
            said = recording(
                [key],
                source="audio-analysis@v3",
                origin=origin,
                artists=[{"name": f"Artist {number // 2 % 8}", "role": "MainArtist"}],
            )
            record = replace(said, raw=to_raw("", heard(generator, genre)))
            with postgres_catalog.transaction(tenant) as tx:
                tx.stage([record, guess(key, origin, "genre_v1", "jazz")])
                tx.stage([guess(key, origin, "genre_v2", "hiphop")])
                tx.save_audio_features(features_of(record))
                item = review_of(tenant, tx.find(Kind.RECORDING, key), ["Jazz"])
                tx.open_review(item)
                tx.stage([edit(key, number + 1, genres=[genre])])
                tx.decide_review(item, Outcome.CORRECTED, "person:ann", [genre])

    return decide


@pytest.fixture
def surroundings(monkeypatch, database, tmp_path):
    """Point the command at the catalog, and at a folder as the store."""
    store = f"file://{tmp_path / 'resources'}"
    monkeypatch.setenv("LINERNOTES_DATABASE_URL", database.url_app)
    monkeypatch.setenv("LINERNOTES_RESOURCES_URL", store)
    return tmp_path / "resources"


def run(command, tenant, *more):
    return learning.main([command, "--env", "given", "--tenant", tenant, *more])


def test_decided_reviews_become_a_model_with_a_card(
    reviewed, surroundings, tenant, capsys
):
    reviewed(40)

    status = run("train", tenant)

    name = f"genre_{tenant}_v1"
    model = loaded((surroundings / object_name(name)).read_bytes())
    told = (surroundings / f"models/{name}.md").read_text()
    asked = heard(np.random.default_rng(12), "Polka")
    assert status == 0
    assert model.classes == ("hiphop", "polka")
    assert model.estimate(asked).value == "polka"
    assert "hiphop 20, polka 20" in told
    assert told in capsys.readouterr().out


def test_training_again_makes_the_next_version(reviewed, surroundings, tenant):
    reviewed(40)

    run("train", tenant)
    run("train", tenant)

    assert (surroundings / object_name(f"genre_{tenant}_v2")).is_file()


def test_a_trial_run_keeps_nothing(reviewed, surroundings, tenant):
    reviewed(40)

    run("train", tenant, "--dry-run")

    assert not list(surroundings.rglob("*.json"))


def test_few_reviews_teach_nothing(reviewed, surroundings, tenant, capsys):
    reviewed(6)

    status = run("train", tenant)

    assert status == 1
    assert "too few decided reviews" in capsys.readouterr().err


def test_nobody_elses_reviews_are_read(
    reviewed, surroundings, tenant, other_tenant, capsys
):
    reviewed(40)

    status = run("train", other_tenant)

    assert status == 1
    assert "reviews=0" in capsys.readouterr().err


def test_models_are_compared_by_what_people_decided(
    reviewed, surroundings, tenant, capsys
):
    reviewed(20)

    status = run("compare", tenant)

    told = capsys.readouterr().out
    assert status == 0
    assert "| genre_v1 | 20 | 0.0% | 20 | 0.0% |" in told
    assert "| genre_v2 | 20 | 0.0% | 20 | 50.0% |" in told
    assert "genre_v2 is better" in told


def test_without_a_place_it_says_what_to_do(monkeypatch, capsys, tmp_path):
    for name in ("DATABASE", "RESOURCES"):
        monkeypatch.delenv(f"LINERNOTES_{name}_URL", raising=False)

    status = run("train", f"t-{uuid4().hex}", "--data", str(tmp_path))

    assert status == 1
    assert "make up" in capsys.readouterr().err
