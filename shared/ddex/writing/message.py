"""A whole message: of a release, or of its withdrawal."""

from __future__ import annotations

from typing import Final

from shared.ddex.model import Part, node_of, serialised
from shared.domain.errors import InvalidInputError

from .building import VERSION, edition_number, element, in_order, optional
from .deals import deal_list, shown_from
from .description import Correspondence, ReleaseDescription, text
from .profiles import WITH_TRACK_RELEASES, profile_of
from .releases import Releases, release_ids
from .resources import Resources
from .roster import Roster

VERSIONS: Final = ("4.3", "4.3.2", "4.2", "3.8.2")
"""What a release can be told in, the first by default."""

_NAMESPACE: Final = "http://ddex.net/xml/ern/43"


def message(release: ReleaseDescription, version: str = VERSION) -> bytes:
    """Return the NewReleaseMessage that says *release*, in UTF-8.

    Raises:
        InvalidInputError: *version* is none of `VERSIONS`.
    """
    return _in_version(_new_release(release), version)


def purge(release: ReleaseDescription, version: str = VERSION) -> bytes:
    """Return the PurgeReleaseMessage that withdraws *release*.

    Raises:
        InvalidInputError: *version* is none of `VERSIONS`.
    """
    return _in_version(_purge(release), version)


def _in_version(root: Part, version: str) -> bytes:
    if version not in VERSIONS:
        raise InvalidInputError("not a version that is written", version=version)
    node = node_of(in_order(root), {"ern": _NAMESPACE})
    if version != VERSION:
        from shared.ddex.conversion import converted

        node = converted(node, version).root
    return serialised(node)


def _new_release(release: ReleaseDescription) -> Part:
    profile, variant = profile_of(release)
    roster = Roster()
    sender = release.correspondence.sender_dpid
    resources = Resources(release, roster, sender)
    listed = resources.part()
    releases = Releases(release, resources, profile)
    main = releases.main(is_visible=bool(shown_from(release.deals)))
    tracks = list(releases.tracks()) if profile in WITH_TRACK_RELEASES else []
    references = {
        resources.references[recording]: reference for recording, reference, _ in tracks
    }
    return element(
        f"{{{_NAMESPACE}}}NewReleaseMessage",
        _header(release.correspondence),
        roster.part(),
        listed,
        element("ReleaseList", main, *(part for _, _, part in tracks)),
        deal_list(release.deals, references, resources),
        ReleaseProfileVersionId=profile,
        ReleaseProfileVariantVersionId=variant,
        AvsVersionId=edition_number(),
        LanguageAndScriptCode=text(release.values, "language") or "en",
    )


def _purge(release: ReleaseDescription) -> Part:
    sender = release.correspondence.sender_dpid
    ids = release_ids(release.values, release.id, sender)
    return element(
        f"{{{_NAMESPACE}}}PurgeReleaseMessage",
        _header(release.correspondence),
        element("PurgedRelease", ids),
        AvsVersionId=edition_number(),
        LanguageAndScriptCode=text(release.values, "language") or "en",
    )


def _header(said: Correspondence) -> Part:
    return element(
        "MessageHeader",
        optional("MessageThreadId", said.thread_id),
        element("MessageId", text=said.message_id),
        _party("MessageSender", said.sender_dpid, said.sender_name),
        _party("MessageRecipient", said.recipient_dpid, said.recipient_name),
        element("MessageCreatedDateTime", text=said.created_at),
        element(
            "MessageControlType",
            text="TestMessage" if said.is_test else "LiveMessage",
        ),
    )


def _party(role: str, dpid: str, name: str) -> Part:
    named = element("PartyName", element("FullName", text=name)) if name else None
    return element(role, element("PartyId", text=dpid), named)
