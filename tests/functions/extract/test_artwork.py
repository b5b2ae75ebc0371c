import hashlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.extract.artwork import PICTURE_TYPES, picture
from infra.local.samples.pictures import cover


def jpeg(width, height):
    application = b"\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + application + frame


@pytest.mark.parametrize(
    ("content", "mime_type", "sides"),
    [
        (cover(17), "image/png", (17, 17)),
        (jpeg(640, 480), "image/jpeg", (640, 480)),
        (b"GIF89a" + struct.pack("<HH", 30, 20), "image/gif", (30, 20)),
        (b"BM" + bytes(16) + struct.pack("<ii", 5, -7), "image/bmp", (5, 7)),
        (
            b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x1f\0\0\x0f\0\0",
            "image/webp",
            (32, 16),
        ),
        (b"II*\x00" + bytes(8), "image/tiff", (None, None)),
        (b"not a picture", "", (None, None)),
        (b"\x89PNG\r\n\x1a\n", "image/png", (None, None)),
    ],
)
def test_a_picture_is_known_and_measured_by_its_header(content, mime_type, sides):
    found = picture(content)

    assert found.mime_type == mime_type
    assert (found.width_px, found.height_px) == sides
    assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_picture_types_are_those_of_id3():
    assert picture(b"", 3).picture_type == "front cover"
    assert picture(b"", 20).picture_type == "publisher logo"
    assert picture(b"", 99).picture_type == picture(b"", -1).picture_type == "other"
    assert len(PICTURE_TYPES) == 21


@given(
    start=st.sampled_from(
        [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFFxxxxWEBP", b"BM"]
    ),
    rest=st.binary(max_size=80),
)
def test_damaged_headers_leave_sides_unknown_or_positive(start, rest):
    found = picture(start + rest)

    assert found.width_px is None or found.width_px > 0
    assert found.height_px is None or found.height_px > 0
