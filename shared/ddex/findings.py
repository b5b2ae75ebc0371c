"""What a check has to say: each finding with its rule, its place and its remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.domain.claims import JsonValue
from shared.domain.findings import Finding, Level


@dataclass(frozen=True, slots=True)
class MessageFinding:
    """One thing that is wrong with a message.

    Attributes:
        code: `ERN-` and the rule's id, such as `ERN-T02`.
        line: From 1; 0 where the whole file is meant.
        column: From 1, of the start tag; 0 where it is not known.
        xpath: Of the element; prefixes are those of the message's own root.
        value: The offending value, as written.
        source: The clause that the rule follows.
        status: The `ErncFileStatus` that a recipient is likely to answer with.
    """

    code: str
    level: Level
    message: str
    fix: str
    source: str
    line: int = 0
    column: int = 0
    xpath: str = ""
    value: str = ""
    status: str = ""

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "code": self.code,
            "level": self.level.name,
            "line": self.line,
            "column": self.column,
            "xpath": self.xpath,
            "value": self.value,
            "message": self.message,
            "source": self.source,
            "status": self.status,
            "fix": self.fix,
        }

    def to_finding(self) -> Finding:
        """Return the same as the catalog stores it."""
        place = f"{self.line}:{self.column} {self.xpath}".strip()
        return Finding(
            code=self.code,
            level=self.level,
            field="",
            message=self.message,
            fix=self.fix,
            place=place if self.line else "",
            value=self.value or None,
        )

    def at(self, line: int, column: int) -> MessageFinding:
        return replace(self, line=line, column=column)


def in_order(findings: Iterable[MessageFinding]) -> tuple[MessageFinding, ...]:
    """Return *findings* in the order of the message, each said once."""
    return tuple(
        sorted(
            set(findings),
            key=lambda f: (f.line, f.column, f.code, f.xpath, f.value, f.message),
        )
    )
