"""What people write above the columns of a catalog, word by word.

Headings of distributors' templates as their help pages and importers name them, and
what catalogs say in German, French and Spanish.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SCOPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("track", "song", "recording", "asset", "audio"), "track"),
        **dict.fromkeys(("release", "album", "product", "project"), "release"),
        **dict.fromkeys(("work", "composition"), "work"),
    }
)

# Our column → headings without scope, case, spaces and punctuation.
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "title": "title name titel titre titulo",
        "version": "version subtitle mix mixname mixtitle mixversion remix"
        " mixtitleversion versiontitle mixtitlesubtitle edition untertitel",
        "artist": "artist artists nameartist artistname artistnames mainartist"
        " mainartists"
        " primaryartist primaryartists displayartist displayartists performer"
        " performers participants participant interpret interpreten artiste artistes"
        " artista artistas kunstler kuenstler band",
        "featuring": "featuring featuredartist featuredartists feat featartist"
        " featuringartist featuringartists ft guestartist guestartists",
        "isrc": "isrc isrccode",
        "iswc": "iswc iswccode",
        "gtin": "upc ean barcode upccode eancode upcean eanupc gtin icpn upceancode"
        " upcgrid icpncode barcodeean barcodeupc ean13 jan",
        "grid": "grid",
        "catalog_number": "catalognumber catalogno cataloguenumber catalogueno catno"
        " catalognr catalogid cat catalogcode cataloguecode labelcatalognumber"
        " katalognummer labelcatnumber catalog catalogue cdidentifier",
        "label": "label labelname recordlabel imprint recordlabelname sublabel",
        "publisher": "publisher publishers musicpublisher publishername verlag"
        " publishinginfo publishing",
        "release_date": "date digitalreleasedate releasedon streetdate"
        " salesstartdate salestartdate publisheddate published golivedate datereleased"
        " erscheinungsdatum veroffentlichungsdatum datedesortie fechadelanzamiento"
        " digitaldate onsaledate availabledate releasedate",
        "original_date": "originalreleasedate originaldate firstreleasedate"
        " originalreleaseyear physicalreleasedate originaldigitalreleasedate"
        " physicaldate firstreleased",
        "year": "year productionyear releaseyear jahr annee ano",
        "recorded_on": "recordingdate recordeddate recordedon recordedat recordingyear"
        " yearofrecording dateofrecording",
        "genre": "genre genres primarygenre maingenre style genre1 genero stil",
        "second_genre": "secondarygenre subgenre genre2 secondgenre mainsubgenre"
        " primarysubgenre secondarysubgenre alternategenre alternatesubgenre",
        "mood": "mood moods stimmung",
        "language": "language audiolanguage lyricslanguage languagecode vocallanguage"
        " sprache langue idioma metadatalanguage titlelanguage languageofperformance"
        " lyriclanguage languagemetadata",
        "p_line": "pline masterowner recordingowner powner plinetext plineowner"
        " pcopyright plinename plineholder"
        " phonographiccopyright pcompany plinecompany pnotice pownername",
        "p_year": "plineyear pyear pcopyrightyear phonographiccopyrightyear",
        "c_line": "cline copyrightholder rightsholder cowner clinetext clineowner"
        " ccopyright clinename clineholder"
        " ccompany clinecompany cnotice cownername",
        "c_year": "clineyear cyear ccopyrightyear copyrightyear",
        "copyright": "copyright copyrightnotice copyrights",
        "explicit": "explicit cleanexplicit parentaladvisorylabel parentaladvisory"
        " advisory explicitcontent isexplicit"
        " explicitlyrics parentalwarning parentalwarningtype pa explicitflag"
        " containsexplicitlyrics explicitstatus",
        "bpm": "bpm tempo",
        "key": "key musicalkey initialkey tonart",
        "duration": "duration length time playtime runtime lange duree duracion"
        " tracktime totaltime",
        "duration_ms": "durationms lengthms durationmilliseconds durationinms"
        " lengthinms",
        "duration_s": "durations durationsec durationseconds lengthseconds"
        " durationinseconds lengthinseconds durationsecs",
        "track_number": "tracknumber numberinvolume trackno tracknr trackposition"
        " position sequence"
        " number no nr tracksequence tracknum trackorder sequencenumber trackindex"
        " tracksequencenumber titelnummer pista",
        "medium_number": "discnumber disc discno cdnumber volume volumenumber disk"
        " disknumber medium mediumnumber side cd volumeno vol discnr discnum",
        "track_count": "trackcount totaltracks numberoftracks tracktotal tracks",
        "medium_count": "disccount totaldiscs numberofdiscs disctotal numberofvolumes"
        " totalvolumes volumecount",
        "comment": "comment comments description notes note info remarks bemerkung",
        "release_type": "type albumtype producttype format releasetype albumformat"
        " releaseformat",
        "recording_mbid": "musicbrainzrecordingid recordingmbid musicbrainztrackid"
        " mbid",
        "release_mbid": "musicbrainzreleaseid releasembid musicbrainzalbumid",
        "work_id": "workid ownworkid internalworkid",
        "original_title": "originaltitle",
        "library": "library",
        "society": "pro society cmo proaffiliation",
        "territories": "territoriesincluded includedterritories",
        "excluded_territories": "territoriesexcluded excludedcountries"
        " excludedterritories",
        "spotify_id": "spotifyid spotifyartistid spotifyuri",
        "apple_music_id": "applemusicid appleid appleartistid applemusicartistid",
        "contributor": "contributorname",
        "tracks_listed": "ontracks",
    }
)
HEADINGS: Final[Mapping[str, str]] = MappingProxyType(
    {word: name for name, words in _WORDS.items() for word in words.split()}
)

# Whole headings whose scope is not what their first word says.
WHOLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "track": "track:title",
        "song": "track:title",
        "release": "release:title",
        "album": "release:title",
        "work": "work:title",
        "recordingid": "carried",
        "releasetype": "release_type",
        "releasetime": "carried",
        "releaseid": "carried",
        "releasedate": "release_date",
        "releaseyear": "year",
        "recordingyear": "recorded_on",
        "recordingdate": "recorded_on",
        "tracknumber": "track_number",
        "trackno": "track_number",
        "tracknr": "track_number",
        "trackposition": "track_number",
        "tracksequence": "track_number",
        "trackid": "carried",
        "audiolanguage": "track:language",
        "titleversion": "version",
        "primarytrackartist": "track:artist",
        "producttitle": "release:title",
        "trackcatalognumber": "carried",
        "releaseupc": "gtin",
        "tracktype": "carried",
        "albumtype": "release_type",
        "originalreleasedate": "original_date",
        "recordlabel": "label",
    }
)

# Role → headings. The roles are DDEX's (ContributorRole).
_ROLE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Composer": "composer composers komponist compositeur compositor composedby"
        " musicby",
        "Lyricist": "lyricist lyricists author authors textdichter texter lyricsby"
        " auteur autor letrista",
        "ComposerLyricist": "songwriter songwriters writer writers composerlyricist"
        " writtenby composerauthor",
        "Arranger": "arranger arrangers arrangedby",
        "Producer": "producer producers producedby produzent trackproducer"
        " musicproducer recordproducer",
        "Remixer": "remixer remixers remixedby remixartist",
        "Mixer": "mixer mixers mixedby mixengineer mixingengineer",
        "MasteringEngineer": "masteringengineer masteredby mastering",
        "RecordingEngineer": "recordingengineer engineer engineers soundengineer",
        "Conductor": "conductor conductors dirigent",
        "Orchestra": "orchestra orchester ensemble",
        "Choir": "choir chor",
        "Vocalist": "vocalist vocalists vocals singer leadvocals",
        "DJ": "dj djmix",
        "Adapter": "adapter translator",
    }
)
ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {word: role for role, words in _ROLE_WORDS.items() for word in words.split()}
)

# Known, and of no field of the catalog: kept with the row as it came.
_CARRIED_WORDS_TEXT = """
exclusive exclusivereleasedate timezone labelcopy beatportgenre publisheripi
recordingcountry priceband wholesaleprice artworkfilename wavfile marketing
pressrelease aigenerated coversong sample shortdescription configuration
adminshare ownership royaltyshare rightstype licencetype licensetype hiddentrack
bonustrack contributorrole artisturl instrument
lyrics lyric tags tag coverurl cover coverart artwork artworkurl audiourl
audio audiofile filename file originalfilename filepath minimumprice price
pricetier releasepricetier trackpricetier tier catalogtier pricecode
wholesaletier territoriestodeliver territories territory countries
previewstart previewlength previewstarttime previewstartindex
commercialdescription commercialdescriptioninenglish
commercialdescriptioninotherlanguage titlelanguageother tracktype status
stores dsps outlets availableseparately albumonly instrumental
aresplitsestimated splits rightscontract preorderdate preorder takedowndate
exclusivedate recordinglocation amount currency righttype source
salesenddate enddate territoriesofrights iscompilation compilation live
iscover cover countryofrecording countryofcommissioning youtubecontentid
contentid artistrole role trackartistrole trackrole instantgratification
password dolbyatmos lineup keywords website url link contributingartist
contributingartists contributors contributor
"""
CARRIED_WORDS: Final = frozenset(_CARRIED_WORDS_TEXT.split())

# Words that only underline: "Primary artist name *", "ISRC code (optional)".
_NOISE_TEXT = """
required optional mandatory the of s for if any please enter your digital
commercial main primary custom text in
"""
NOISE: Final = frozenset(_NOISE_TEXT.split())
