"""The tables whose rows are handled one by one (the others: see the statements)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

_metadata = sa.MetaData()

tenant = sa.Table(
    "tenant",
    _metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("suspended_at", sa.DateTime(timezone=True)),
    sa.Column("settings", JSONB),
)
api_client = sa.Table(
    "api_client",
    _metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text),
    sa.Column("role", sa.Text),
    sa.Column("key_hash", sa.LargeBinary),
    sa.Column("key_prefix", sa.Text),
)
inbox = sa.Table(
    "inbox",
    _metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("consumer", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Uuid, primary_key=True),
)
source_mapping = sa.Table(
    "source_mapping",
    _metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("entity_id", sa.Uuid),
)
finding = sa.Table(
    "finding",
    _metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("entity_id", sa.Uuid, primary_key=True),
    sa.Column("producer", sa.Text, primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("code", sa.Text),
    sa.Column("level", sa.Text),
    sa.Column("field", sa.Text),
    sa.Column("message", sa.Text),
    sa.Column("fix", sa.Text),
    sa.Column("place", sa.Text),
    sa.Column("value", sa.Text),
)
review_item = sa.Table(
    "review_item",
    _metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text),
    sa.Column("entity_id", sa.Uuid),
    sa.Column("field", sa.Text),
    sa.Column("value", JSONB),
    sa.Column("source", sa.Text),
    sa.Column("confidence", sa.Double),
    sa.Column("reason", sa.Text),
    sa.Column("created_at", sa.DateTime(timezone=True)),
    sa.Column("alternatives", JSONB),
    sa.Column("settled_at", sa.DateTime(timezone=True)),
    sa.Column("outcome", sa.Text),
    sa.Column("settled_by", sa.Text),
    sa.Column("decided", JSONB),
)
export = sa.Table(
    "export",
    _metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text),
    sa.Column("format", sa.Text),
    sa.Column("status", sa.Text),
    sa.Column("requested_at", sa.DateTime(timezone=True)),
    sa.Column("requested_by", sa.Text),
    sa.Column("filters", JSONB),
    sa.Column("fields", ARRAY(sa.Text)),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
    sa.Column("object_name", sa.Text),
    sa.Column("row_count", sa.BigInteger),
    sa.Column("size_bytes", sa.BigInteger),
    sa.Column("reason", JSONB(none_as_null=True)),
    sa.Column("options", JSONB),
    sa.Column("result", JSONB),
)
validation = sa.Table(
    "validation",
    _metadata,
    sa.Column("tenant_id", sa.Text, primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("status", sa.Text),
    sa.Column("requested_at", sa.DateTime(timezone=True)),
    sa.Column("requested_by", sa.Text),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
    sa.Column("content", sa.LargeBinary),
    sa.Column("result", JSONB),
)
