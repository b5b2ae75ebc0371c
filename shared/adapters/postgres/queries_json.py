"""Entries as JSON that the database builds, each kind with what it can tell beside."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shared.domain.claims import Kind


def entry_json(alias: str, *, sparse: bool = False, provenance: bool = False) -> str:
    """Return the expression of one entry: its fields, and what all entries have.

    *sparse* tells only the fields in `:fields`, beside id and version.
    """
    if sparse:
        facts = _picked(f"{alias}.facts")
        standing = f"'id', {alias}.id, 'version', {alias}.version"
    else:
        facts = f"{alias}.facts"
        standing = (
            f"'id', {alias}.id, 'version', {alias}.version, "
            f"'quality', {alias}.quality, 'created_at', {alias}.created_at, "
            f"'updated_at', {alias}.updated_at"
        )
    if provenance:
        why = f"{alias}.provenance"
        standing += f", 'provenance', {_picked(why) if sparse else why}"
    return f"{facts} || jsonb_build_object({standing})"


def _picked(column: str) -> str:
    return (
        "(SELECT coalesce(jsonb_object_agg(f.key, f.value), '{}') "  # noqa: S608 - columns are ours
        f"FROM jsonb_each({column}) AS f WHERE f.key = ANY (CAST(:fields AS text[])))"
    )


_RESOURCES = """(
  SELECT coalesce(jsonb_agg({entry} ORDER BY x.type, x.id), '[]')
  FROM resource x
  WHERE x.tenant_id = :tenant AND x.{owner}_id = {alias}.id AND x.deleted_at IS NULL)"""
_PLACES = """(
  SELECT coalesce(jsonb_agg(jsonb_build_object(
      'position_id', p.id, 'medium_number', p.medium_number,
      'track_number', p.track_number, 'title', p.facts -> 'title',
      '{name}', {entry})
    ORDER BY {order}), '[]')
  FROM track_position p
  LEFT JOIN {other} o ON o.tenant_id = :tenant AND o.id = p.{other}_id
    AND o.deleted_at IS NULL
  WHERE p.tenant_id = :tenant AND p.{owner}_id = e.id AND p.deleted_at IS NULL)"""
_POINTING = """(
  SELECT coalesce(jsonb_agg({entry} ORDER BY x.id), '[]')
  FROM source_mapping m
  JOIN {kind} x ON x.tenant_id = :tenant AND {named} AND x.deleted_at IS NULL
  WHERE m.tenant_id = :tenant AND m.kind = '{of}' AND m.entity_id = e.id)"""
_COUNTS = """(
  SELECT jsonb_build_object(
    'tracks', count(DISTINCT c.entity_id) FILTER (WHERE c.kind = 'recording'),
    'releases', count(DISTINCT c.entity_id) FILTER (WHERE c.kind = 'release'))
  FROM credit c
  WHERE c.tenant_id = :tenant AND c.party_id = e.id AND c.field = 'artists')"""


def _resources(owner: str, alias: str) -> str:
    return _RESOURCES.format(entry=entry_json("x"), owner=owner, alias=alias)


def _pointing(kind: Kind, of: Kind) -> str:
    named = f"x.{of}_key = m.key"
    if kind is Kind.MESSAGE:
        named = f"x.facts -> '{of}s' @> to_jsonb(ARRAY[m.key])"
    return _POINTING.format(entry=entry_json("x"), kind=kind, of=of, named=named)


def _tracks() -> str:
    resources = _resources("recording", "o")
    whole = f"{entry_json('o')} || jsonb_build_object('resources', {resources})"
    return _PLACES.format(
        name="track",
        entry=f"CASE WHEN o.id IS NULL THEN NULL ELSE {whole} END",
        other="recording",
        owner="release",
        order="p.medium_number NULLS LAST, p.track_number NULLS LAST, p.id",
    )


def _releases() -> str:
    return _PLACES.format(
        name="release",
        entry=f"CASE WHEN o.id IS NULL THEN NULL ELSE {entry_json('o')} END",
        other="release",
        owner="recording",
        order="o.release_date NULLS LAST, p.id",
    )


EMBEDDED: Mapping[Kind, Mapping[str, str]] = MappingProxyType(
    {
        Kind.RECORDING: {
            "releases": _releases(),
            "resources": _resources("recording", "e"),
            "deals": _pointing(Kind.DEAL, Kind.RECORDING),
        },
        Kind.RELEASE: {
            "tracks": _tracks(),
            "resources": _resources("release", "e"),
            "deals": _pointing(Kind.DEAL, Kind.RELEASE),
            "deliveries": _pointing(Kind.DELIVERY, Kind.RELEASE),
            "messages": _pointing(Kind.MESSAGE, Kind.RELEASE),
        },
        Kind.PARTY: {"counts": _COUNTS},
        Kind.TRACK_POSITION: {},
        Kind.RESOURCE: {},
        Kind.WORK: {},
        Kind.DEAL: {},
        Kind.DELIVERY: {},
        Kind.MESSAGE: {},
        Kind.RELEASE_GROUP: {},
        Kind.PODCAST: {},
        Kind.EPISODE: {},
        Kind.PLAYLIST: {},
    }
)
"""What an entry, `e`, can tell beside its own fields."""


def whole_json(kind: Kind, include: frozenset[str]) -> str:
    """Return the expression of one entry `e` with what *include* names."""
    parts = [entry_json("e", provenance="provenance" in include)]
    parts += [
        f"jsonb_build_object('{name}', {expression})"
        for name, expression in EMBEDDED[kind].items()
        if name in include
    ]
    return " || ".join(parts)
