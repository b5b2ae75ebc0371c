"""Writes JSON Schemas of all events to docs/reference/events, or says what is stale.

python -m scripts.event_schemas [--check]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shared.events.catalog
import shared.events.pipeline  # noqa: F401 - their classes are found by their base
from shared.events.base import SOURCE, Event

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "events"
_ENVELOPE = ("event_id", "tenant_id", "occurred_at")


def main() -> int:
    if "--check" in sys.argv[1:]:
        stale = [path.name for path, text in files() if not is_same(path, text)]
        print("\n".join(f"stale: {name}" for name in stale) or "all are fresh")
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in files():
        path.write_text(text)
    return 0


def files() -> Iterator[tuple[Path, str]]:
    """Yield each schema's path and what it should say."""
    for event in sorted(events(), key=lambda event: event.type):
        text = json.dumps(schema(event), indent=2, ensure_ascii=False)
        yield FOLDER / f"{event.type}.json", f"{text}\n"


def is_same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


def events(base: type[Event] = Event) -> Iterator[type[Event]]:
    """Yield the events that are published, not what they have in common."""
    for event in base.__subclasses__():
        if "type" in vars(event):
            yield event
        yield from events(event)


def schema(event: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of *event* as a CloudEvent 1.0 in JSON."""
    data = event.model_json_schema(mode="serialization")
    definitions = data.pop("$defs", {})
    for name in _ENVELOPE:
        data["properties"].pop(name)
    data["required"] = [n for n in data.get("required", ()) if n not in _ENVELOPE]
    data.pop("description", None)
    data.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:linernotes:event:{event.type}",
        "title": event.type,
        "description": f"{_told(event)} Topic: {event.topic}.",
        "type": "object",
        "required": [*_envelope(event), "data"],
        "properties": {**_envelope(event), "data": data},
        "$defs": definitions,
    }


def _told(event: type[Event]) -> str:
    documented = next(kind for kind in event.__mro__ if kind.__doc__)
    return " ".join((documented.__doc__ or "").split("\n\n")[0].split())


def _envelope(event: type[Event]) -> dict[str, Any]:
    return {
        "specversion": {"const": "1.0"},
        "id": {
            "type": "string",
            "format": "uuid",
            "description": "The same whenever the event is delivered again.",
        },
        "source": {"type": "string", "pattern": f"^{SOURCE}/"},
        "type": {"const": event.type},
        "subject": {"type": "string"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "tenantid": {"type": "string"},
    }


if __name__ == "__main__":
    sys.exit(main())
