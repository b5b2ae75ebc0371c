"""Releases, which albums are another name of."""

from __future__ import annotations

from dataclasses import replace

from shared.domain.claims import Kind

from ..parameters import decimal, identifier, instant, of_field, whole, words
from .entries import Shelf
from .entry_operations import operations

_K = Kind.RELEASE

FILTER_PARAMETERS = (
    words("q", "All these words, in title, artists, barcode or label.", "kind blue"),
    words("title", "Titles that contain this, whatever the case.", "kind of blue"),
    words("artist", "Artists, as credited, that contain this.", "miles davis"),
    identifier("artist_id", "Releases that this artist is credited on."),
    of_field(_K, "gtin", "0074646493526"),
    of_field(_K, "catalog_number", "CL 1355"),
    words("label", "Labels that contain this.", "columbia"),
    words("genre", "One of the genres is this, whatever the case.", "jazz"),
    whole("year_min", "Released in this year or later.", 1860, 9999, 1959),
    whole("year_max", "Released in this year or before.", 1860, 9999, 1969),
    decimal("quality_min", "At least this quality.", 0, 1, 0.5),
    decimal("quality_max", "At most this quality.", 0, 1, 0.9),
    instant("updated_since", "Changed at this time or later."),
)

SHELF = Shelf(
    _K,
    "/api/releases",
    "release",
    FILTER_PARAMETERS,
    ("provenance", "tracks", "resources", "deals", "deliveries", "messages"),
    ("tracks", "resources"),
)
ALBUMS = replace(SHELF, path="/api/albums", noun="album")

OPERATIONS = (
    *operations(SHELF, prefix="releases"),
    *operations(ALBUMS, prefix="albums"),
)
