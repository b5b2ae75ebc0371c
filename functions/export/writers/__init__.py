"""The formats a file can have, behind one interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from shared.domain.claims import Kind
from shared.domain.decisions import ExportFormat

from .csv import CsvWriter
from .interface import Stream, Writer
from .json_array import JsonArrayWriter
from .json_lines import JsonLinesWriter
from .xml import XmlWriter

__all__ = ["CONTENT_TYPES", "Stream", "Writer", "writer"]

CONTENT_TYPES: Mapping[ExportFormat, str] = MappingProxyType(
    {
        ExportFormat.CSV: "text/csv; charset=utf-8; header=present",
        ExportFormat.JSON: "application/json",
        ExportFormat.JSON_LINES: "application/jsonl",
        ExportFormat.XML: "application/xml",
    }
)
_WRITERS: Mapping[ExportFormat, type[Writer]] = MappingProxyType(
    {
        ExportFormat.CSV: CsvWriter,
        ExportFormat.JSON: JsonArrayWriter,
        ExportFormat.JSON_LINES: JsonLinesWriter,
        ExportFormat.XML: XmlWriter,
    }
)


def writer(
    form: ExportFormat, stream: Stream, kind: Kind, columns: Sequence[str]
) -> Writer:
    """Return what writes rows of *columns* into *stream* in *form*."""
    return _WRITERS[form](stream, kind, columns)
