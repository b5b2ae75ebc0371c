"""Lists: one page for a query, and the cursor for the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.responses import Response

from shared.ports.queries import Page, Place

from ..operations import Call, listed
from ..pagination import DEFAULT_LIMIT, next_link


def paged(
    call: Call,
    question: Sequence[str],
    ask: Callable[[int, Place], Page],
) -> Response:
    """Return the page that *call* wants.

    Args:
        question: What a cursor is for: the order and the filters.
        ask: Returns a page, given a limit and the place after which it begins.
    """
    cursors = call.services.cursors
    whole_question = (call.tenant_id, call.path, *question)
    cursor = call.query.get("cursor")
    after = cursors.read(whole_question, cursor) if cursor else ()
    page = ask(call.query.get("limit", DEFAULT_LIMIT), after)
    if not page.last:
        return listed(page.items, None)
    following = cursors.write(whole_question, page.last)
    asked = {name: text for name, text in call.asked.items() if name != "cursor"}
    return listed(
        page.items, following, {"link": next_link(call.path, asked, following)}
    )


def filters_of(call: Call, names: Sequence[str]) -> dict[str, str]:
    """Return the filters among the parameters of *call*, as text."""
    return {name: str(call.query[name]) for name in names if name in call.query}
