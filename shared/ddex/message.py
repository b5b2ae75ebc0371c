"""A message as the rules look at it: every element by name, found once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from .deal_terms import DealTerms, terms_of
from .nodes import Node, instant, text_of, texts_of
from .versions import MessageKind

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
_NONE: Final[tuple[Node, ...]] = ()


@dataclass(frozen=True)
class Message:
    """One message, read only.

    Attributes:
        now: What counts as the present, aware.
    """

    root: Node
    kind: MessageKind
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @cached_property
    def _by_name(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for element in self.root.iter():
            found.setdefault(str(element.tag), []).append(element)
        return found

    @property
    def names(self) -> list[str]:
        """The names of all elements that there are."""
        return list(self._by_name)

    def all(self, *names: str) -> Iterator[Node]:
        """Yield the elements of these names, at any depth, in order by name."""
        for name in names:
            yield from self._by_name.get(name, _NONE)

    def first(self, path: str) -> Node | None:
        return self.root.find(path)

    def holders_of(self, attribute: str) -> list[Node]:
        """Return the elements that have *attribute*."""
        return self._by_attribute.get(attribute, [])

    @cached_property
    def _by_attribute(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for elements in self._by_name.values():
            for element in elements:
                for name in element.attrib:
                    found.setdefault(name, []).append(element)
        return found

    @cached_property
    def pointed_to(self) -> set[str]:
        """All references that something points to."""
        return {
            text_of(node)
            for name, nodes in self._by_name.items()
            if name.endswith(_POINTERS) and name not in _ANCHORS
            for node in nodes
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
    def resources(self) -> dict[str, Node]:
        """The resources by reference; of a reference that is there twice, the first."""
        found: dict[str, Node] = {}
        for resource in self.root.iterfind("ResourceList/*"):
            found.setdefault(text_of(resource, "ResourceReference"), resource)
        return found

    @cached_property
    def primary_resources(self) -> list[Node]:
        """What the release is made of: its recordings and videos.

        Not what is marked as supplemental, and not what only lends content to
        another recording, as to a mix.
        """
        lent = {
            text_of(element)
            for element in self.all(
                "ResourceRelatedResourceReference", "ResourceContainedResourceReference"
            )
        }
        listed = set(self.content_references)
        return [
            resource
            for kind in _PRIMARY
            for resource in self.root.iterfind(f"ResourceList/{kind}")
            if resource.get("IsSupplemental") not in {"true", "1"}
            and (
                (reference := text_of(resource, "ResourceReference")) not in lent
                or reference in listed
            )
        ]

    @cached_property
    def content_items(self) -> list[Node]:
        release = self.main_release
        if release is None:
            return []
        return list(release.iter("ResourceGroupContentItem"))

    @cached_property
    def content_references(self) -> list[str]:
        return [
            text_of(item, "ReleaseResourceReference") for item in self.content_items
        ]

    @cached_property
    def primary_references(self) -> list[str]:
        """The references of the primary resources, in their order."""
        return [
            text_of(resource, "ResourceReference")
            for resource in self.primary_resources
        ]

    def primary_pairs(self) -> Iterator[tuple[Node, str]]:
        """Yield the primary resources, each with its reference."""
        return zip(self.primary_resources, self.primary_references, strict=True)

    @cached_property
    def resource_isrcs(self) -> list[tuple[Node, Node]]:
        """Each ISRC of a resource in the list, with that resource."""
        found = []
        for node in self.all("ISRC"):
            above = node.getparent()
            if above is None or above.tag != "ResourceId":
                continue
            while above is not None and (parent := above.getparent()) is not None:
                if parent.tag == "ResourceList":
                    found.append((above, node))
                    break
                above = parent
        return found

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

    def party_names(self, reference: str) -> list[str]:
        """Return all names of the party, the first one first."""
        return self._party_names.get(reference, [])

    @cached_property
    def _party_names(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for party in self.root.iterfind("PartyList/Party"):
            names = found.setdefault(text_of(party, "PartyReference"), [])
            names.extend(texts_of(party, "PartyName/FullName"))
        return found
