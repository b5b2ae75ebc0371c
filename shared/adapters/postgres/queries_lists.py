"""Lists of entries: filters, orders, and pages that begin after a place.

A page begins after the values that the entry before it had, not after a number of
rows: so entries that appear or go in between neither repeat nor hide others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import sqlalchemy as sa

from shared.adapters.postgres.queries_json import EMBEDDED, entry_json
from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError
from shared.ports.queries import PageQuery, Place, Sort

_MOST_WORDS = 8

_CREDITED = """EXISTS (SELECT FROM credit c WHERE c.tenant_id = :tenant
  AND c.party_id = CAST(:artist_id AS uuid) AND c.kind = '{kind}'
  AND c.entity_id = e.id)"""
_GENRE = """EXISTS (SELECT FROM jsonb_array_elements_text(e.facts -> 'genres') AS g
  WHERE lower(g) = :genre)"""
_MUSIC = {
    "title": "e.title_sort LIKE :title",
    "artist": "e.artist_sort LIKE :artist",
    "label": "lower(e.label) LIKE :label",
    "genre": _GENRE,
    "year_min": "e.release_date >= :year_min",
    "year_max": "left(e.release_date, 4) <= :year_max",
}
_ANY_ENTRY = {
    "quality_min": "e.quality >= CAST(:quality_min AS double precision)",
    "quality_max": "e.quality <= CAST(:quality_max AS double precision)",
    "updated_since": "e.updated_at >= CAST(:updated_since AS timestamptz)",
}
CONDITIONS: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        Kind.RECORDING: {
            **_MUSIC,
            **_ANY_ENTRY,
            "artist_id": _CREDITED.format(kind="recording"),
            "isrc": "e.isrc = :isrc",
            "iswc": "e.iswc = :iswc",
            "release_id": """EXISTS (SELECT FROM track_position p
              WHERE p.tenant_id = :tenant AND p.recording_id = e.id
              AND p.release_id = CAST(:release_id AS uuid)
              AND p.deleted_at IS NULL)""",
            "language": "e.language = :language",
            "bpm_min": "e.bpm >= CAST(:bpm_min AS double precision)",
            "bpm_max": "e.bpm <= CAST(:bpm_max AS double precision)",
            "key": "e.key = :key",
            "camelot": "e.facts ->> 'camelot' = :camelot",
        },
        Kind.RELEASE: {
            **_MUSIC,
            **_ANY_ENTRY,
            "artist_id": _CREDITED.format(kind="release"),
            "gtin": "e.gtin = :gtin",
            "catalog_number": "e.catalog_number = :catalog_number",
        },
        Kind.PARTY: {
            "name": "lower(e.name) LIKE :name",
            "role": """EXISTS (SELECT FROM credit c WHERE c.tenant_id = :tenant
              AND c.party_id = e.id AND c.role = :role)""",
            "updated_since": _ANY_ENTRY["updated_since"],
        },
    }
)
_PERFORMS = """EXISTS (SELECT FROM credit c WHERE c.tenant_id = :tenant
  AND c.party_id = e.id AND c.field = 'artists')"""

_CONTAINED = frozenset({"title", "artist", "label", "name"})


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of an order, and its type, so that a place can be told as text."""

    column: str
    type: str = "text"


_INSTANTS = {
    "created_at": _Key("e.created_at", "timestamptz"),
    "updated_at": _Key("e.updated_at", "timestamptz"),
    "quality": _Key("e.quality", "double precision"),
}
_TITLED = {
    "title": _Key("e.title_sort"),
    "artist": _Key("e.artist_sort"),
    "release_date": _Key("e.release_date"),
    "label": _Key("lower(e.label)"),
}
ORDERS: Mapping[Kind, Mapping[str, _Key]] = MappingProxyType(
    {
        Kind.RECORDING: {
            **_INSTANTS,
            **_TITLED,
            "isrc": _Key("e.isrc"),
            "bpm": _Key("e.bpm", "double precision"),
            "key": _Key("e.key"),
            "duration_ms": _Key("e.duration_ms", "bigint"),
        },
        Kind.RELEASE: {
            **_INSTANTS,
            **_TITLED,
            "gtin": _Key("e.gtin"),
            "catalog_number": _Key("e.catalog_number"),
        },
        Kind.PARTY: {**_INSTANTS, "name": _Key("e.name_sort")},
    }
)


@dataclass(frozen=True, slots=True)
class _Form:
    """All of a query that its statement depends on; values are left out."""

    kind: Kind
    filters: tuple[str, ...]
    words: int
    sort: tuple[Sort, ...]
    known: tuple[bool, ...]
    sparse: bool
    provenance: bool


