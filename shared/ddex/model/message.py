"""A whole message as a model, read from bytes and written to bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from shared.ddex.nodes import Node
from shared.ddex.reading import Limits, parsed
from shared.ddex.versions import MessageKind, recognised

from .deals import deals_of
from .offers import Deal, Release
from .parties import header_of, party_list
from .parts import Part, node_of, part_of, prefixes_of, serialised
from .releases import releases_of
from .resources import resources_of, works_of
from .sections import identifiers_of, titles_of
from .sections import sections_of as _sections_of
from .things import Header, Party, Resource, Work
from .values import Identifier, Title


@dataclass(frozen=True)
class Ern:
    """A message of ERN, of any version: what it says, and all of its parts.

    The views are read when they are first asked for. Two messages are equal when
    their parts are.

    Attributes:
        prefixes: The namespace prefixes that the message was written with.
    """

    kind: MessageKind
    root: Part
    prefixes: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({}), compare=False
    )

    @property
    def version(self) -> str:
        return self.kind.version

    @property
    def profile(self) -> str:
        """The release profile as the message names it, or empty."""
        return self.root.get("ReleaseProfileVersionId")

    @property
    def variant(self) -> str:
        """The profile's variant: `Classical`, `BoxedSet` …, or empty."""
        return self.root.get("ReleaseProfileVariantVersionId")

    @property
    def language(self) -> str:
        """The language and script of texts that name none."""
        return self.root.get("LanguageAndScriptCode")

    @property
    def is_purge(self) -> bool:
        return self.kind.message == "PurgeReleaseMessage"

    @cached_property
    def header(self) -> Header:
        return header_of(self.root)

    @cached_property
    def parties(self) -> Mapping[str, Party]:
        """The parties of the message's list, by reference; none in 3.x."""
        return MappingProxyType(party_list(self.root))

    @cached_property
    def works(self) -> Mapping[str, Work]:
        """The works of the work list of 3.x, by reference; none in 4.x."""
        return MappingProxyType(works_of(self.root, self.parties))

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        return resources_of(self.root, self.parties, self.works)

    @cached_property
    def resource_by_reference(self) -> Mapping[str, Resource]:
        found: dict[str, Resource] = {}
        for resource in self.resources:
            found.setdefault(resource.reference, resource)
        return MappingProxyType(found)

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        return releases_of(self.root, self.parties)

    @property
    def main_release(self) -> Release | None:
        return next((each for each in self.releases if each.is_main), None)

    @property
    def track_releases(self) -> tuple[Release, ...]:
        return tuple(each for each in self.releases if each.kind == "TrackRelease")

    @cached_property
    def deals(self) -> tuple[Deal, ...]:
        return deals_of(self.root)

    @property
    def purged(self) -> tuple[Identifier, ...]:
        """The identifiers of the release that a purge message names."""
        purged = self.root.first("PurgedRelease") or Part("")
        return identifiers_of(purged.all("ReleaseId"))

    @property
    def purged_titles(self) -> tuple[Title, ...]:
        purged = self.root.first("PurgedRelease") or Part("")
        return titles_of(_sections_of(purged))

    def node(self) -> Node:
        """Return the message as a tree of lxml."""
        return node_of(self.root, self.prefixes)

    def to_bytes(self) -> bytes:
        """Return the message as XML, in UTF-8: every part and attribute it has."""
        return serialised(self.node())


def read(content: bytes, limits: Limits | None = None) -> Ern:
    """Return the message in *content*.

    Raises:
        LimitExceededError: It is beyond a limit.
        InvalidInputError: It is not well-formed, has a document type, or is no
            message of DDEX that is known here.
    """
    return model_of(parsed(content, limits))


def model_of(root: Node) -> Ern:
    """Return the message at *root*, parsed already.

    Raises:
        InvalidInputError: It is no message of DDEX that is known here.
    """
    kind = recognised(str(root.tag))
    return Ern(kind, part_of(root), MappingProxyType(prefixes_of(root)))
