"""The files of a delivery: sound, pictures and the rest, as their message tells."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Final

from shared.ddex.model import DeliveredFile, Ern, Resource
from shared.domain.claims import Kind

from .statements import Doubt, Saying, Statement

_PICTURES: Final = {"FrontCoverImage": "front cover", "BackCoverImage": "back cover"}
_SUMS: Final = {"MD5": "md5", "SHA256": "sha256", "SHA-256": "sha256"}
_FOLDER: Final = "resources"


def addresses(uri: str, message_uri: str) -> tuple[str, ...]:
    """Return the addresses that *uri* may mean beside the message; none outside.

    ERN's choreographies keep files in `resources/`, and some messages do not say so.
    """
    folder = message_uri.rpartition("/")[0]
    found = []
    for name in (uri, f"{_FOLDER}/{uri}"):
        path = posixpath.normpath(name)
        if uri and "://" not in uri and not path.startswith(("..", "/")):
            found.append(f"{folder}/{path}")
    return tuple(dict.fromkeys(found))


def files(
    message: Ern,
    message_uri: str,
    release_key: str,
    recorded: dict[str, str],
    doubts: list[Doubt],
) -> Iterator[Statement]:
    """Yield what is said of each file that a resource is delivered as."""
    for resource in message.resources:
        for file in resource.files:
            places = addresses(file.uri, message_uri)
            if not places or file.is_preview:
                continue
            saying = _file(resource, file, places[0])
            if resource.reference in recorded:
                saying.say("recording", recorded[resource.reference])
            else:
                saying.say("release", release_key)
            doubts += saying.doubts
            keys = tuple(f"object:{place}" for place in places)
            yield Statement(Kind.RESOURCE, keys, tuple(saying.claims))


def _file(resource: Resource, file: DeliveredFile, uri: str) -> Saying:
    saying = Saying(Kind.RESOURCE)
    saying.say("type", resource.kind)
    saying.say("uri", uri)
    if resource.kind == "Image":
        shown = resource.type.meant
        saying.say("picture_type", _PICTURES.get(shown, shown))
    saying.say("codec", file.codec)
    saying.say("container", file.container)
    if file.sampling_rate_hz:
        saying.say("sample_rate_hz", round(file.sampling_rate_hz))
    saying.say("bit_depth", file.bits_per_sample or None)
    saying.say("channels", file.channels or None)
    if file.bit_rate_kbps:
        saying.say("bitrate_bps", round(file.bit_rate_kbps * 1000))
    saying.say("width_px", file.width_px or None)
    saying.say("height_px", file.height_px or None)
    name = _SUMS.get(file.hash_algorithm.upper())
    if name:
        saying.say(name, file.hash_sum.lower())
    return saying
