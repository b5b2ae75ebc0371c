"""What people write above the columns of a catalog, and what it means here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Our column → the headings that mean it, without case, spaces and punctuation.
_HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "track_title": "tracktitle trackname songtitle song songname"
        " recordingtitle track",
        "title": "title name",
        "track_version": "trackversion mixtitleversion mixtitle mixname trackmix"
        " trackmixversion subtitle tracksubtitle version",
        "track_artist": "trackartist trackartists trackmainartist trackdisplayartist"
        " trackparticipants songartist",
        "artist": "artist artists artistname mainartist mainartists primaryartist"
        " primaryartists displayartist performer performers participants",
        "featuring": "featuring featuredartist featuredartists feat featartist",
        "isrc": "isrc isrccode trackisrc",
        "iswc": "iswc iswccode",
        "release_title": "releasetitle release releasename album albumtitle albumname"
        " producttitle productname",
        "release_version": "releaseversion albumversion",
        "release_artist": "releaseartist releaseartists albumartist albumartists"
        " releasedisplayartist releaseparticipants albumartistname",
        "gtin": "upc ean barcode upccode eancode upcean eanupc gtin icpn upceancode"
        " releaseupc albumupc",
        "grid": "grid",
        "catalog_number": "catalognumber catalogno cataloguenumber catalogueno catno"
        " catalognr catalogid releasecatalognumber cat",
        "label": "label labelname recordlabel",
        "publisher": "publisher publishers musicpublisher",
        "release_date": "releasedate digitalreleasedate date releasedon published"
        " publisheddate streetdate salesstartdate",
        "original_date": "originalreleasedate originaldate firstreleasedate"
        " originalreleaseyear",
        "year": "year releaseyear productionyear",
        "recorded_on": "recordingdate recordeddate recordedon recordedat recordingyear",
        "genre": "genre genres primarygenre maingenre trackgenre"
        " trackprimarygenre style",
        "second_genre": "secondarygenre subgenre genre2 tracksecondarygenre",
        "mood": "mood moods",
        "language": "language audiolanguage lyricslanguage tracklanguage languagecode",
        "p_line": "pline plinetext trackpline plineowner pcopyright",
        "p_year": "plineyear pyear",
        "c_line": "cline clinetext trackcline clineowner ccopyright",
        "c_year": "clineyear cyear",
        "copyright": "copyright copyrightnotice",
        "explicit": "explicit parentaladvisory advisory explicitcontent isexplicit"
        " explicitlyrics parentalwarning parentalwarningtype",
        "bpm": "bpm tempo",
        "key": "key musicalkey initialkey",
        "duration": "duration length time tracklength trackduration playtime",
        "duration_ms": "durationms lengthms",
        "duration_s": "durations durationsec durationseconds lengthseconds",
        "track_number": "tracknumber trackno tracknr trackposition position sequence",
        "medium_number": "discnumber disc discno cdnumber volume volumenumber disk"
        " disknumber medium mediumnumber side",
        "track_count": "trackcount totaltracks numberoftracks tracktotal",
        "medium_count": "disccount totaldiscs numberofdiscs disctotal",
        "comment": "comment comments description notes note",
        "release_type": "releasetype albumtype type producttype",
        "composer": "composer composers",
        "lyricist": "lyricist lyricists author authors",
        "writer": "songwriter songwriters writer writers",
        "producer": "producer producers",
        "remixer": "remixer remixers",
        "recording_mbid": "musicbrainzrecordingid recordingmbid musicbrainztrackid"
        " mbid",
        "release_mbid": "musicbrainzreleaseid releasembid musicbrainzalbumid",
    }
)
_COLUMNS: Final = MappingProxyType(
    {word: name for name, words in _HEADINGS.items() for word in words.split()}
)
_SIGNS: Final = str.maketrans({"℗": "p", "©": "c", "#": "number", "№": "number"})
_NOT_OF_A_HEADING: Final = re.compile(r"\([^)]*\)|[\W_]")


def recognised(heading: str) -> bool:
    """Say whether a column is one that is read here."""
    return column(heading) is not None


def column(heading: str) -> str | None:
    """Return our name of the column under *heading*, or None."""
    shown = heading.translate(_SIGNS).casefold()
    bare = _NOT_OF_A_HEADING.sub("", shown)
    # A unit in brackets is told apart: "Duration (ms)".
    whole = re.sub(r"[\W_]", "", shown)
    return _COLUMNS.get(whole) or _COLUMNS.get(bare)
