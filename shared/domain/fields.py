"""The fields of each kind: what a value looks like, and how much it matters.

Adding a field is one line here: claims, resolution, storage, API and exports follow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from shared.domain.claims import JsonValue, Kind
from shared.domain.errors import InvalidInputError
from shared.domain.field_forms import (
    Field,
    credit_list,
    date,
    flag,
    integer,
    number,
    pattern,
    text,
    texts,
    texts_and,
)
from shared.domain.identifiers import (
    Dpid,
    Grid,
    Gtin,
    IpiBase,
    IpiName,
    Isni,
    Isrc,
    Iswc,
)
from shared.domain.offer_fields import OFFER_FIELDS
from shared.domain.source_fields import FURTHER_FIELDS, SOURCE_FIELDS

__all__ = ["FIELDS", "Field", "parsed"]

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_KEY = re.compile(r"[A-G](?:b|#)? (?:major|minor)")
_CAMELOT = re.compile(r"(?:[1-9]|1[0-2])[AB]")

_music_key = pattern(_KEY, "Eb minor")
_language = pattern(_LANGUAGE, "en, pt-BR (BCP 47)")
_whole = integer(0, 2**53)
# What a mix is made of: which recording, from where in it, for how long.
_parts = texts_and(
    {"recording": text, "start_ms": _whole, "duration_ms": _whole}, "recording"
)
# What a release is divided into: where it begins and ends, what it is called.
_sections = texts_and(
    {
        "type": text,
        "medium_number": integer(1, 999),
        "first_track": integer(1, 9_999),
        "last_track": integer(1, 9_999),
        "title": text,
        "subtitle": text,
        "gtin": text,
        "grid": text,
        "catalog_number": text,
    },
    "type",
    "medium_number",
)
_related = texts_and(
    {"type": text, "gtin": text, "grid": text, "catalog_number": text}, "type"
)
_common = {
    "title": Field(text, "Title", "text", 3),
    "subtitle": Field(text, "Version or subtitle", "text"),
    "artists": Field(credit_list, "Artists", "credits", 3),
    "genres": Field(texts, "Genres", "texts", 1),
    "language": Field(_language, "Language", "language", 0.5),
    "label": Field(text, "Label", "text", 1),
    "publisher": Field(text, "Publisher", "text"),
    "p_line": Field(text, "℗ line", "text", 1),
    "c_line": Field(text, "© line", "text", 0.5),
    "copyright": Field(text, "Copyright notice", "text"),
    "release_date": Field(date, "Release date", "date", 1),
    "original_release_date": Field(date, "Original release date", "date"),
    "explicit": Field(flag, "Explicit", "flag"),
    "parental_warning": Field(text, "Parental warning", "text"),
    "display_artist": Field(text, "Artists, as displayed", "text"),
    "proprietary_ids": Field(texts, "Ids of partners", "texts"),
    "comment": Field(text, "Comment", "text"),
    "musicbrainz_id": Field(text, "MusicBrainz id", "text"),
}

_BASIC: Mapping[Kind, Mapping[str, Field]] = MappingProxyType(
    {
        Kind.RECORDING: MappingProxyType(
            {
                **_common,
                "isrc": Field(lambda v: Isrc.parse(text(v)).value, "ISRC", "isrc", 3),
                "iswc": Field(lambda v: Iswc.parse(text(v)).value, "ISWC", "iswc", 0.5),
                "contributors": Field(credit_list, "Contributors", "credits", 1),
                "duration_ms": Field(
                    integer(1, 7 * 24 * 3_600_000), "Duration", "duration_ms", 2, False
                ),
                "recorded_on": Field(date, "Recorded", "date"),
                "bpm": Field(number(20, 400, 2), "Tempo", "bpm", 1),
                "key": Field(_music_key, "Key", "key", 1),
                "camelot": Field(pattern(_CAMELOT, "8A"), "Camelot", "text"),
                "moods": Field(texts, "Moods", "texts", 0.5),
                "loudness_lufs": Field(
                    number(-120, 20, 2), "Loudness", "loudness_lufs", 0, False
                ),
                "energy": Field(number(0, 1, 4), "Energy", "ratio", 0, False),
                "has_lyrics": Field(flag, "Lyrics embedded", "flag"),
                "recording_type": Field(text, "Type", "text"),
                "is_instrumental": Field(flag, "Instrumental", "flag"),
                "parts": Field(_parts, "Contains", "parts"),
                "musicbrainz_work_id": Field(text, "MusicBrainz work id", "text"),
            }
        ),
        Kind.RELEASE: MappingProxyType(
            {
                **_common,
                "gtin": Field(
                    lambda v: Gtin.parse(text(v)).value, "Barcode", "gtin", 3
                ),
                "grid": Field(lambda v: Grid.parse(text(v)).value, "GRid", "grid"),
                "catalog_number": Field(text, "Catalogue number", "text", 0.5),
                "release_type": Field(text, "Type", "text", 0.5),
                "release_profile": Field(text, "DDEX profile", "text"),
                "profile_variant": Field(text, "DDEX profile variant", "text"),
                "is_compilation": Field(flag, "By many artists", "flag"),
                "sections": Field(_sections, "Sections", "sections"),
                "related_releases": Field(_related, "Related releases", "related"),
                "medium_count": Field(integer(1, 999), "Media", "count"),
                "track_count": Field(integer(1, 9_999), "Tracks", "count"),
                "musicbrainz_group_id": Field(text, "MusicBrainz group id", "text"),
            }
        ),
        Kind.PARTY: MappingProxyType(
            {
                "name": Field(text, "Name", "text", 3),
                "sort_name": Field(text, "Sort name", "text"),
                "isni": Field(lambda v: Isni.parse(text(v)).value, "ISNI", "isni", 1),
                "ipi": Field(
                    lambda v: IpiName.parse(text(v)).value, "IPI name number", "ipi", 1
                ),
                "dpid": Field(
                    lambda v: Dpid.parse(text(v)).value, "DDEX party id", "text"
                ),
                "ipi_base": Field(
                    lambda v: IpiBase.parse(text(v)).value, "IPI base", "ipi_base"
                ),
                "musicbrainz_id": Field(text, "MusicBrainz id", "text", 0.5),
            }
        ),
        Kind.TRACK_POSITION: MappingProxyType(
            {
                "release": Field(text, "Release", "key", 1, False),
                "recording": Field(text, "Recording", "key", 1, False),
                "medium_number": Field(integer(1, 999), "Medium", "count", 1),
                "track_number": Field(integer(1, 9_999), "Track", "count", 1),
                "title": Field(text, "Title on this release", "text"),
                "is_bonus": Field(flag, "Bonus", "flag"),
                "is_instant_gratification": Field(flag, "Given at once", "flag"),
            }
        ),
        Kind.RESOURCE: MappingProxyType(
            {
                "type": Field(text, "Type", "text", 1, False),
                "uri": Field(text, "Address", "uri", 1, False),
                "recording": Field(text, "Recording", "key", 0, False),
                "release": Field(text, "Release", "key", 0, False),
                "mime_type": Field(text, "Media type", "text", 1, False),
                "codec": Field(text, "Codec", "text", 1, False),
                "container": Field(text, "Container", "text", 0, False),
                "duration_ms": Field(
                    integer(1, 7 * 24 * 3_600_000), "Duration", "duration_ms", 0, False
                ),
                "sample_rate_hz": Field(
                    integer(1, 10_000_000), "Sample rate", "hz", 0, False
                ),
                "bit_depth": Field(integer(1, 64), "Bit depth", "bits", 0, False),
                "channels": Field(integer(1, 256), "Channels", "count", 0, False),
                "bitrate_bps": Field(
                    integer(1, 10_000_000_000), "Bit rate", "bps", 0, False
                ),
                "lossless": Field(flag, "Lossless", "flag", 0, False),
                "size_bytes": Field(integer(0, 2**53), "Size", "bytes", 1, False),
                "sha256": Field(text, "SHA-256", "text", 1, False),
                "crc32c": Field(text, "CRC32C", "text", 0, False),
                "md5": Field(text, "MD5", "text", 0, False),
                "width_px": Field(integer(1, 100_000), "Width", "px", 0, False),
                "height_px": Field(integer(1, 100_000), "Height", "px", 0, False),
                "picture_type": Field(text, "Picture type", "text", 0, False),
            }
        ),
        **OFFER_FIELDS,
        **SOURCE_FIELDS,
    }
)
FIELDS: Mapping[Kind, Mapping[str, Field]] = MappingProxyType(
    {
        kind: MappingProxyType({**fields, **FURTHER_FIELDS.get(kind, {})})
        for kind, fields in _BASIC.items()
    }
)


def parsed(kind: Kind, name: str, value: object) -> JsonValue:
    """Return *value* in the canonical form of field *name* of *kind*.

    Raises:
        InvalidInputError: There is no such field, or the value is not of its form;
            the facts name the field.
    """
    field = FIELDS[kind].get(name)
    if field is None:
        raise InvalidInputError("no such field", kind=str(kind), field=name)
    try:
        return field.parse(value)
    except InvalidInputError as exc:
        raise InvalidInputError(exc.message, **{**exc.facts, "field": name}) from exc
