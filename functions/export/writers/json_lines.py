"""JSON lines: an object per line, nothing around them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from shared.domain.claims import JsonValue

from .interface import Writer


class JsonLinesWriter(Writer):
    def open(self) -> None:
        """Write nothing: the first line is the first row."""

    def row(self, values: Mapping[str, JsonValue]) -> None:
        self.write(f"{json_object(values)}\n")

    def close(self) -> None:
        """Write nothing: a line ends with its own end."""


def json_object(values: Mapping[str, JsonValue]) -> str:
    """Return *values* on one line: JSON escapes every line end within a text."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
