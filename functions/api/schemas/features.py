"""JSON Schema of what is heard, from the analyser's own table of names and units."""

from __future__ import annotations

import types
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from shared.audio.features import Document, Told

Schema = dict[str, Any]

_TYPES: dict[object, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    type(None): {"type": "null"},
}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_UUID: Schema = {"type": "string", "format": "uuid"}
_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}

_FILE: Schema = {
    "type": "object",
    "description": "One version of the analyser's word on one file of the recording.",
    "required": ["source", "uri", "generation", "received_at", "is_heard"],
    "properties": {
        "source": {**_TEXT, "examples": ["audio-analysis@v3"]},
        "uri": _TEXT,
        "generation": _TEXT,
        "sha256": _TEXT_OR_NULL,
        "received_at": _INSTANT,
        "damage": _TEXT_OR_NULL,
        "is_heard": {
            "type": "boolean",
            "description": "False where nothing of the file could be decoded.",
        },
    },
}
_GUESS: Schema = {
    "type": "object",
    "description": "What a version of a model said; `audio-trial@…` is only compared.",
    "required": ["source", "field", "value", "confidence", "alternatives", "model"],
    "properties": {
        "source": {**_TEXT, "examples": ["audio-model@genre_v1"]},
        "field": {**_TEXT, "examples": ["genre", "mood"]},
        "value": _TEXT,
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "alternatives": {"type": "array", "items": _TEXT},
        "model": _TEXT,
    },
}


_SIMILAR: Schema = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "likeness"],
                "properties": {
                    "id": {**_UUID, "description": "Of the track."},
                    "likeness": {
                        "type": "number",
                        "description": "The cosine of two embeddings.",
                        "minimum": -1,
                        "maximum": 1,
                    },
                },
            },
        }
    },
}


def components() -> dict[str, Schema]:
    """Return the schemas of features and their parts, by name."""
    standing: Schema = {
        "id": {**_UUID, "description": "Of the recording."},
        "files": {
            "type": "array",
            "description": "All analyses of its files; the first speaks here.",
            "items": {"$ref": "#/components/schemas/HeardFile"},
        },
        "guesses": {
            "type": "array",
            "items": {"$ref": "#/components/schemas/ModelGuess"},
        },
        "waveform_url": {**_TEXT_OR_NULL, "description": "Bytes for a player."},
        "spectrogram_url": {**_TEXT_OR_NULL, "description": "Bytes for a player."},
    }
    measured = {
        name: _field(hint)
        for name, hint in sorted(
            get_type_hints(Document, include_extras=True).items(),
        )
    }
    return {
        "HeardFile": _FILE,
        "ModelGuess": _GUESS,
        "SimilarAnswer": _SIMILAR,
        "AudioFeatures": {
            "type": "object",
            "description": "What is heard in a recording. A unit ends a name; null "
            "where there is nothing to measure.",
            "required": ["id", "files", "guesses"],
            "properties": {**standing, **measured},
        },
    }


def _field(hint: object) -> Schema:
    """Return the schema of an annotated type, with what it is told to be."""
    plain, *notes = get_args(hint)
    told = next((note for note in notes if isinstance(note, Told)), Told(""))
    schema = _plain(plain)
    description = told.what[:1].upper() + told.what[1:]
    if told.unit:
        description += f", in {told.unit}"
    return _bounded(schema, told) | {"description": f"{description}. {_source(told)}"}


def _source(told: Told) -> str:
    own = "a definition of this product, nobody else's"
    return f"Source: {own if told.source == 'own' else told.source}."


def _bounded(schema: Schema, told: Told) -> Schema:
    """Return *schema* with the range of its numbers, those of a list included."""
    if schema.get("type") == "array":
        return {**schema, "items": _bounded(schema["items"], told)}
    if "anyOf" in schema:
        return {"anyOf": [_bounded(part, told) for part in schema["anyOf"]]}
    if schema.get("type") not in ("integer", "number"):
        return schema
    ends = {"minimum": told.least, "maximum": told.most}
    return schema | {name: end for name, end in ends.items() if end is not None}


def _plain(hint: object) -> Schema:
    if hint in _TYPES:
        return dict(_TYPES[hint])
    if is_typeddict(hint):
        fields = get_type_hints(hint, include_extras=True)
        return {
            "type": "object",
            "properties": {name: _field(part) for name, part in fields.items()},
        }
    if get_origin(hint) is list:
        return {"type": "array", "items": _plain(get_args(hint)[0])}
    if get_origin(hint) in (Union, types.UnionType):
        return {"anyOf": [_plain(part) for part in get_args(hint)]}
    raise TypeError(f"no schema for {hint}")
