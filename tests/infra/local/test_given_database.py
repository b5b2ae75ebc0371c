"""A database given by its address: used as it is, with a password of its own."""

from infra.local.given_database import VARIABLE, given_database

URL = "postgresql+pg8000://owner:secret@db.example:6543/catalog"


def test_without_an_address_there_is_none(tmp_path, monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)

    assert given_database(tmp_path) is None


def test_functions_reach_the_same_database_as_their_own_role(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, URL)

    found = given_database(tmp_path)

    assert found.url_admin == URL
    assert found.address == "db.example:6543"
    assert found.url_app == URL.replace(
        "owner:secret", f"linernotes_app:{found.app_password}"
    )


def test_the_password_is_made_once_and_for_the_owner_alone(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, URL)

    first = given_database(tmp_path).app_password
    second = given_database(tmp_path).app_password

    assert first == second
    assert len(first) >= 32
    assert (tmp_path / "app-database-password").stat().st_mode & 0o077 == 0
