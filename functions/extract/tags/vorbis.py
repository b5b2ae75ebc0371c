"""Vorbis comments, in Ogg and in FLAC, and the pictures beside and inside them."""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from mutagen.flac import Picture as FlacPicture
from mutagen.flac import error as FlacError  # noqa: N812 - it is a class

from ..artwork import picture
from .gathering import Gathered
from .names import free_name

_EMBEDDED_PICTURE: Final = "metadata_block_picture"
# The form before the one above: a bare picture, without its type.
_EMBEDDED_COVER: Final = "coverart"


def gather_vorbis(comments: Iterable[tuple[str, str]], gathered: Gathered) -> None:
    """Take over every comment; keys are without case, and may repeat."""
    values: dict[str, list[str]] = defaultdict(list)
    for key, value in comments:
        values[key.lower()].append(value)
    for key, texts in values.items():
        if key == _EMBEDDED_PICTURE:
            _gather_embedded(key, texts, gathered)
        elif key == _EMBEDDED_COVER:
            _gather_cover(key, texts, gathered)
        else:
            gathered.keep(key, texts)
            gathered.add(free_name(key.partition(":")[0]), texts, key.upper())


def gather_flac_pictures(pictures: Iterable[FlacPicture], gathered: Gathered) -> None:
    """Take over the picture blocks of a FLAC stream (RFC 9639 §8.8)."""
    for number, block in enumerate(pictures):
        content = bytes(block.data)
        gathered.keep(
            f"PICTURE:{number}",
            {"type": int(block.type), "mime": block.mime, "data": content},
        )
        gathered.draw(picture(content, int(block.type), str(block.desc)))


def _gather_embedded(key: str, texts: list[str], gathered: Gathered) -> None:
    kept: list[object] = []
    for text in texts:
        try:
            content = base64.b64decode(text)
            kept.append(content)
            block = FlacPicture(content)
        except (binascii.Error, FlacError, ValueError) as exc:
            gathered.doubt("damaged-picture", "a picture cannot be read", exc)
            continue
        gathered.draw(picture(bytes(block.data), int(block.type), str(block.desc)))
    gathered.keep(key, kept)


def _gather_cover(key: str, texts: list[str], gathered: Gathered) -> None:
    kept: list[object] = []
    for text in texts:
        try:
            content = base64.b64decode(text)
        except (binascii.Error, ValueError) as exc:
            gathered.doubt("damaged-picture", "a picture cannot be read", exc)
            continue
        kept.append(content)
        gathered.draw(picture(content))
    gathered.keep(key, kept)
