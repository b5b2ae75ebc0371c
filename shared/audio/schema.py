"""Writes the reference of all features, and its JSON Schema, from their types.

    python -m shared.audio.schema [--check]

The table in docs/reference/audio-features.md between its two markers, and all of
docs/reference/audio-features.schema.json, are `features.Document` in other words.
"""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from shared.audio.features import Document, Told

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
SCHEMA_FILE = FOLDER / "audio-features.schema.json"
PAGE_FILE = FOLDER / "audio-features.md"
BEGIN = "<!-- features: made by python -m shared.audio.schema -->"
END = "<!-- end of features -->"

_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    page = PAGE_FILE.read_text(encoding="utf-8")
    wanted = {SCHEMA_FILE: schema_text(), PAGE_FILE: with_table(page)}
    if "--check" in given:
        stale = [path.name for path, text in wanted.items() if not _is(path, text)]
        sys.stdout.write("".join(f"stale: {name}\n" for name in stale))
        return 1 if stale else 0
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


def schema_text() -> str:
    """Return the schema as the file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of `features.Document`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:linernotes:audio-features",
        "title": "Audio features",
        "description": (Document.__doc__ or "").strip(),
        **_object(Document),
    }


def with_table(page: str) -> str:
    """Return *page* with the table of features between its markers as it is now."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{table()}{END}{after}"


def table() -> str:
    """Return all features as a table in Markdown."""
    lines = [
        "| name | type | what | unit | range | source |",
        "|---|---|---|---|---|---|",
    ]
    for name, hint in get_type_hints(Document, include_extras=True).items():
        plain, told = _parted(hint)
        kind = _kind(_typed(plain, told))
        cells = (f"`{name}`", kind, told.what, told.unit, _range(told), _source(told))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _object(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(hints),
        "properties": {name: _property(hints[name]) for name in sorted(hints)},
    }


def _property(hint: Any) -> dict[str, Any]:
    plain, told = _parted(hint)
    described: dict[str, Any] = {"description": _description(told)}
    if told.unit:
        described["x-unit"] = told.unit
    described["x-source"] = told.source
    return _typed(plain, told) | described


def _typed(hint: Any, told: Told) -> dict[str, Any]:
    """Return what *hint* allows; limits are those of its numbers, in lists too."""
    if get_origin(hint) in (Union, types.UnionType):
        inner = [part for part in get_args(hint) if part is not type(None)]
        found = _typed(inner[0], told)
        return {**found, "type": [found["type"], "null"]}
    if get_origin(hint) is list:
        return {"type": "array", "items": _typed(get_args(hint)[0], told)}
    if is_typeddict(hint):
        return _object(hint)
    limits: dict[str, Any] = {}
    if hint in (int, float):
        ends = (("minimum", told.least), ("maximum", told.most))
        limits = {name: value for name, value in ends if value is not None}
    return {"type": _PLAIN[hint], **limits}


def _kind(typed: dict[str, Any]) -> str:
    """Return a type in few words: `number?` may be null."""
    kind = typed["type"]
    if isinstance(kind, list):
        return _kind({**typed, "type": kind[0]}) + "?"
    if kind == "array":
        return f"[{_kind(typed['items'])}]"
    if kind == "object":
        return "{" + ", ".join(typed["properties"]) + "}"
    return str(kind)


def _parted(hint: Any) -> tuple[Any, Told]:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"nothing is told of {hint}")
    plain, told = get_args(hint)
    return plain, told


def _description(told: Told) -> str:
    return told.what[0].upper() + told.what[1:] + "."


def _range(told: Told) -> str:
    if told.least is None and told.most is None:
        return ""
    if told.most is None:
        return f"from {told.least:g}"
    if told.least is None:
        return f"up to {told.most:g}"
    return f"{told.least:g} to {told.most:g}"


def _source(told: Told) -> str:
    if told.source.startswith("models/"):
        return f"[model card]({told.source})"
    return told.source


if __name__ == "__main__":
    sys.exit(main())
