"""A PostgreSQL server that somebody else runs, given by its address.

`LINERNOTES_ADMIN_DATABASE_URL=postgresql+pg8000://owner:password@host:5432/database
make up` uses it instead of a server of one's own. The owner has to be allowed to make
roles; the functions' role gets a password of its own.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "LINERNOTES_ADMIN_DATABASE_URL"
_APP = "linernotes_app"
_PASSWORD_BYTES = 24


@dataclass(frozen=True, slots=True)
class GivenDatabase:
    """A server that is neither started nor stopped here.

    Attributes:
        url_admin: As the schema's owner.
        app_password: For the role `linernotes_app`.
    """

    url_admin: str
    app_password: str

    @property
    def url_app(self) -> str:
        import sqlalchemy as sa

        url = sa.make_url(self.url_admin).set(username=_APP, password=self.app_password)
        return url.render_as_string(hide_password=False)

    @property
    def address(self) -> str:
        import sqlalchemy as sa

        url = sa.make_url(self.url_admin)
        return f"{url.host}:{url.port or 5432}"


def given_database(keys: Path) -> GivenDatabase | None:
    """Return the database that the environment names, or None where it names none.

    The app role's password is made once and kept in *keys*.
    """
    url = os.environ.get(VARIABLE, "")
    if not url:
        return None
    kept = keys / "app-database-password"
    if not kept.exists():
        keys.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_urlsafe(_PASSWORD_BYTES))
    return GivenDatabase(url, kept.read_text())
