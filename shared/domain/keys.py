"""The evidence by which records are known to speak of the same thing.

A key is `namespace:value`. Identifiers come first; names and places only help where
they are missing, or join what lies together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID, uuid5

from shared.domain.claims import JsonValue
from shared.domain.names import name_key, title_key

Values = Mapping[str, JsonValue]

# The namespace that podcast:guid fixes for addresses of feeds.
_PODCASTS = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


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


def work_keys(values: Values) -> tuple[str, ...]:
    """Return the keys of a work: ISWC, ids elsewhere, or title and writers."""
    keys = [f"iswc:{values['iswc']}"] if values.get("iswc") else []
    keys += _elsewhere(values)
    if keys:
        return tuple(keys)
    named = {"artists": values.get("contributors"), "title": values.get("title")}
    return (f"title:{_called(named)}",)


def release_group_keys(values: Values) -> tuple[str, ...]:
    """Return the keys of a release group: ids elsewhere, or title and artists."""
    return tuple(_elsewhere(values)) or (f"title:{_called(values)}",)


def podcast_keys(values: Values) -> tuple[str, ...]:
    """Return the keys of a podcast: its GUID, its feed's address, or its title.

    Where the feed does not tell the GUID it follows from the address, as
    Podcasting 2.0 defines it (podcast:guid: UUIDv5 of the address without scheme and
    without slashes at its end).
    """
    keys = []
    address = str(values.get("feed_url") or "")
    bare = re.sub(r"^[a-z]+://", "", address, flags=re.IGNORECASE).rstrip("/")
    guid = values.get("podcast_guid") or (bare and uuid5(_PODCASTS, bare))
    if guid:
        keys.append(f"podcast-guid:{str(guid).lower()}")
    if bare:
        keys.append(f"feed:{bare}")
    if keys:
        return tuple(keys)
    author = name_key(str(values.get("author") or ""))
    return (f"title:{author}|{title_key(str(values.get('title', '')))}",)


def episode_keys(podcast_key: str, values: Values) -> tuple[str, ...]:
    """Return the keys of an episode: its GUID within the podcast, or its sound.

    Without either, its title and when it was published must do.
    """
    if guid := values.get("guid"):
        return (f"episode:{podcast_key}|{guid}",)
    if sound := values.get("enclosure_url"):
        return (f"sound:{podcast_key}|{sound}",)
    title = title_key(str(values.get("title", "")))
    return (f"title:{podcast_key}|{title}|{values.get('published_at', '')}",)


def _elsewhere(values: Values) -> list[str]:
    return [
        f"{namespace}:{values[name]}"
        for namespace, name in (
            ("musicbrainz", "musicbrainz_id"),
            ("discogs", "discogs_id"),
        )
        if values.get(name)
    ]


def _called(values: Values) -> str:
    artists = values.get("artists")
    names = (
        [name_key(str(a.get("name", ""))) for a in artists if isinstance(a, dict)]
        if isinstance(artists, list)
        else []
    )
    return f"{'+'.join(names)}|{title_key(str(values.get('title', '')))}"
