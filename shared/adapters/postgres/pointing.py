"""Which entries name a release or recording: found by the keys that mean it.

Deals, deliveries and messages keep the key they were told; whose it is stands in
`source_mapping` alone, so nothing has to follow when a key moves.
"""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa

from shared.adapters.postgres.rows import ENTITY_COLUMNS
from shared.domain.claims import Kind

_BY_KEY = """
    SELECT {columns} FROM source_mapping m
    JOIN {kind} e ON e.tenant_id = :tenant AND e.{of}_key = m.key
    WHERE m.tenant_id = :tenant AND m.kind = :of
      AND m.entity_id = CAST(:entity AS uuid) AND e.deleted_at IS NULL
    ORDER BY e.id
"""
_BY_LIST = """
    SELECT DISTINCT ON (e.id) {columns} FROM source_mapping m
    JOIN {kind} e ON e.tenant_id = :tenant
      AND e.facts -> '{of}s' @> to_jsonb(ARRAY[m.key])
    WHERE m.tenant_id = :tenant AND m.kind = :of
      AND m.entity_id = CAST(:entity AS uuid) AND e.deleted_at IS NULL
    ORDER BY e.id
"""


@cache
def pointing_statement(kind: Kind, of: Kind) -> sa.TextClause:
    """Return the statement of the living entries of *kind* that name one of *of*."""
    form = _BY_LIST if kind is Kind.MESSAGE else _BY_KEY
    return sa.text(form.format(columns=ENTITY_COLUMNS, kind=kind, of=of))
