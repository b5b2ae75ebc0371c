"""Reading the catalog for an answer: pages, entries, feeds.

What is asked for most comes as JSON text that the database built, ready to send.
Everything is of one tenant, and nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.domain.claims import JsonValue, Kind
from shared.domain.decisions import ReviewItem
from shared.ports.audio_queries import AudioQueries

Place = tuple[str | None, ...]
"""Where an entry stands in an order: its sort keys as text, and its id."""


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Whom an API key belongs to, and what they may do."""

    client_id: str
    name: str
    tenant_id: str
    role: str


@dataclass(frozen=True, slots=True)
class Sort:
    """One key of an order."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PageQuery:
    """Which entries, in which order, how many, and after which.

    Attributes:
        filters: By name, as `shared.ports.queries.FILTERS` lists them; all must hold.
        sort: The keys of the order; the entry's id decides between equals.
        limit: How many entries at most.
        after: The last entry's place, as a page told it; empty for the first page.
        fields: Which fields to tell; empty for all.
        provenance: Tell also why each value is believed.
    """

    filters: Mapping[str, str] = field(default_factory=dict)
    sort: tuple[Sort, ...] = ()
    limit: int = 50
    after: Place = ()
    fields: tuple[str, ...] = ()
    provenance: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Entries as JSON texts, and the last one's place where more follow."""

    items: Sequence[str]
    last: Place = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry as JSON, and what HTTP asks of it.

    Attributes:
        body: The JSON text; empty for a tombstone.
        etag: Of the entry's version, without quotes.
        merged_into: Where a tombstone redirects to, if it was a merge.
    """

    body: bytes
    etag: str
    version: int
    updated_at: datetime
    deleted_at: datetime | None = None
    merged_into: UUID | None = None


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Changes after a number, oldest first.

    Attributes:
        items: Events as JSON texts.
        next_since: Ask with this for what comes next; nothing is missed.
        more: There are further changes now.
    """

    items: Sequence[str]
    next_since: int
    more: bool


FILTERS: Mapping[Kind, tuple[str, ...]] = {
    Kind.RECORDING: (
        "q",
        "title",
        "artist",
        "artist_id",
        "isrc",
        "iswc",
        "release_id",
        "label",
        "genre",
        "language",
        "year_min",
        "year_max",
        "bpm_min",
        "bpm_max",
        "key",
        "camelot",
        "quality_min",
        "quality_max",
        "updated_since",
    ),
    Kind.RELEASE: (
        "q",
        "title",
        "artist",
        "artist_id",
        "gtin",
        "catalog_number",
        "label",
        "genre",
        "year_min",
        "year_max",
        "quality_min",
        "quality_max",
        "updated_since",
    ),
    Kind.PARTY: ("q", "name", "role", "updated_since"),
}
"""The filters of each kind, by the names that the list endpoints give them."""

SORTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.RECORDING: (
        "title",
        "artist",
        "isrc",
        "bpm",
        "key",
        "duration_ms",
        "release_date",
        "label",
        "quality",
        "created_at",
        "updated_at",
    ),
    Kind.RELEASE: (
        "title",
        "artist",
        "gtin",
        "catalog_number",
        "release_date",
        "label",
        "quality",
        "created_at",
        "updated_at",
    ),
    Kind.PARTY: ("name", "quality", "created_at", "updated_at"),
}
"""The keys that each kind can be ordered by."""


class CatalogQueries(AudioQueries, Protocol):
    """Reads of one tenant. All raise TransientError while the database is away."""

    def reached(self) -> bool:
        """Return whether the database answers."""
        ...

    def api_client(self, key_hash: str) -> ApiClient | None:
        """Return whose key has this hash (lower-case hexadecimal), if it is valid."""
        ...

    def entry(
        self, tenant_id: str, kind: Kind, entity_id: UUID, include: frozenset[str]
    ) -> Stored | None:
        """Return an entry with what *include* names, tombstones too.

        `provenance` is known for every kind; `releases` and `resources` for
        recordings, `tracks` and `resources` for releases, `counts` for parties.
        """
        ...

    def page(self, tenant_id: str, kind: Kind, query: PageQuery) -> Page:
        """Return the entries *query* asks for.

        Of parties only those that perform: who is credited as an artist.

        Raises:
            InvalidInputError: There is no such filter or sort key.
        """
        ...

    def updates(
        self, tenant_id: str, since: int, limit: int, kinds: Sequence[Kind] = ()
    ) -> FeedPage:
        """Return the changes numbered above *since*; of all kinds if none are named."""
        ...

    def upload(self, tenant_id: str, upload_id: UUID) -> bytes | None:
        """Return an upload as JSON, or None where it is unknown; nothing is held."""
        ...

    def uploads(self, tenant_id: str, stage: str, limit: int, after: Place) -> Page:
        """Return uploads, newest first; those at *stage*, or all where it is empty."""
        ...

    def exports(self, tenant_id: str, limit: int, after: Place) -> Page:
        """Return exports, newest first."""
        ...

    def reviews(
        self,
        tenant_id: str,
        filters: Mapping[str, str],
        limit: int,
        after: Place,
    ) -> Page:
        """Return open review items, least sure first.

        Filters: `kind`, `entity_id`, `field`.
        """
        ...

    def review(self, tenant_id: str, review_id: UUID) -> ReviewItem | None:
        """Return the open item, or None where it is unknown or settled."""
        ...


def review_json(item: ReviewItem) -> dict[str, JsonValue]:
    """Return *item* as the API shows it."""
    return {
        "id": str(item.id),
        "kind": str(item.kind),
        "entity_id": str(item.entity_id),
        "field": item.field,
        "value": item.value,
        "source": item.source,
        "confidence": item.confidence,
        "reason": item.reason,
        "alternatives": list(item.alternatives),
        "created_at": item.created_at.isoformat(),
    }
