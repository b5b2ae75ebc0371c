"""What the driver raises, in the catalog's own terms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from shared.domain.errors import (
    CatalogError,
    ConflictError,
    InvalidInputError,
    TransientError,
)

# SQLSTATE, appendix A of PostgreSQL's manual.
_TRANSIENT = {
    "40001",  # serialization failure
    "40P01",  # deadlock detected
    "55P03",  # lock not available: lock_timeout
    "57014",  # query cancelled: statement_timeout
    "25006",  # read only: a standby that is not yet promoted
}
_TRANSIENT_CLASSES = ("08", "53", "57P", "58", "XX")
_CONFLICTS = {"23503", "23505", "23P01"}
_UNSTORABLE = {"22P05", "22021"}


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the driver raises as errors of the domain.

    What has no place there, such as a mistake in a statement, is left as it is.
    """
    try:
        yield
    except sa.exc.TimeoutError as exc:
        raise TransientError("no database connection became free") from exc
    except sa.exc.DBAPIError as exc:
        found = _error(exc)
        if found is None:
            raise
        raise found from exc
    except OSError as exc:
        raise TransientError("the database is away", detail=str(exc)) from exc


def _error(exc: sa.exc.DBAPIError) -> CatalogError | None:
    told = exc.orig.args[0] if exc.orig is not None and exc.orig.args else ""
    if not isinstance(told, dict):
        # Without a word from the server, the connection was lost or never made.
        return TransientError("the database is away", detail=str(told))
    state, detail = str(told.get("C", "")), str(told.get("M", ""))
    if state in _TRANSIENT or state.startswith(_TRANSIENT_CLASSES):
        return TransientError("the database is busy", state=state, detail=detail)
    if state in _CONFLICTS:
        return ConflictError(
            "it exists already, or is still referred to",
            constraint=str(told.get("n", "")),
        )
    if state in _UNSTORABLE:
        return InvalidInputError("a text that cannot be stored", detail=detail)
    return None
