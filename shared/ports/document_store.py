"""Documents that clients watch in real time, guarded by version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.domain.claims import JsonValue


@dataclass(frozen=True, slots=True)
class Mirror:
    """One document as it should be, unless a later version is there already.

    Attributes:
        path: Collection and id in turn: `tenants/t1/tracks/0190…`.
        version: Only a higher one replaces what is there.
        content: The document; None removes it, leaving its version as a guard.
    """

    path: str
    version: int
    content: Mapping[str, JsonValue] | None


class DocumentStore(Protocol):
    def write(self, mirrors: Sequence[Mirror]) -> None:
        """Write each document unless a version at least as high is there.

        Of several mirrors of one path the highest version counts. A document larger
        than the store takes is written without its long values, marked `oversized`.

        Raises:
            TransientError: Some may not have been written; writing again is safe.
            InvalidInputError: The store cannot hold one of them; all others were
                written.
        """
        ...

    def read(self, path: str) -> Mapping[str, JsonValue] | None:
        """Return the document without its guard, or None where it is not there."""
        ...
