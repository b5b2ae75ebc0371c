"""A throw-away PostgreSQL for a test session, and tenants to work for.

`LINERNOTES_TEST_DATABASE_URL` names a server to use instead, as somebody who may make
databases and roles; a database of the session's own is made there, and dropped.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from infra.local import postgres
from migrations.run import upgrade
from shared.adapters.postgres.administration import create_tenant
from shared.adapters.postgres.catalog import PostgresCatalog
from shared.adapters.postgres.engine import open_engine

_FOLDERS = Path("/var/tmp")
_NAME = "linernotes-test-"


@dataclass(frozen=True)
class Database:
    url_admin: str
    url_app: str


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.PostgresServer]:
    """A server of the session's own, without any table."""
    _remove_abandoned()
    home = _FOLDERS / f"{_NAME}{os.getpid()}"
    server = postgres.start(home, free_port(), home=home)
    yield server
    server.kill()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def server_urls(request: pytest.FixtureRequest) -> Database:
    """URLs of the server as the owner of databases, and as the app role."""
    given = os.environ.get("LINERNOTES_TEST_DATABASE_URL")
    if given:
        app = sa.make_url(given).set(username="linernotes_app", password="for-tests")
        return Database(given, app.render_as_string(hide_password=False))
    server = request.getfixturevalue("postgres_server")
    return Database(server.url_admin, server.url_app)


@pytest.fixture
def empty_database(server_urls: Database) -> Iterator[Database]:
    yield from _made(server_urls)


@pytest.fixture(scope="session")
def database(server_urls: Database) -> Iterator[Database]:
    """A database with the schema as it is now."""
    for made in _made(server_urls):
        upgrade(made.url_admin, app_password=sa.make_url(made.url_app).password)
        yield made


@pytest.fixture(scope="session")
def admin_engine(database: Database) -> Iterator[sa.Engine]:
    engine = open_engine(database.url_admin)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def app_engine(database: Database) -> Iterator[sa.Engine]:
    engine = open_engine(database.url_app, pool_size=10)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_catalog(app_engine: sa.Engine) -> PostgresCatalog:
    return PostgresCatalog(app_engine)


@pytest.fixture
def tenant(admin_engine: sa.Engine) -> str:
    """A registered tenant that nobody else works for."""
    name = f"t-{uuid4().hex[:12]}"
    create_tenant(admin_engine, name, "A label")
    return name


@pytest.fixture
def other_tenant(admin_engine: sa.Engine) -> str:
    name = f"t-{uuid4().hex[:12]}"
    create_tenant(admin_engine, name, "Another label")
    return name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _made(urls: Database) -> Iterator[Database]:
    name = f"linernotes_test_{uuid4().hex[:12]}"
    engine = sa.create_engine(
        urls.url_admin, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0"))
    yield Database(*(_in(name, url) for url in (urls.url_admin, urls.url_app)))
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


def _in(database: str, url: str) -> str:
    made = sa.make_url(url).set(database=database)
    return made.render_as_string(hide_password=False)


def _remove_abandoned() -> None:
    """Stop servers of sessions that were killed before they could."""
    for home in _FOLDERS.glob(f"{_NAME}*"):
        owner = home.name.removeprefix(_NAME)
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            postgres.stop_abandoned(home)
            shutil.rmtree(home, ignore_errors=True)
