"""From a query to rows: which columns there are, and their values, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from shared.domain.claims import JsonValue, Kind
from shared.domain.decisions import EXPORT_PROVENANCE
from shared.domain.errors import InvalidInputError
from shared.domain.fields import FIELDS
from shared.ports.queries import Page, PageQuery

PROVENANCE: Final = EXPORT_PROVENANCE
"""Among the fields asked for: tell also where each value is from."""

_PAGE: Final = 500
_WHY: Final = ("source", "confidence")


class Lists(Protocol):
    """What an export needs of `shared.ports.queries.CatalogQueries`."""

    def page(self, tenant_id: str, kind: Kind, query: PageQuery) -> Page: ...


@dataclass(frozen=True, slots=True)
class Columns:
    """What a row has, in order.

    Attributes:
        fields: The catalog's fields.
        provenance: Whether `<field>__source` and `<field>__confidence` follow each.
    """

    kind: Kind
    fields: tuple[str, ...]
    provenance: bool

    @classmethod
    def asked(cls, kind: Kind, fields: Sequence[str]) -> Columns:
        """Return the columns for *fields*, or for all where none are named.

        Raises:
            InvalidInputError: The kind has no such field.
        """
        named = [name for name in dict.fromkeys(fields) if name != PROVENANCE]
        unknown = [name for name in named if name not in FIELDS[kind]]
        if unknown:
            raise InvalidInputError("no such field", kind=str(kind), fields=unknown)
        return cls(kind, tuple(named or FIELDS[kind]), PROVENANCE in fields)

    @property
    def names(self) -> tuple[str, ...]:
        """Return all columns' names: what every row has is around the fields."""
        return ("id", "version", *self._of_fields(), "quality", "updated_at")

    def row(self, entry: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        """Return *entry*, as a list tells it, as one value or None per column."""
        found: dict[str, JsonValue] = {name: entry.get(name) for name in self.names}
        sources = entry.get("provenance")
        if self.provenance and isinstance(sources, dict):
            for name in self.fields:
                why = sources.get(name)
                if isinstance(why, dict):
                    found |= {f"{name}__{part}": why.get(part) for part in _WHY}
        return found

    def _of_fields(self) -> Iterator[str]:
        for name in self.fields:
            yield name
            if self.provenance:
                yield from (f"{name}__{part}" for part in _WHY)


def rows(
    lists: Lists, tenant_id: str, columns: Columns, filters: Mapping[str, str]
) -> Iterator[dict[str, JsonValue]]:
    """Yield a row per entry that *filters* leave, by id.

    Read in pages of 500, each beginning after the id before it: an entry is told at
    most once, and one that is there all the while is told. What changes meanwhile is
    told as it is when its page is read.

    Raises:
        InvalidInputError: There is no such filter, or its value is none.
    """
    query = PageQuery(filters=filters, limit=_PAGE, provenance=columns.provenance)
    while True:
        page = lists.page(tenant_id, columns.kind, query)
        for item in page.items:
            yield columns.row(json.loads(item))
        if not page.last:
            return
        query = replace(query, after=page.last)
