"""Statements that the server parses once per connection.

The driver asks the server three times per statement (parse, describe, execute), and
reads the statement letter by letter to number its parameters. Ours are few and come
again and again, so that each connection keeps them prepared: one question remains.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from pg8000.core import make_params
from pg8000.dbapi import convert_paramstyle

# Beyond this many, a connection treats new statements as the driver would: lists that
# filter and sort by anything would fill the server's memory otherwise.
_KEPT = 200
# A plan made while a table was empty does not suit it for long.
_PLANS_LAST_S = 10.0


def prepare_statements(engine: sa.Engine) -> None:
    """Let every connection of *engine* keep its statements prepared."""
    sa.event.listen(engine, "do_execute", _execute)


def _execute(
    cursor: Any,
    statement: str,
    parameters: Sequence[object],
    context: Any,
) -> bool:
    """Run *statement* prepared; False leaves it to SQLAlchemy."""
    # The engine's own first questions have no parameters, and no pool behind them.
    if not parameters:
        return False
    connection = context.root_connection.connection
    known: dict[str, tuple[Any, ...]] = connection.info.setdefault("prepared", {})
    if statement not in known and len(known) >= _KEPT:
        return False
    driver = connection.driver_connection
    _plan_anew(driver, connection.info)
    if not driver._in_transaction and not driver.autocommit:  # noqa: SLF001 - as the driver's own cursor does
        driver.execute_simple("begin transaction")
    if statement not in known:
        text = _numbered(statement, len(parameters))
        known[statement] = (*driver.prepare_statement(text, ()), text)
    name, columns, readers, text = known[statement]
    values = make_params(driver.py_types, parameters)
    done = driver.execute_named(name, values, columns, readers, text)
    cursor._context = done  # noqa: SLF001 - where the driver's cursor keeps its answer
    cursor._row_iter = iter(done.rows or ())  # noqa: SLF001
    return True


def _plan_anew(driver: Any, info: dict[str, Any]) -> None:
    now = time.monotonic()
    if now - info.setdefault("planned_s", now) > _PLANS_LAST_S:
        info["planned_s"] = now
        driver.execute_simple("DISCARD PLANS")


@lru_cache(maxsize=1000)
def _numbered(statement: str, count: int) -> str:
    text: str = convert_paramstyle("format", statement, range(count))[0]
    return text
