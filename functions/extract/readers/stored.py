"""The uploaded file itself, as a resource: what its bytes were."""

from __future__ import annotations

from shared.domain.claims import Claim, Kind, SourceRecord

from ..copying import LocalCopy
from ..staging import Origin


def stored_file(
    copy: LocalCopy, origin: Origin, kind: str, mime_type: str
) -> SourceRecord:
    """Return the record of a file that carries metadata alone."""
    return origin.record(
        Kind.RESOURCE,
        (f"object:{origin.uri}",),
        "file",
        [
            Claim("type", kind),
            Claim("uri", origin.uri),
            Claim("mime_type", mime_type),
            Claim("sha256", copy.sums.sha256),
            Claim("crc32c", copy.sums.crc32c),
            Claim("size_bytes", copy.sums.size_bytes),
        ],
    )
