"""From a URL to a pool of connections."""

from __future__ import annotations

import socket
from typing import Any

import sqlalchemy as sa

from shared.adapters.postgres.prepared import prepare_statements

_APPLICATION = "linernotes"


def open_engine(url: str, *, pool_size: int = 4) -> sa.Engine:
    """Return an engine of the pure-Python driver; nothing is opened yet.

    Args:
        url: `postgresql+pg8000://user:password@host:port/database`; with
            `?unix_sock=/folder/.s.PGSQL.5432` over that socket (Cloud SQL's way).
        pool_size: Connections kept; half as many more may be opened for a while.
    """
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size // 2,
        pool_timeout=20,
        pool_recycle=1800,
        # A restarted server is noticed before work begins, not in its middle.
        pool_pre_ping=True,
        connect_args={
            "application_name": _APPLICATION,
            "startup_params": {"TimeZone": "UTC"},
        },
    )
    sa.event.listen(engine, "connect", _send_at_once)
    prepare_statements(engine)
    return engine


def _send_at_once(connection: Any, _: object) -> None:
    """Do not let the end of a large statement wait 40 ms for the server's ACK."""
    link = connection._usock  # noqa: SLF001 - the driver offers no other way
    if link.family in (socket.AF_INET, socket.AF_INET6):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
