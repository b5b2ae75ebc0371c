"""Which tag is which: one table per family of containers, and one for free names.

The names on the left of `FREE` are those that people and programs write where a
format lets them choose (Vorbis comments, APEv2, `TXXX`, MP4 freeform, ASF): compared
without case, spaces and punctuation, so that `MusicBrainz Album Id`,
`MUSICBRAINZ_ALBUMID` and `MusicBrainz/Album Id` are one. After the published mappings
of MusicBrainz Picard (appendix "Tag Mapping") and Mp3tag, and the ID3, Vorbis, APEv2,
iTunes, ASF, RIFF and AIFF specifications.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FREE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "album": "album",
        "albumartist": "album_artist",
        "albumartists": "album_artists",
        "albumtitle": "album",
        "arranger": "arranger",
        "artist": "artist",
        "artists": "artists",
        "author": "artist",
        "band": "album_artist",
        "barcode": "barcode",
        "beatsperminute": "bpm",
        "bpm": "bpm",
        "catalog": "catalog_number",
        "catalogid": "catalog_number",
        "catalogno": "catalog_number",
        "catalognumber": "catalog_number",
        "cataloguenumber": "catalog_number",
        "comment": "comment",
        "compilation": "compilation",
        "composer": "composer",
        "conductor": "conductor",
        "copyright": "copyright",
        "copyrightline": "c_line",
        "cline": "c_line",
        "date": "date",
        "description": "comment",
        "disc": "disc",
        "discnumber": "disc",
        "discs": "disc_total",
        "disctotal": "disc_total",
        "disk": "disc",
        "disknumber": "disc",
        "djmixer": "dj_mixer",
        "ean": "barcode",
        "eanupc": "barcode",
        "eanupn": "barcode",
        "engineer": "engineer",
        "ensemble": "album_artist",
        "explicit": "explicit",
        "genre": "genre",
        "grid": "grid",
        "gtin": "barcode",
        "initialkey": "key",
        "isrc": "isrc",
        "iswc": "iswc",
        "itunesadvisory": "advisory",
        "key": "key",
        "label": "label",
        "labelno": "catalog_number",
        "language": "language",
        "license": "license",
        "lyricist": "lyricist",
        "lyrics": "lyrics",
        "mixartist": "remixer",
        "mixer": "mixer",
        "modifiedby": "remixer",
        "mood": "mood",
        "musicbrainzalbumartistid": "album_artist_mbid",
        "musicbrainzalbumid": "release_mbid",
        "musicbrainzalbumtype": "release_type",
        "musicbrainzartistid": "artist_mbid",
        "musicbrainzreleasegroupid": "group_mbid",
        "musicbrainzrecordingid": "recording_mbid",
        "musicbrainztrackid": "recording_mbid",
        "musicbrainzworkid": "work_mbid",
        "organization": "label",
        "originaldate": "original_date",
        "originalreleasedate": "original_date",
        "originalreleasetime": "original_date",
        "originalreleaseyear": "original_year",
        "originalyear": "original_year",
        "parentalrating": "advisory_text",
        "partofset": "disc",
        "performer": "performer",
        "phonogramcopyright": "p_line",
        "phonographiccopyright": "p_line",
        "pline": "p_line",
        "producedby": "producer",
        "producer": "producer",
        "productnumber": "catalog_number",
        "publisher": "publisher",
        "recordeddate": "recorded_date",
        "recordingdate": "recorded_date",
        "recordlabel": "label",
        "releasedate": "release_date",
        "releasetime": "release_date",
        "releasetype": "release_type",
        "remixer": "remixer",
        "songwriter": "writer",
        "subtitle": "subtitle",
        "syncedlyrics": "lyrics",
        "tempo": "bpm",
        "title": "title",
        "titleversion": "subtitle",
        "totaldiscs": "disc_total",
        "totaltracks": "track_total",
        "track": "track",
        "tracknumber": "track",
        "trackc": "track_total",
        "tracktotal": "track_total",
        "unsyncedlyrics": "lyrics",
        "upc": "barcode",
        "upcean": "barcode",
        "version": "subtitle",
        "writer": "writer",
        "year": "date",
    }
)

# ID3v2.4 §4; mutagen hands out the frames of v2.2 and v2.3 under these names too.
# TPUB is specified as the publisher; what taggers write into it is the label.
ID3: Final[Mapping[str, str]] = MappingProxyType(
    {
        "TIT2": "title",
        "TIT3": "subtitle",
        "TPE1": "artist",
        "TPE2": "album_artist",
        "TPE3": "conductor",
        "TPE4": "remixer",
        "TALB": "album",
        "TCOM": "composer",
        "TEXT": "lyricist",
        "TSRC": "isrc",
        "TPUB": "label",
        "TBPM": "bpm",
        "TKEY": "key",
        "TMOO": "mood",
        "TCON": "genre",
        "TLAN": "language",
        "TCOP": "copyright",
        "TPRO": "p_line",
        "TDRL": "release_date",
        "TDRC": "date",
        "TYER": "date",
        "TDOR": "original_date",
        "TORY": "original_date",
        "TRCK": "track",
        "TPOS": "disc",
        "TCMP": "compilation",
    }
)

# iTunes' atoms; the free ones (`----`) go by `FREE`.
MP4: Final[Mapping[str, str]] = MappingProxyType(
    {
        "©nam": "title",
        "©ART": "artist",
        "aART": "album_artist",
        "©alb": "album",
        "©wrt": "composer",
        "©day": "date",
        "©gen": "genre",
        "gnre": "genre",
        "©cmt": "comment",
        "©lyr": "lyrics",
        "cprt": "copyright",
        "cpil": "compilation",
        "tmpo": "bpm",
        "rtng": "advisory",
        "trkn": "track",
        "disk": "disc",
        "©con": "conductor",
        "©prd": "producer",
        "©pub": "publisher",
        "©lab": "label",
        "©phg": "p_line",
        "©isr": "isrc",
        "isrc": "isrc",
        "©st3": "subtitle",
    }
)

# Names of ASF that do not fit `FREE` once their `WM/` is off; what taggers write into
# `WM/Publisher` is the label.
ASF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "publisher": "label",
        "writer": "lyricist",
        "iscompilation": "compilation",
        "provider": "",
        "track": "track_from_zero",
        "description": "comment",
        "shareduserrating": "",
    }
)

# APEv2 writes the date as Year; Mp3tag and others add these.
APE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "labelcode": "",
        "publisher": "publisher",
        "eanupc": "barcode",
        "media": "",
        "recorddate": "recorded_date",
        "index": "",
    }
)

# Multimedia Programming Interface 1.0 (RIFF), and what Exif and Windows added.
INFO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "INAM": "title",
        "IART": "artist",
        "IPRD": "album",
        "IAAR": "album_artist",
        "IMUS": "composer",
        "IWRI": "lyricist",
        "IPRO": "producer",
        "IENG": "engineer",
        "ICOP": "copyright",
        "ICRD": "date",
        "IGNR": "genre",
        "ICMT": "comment",
        "ILNG": "language",
        "ITRK": "track",
        "IPRT": "track",
        "IFRM": "track_total",
        "IPUB": "publisher",
        "ILBL": "label",
        "ISRC": "isrc",
        "IBPM": "bpm",
    }
)

# AIFF-C draft of 1991, "Text chunks".
AIFF: Final[Mapping[str, str]] = MappingProxyType(
    {"NAME": "title", "AUTH": "artist", "(c) ": "copyright", "ANNO": "comment"}
)

_NOT_OF_A_NAME: Final = re.compile(r"[\W_]")


def free_name(key: str, family: Mapping[str, str] | None = None) -> str:
    """Return our name of the tag that a file calls *key*, or empty."""
    bare = _NOT_OF_A_NAME.sub("", key.casefold())
    if family is not None and bare in family:
        return family[bare]
    return FREE.get(bare, "")
