"""Cursors: the place of a page's last entry, signed, for whoever wants the next.

A cursor holds values, not a count of rows: entries that appear or go while somebody
pages neither repeat nor hide others. It belongs to one question: with other filters
or another order it is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from shared.ports.queries import Place

from .problems import BadRequestError

MAX_LIMIT = 200
DEFAULT_LIMIT = 50

_SIGNATURE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes and reads the cursors of one deployment."""

    secret: str

    def write(self, question: Sequence[str], place: Sequence[str | None]) -> str:
        """Return the cursor of *place* in the answers to *question*."""
        body = json.dumps(list(place), separators=(",", ":")).encode()
        return (
            base64.urlsafe_b64encode(self._signature(question, body) + body)
            .decode()
            .rstrip("=")
        )

    def read(self, question: Sequence[str], cursor: str) -> Place:
        """Return the place that `write` was given.

        Raises:
            BadRequestError: It is damaged, forged, or of another question.
        """
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            raw = base64.b64decode(padded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as exc:
            raise _refused() from exc
        signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(question, body)):
            raise _refused()
        return tuple(json.loads(body))

    def _signature(self, question: Sequence[str], body: bytes) -> bytes:
        said = json.dumps([*question], separators=(",", ":")).encode() + b"\0" + body
        key = f"cursor:{self.secret}".encode()
        return hmac.new(key, said, hashlib.sha256).digest()[:_SIGNATURE_BYTES]


def _refused() -> BadRequestError:
    return BadRequestError(
        "the cursor is not one that this list gave for these filters and this order",
        parameter="cursor",
    )


def next_link(path: str, parameters: Mapping[str, str], cursor: str) -> str:
    """Return the Link header's value for the next page (RFC 8288)."""
    return f'<{path}?{urlencode({**parameters, "cursor": cursor})}>; rel="next"'
