"""JSON Schema of the catalog's entries, from the domain's table of fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.domain.claims import Kind
from shared.domain.fields import FIELDS, Field

Schema = dict[str, Any]

_NAMES = {
    Kind.RECORDING: "Track",
    Kind.RELEASE: "Release",
    Kind.PARTY: "Artist",
    Kind.RESOURCE: "Resource",
    Kind.TRACK_POSITION: "TrackPosition",
    Kind.WORK: "Work",
    Kind.DEAL: "Deal",
    Kind.DELIVERY: "Delivery",
    Kind.MESSAGE: "Message",
    Kind.RELEASE_GROUP: "ReleaseGroup",
    Kind.PODCAST: "Podcast",
    Kind.EPISODE: "Episode",
    Kind.PLAYLIST: "Playlist",
}
_TYPES: Mapping[str, Schema] = {
    "text": {"type": "string", "minLength": 1},
    "texts": {"type": "array", "items": {"type": "string"}},
    "credits": {"type": "array", "items": {"$ref": "#/components/schemas/Credit"}},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
    "language": {"type": "string", "examples": ["en", "pt-BR"]},
    "isrc": {"type": "string", "pattern": "^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$"},
    "key": {"type": "string"},
    "bpm": {"type": "number", "minimum": 20, "maximum": 400},
    "ratio": {"type": "number", "minimum": 0, "maximum": 1},
    "loudness_lufs": {"type": "number"},
    "uri": {"type": "string", "format": "uri"},
    "number": {"type": "number"},
    "instant": {"type": "string", "format": "date-time"},
    "objects": {"type": "array", "items": {"type": "object"}},
    "moment": {"type": "string", "examples": ["2026-11-21T00:00:00Z"]},
    **{
        name: {"type": "array", "items": {"type": "object"}}
        for name in ("parts", "sections", "related", "prices", "claims", "errors")
    },
}
_WHOLE = ("count", "duration_ms", "hz", "bits", "bps", "bytes", "px")
_CREDIT: Schema = {
    "type": "object",
    "description": "Who, in which role, named how, joined to the next by what.",
    "required": ["name", "role"],
    "properties": {
        "name": {"type": "string"},
        "role": {"type": "string", "examples": ["MainArtist"]},
        "credited_as": {"type": "string"},
        "join": {"type": "string", "examples": [" feat. "]},
        "isni": {"type": "string"},
        "ipi": {"type": "string"},
        "musicbrainz_id": {"type": "string"},
    },
}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_UUID: Schema = {"type": "string", "format": "uuid"}
_WHY: Schema = {
    "type": "object",
    "properties": {
        "source": {"type": "string"},
        "record_id": _UUID,
        "at": _INSTANT,
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "locked": {"type": "boolean"},
        "agreeing": {"type": "integer"},
        "differing": {"type": "integer"},
    },
}
_STANDING: Schema = {
    "id": _UUID,
    "version": {"type": "integer", "minimum": 1},
    "quality": {"type": "number", "minimum": 0, "maximum": 1},
    "created_at": _INSTANT,
    "updated_at": _INSTANT,
    "provenance": {
        "type": "object",
        "description": "Why each value is believed; with `include=provenance`.",
        "additionalProperties": {"$ref": "#/components/schemas/Why"},
    },
}


def component_of(kind: Kind) -> str:
    """Return the name of the component that describes entries of *kind*."""
    return _NAMES[kind]


def _field(field: Field) -> Schema:
    if field.type in _WHOLE:
        return {"type": "integer", "title": field.label}
    return {**_TYPES.get(field.type, {"type": "string"}), "title": field.label}


def _entry(kind: Kind, extras: Schema) -> Schema:
    fields = {name: _field(field) for name, field in FIELDS[kind].items()}
    return {
        "type": "object",
        "required": ["id"],
        "properties": {**_STANDING, **fields, **extras},
        "additionalProperties": False,
    }


def _patch(kind: Kind) -> Schema:
    return {
        "type": "object",
        "description": "A merge patch (RFC 7396): null takes people's word back.",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            name: {"anyOf": [_field(field), {"type": "null"}]}
            for name, field in FIELDS[kind].items()
            if field.editable
        },
    }


def _page(component: str) -> Schema:
    return {
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {
            "items": {
                "type": "array",
                "items": {"$ref": f"#/components/schemas/{component}"},
            },
            "next_cursor": {"type": ["string", "null"]},
        },
    }


def _listed(component: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{component}"}}


def _place(component: str, name: str) -> Schema:
    return {
        "type": "object",
        "description": "A recording's place on a release.",
        "properties": {
            "position_id": _UUID,
            "medium_number": {"type": ["integer", "null"]},
            "track_number": {"type": ["integer", "null"]},
            "title": {"type": ["string", "null"]},
            name: {
                "anyOf": [
                    {"$ref": f"#/components/schemas/{component}"},
                    {"type": "null"},
                ]
            },
        },
    }


def components() -> dict[str, Schema]:
    """Return the schemas of entries, their pages and their patches, by name."""
    recording = {
        "releases": _listed("PlaceOnRelease"),
        "resources": _listed("Resource"),
        "deals": _listed("Deal"),
    }
    release = {
        "tracks": _listed("PlaceOfTrack"),
        "resources": _listed("Resource"),
        "deals": _listed("Deal"),
        "deliveries": _listed("Delivery"),
        "messages": _listed("Message"),
    }
    party = {"counts": {"$ref": "#/components/schemas/Counts"}}
    found = {
        "Credit": _CREDIT,
        "Xml": {"type": "string", "description": "An XML document, as it is."},
        "Why": _WHY,
        "Track": _entry(Kind.RECORDING, recording),
        "Release": _entry(Kind.RELEASE, release),
        "Artist": _entry(Kind.PARTY, party),
        "Resource": _entry(Kind.RESOURCE, {}),
        "Deal": _entry(Kind.DEAL, {}),
        "Delivery": _entry(Kind.DELIVERY, {}),
        "Message": _entry(Kind.MESSAGE, {}),
        "PlaceOnRelease": _place("Release", "release"),
        "PlaceOfTrack": _place("Track", "track"),
        "Counts": {
            "type": "object",
            "properties": {
                "tracks": {"type": "integer"},
                "releases": {"type": "integer"},
            },
        },
    }
    for kind in (Kind.RECORDING, Kind.RELEASE, Kind.PARTY):
        found[f"{_NAMES[kind]}Page"] = _page(_NAMES[kind])
        found[f"{_NAMES[kind]}Patch"] = _patch(kind)
    return found
