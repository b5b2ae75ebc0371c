"""What a file says, gathered: good values as claims, bad ones as findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.fields import parsed

# A finding quotes what it is about; nobody needs a megabyte of it.
_QUOTED_CHARACTERS = 200
# A damaged frame can split into a hundred bad values that all say the same.
_MOST_OF_A_CODE = 5


@dataclass(frozen=True, slots=True)
class FieldClaim:
    """One `field → value` that a file states, canonical for its field.

    Attributes:
        confidence: From 0 to 1; 1 for a well-formed, explicit statement.
        frames: Where it stands in the file, as the file names it (`TXXX:BARCODE`).
    """

    kind: Kind
    field: str
    value: JsonValue
    confidence: float = 1.0
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Something in a file that is not as it should be, and was not claimed.

    Attributes:
        code: Stable: `invalid-isrc`, `conflicting-title`, `repaired-encoding` …
        field: The catalog field it would have been, or empty.
        line: In a text file, counted from 1.
        fix: The way out, where it is another than correcting the value.
    """

    code: str
    field: str
    message: str
    value: str
    line: int | None = None
    fix: str = ""


@dataclass(slots=True)
class Statements:
    """Collects what one file, row or element says.

    The first good value of a field stands. A later one that differs becomes a
    finding, because a source record says one thing about one field.
    """

    findings: list[FileFinding] = field(default_factory=list)
    line: int | None = None
    _said: dict[tuple[Kind, str], FieldClaim] = field(default_factory=dict)

    @property
    def claims(self) -> list[FieldClaim]:
        """What was claimed, in the order it was said."""
        return list(self._said.values())

    def say(
        self,
        kind: Kind,
        name: str,
        value: object,
        confidence: float = 1.0,
        frames: Iterable[str] = (),
    ) -> bool:
        """Claim *value* for field *name* of *kind*; False where it was not claimed."""
        try:
            canonical = parsed(kind, name, value)
        except InvalidInputError as exc:
            self.doubt(f"invalid-{_code(name)}", name, exc.message, value)
            return False
        said = self._said.get((kind, name))
        if said is None:
            claim = FieldClaim(kind, name, canonical, float(confidence), tuple(frames))
            self._said[kind, name] = claim
        elif said.value != canonical:
            self.doubt(
                f"conflicting-{_code(name)}",
                name,
                "the file says something else elsewhere",
                value,
            )
        return said is None

    def say_all(self, kind: Kind, values: Mapping[str, object]) -> None:
        """Claim each of *values*, by field, that is neither empty nor None."""
        for name, value in values.items():
            if value is not None and value not in ("", []):
                self.say(kind, name, value)

    def said(self, kind: Kind, name: str) -> FieldClaim | None:
        """Return the claim that stands for field *name* of *kind*."""
        return self._said.get((kind, name))

    def unsay(self, kind: Kind) -> None:
        """Take back all that was said of *kind*."""
        kept = (claim for claim in self.claims if claim.kind is not kind)
        self._said = {(claim.kind, claim.field): claim for claim in kept}

    def doubt(
        self, code: str, name: str, message: str, value: object, fix: str = ""
    ) -> None:
        """Record a finding, once; of many alike only the first few."""
        quoted = str(value)[:_QUOTED_CHARACTERS]
        finding = FileFinding(code, name, message, quoted, self.line, fix)
        alike = sum(known.code == code for known in self.findings)
        if finding not in self.findings and alike < _MOST_OF_A_CODE:
            self.findings.append(finding)


def _code(name: str) -> str:
    return name.replace("_", "-")
