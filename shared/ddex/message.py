"""A message as the rules look at it: its releases, resources, deals and parties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from .catalog_facts import CatalogFacts, Delivery
from .deal_terms import DealTerms, terms_of
from .elements import Elements
from .nodes import Node, instant, text_of, texts_of
from .schema.holders import names_ending

_PRIMARY: Final = ("SoundRecording", "Video")
_POINTERS: Final = ("Reference", "DisplayCreditParty")
_ANCHORS: Final = frozenset(
    {
        "ChapterReference",
        "CueSheetReference",
        "PartyReference",
        "ReleaseReference",
        "ResourceReference",
        "TechnicalResourceDetailsReference",
        "VisibilityReference",
    }
)
_VARIANTS: Final = ("Classical", "BoxedSet", "BoxedSet Classical")


@dataclass(frozen=True)
class Message(Elements):
    """One message, read only.

    Attributes:
        now: What counts as the present, aware.
        facts: What the catalog knows; None where nobody has asked it.
        delivery: The files that came with it; None where that is not known.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    facts: CatalogFacts | None = None
    delivery: Delivery | None = None

    def first(self, path: str) -> Node | None:
        return self.root.find(path)

    @cached_property
    def pointed_to(self) -> set[str]:
        """All references that something points to."""
        return {
            text
            for name in names_ending(_POINTERS, self.kind.version)
            if name not in _ANCHORS
            for text in self.texts(name)
        }

    @cached_property
    def number(self) -> tuple[int, ...]:
        """The version, to compare."""
        return self.kind.number

    @cached_property
    def profile(self) -> str:
        return self.root.get("ReleaseProfileVersionId", "").strip()

    @cached_property
    def variants(self) -> frozenset[str]:
        given = self.root.get("ReleaseProfileVariantVersionId", "")
        return frozenset(given.split()) if given in _VARIANTS else frozenset()

    @cached_property
    def created_at(self) -> datetime | None:
        found = self.root.findtext("MessageHeader/MessageCreatedDateTime")
        return instant(found or "")

    @cached_property
    def main_release(self) -> Node | None:
        return self.first("ReleaseList/Release")

    @cached_property
    def track_releases(self) -> list[Node]:
        return self.root.findall("ReleaseList/TrackRelease")

    @cached_property
    def listed_resources(self) -> list[tuple[Node, str]]:
        """All that the list of resources has, each with its reference, in order."""
        references = self.text_in("ResourceReference")
        return [
            (resource, references.get(resource, ""))
            for resource in self.root.iterfind("ResourceList/*")
        ]

    @cached_property
    def resources(self) -> dict[str, Node]:
        """The resources by reference; of a reference that is there twice, the first."""
        found: dict[str, Node] = {}
        for resource, reference in self.listed_resources:
            found.setdefault(reference, resource)
        return found

    @cached_property
    def _primary(self) -> list[tuple[Node, str]]:
        lent = set(self.texts("ResourceRelatedResourceReference"))
        lent.update(self.texts("ResourceContainedResourceReference"))
        lent -= set(self.content_references)
        return [
            (resource, reference)
            for kind in _PRIMARY
            for resource, reference in self.listed_resources
            if resource.tag == kind
            and resource.get("IsSupplemental") not in {"true", "1"}
            and reference not in lent
        ]

    @cached_property
    def primary_resources(self) -> list[Node]:
        """What the release is made of: its recordings and videos.

        Not what is marked as supplemental, and not what only lends content to
        another recording, as to a mix.
        """
        return [resource for resource, _ in self._primary]

    @cached_property
    def content_items(self) -> list[Node]:
        release = self.main_release
        if release is None:
            return []
        return list(release.iter("ResourceGroupContentItem"))

    @cached_property
    def content_references(self) -> list[str]:
        references = self.text_in("ReleaseResourceReference")
        return [references.get(item, "") for item in self.content_items]

    @cached_property
    def primary_references(self) -> list[str]:
        """The references of the primary resources, in their order."""
        return [reference for _, reference in self._primary]

    def primary_pairs(self) -> list[tuple[Node, str]]:
        """Return the primary resources, each with its reference."""
        return self._primary

    @cached_property
    def display_titles(self) -> list[tuple[str, Node]]:
        """The title texts that are shown of primary resources and the release."""
        owners = {*self.primary_resources, self.main_release}
        return [
            (text, node)
            for text, node in self.texts_and_nodes("TitleText")
            if (title := node.getparent()) is not None
            and title.tag == "DisplayTitle"
            and title.getparent() in owners
        ]

    @cached_property
    def resource_isrcs(self) -> list[tuple[Node, Node]]:
        """Each ISRC of a resource in the list, with that resource."""
        return [
            (resource, node)
            for resource, _ in self.listed_resources
            for node in self.isrcs_of(resource)
        ]

    def isrcs_of(self, resource: Node) -> Iterator[Node]:
        """Yield the ISRCs in the ids of *resource* and of its editions."""
        for node in resource.iter("ISRC"):
            parent = node.getparent()
            if parent is not None and parent.tag == "ResourceId":
                yield node

    @cached_property
    def is_complete(self) -> bool:
        """Whether the main release has all recordings, each of them once."""
        primary = self.primary_references
        listed = self.content_references
        return (
            bool(primary)
            and set(primary) <= set(listed)
            and set(listed) <= self.resources.keys()
            and len(set(primary)) == len(primary)
        )

    @cached_property
    def deal_terms(self) -> list[DealTerms]:
        """The terms of all deals, in order."""
        return [
            terms
            for deal in self.root.iterfind("DealList/ReleaseDeal")
            for terms in terms_of(deal)
        ]

    def deals_of(self, reference: str) -> list[DealTerms]:
        """Return the terms of the deals for the release of that reference."""
        return self._deals_by_release.get(reference, [])

    @cached_property
    def _deals_by_release(self) -> dict[str, list[DealTerms]]:
        found: dict[str, list[DealTerms]] = {}
        for terms in self.deal_terms:
            for release in terms.releases:
                found.setdefault(release, []).append(terms)
        return found

    @cached_property
    def parties(self) -> list[Node]:
        return self.root.findall("PartyList/Party")

    def party_names(self, reference: str) -> list[str]:
        """Return all names of the party, the first one first."""
        return self._party_names.get(reference, [])

    @cached_property
    def _party_names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for party in self.parties:
            names = found.setdefault(text_of(party, "PartyReference"), [])
            names.extend(texts_of(party, "PartyName/FullName"))
        return found
