"""What is kept beside the catalog: pictures, and what was wrong with a file."""

from __future__ import annotations

from contextlib import suppress

from shared.domain.errors import ConflictError
from shared.domain.uploads import upload_id
from shared.ports.object_store import ObjectStore

from .notification import ObjectFinalized
from .readings import Reading


def keep_pictures(store: ObjectStore, tenant_id: str, reading: Reading) -> None:
    """Store the pictures of *reading*, each once."""
    for picture in reading.pictures:
        with suppress(ConflictError):  # Named by its content: it is there already.
            store.create(
                f"{tenant_id}/{picture.name}",
                picture.content,
                content_type=picture.mime_type,
            )


def keep_errors(store: ObjectStore, event: ObjectFinalized, reading: Reading) -> str:
    """Store what was wrong with the file's records as a table; return where.

    Empty where nothing was.
    """
    if reading.errors is None or not reading.errors.counts["findings"]:
        return ""
    name = f"{event.tenant_id}/errors/{upload_id(event.uri)}/{event.generation}.csv"
    content = b"".join(reading.errors.chunks())
    with suppress(ConflictError):  # The same file said the same of it before.
        store.create(name, content, content_type="text/csv")
    return f"{store.base_uri}/{name}"
