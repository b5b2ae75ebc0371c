"""The variables that point clients and functions at this machine."""

from __future__ import annotations

import stat

import pytest

from infra.local import environment
from infra.local.places import PROJECT, Places
from shared.runtime.settings import Settings


@pytest.fixture
def places(tmp_path):
    return Places(tmp_path, 9000)


def test_googles_clients_are_told_where_everything_is(places):
    found = environment.client_environment(places)

    assert found == {
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "STORAGE_EMULATOR_HOST": places.url("storage"),
        "PUBSUB_EMULATOR_HOST": places.address("pubsub"),
        "FIRESTORE_EMULATOR_HOST": places.address("firestore"),
    }


def test_every_variable_of_functions_is_a_setting(places):
    found = environment.function_environment(places, "postgresql+pg8000://u:p@h/d")

    ours = {name for name in found if name.startswith("LINERNOTES_")}
    fields = {f"LINERNOTES_{name.upper()}" for name in Settings.model_fields}
    assert ours <= fields


def test_overrides_win(places):
    found = environment.function_environment(
        places, "", {"LINERNOTES_AUDIO_ANALYSIS": "false"}
    )

    assert found["LINERNOTES_AUDIO_ANALYSIS"] == "false"


def test_keys_and_pepper_stay_the_same_and_private(places):
    first = environment.function_environment(places, "")
    second = environment.function_environment(places, "")

    assert first == second
    kept = places.folder("keys") / "api-key-pepper"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(first["LINERNOTES_API_KEY_PEPPER"]) == 64


def test_settings_meant_for_another_cloud_are_not_inherited(monkeypatch):
    monkeypatch.setenv("LINERNOTES_BUS_URL", "pubsub://prod")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/secret.json")
    monkeypatch.setenv("LANG", "C.UTF-8")

    found = environment.inherited()

    assert "LINERNOTES_BUS_URL" not in found
    assert "GOOGLE_APPLICATION_CREDENTIALS" not in found
    assert found["LANG"] == "C.UTF-8"


def test_what_is_saved_is_found_again_by_the_owner_alone(places):
    environment.save(places, {"A": "1"})

    assert environment.saved(places) == {"A": "1"}
    assert stat.S_IMODE(places.variables.stat().st_mode) == 0o600


def test_where_it_never_was_up_nothing_is_saved(places):
    assert environment.saved(places) == {}