def list_statement(
    tenant_id: str, kind: Kind, query: PageQuery
) -> tuple[sa.TextClause, dict[str, object]]:
    """Return the statement of a page, and its parameters.

    Raises:
        InvalidInputError: There is no such filter or sort key, or the place is not
            of this order.
    """
    words = query.filters.get("q", "").lower().split()[:_MOST_WORDS]
    if query.after and len(query.after) != len(query.sort) + 1:
        raise InvalidInputError("a place of another order", keys=len(query.sort))
    form = _Form(
        kind=kind,
        filters=tuple(sorted(set(query.filters) - {"q"})),
        words=len(words),
        sort=query.sort,
        known=tuple(value is not None for value in query.after),
        sparse=bool(query.fields),
        provenance=query.provenance,
    )
    parameters: dict[str, object] = {"tenant": tenant_id, "limit": query.limit + 1}
    for name in form.filters:
        parameters[name] = _operand(name, query.filters[name])
    parameters |= {f"word_{n}": _containing(word) for n, word in enumerate(words)}
    parameters |= _place_parameters(query.after)
    if form.sparse:
        parameters["fields"] = list(query.fields)
    return _statement(form), parameters


def _operand(name: str, value: str) -> object:
    if name in _CONTAINED:
        return _containing(value.lower())
    if name == "genre":
        return value.lower()
    return value


def _containing(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _place_parameters(after: Place) -> dict[str, object]:
    return {f"at_{n}": value for n, value in enumerate(after) if value is not None}


@lru_cache(maxsize=512)
def _statement(form: _Form) -> sa.TextClause:
    keys = [(_key(form.kind, sort), sort.descending) for sort in form.sort]
    descending = form.sort[-1].descending if form.sort else False
    keys.append((_Key("e.id", "uuid"), descending))
    places = ", ".join(
        f"CAST({key.column} AS text) AS at_{n}" for n, (key, _) in enumerate(keys)
    )
    order = ", ".join(f"{key.column} {'DESC' if d else 'ASC'}" for key, d in keys)
    conditions = _conditions(form)
    if form.known:
        conditions.append(_after(keys, form.known))
    return sa.text(
        f"SELECT CAST({_item(form)} AS text) AS item, {places} FROM {form.kind} e "  # noqa: S608 - all of it is ours, values are parameters
        f"WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT :limit"
    )


def _item(form: _Form) -> str:
    entry = entry_json("e", sparse=form.sparse, provenance=form.provenance)
    if form.kind is Kind.PARTY:
        counts = EMBEDDED[Kind.PARTY]["counts"]
        entry += f" || jsonb_build_object('counts', {counts})"
    return entry


def _conditions(form: _Form) -> list[str]:
    known = CONDITIONS[form.kind]
    unknown = [name for name in form.filters if name not in known]
    if unknown:
        raise InvalidInputError("no such filter", names=unknown, known=sorted(known))
    found = ["e.tenant_id = :tenant", "e.deleted_at IS NULL"]
    if form.kind is Kind.PARTY:
        found.append(_PERFORMS)
    found += [known[name] for name in form.filters]
    found += [f"e.search_text LIKE :word_{n}" for n in range(form.words)]
    return found


def _key(kind: Kind, sort: Sort) -> _Key:
    known = ORDERS[kind]
    if sort.name not in known:
        raise InvalidInputError("no such order", name=sort.name, known=sorted(known))
    return known[sort.name]


def _after(keys: list[tuple[_Key, bool]], known: tuple[bool, ...]) -> str:
    """Return the condition of standing after a place, empty values included.

    PostgreSQL puts what is empty last, or first where the order is turned round.
    """
    alternatives = []
    equal: list[str] = []
    for n, (key, descending) in enumerate(keys):
        beyond = _beyond(key, n, descending=descending, known=known[n])
        if beyond:
            alternatives.append(" AND ".join([*equal, beyond]))
        equal.append(
            f"{key.column} = {_at(key, n)}" if known[n] else f"{key.column} IS NULL"
        )
    return f"({' OR '.join(f'({part})' for part in alternatives)})"


def _beyond(key: _Key, n: int, *, descending: bool, known: bool) -> str:
    if not known:
        return f"{key.column} IS NOT NULL" if descending else ""
    if descending:
        return f"{key.column} < {_at(key, n)}"
    return f"({key.column} > {_at(key, n)} OR {key.column} IS NULL)"


def _at(key: _Key, n: int) -> str:
    return f"CAST(:at_{n} AS {key.type})"
