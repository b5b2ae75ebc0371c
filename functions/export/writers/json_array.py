"""One JSON array, an object per row."""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.claims import JsonValue

from .interface import Writer
from .json_lines import json_object


class JsonArrayWriter(Writer):
    _between = "[\n"

    def open(self) -> None:
        self._between = "[\n"

    def row(self, values: Mapping[str, JsonValue]) -> None:
        self.write(f"{self._between}{json_object(values)}")
        self._between = ",\n"

    def close(self) -> None:
        self.write("\n]\n" if self._between == ",\n" else "[]\n")
