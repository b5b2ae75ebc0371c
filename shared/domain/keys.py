"""The evidence by which records are known to speak of the same thing.

A key is `namespace:value`. Identifiers come first; names and places only help where
they are missing, or join what lies together.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.domain.claims import JsonValue
from shared.domain.names import name_key, title_key

Values = Mapping[str, JsonValue]


def recording_keys(
    values: Values, *, sha256: str = "", uri: str = ""
) -> tuple[str, ...]:
    """Return the keys of a recording: ISRC, the bytes of its file, its address.

    Where there is none of them, what it is called and by whom must do.
    """
    keys = []
    if isrc := values.get("isrc"):
        keys.append(f"isrc:{isrc}")
    if sha256:
        keys.append(f"sha256:{sha256}")
    if uri:
        keys.append(f"object:{uri}")
    return tuple(keys) or (f"title:{_called(values)}|{values.get('subtitle', '')}",)


def release_keys(values: Values, *, folder: str = "") -> tuple[str, ...]:
    """Return the keys of a release: barcode, GRid, and what it is called where.

    Files of one *folder* with one album title are one release, whichever of them
    carries the barcode. Without any identifier, title and artists must do.
    """
    keys = [f"{name}:{values[name]}" for name in ("gtin", "grid") if values.get(name)]
    identified = bool(keys)
    title = title_key(str(values.get("title", "")))
    if folder:
        keys.append(f"folder:{folder}|{title}")
    if not identified:
        keys.append(f"title:{_called(values)}")
    return tuple(keys)


def party_keys(name: str, *, isni: str = "") -> tuple[str, ...]:
    """Return the keys of a party: its name, and its ISNI where known."""
    keys = (f"name:{name_key(name)}",)
    return (*keys, f"isni:{isni}") if isni else keys


def position_keys(release_key: str, recording_key: str) -> tuple[str, ...]:
    """Return the keys of a recording's place on a release."""
    return (f"position:{release_key}|{recording_key}",)


def _called(values: Values) -> str:
    artists = values.get("artists")
    names = (
        [name_key(str(a.get("name", ""))) for a in artists if isinstance(a, dict)]
        if isinstance(artists, list)
        else []
    )
    return f"{'+'.join(names)}|{title_key(str(values.get('title', '')))}"
