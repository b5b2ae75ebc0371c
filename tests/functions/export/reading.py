"""How a reader of the files would read them: nothing here is the writers' code."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from typing import Any

from lxml import etree

from functions.export.writers import writer
from shared.domain.claims import Kind
from shared.domain.decisions import ExportFormat


def written(form: str, columns: tuple[str, ...], *rows: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    out = writer(ExportFormat(form), stream, Kind.RECORDING, columns)
    out.open()
    for row in rows:
        out.row(row)
    out.close()
    return stream.getvalue()


def read_csv(content: bytes) -> list[dict[str, str]]:
    lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    return [
        {name: cell.removeprefix("'") for name, cell in row.items()}
        for row in csv.DictReader(lines)
    ]


def read_json(content: bytes) -> list[dict[str, Any]]:
    return json.loads(content)


def read_json_lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.split(b"\n")[:-1]]


def read_xml(content: bytes) -> list[dict[str, str]]:
    root = etree.fromstring(content)
    return [{part.tag: part.text or "" for part in row} for row in root]


READERS: dict[str, Callable[[bytes], list[dict[str, Any]]]] = {
    "csv": read_csv,
    "json": read_json,
    "jsonl": read_json_lines,
    "xml": read_xml,
}
