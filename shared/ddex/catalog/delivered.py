"""A whole message as statements, in the threads in which they replace one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from shared.ddex.model import Correspondent, Ern, Party, Release
from shared.domain.claims import Kind
from shared.domain.errors import InvalidInputError
from shared.domain.keys import party_keys

from .deals import Offered, deals
from .files import addresses, files
from .recordings import recordings, works
from .releases import identified, places, positions, release, release_keys_of
from .statements import Doubt, Saying, Statement

OFFERED: Final = "offered"
TAKEN_DOWN: Final = "taken_down"
PURGED: Final = "purged"


@dataclass(frozen=True, slots=True)
class Thread:
    """What one sender says of one release, until the next message about it.

    Attributes:
        name: `ddex:<DPID>/<key of the release>`.
    """

    name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a message says, and what of it could not be taken.

    Attributes:
        source: Who says it: `ddex:<DPID>`.
        about: What is said of the message itself.
    """

    source: str
    about: Statement
    threads: tuple[Thread, ...]
    doubts: tuple[Doubt, ...] = ()


def statements_of(message: Ern, uri: str) -> Delivered:
    """Return what *message*, stored at *uri*, says.

    Raises:
        InvalidInputError: It is not about releases.
    """
    sender = message.header.sender.dpid or "unknown"
    source = f"ddex:{sender}"
    if message.is_purge:
        return _purge(message, source, uri)
    if not message.releases and not message.resources:
        raise InvalidInputError(
            "only messages with releases are read",
            version=message.version,
            message_type=message.kind.message,
        )
    doubts: list[Doubt] = []
    statements, keys = _content(message, source, uri, doubts)
    main = keys[0] if keys else f"message:{uri}"
    count = sum(s.kind is Kind.DEAL for s in statements)
    state = OFFERED if count else TAKEN_DOWN
    delivery = _delivery(message, source, uri, keys or (main,), state, count)
    thread = Thread(f"{source}/{main}", (delivery, *statements))
    about = _about(message, uri, keys)
    return Delivered(source, about, (thread,), tuple(doubts))


def _content(
    message: Ern, source: str, uri: str, doubts: list[Doubt]
) -> tuple[tuple[Statement, ...], tuple[str, ...]]:
    """Return all that is said of things, and the keys of the main release."""
    found: list[Statement] = list(_parties(message.parties.values(), doubts))
    recorded: dict[str, str] = {}
    spoken: list[Statement] = []
    for resource, saying, own in recordings(message, doubts):
        recorded[resource.reference] = own[0]
        beside = (
            f"object:{place}"
            for file in resource.files
            if not file.is_preview
            for place in addresses(file.uri, uri)
        )
        keys = tuple(dict.fromkeys((*own, *beside)))
        spoken.append(Statement(Kind.RECORDING, keys, tuple(saying.claims)))
    offered: dict[str, Offered] = {}
    main: tuple[str, ...] = ()
    for each in _sold(message):
        saying = release(message, each, recorded)
        doubts += saying.doubts
        keys = release_keys_of(each.identifiers, saying)
        main = main or keys
        offered[each.reference] = Offered(keys[0])
        found.append(Statement(Kind.RELEASE, keys, tuple(saying.claims)))
        spoken += positions(places(each, recorded), keys[0], recorded)
    for track in message.track_releases:
        if main and track.resources and track.resources[0] in recorded:
            of = Offered(main[0], recorded[track.resources[0]])
            offered.setdefault(track.reference, of)
    found += spoken
    found += works(message, doubts)
    found += deals(message, source, offered, recorded, doubts)
    if main:
        found += files(message, uri, main[0], recorded, doubts)
    return tuple(found), main


def _sold(message: Ern) -> Iterator[Release]:
    """Yield what is sold as such, the main release first."""
    main = message.main_release
    if main is not None:
        yield main
    for each in message.releases:
        if each is not main and each.kind == "Release":
            yield each


def _parties(parties: Iterable[Party], doubts: list[Doubt]) -> Iterator[Statement]:
    for party in parties:
        saying = Saying(Kind.PARTY)
        saying.say("name", " ".join(party.name.split()))
        named = next((name.indexed for name in party.names if name.indexed), "")
        saying.say("sort_name", named)
        for name, kind in (
            ("isni", "ISNI"),
            ("ipi", "IpiNameNumber"),
            ("dpid", "DPID"),
        ):
            saying.say(name, party.identifier(kind))
        doubts += saying.doubts
        values = saying.values
        if "name" in values:
            keys = party_keys(str(values["name"]), isni=str(values.get("isni") or ""))
            yield Statement(Kind.PARTY, keys, tuple(saying.claims), is_timeless=True)


def _purge(message: Ern, source: str, uri: str) -> Delivered:
    """Return the word that says no more about a release, in every thread of its."""
    saying = identified(message.purged)
    title = next((t.text for t in message.purged_titles if t.text), "")
    saying.say("title", title)
    keys = release_keys_of(message.purged, saying)
    delivery = _delivery(message, source, uri, keys, PURGED, 0)
    threads = tuple(Thread(f"{source}/{key}", (delivery,)) for key in keys)
    about = _about(message, uri, keys)
    return Delivered(source, about, threads, tuple(saying.doubts))


def _header(message: Ern, saying: Saying, uri: str) -> None:
    header = message.header
    saying.say("message_id", header.message_id)
    saying.say("thread_id", header.thread_id)
    saying.say("sender", header.sender.dpid or header.sender.name)
    recipients: Iterable[Correspondent] = header.recipients
    saying.say("recipient", next((r.dpid or r.name for r in recipients), ""))
    saying.say("created_at", header.created_at)
    saying.say("standard", f"{message.kind.standard}/{message.version}")
    saying.say("message_type", message.kind.message)
    saying.say("is_test", (header.control_type == "TestMessage") or None)
    saying.say("uri", uri)


def _delivery(
    message: Ern,
    source: str,
    uri: str,
    keys: tuple[str, ...],
    state: str,
    deal_count: int,
) -> Statement:
    saying = Saying(Kind.DELIVERY)
    _header(message, saying, uri)
    saying.say("release", keys[0])
    saying.say("state", state)
    saying.say("deal_count", deal_count)
    # A name may be shared; an identifier may not.
    strong = [key for key in keys if not key.startswith(("title:", "folder:"))]
    named = tuple(f"delivery:{source}|{key}" for key in strong or keys)
    return Statement(Kind.DELIVERY, named, tuple(saying.claims))


def _about(message: Ern, uri: str, keys: tuple[str, ...]) -> Statement:
    saying = Saying(Kind.MESSAGE)
    _header(message, saying, uri)
    saying.say("releases", list(keys))
    saying.say("direction", "in")
    header = message.header
    name = f"{header.sender.dpid or 'unknown'}|{header.message_id or uri}"
    return Statement(Kind.MESSAGE, (f"message:{name}",), tuple(saying.claims))
