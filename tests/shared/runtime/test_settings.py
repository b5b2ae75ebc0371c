"""What is read from the environment, and how it is checked."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from shared.runtime.settings import Settings, settings


@pytest.fixture(autouse=True)
def _forgotten():
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_one_field_is_one_variable(monkeypatch):
    monkeypatch.setenv("LINERNOTES_BUS_URL", "pubsub://a-project")

    assert settings().bus_url == "pubsub://a-project"


def test_settings_are_read_once(monkeypatch):
    before = settings()
    monkeypatch.setenv("LINERNOTES_BUS_URL", "pubsub://another")

    assert settings() is before


def test_variables_of_others_are_not_read(monkeypatch):
    monkeypatch.setenv("BUS_URL", "pubsub://a-project")
    monkeypatch.delenv("LINERNOTES_BUS_URL", raising=False)

    assert settings().bus_url == ""


def test_secrets_are_not_shown(monkeypatch):
    monkeypatch.setenv("LINERNOTES_DATABASE_URL", "postgresql+pg8000://u:word@h/d")

    assert "word" not in repr(settings())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOG_LEVEL", "LOUD"),
        ("SIGNER", "pen"),
        ("DATABASE_POOL_SIZE", "0"),
        ("MAX_UPLOAD_BYTES", "none"),
        ("AUDIO_ANALYSIS", "perhaps"),
    ],
)
def test_a_value_that_makes_no_sense_stops_the_start(monkeypatch, name, value):
    monkeypatch.setenv(f"LINERNOTES_{name}", value)

    with pytest.raises(ValidationError):
        Settings()


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        settings().bus_url = "pubsub://other"
