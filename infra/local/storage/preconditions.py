"""Conditions a request puts on the object (or bucket) it is about.

The same four conditions come as query parameters (`ifGenerationMatch`), for a source
as `ifSourceGenerationMatch`, and as headers of the XML interface
(`x-goog-if-generation-match`); HTTP's own `If-Match` and `If-None-Match` speak of the
entity tag. A generation of 0 stands for "there is none".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

from .errors import InvalidError, NotModifiedError, PreconditionFailedError


class Versioned(Protocol):
    """What conditions are put on."""

    @property
    def generation(self) -> int: ...

    @property
    def metageneration(self) -> int: ...

    @property
    def etag(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Preconditions:
    """What must hold for a request to go ahead; None asks for nothing."""

    generation_match: int | None = None
    generation_not_match: int | None = None
    metageneration_match: int | None = None
    metageneration_not_match: int | None = None
    etag_match: str | None = None
    etag_not_match: str | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], prefix: str = "if") -> Preconditions:
        """Read query parameters; *prefix* is `ifSource` for the source of a copy."""
        return cls(
            generation_match=_number(query, f"{prefix}GenerationMatch"),
            generation_not_match=_number(query, f"{prefix}GenerationNotMatch"),
            metageneration_match=_number(query, f"{prefix}MetagenerationMatch"),
            metageneration_not_match=_number(query, f"{prefix}MetagenerationNotMatch"),
        )

    @classmethod
    def from_headers(cls, headers: Mapping[str, str]) -> Preconditions:
        """Read the headers of the XML interface; *headers* ignores case."""
        return cls(
            generation_match=_number(headers, "x-goog-if-generation-match"),
            metageneration_match=_number(headers, "x-goog-if-metageneration-match"),
            etag_match=headers.get("If-Match"),
            etag_not_match=headers.get("If-None-Match"),
        )

    @classmethod
    def from_facts(cls, facts: Mapping[str, int | str | None]) -> Preconditions:
        """Take back what `facts` gave."""
        return cls(**facts)  # type: ignore[arg-type]

    def facts(self) -> dict[str, int | str | None]:
        """Return the conditions as a flat mapping that JSON can hold."""
        return asdict(self)

    def require(self, current: Versioned | None, *, reading: bool = False) -> None:
        """Compare with *current*, the live object, or None where there is none.

        Raises:
            PreconditionFailedError: a condition does not hold.
            NotModifiedError: when *reading*, and a "not match" condition does not
                hold: the reader has this version already.
        """
        if not self._matches(current):
            raise PreconditionFailedError(
                "at least one of the preconditions did not hold"
            )
        if self._is_excluded(current):
            if reading:
                raise NotModifiedError("not modified")
            raise PreconditionFailedError(
                "at least one of the preconditions did not hold"
            )

    def _matches(self, current: Versioned | None) -> bool:
        generation = current.generation if current else 0
        if self.generation_match not in (None, generation):
            return False
        if self.metageneration_match is not None and (
            current is None or current.metageneration != self.metageneration_match
        ):
            return False
        return self.etag_match is None or _has_tag(self.etag_match, current)

    def _is_excluded(self, current: Versioned | None) -> bool:
        generation = current.generation if current else 0
        if self.generation_not_match == generation:
            return True
        if (
            current is not None
            and self.metageneration_not_match == current.metageneration
        ):
            return True
        return self.etag_not_match is not None and _has_tag(
            self.etag_not_match, current
        )


UNCONDITIONAL = Preconditions()


def _has_tag(header: str, current: Versioned | None) -> bool:
    if current is None:
        return False
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")}
    return "*" in tags or current.etag in tags


def _number(values: Mapping[str, str], name: str) -> int | None:
    text = values.get(name)
    if text is None:
        return None
    try:
        return int(text)
    except ValueError as exc:
        raise InvalidError("not a number", parameter=name, value=text) from exc
