"""What a playlist says: its title, its entries in their order, or its rules."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.claims import JsonValue, Kind, canonical_json
from shared.formats.entries import SourceEntry, Thing
from shared.formats.statements import FileFinding, Statements


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist, read.

    Attributes:
        format: `m3u`, `pls`, `xspf`, `jspf` or `nsp`.
        values: By field of the catalog's playlist, without its entries.
        items: The entries in their order: `location`, `title`, `artist`,
            `duration_ms`, `album`, `isrc` … as far as each is told.
        rules: Of a smart playlist, by what it chooses.
    """

    format: str
    values: Mapping[str, JsonValue] = field(default_factory=dict)
    items: tuple[dict[str, JsonValue], ...] = ()
    rules: tuple[dict[str, JsonValue], ...] = ()
    findings: tuple[FileFinding, ...] = ()


def playlist_entry(found: Playlist, address: str) -> SourceEntry:
    """Return what *found*, stored at *address*, says."""
    kind = Kind.PLAYLIST
    said = Statements(line=1)
    title = found.values.get("title") or _name_of(address)
    said.say_all(kind, {**found.values, "title": title, "format": found.format})
    said.say_all(kind, {"items": list(found.items), "rules": list(found.rules)})
    said.say(kind, "item_count", len(found.items))
    digest = hashlib.sha256(canonical_json([address]).encode()).hexdigest()
    own = found.values.get("external_id")
    key = f"playlist:{own}" if own else f"address:{address or digest}"
    thing = Thing(kind, (key,), tuple(said.claims), has_parties=False)
    return SourceEntry(1, (), (thing,), (*found.findings, *said.findings))


def _name_of(address: str) -> str:
    name = address.rpartition("/")[2]
    return name.rpartition(".")[0] or name or "Playlist"
