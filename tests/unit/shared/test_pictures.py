"""What is kept of a photograph: the picture to the last byte, and nothing of where, when and by whom it was taken."""

import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from shared.documents.pictures import SIGNATURES, Shape, detect_type, shape, strip_metadata
from tests.fixtures.pictures import GPS, JPEG, PNG, chunk, exif, jpeg_with, png_with, segment

PLACE = b"30.949N 118.758E"
BESIDE_A_JPEG = st.sampled_from(
    (
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>30,56N"),
        segment(0xED, b"Photoshop 3.0\x00" + PLACE),
        segment(0xE2, b"MPF\x00" + PLACE),
        segment(0xFE, PLACE),
        segment(0xE1, exif(None, gps=True)),
    )
)
BESIDE_A_PNG = st.sampled_from(
    (
        chunk(b"tEXt", b"GPS\x00" + PLACE),
        chunk(b"zTXt", PLACE),
        chunk(b"iTXt", PLACE),
        chunk(b"tIME", b"\x07\xe4\x03\x14\x09\x00\x00"),
        chunk(b"eXIf", exif(None, gps=True)[6:]),
    )
)


@given(st.lists(BESIDE_A_JPEG), st.binary(max_size=40))
def test_of_a_jpeg_the_picture_is_kept_byte_for_byte(beside: list[bytes], appended: bytes) -> None:
    assert strip_metadata("image/jpeg", jpeg_with(*beside) + appended) == JPEG


@given(st.lists(BESIDE_A_PNG), st.binary(max_size=40))
def test_of_a_png_the_picture_is_kept_byte_for_byte(beside: list[bytes], appended: bytes) -> None:
    assert strip_metadata("image/png", png_with(*beside) + appended) == PNG


@given(st.integers(1, 8), st.sampled_from(("<", ">")))
def test_which_way_up_it_was_held_is_kept_without_the_place(way_up: int, order: str) -> None:
    block = exif(way_up, gps=True, order=order)
    only = exif(way_up, gps=False, order=">")
    assert GPS in block
    assert strip_metadata("image/jpeg", jpeg_with(segment(0xE1, block))) == jpeg_with(segment(0xE1, only))
    assert strip_metadata("image/png", png_with(chunk(b"eXIf", block[6:]))) == png_with(
        chunk(b"eXIf", only[6:])
    )


@given(st.sampled_from(sorted(SIGNATURES)), st.binary(max_size=300))
def test_whatever_comes_is_cleaned_once_and_for_all(type: str, rest: bytes) -> None:
    clean = strip_metadata(type, SIGNATURES[type] + rest)
    assert clean is None or strip_metadata(type, clean) == clean


@given(st.integers(1, len(JPEG) - 1))
def test_a_file_that_breaks_off_is_the_picture_as_far_as_it_goes(length: int) -> None:
    part = strip_metadata("image/jpeg", JPEG[:length]) if length > 2 else None
    assert part is None or JPEG.startswith(part)


def test_a_profile_of_colours_is_part_of_the_picture() -> None:
    profile = jpeg_with(segment(0xE2, b"ICC_PROFILE\x00\x01\x01colours"), segment(0xEE, b"Adobe\x00d"))
    assert strip_metadata("image/jpeg", profile) == profile
    png = png_with(chunk(b"iCCP", b"colours\x00\x00" + zlib.compress(b"x")), chunk(b"sRGB", b"\x00"))
    assert strip_metadata("image/png", png) == png


def test_a_chunk_longer_than_the_file_ends_it() -> None:
    assert strip_metadata("image/png", PNG[:-12] + struct.pack(">I", 1 << 30) + b"IDAT" + PLACE) == PNG[:-12]


def test_a_picture_says_how_large_it_is_and_which_way_up_it_was_held() -> None:
    turned = jpeg_with(segment(0xE1, exif(6, gps=False)))
    assert [shape("image/jpeg", one) for one in (JPEG, turned)] == [Shape(8, 8), Shape(8, 8, 6)]
    assert shape("image/png", png_with(chunk(b"eXIf", exif(3, gps=False)[6:]))) == Shape(1, 1, 3)
    assert [strip_metadata("image/jpeg", turned, way_up=up) for up in (True, False)] == [turned, JPEG]
    assert strip_metadata("image/png", png_with(chunk(b"eXIf", exif(3, gps=False)[6:])), way_up=False) == PNG
    empty = jpeg_with().replace(struct.pack(">BHHB", 8, 8, 8, 1), struct.pack(">BHHB", 8, 0, 8, 1))
    assert [shape("image/jpeg", one) for one in (empty, b"\xff\xd8\xff", b"")] == [None] * 3
    assert shape("image/png", PNG[:8]) is None


def test_of_several_sizes_the_largest_counts() -> None:
    for large, small in (((20_000, 20_001), (10, 10)), ((10, 10), (20_000, 20_001))):
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", *small, 8, 6, 0, 0, 0))
        before, after = (
            png_with(head, width=large[0], height=large[1]),
            png_with(width=large[0], height=large[1]),
        )
        for png in (before, after[:-12] + head + after[-12:]):
            assert shape("image/png", png) == Shape(20_000, 20_001)
        frame = segment(0xC0, struct.pack(">BHHB", 8, small[1], small[0], 1) + b"\x01\x11\x00")
        jpeg = jpeg_with(width=large[0], height=large[1])
        for one in (jpeg[:2] + frame + jpeg[2:], jpeg[:-2] + frame + jpeg[-2:]):
            assert shape("image/jpeg", one) == Shape(20_000, 20_001)


def test_the_type_is_what_the_bytes_say() -> None:
    assert [detect_type(one) for one in (JPEG, PNG, b"%PDF-1.7\n", b"<svg/>", b"")] == [
        *("image/jpeg", "image/png", "application/pdf", None, None)
    ]
