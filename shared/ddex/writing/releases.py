"""The main release, its groups, and the releases of its single tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from shared.ddex.model import Part

from .building import WORLDWIDE, element, flagged, is_allowed, optional, own_word
from .describing import artists, date, genres, line, proprietary_ids, titles, warning
from .description import (
    PlaceDescription,
    ReleaseDescription,
    Values,
    number,
    objects,
    text,
)
from .profiles import WITH_TRACK_RELEASES
from .resources import Resources, duration

MAIN = "R0"
VISIBILITY = "V0"


def release_ids(values: Values, release_id: str, namespace: str) -> Part:
    """Return the ids of a release; the catalog's own where it has none."""
    catalog_number = optional(
        "CatalogNumber", text(values, "catalog_number"), Namespace=namespace
    )
    strong = [
        optional("GRid", text(values, "grid")),
        optional("ICPN", barcode(text(values, "gtin"))),
    ]
    owned = list(proprietary_ids(values))
    if not any(strong) and not owned:
        owned = [element("ProprietaryId", text=release_id, Namespace=namespace)]
    return element("ReleaseId", *strong, catalog_number, *owned)


def barcode(gtin: str) -> str:
    """Return a GTIN of 14 digits as it stands on a product: 13 digits, or 12 or 8."""
    shown = gtin.removeprefix("0") if len(gtin) == 14 else gtin
    return shown.removeprefix("0") if len(shown) == 13 else shown


class Releases:
    """Makes the releases of a message."""

    def __init__(
        self, release: ReleaseDescription, resources: Resources, profile: str
    ) -> None:
        self._release = release
        self._resources = resources
        self._profile = profile
        self._namespace = resources.namespace

    def main(self, *, is_visible: bool) -> Part:
        """Return the main release."""
        values = self._release.values
        kind = text(values, "release_type")
        total = sum(
            number(place.recording.values, "duration_ms") or 0
            for place in self._release.places
        )
        is_compilation = values.get("is_compilation")
        return element(
            "Release",
            element("ReleaseReference", text=MAIN),
            own_word("ReleaseType", kind, "ReleaseType_ERN4", self._namespace)
            if kind
            else None,
            release_ids(values, self._release.id, self._namespace),
            *titles(values),
            *artists(values, self._resources.roster, self._namespace),
            self._label(values),
            line(values, "P"),
            line(values, "C"),
            optional("Duration", duration(total)),
            *genres(values),
            date("ReleaseDate", values, "release_date"),
            date("OriginalReleaseDate", values, "original_release_date"),
            optional("ReleaseVisibilityReference", VISIBILITY * is_visible),
            warning(values),
            *self._related(values),
            flagged("IsMultiArtistCompilation", is_compilation),
            self._group(),
        )

    def tracks(self) -> Iterator[tuple[str, str, Part]]:
        """Yield the releases of single tracks: recording's id, reference, element."""
        recordings = {p.recording.id: p.recording for p in self._release.places}
        main = self._release.values
        base = barcode(text(main, "gtin")) or text(main, "grid") or self._release.id
        for place, recording in enumerate(recordings.values(), 1):
            values = recording.values
            reference = f"R{place}"
            own = text(values, "isrc") or self._resources.references[recording.id]
            owned = element(
                "ProprietaryId", text=f"{base}_{own}", Namespace=self._namespace
            )
            yield (
                recording.id,
                reference,
                element(
                    "TrackRelease",
                    element("ReleaseReference", text=reference),
                    element("ReleaseId", owned),
                    element(
                        "ReleaseResourceReference",
                        text=self._resources.references[recording.id],
                    ),
                    self._label(values) or self._label(main),
                    *genres(values, main),
                ),
            )

    def _label(self, values: Values) -> Part | None:
        label = text(values, "label")
        if not label:
            return None
        return element(
            "ReleaseLabelReference",
            text=self._resources.roster.reference(label),
            ApplicableTerritoryCode=WORLDWIDE,
        )

    def _related(self, values: Values) -> Iterator[Part]:
        for related in objects(values, "related_releases"):
            kind = str(related["type"])
            if is_allowed("ReleaseRelationshipType", kind):
                yield element(
                    "RelatedRelease",
                    element("ReleaseRelationshipType", text=kind),
                    release_ids(related, self._release.id, self._namespace),
                )

    def _group(self) -> Part:
        media = [
            (medium, list(places))
            for medium, places in groupby(
                self._release.places, key=lambda place: place.medium_number
            )
        ]
        sections = objects(self._release.values, "sections")
        whole = {
            number(s, "medium_number"): s for s in sections if not s.get("first_track")
        }
        inner: Iterator[Part]
        # The profiles of a single thing know no media.
        if (len(media) > 1 or whole) and self._profile in WITH_TRACK_RELEASES:
            inner = (
                self._medium(medium, places, whole.get(medium, {}))
                for medium, places in media
            )
        else:
            inner = (
                part for medium, places in media for part in self._items(medium, places)
            )
        return element("ResourceGroup", *inner, *self._covers())

    def _medium(
        self, medium: int, places: Sequence[PlaceDescription], section: Values
    ) -> Part:
        ids = {n: section.get(n) for n in ("gtin", "grid", "catalog_number")}
        kind = str(section.get("type") or "Component")
        known = is_allowed("ResourceGroupType", kind) and kind != "MultiWorkPart"
        return element(
            "ResourceGroup",
            *titles(section),
            element("SequenceNumber", text=str(medium)),
            release_ids(ids, "", self._namespace) if any(ids.values()) else None,
            *self._items(medium, places),
            ResourceGroupType=kind if known else "Component",
        )

    def _items(self, medium: int, places: Sequence[PlaceDescription]) -> Iterator[Part]:
        sections = [
            section
            for section in objects(self._release.values, "sections")
            if number(section, "medium_number") == medium and section.get("first_track")
        ]
        grouped = [
            (at, list(members))
            for at, members in groupby(
                places, key=lambda place: _section_of(place, sections)
            )
        ]
        if len(grouped) == 1 and grouped[0][0] is None:
            yield from (self._item(p, p.track_number) for p in places)
            return
        # Beside groups nothing stands alone (Schematron 2.1, 1022).
        for count, (at, members) in enumerate(grouped, 1):
            section: Values = {"type": "Component"} if at is None else sections[at]
            yield element(
                "ResourceGroup",
                *titles(section),
                element("SequenceNumber", text=str(count)),
                *(self._item(p, n) for n, p in enumerate(members, 1)),
                ResourceGroupType=str(section["type"]),
            )

    def _item(self, place: PlaceDescription, sequence: int) -> Part:
        reference = self._resources.references[place.recording.id]
        return element(
            "ResourceGroupContentItem",
            None if place.is_bonus else element("SequenceNumber", text=str(sequence)),
            element("ReleaseResourceReference", text=reference),
            flagged("IsBonusResource", place.is_bonus or None),
            flagged(
                "IsInstantGratificationResource",
                place.is_instant_gratification or None,
            ),
        )

    def _covers(self) -> Iterator[Part]:
        for picture in self._release.pictures:
            is_still = picture.type == "VideoScreenCapture"
            yield element(
                "LinkedReleaseResourceReference",
                text=self._resources.references[picture.file.uri],
                LinkDescription="VideoScreenCapture" if is_still else "CoverArt",
            )


def _section_of(place: PlaceDescription, sections: Sequence[Values]) -> int | None:
    for at, section in enumerate(sections):
        first, last = number(section, "first_track"), number(section, "last_track")
        if first and last and first <= place.track_number <= last:
            return at
    return None
