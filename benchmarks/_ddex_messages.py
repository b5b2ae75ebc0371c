"""Messages that are made for measuring: albums of any length, and harmed ones."""

from __future__ import annotations

import random
from copy import deepcopy

from lxml import etree

from tests.shared.ddex.album import album_text


def album_of(tracks: int) -> bytes:
    """Return the album of our own with as many tracks, all told apart."""
    root = etree.fromstring(album_text().encode())
    for path, name in (
        ("ResourceList/SoundRecording", "A"),
        ("ReleaseList/TrackRelease", "R"),
        ("ReleaseList/Release/ResourceGroup/ResourceGroupContentItem", ""),
    ):
        last = root.findall(path)[-1]
        text = etree.tostring(last).decode()
        for number in range(tracks, 2, -1):
            own = text.replace("A2<", f"A{number + 10}<").replace(
                "DEZZ12600002", f"DEZZ1{2_600_000 + number:07d}"
            )
            own = own.replace("R2<", f"R{number}<").replace(">2<", f">{number}<")
            own = own.replace(">T2", f">T{number + 10}_").replace(
                "a2.flac", f"a{number}.flac"
            )
            last.addnext(etree.fromstring(own))
        assert name or len(root.findall(path)) == tracks
    duration = root.find("ReleaseList/Release/Duration")
    assert duration is not None
    duration.text = f"PT{3 * tracks}M"
    return etree.tostring(root)


_SPLINTERS = (
    *(b"<", b">", b"&", b"]]>", b"<!--", b"<![CDATA[", b"<!DOCTYPE x>", b"&#0;"),
    *(b"\xff\xfe", b"\x00", b"\xc3\x28", b"<ISRC/>", b"</Deal>", b"9" * 400),
    *(b"-PT1S", b"Worldwide", b"A1", b"R0", b" IsDefault='true'", b"<a>" * 300),
)


def harmed_message(content: bytes, dice: random.Random) -> bytes:
    """Return *content* with bytes dropped, doubled, moved or put in."""
    for _ in range(dice.randint(1, 4)):
        start = dice.randrange(len(content))
        length = dice.choice((0, 1, 2, 8, 60, 900))
        action = dice.randrange(3)
        if action == 0:
            middle = dice.choice(_SPLINTERS)
        elif action == 1:
            elsewhere = dice.randrange(len(content))
            middle = content[elsewhere : elsewhere + dice.randrange(200)]
        else:
            middle = dice.randbytes(dice.randrange(4))
        content = content[:start] + middle + content[start + length :]
    return content


def harmed_tree(content: bytes, dice: random.Random) -> bytes:
    """Return well-formed XML with parts dropped, doubled, moved or said otherwise."""
    root = etree.fromstring(content)
    for _ in range(dice.randint(1, 6)):
        nodes = [node for node in root.iter() if node is not root]
        node, other = dice.choice(nodes), dice.choice(nodes)
        action = dice.randrange(4)
        if action == 0:
            node.text = dice.choice(_WORDS)
        elif action == 1:
            other.addnext(deepcopy(node))
        elif action == 2:
            node.set(dice.choice(("IsDefault", "Namespace", "X")), dice.choice(_WORDS))
        elif (parent := node.getparent()) is not None:
            parent.remove(node)
    return etree.tostring(root, encoding=dice.choice(("UTF-8", "UTF-16")))


_WORDS = (
    *(
        "",
        " ",
        "true",
        "-1",
        "NaN",
        "9" * 40,
        "PT1S",
        "-P1D",
        "P9999999999D",
        "R0",
        "A1",
    ),
    *("2026", "2026-02-30", "9999-12-31T23:59:59Z", "0000", "Worldwide", "é" * 9),
)
