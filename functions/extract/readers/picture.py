"""A picture or film of its own, such as a cover that a message names."""

from __future__ import annotations

from dataclasses import replace
from mimetypes import guess_type

from shared.domain.claims import Claim

from ..artwork import picture
from ..copying import LocalCopy
from ..readings import Reading
from ..staging import Origin
from .stored import stored_file

_HEAD_BYTES = 1 << 20


def read_picture(copy: LocalCopy, origin: Origin) -> Reading:
    """Return that the picture is there, and its size in pixels where it tells."""
    with copy.path.open("rb") as stream:
        measured = picture(stream.read(_HEAD_BYTES))
    stored = stored_file(copy, origin, "Image", measured.mime_type or _named(copy))
    sides = [
        Claim(name, side)
        for name, side in (
            ("height_px", measured.height_px),
            ("width_px", measured.width_px),
        )
        if side
    ]
    claims = sorted((*stored.claims, *sides), key=lambda claim: claim.field)
    return Reading(batches=[[replace(stored, claims=tuple(claims))]])


def read_film(copy: LocalCopy, origin: Origin) -> Reading:
    """Return that the film is there; what it shows, a message says."""
    return Reading(batches=[[stored_file(copy, origin, "Video", _named(copy))]])


def _named(copy: LocalCopy) -> str:
    """Return the media type that the file's name promises."""
    return guess_type(copy.path.name)[0] or "application/octet-stream"
