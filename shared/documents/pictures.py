"""Removal of metadata (place, device, time, names) from JPEG and PNG files without encoding them again.

Segments and chunks that a viewer needs to draw the picture are kept, and the Exif orientation. Everything else is
dropped, including data after the end of the picture, where phones append videos.
Source: ITU-T T.81 Annex B (JPEG), W3C PNG Third Edition §5, §11, CIPA DC-008 (Exif), ISO/IEC 23008-12 (HEIC).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Final

SIGNATURES: Final = {
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "application/pdf": b"%PDF-",
}
"""The first bytes of a file of each type."""

PICTURES: Final = ("image/jpeg", "image/png")

UPLOAD_BYTES: Final = 32 << 20
"""Of a photograph that is kept, whatever it is for."""
SCAN_BYTES: Final = 64 << 20
"""Of a photograph or scan that is read and not kept: of many sheets in one file."""
MOST_PIXELS: Final = 60_000_000
"""Of a picture: an A4 page at 600 dpi has 35 million, a telephone's at most 50."""
MOST_OF_PNG: Final = 40_000_000
"""A PNG is decoded whole."""
LARGE: Final = "图片太大：照片不超过 6000 万像素，PNG 不超过 4000 万像素"

HEIC: Final = ("image/heic", "image/heif")
_HEIC_BRANDS: Final = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")

_EXIF: Final = b"Exif\x00\x00"
_ORIENTATION: Final = 0x0112
_SHORT: Final = 3

# JPEG
_START_OF_SCAN, _END, _APP1 = 0xDA, 0xD9, 0xE1
_DRAWING: Final = frozenset((*range(0xC0, 0xD0), *range(0xD9, 0xE0)))
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_DRAWN_WITH: Final = {0xE0: b"JFIF\x00", 0xE2: b"ICC_PROFILE\x00", 0xEE: b"Adobe"}
_MARKER_IN_SCAN: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")

# PNG; chunks whose name begins with an upper-case letter are critical and always kept
_PNG_DRAWN_WITH: Final = frozenset(
    (
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"iCCP",
        b"sBIT",
        b"pHYs",
        b"bKGD",
        b"cICP",
        b"acTL",
        b"fcTL",
        b"fdAT",
    )
)


def detect_type(data: bytes) -> str | None:
    """The content type by the first bytes of a file; None for any other type."""
    return next((type for type, signature in SIGNATURES.items() if data.startswith(signature)), None)


def is_heic(data: bytes) -> bool:
    """Whether a file is a HEIC picture, which only the extra `lvzhi[scan]` can decode."""
    return data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS


def is_whole(jpeg: bytes) -> bool:
    """Whether a JPEG goes on to its end; what a phone appends to it does not count."""
    return any(marker == _END for marker, _ in _segments(jpeg))


def strip_metadata(content_type: str, data: bytes, *, way_up: bool = True) -> bytes | None:
    """The file without metadata; None where it contains no picture. A PDF is returned unchanged.

    Without `way_up` the orientation is removed too, for callers that rotate the picture themselves.
    """
    if content_type == "image/jpeg":
        return _jpeg(data, turned=not way_up)
    return _png(data, turned=not way_up) if content_type == "image/png" else data


@dataclass(frozen=True)
class Shape:
    """The size in pixels as stored, and the Exif orientation `way_up`, 1 (upright) to 8."""

    width: int
    height: int
    way_up: int = 1

    def fits(self, content_type: str) -> bool:
        """Whether the picture can be shown and printed without exhausting memory."""
        return self.width * self.height <= (MOST_OF_PNG if content_type == "image/png" else MOST_PIXELS)


def shape(content_type: str, data: bytes) -> Shape | None:
    """The size and orientation of a picture; None where the file does not contain its size, or the size is 0.

    Some decoders take the first of several sizes, some the last: the largest is told.
    """
    size, way_up = (0, 0), 1
    if content_type == "image/jpeg":
        for marker, segment in _segments(data):
            if marker in _FRAMES and len(segment) >= 9:
                height, width = struct.unpack_from(">HH", segment, 5)
                size = max(size, (width, height), key=prod)
            elif marker == _APP1 and segment[4:].startswith(_EXIF):
                way_up = _orientation(segment[4 + len(_EXIF) :]) or way_up
    elif content_type == "image/png":
        for name, content in _chunks(data):
            if name == b"IHDR" and len(content) >= 20:
                size = max(size, struct.unpack_from(">II", content, 8), key=prod)
            elif name == b"eXIf":
                way_up = _orientation(content[8:-4]) or way_up
    return Shape(*size, way_up) if all(size) else None


def _jpeg(data: bytes, *, turned: bool) -> bytes | None:
    kept, drawn = [data[:2]], False
    for marker, segment in _segments(data):
        content = segment[4:]
        if marker == _APP1 and content.startswith(_EXIF):
            way_up = _orientation(content[len(_EXIF) :])
            if way_up is not None and not turned:
                tiff = _EXIF + _only_orientation(way_up)
                kept.append(b"\xff\xe1" + struct.pack(">H", len(tiff) + 2) + tiff)
                turned = True
        elif marker in _DRAWING:
            kept.append(segment)
            drawn = drawn or marker == _START_OF_SCAN
        elif marker in _DRAWN_WITH and content.startswith(_DRAWN_WITH[marker]):
            kept.append(segment)
    return b"".join(kept) if drawn else None


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, segment including its marker); the segment of a scan extends to the next marker."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _END:
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if length < 2 or end > len(data):
            break
        if marker == _START_OF_SCAN:
            following = _MARKER_IN_SCAN.search(data, end)
            end = following.start() if following else len(data)
        yield marker, data[at:end]
        at = end
    if data[at : at + 2] == b"\xff\xd9":
        yield _END, data[at : at + 2]


def _png(data: bytes, *, turned: bool) -> bytes | None:
    kept, drawn = [data[:8]], False
    for name, chunk in _chunks(data):
        if name == b"eXIf":
            way_up = _orientation(chunk[8:-4])
            if way_up is not None and not turned:
                tiff = name + _only_orientation(way_up)
                kept.append(struct.pack(">I", len(tiff) - 4) + tiff + struct.pack(">I", zlib.crc32(tiff)))
        elif name[:1].isupper() or name in _PNG_DRAWN_WITH:
            kept.append(chunk)
            drawn = drawn or name == b"IDAT"
    return b"".join(kept) if drawn else None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, chunk from its length to its checksum)."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        name, end = data[at + 4 : at + 8], at + 12 + length
        if not name.isalpha() or end > len(data):
            break
        yield name, data[at:end]
        if name == b"IEND":
            break
        at = end


def _orientation(tiff: bytes) -> int | None:
    """The orientation, 1 to 8, in the first directory of an Exif block; None without one."""
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 10:
        return None
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    if start + 2 > len(tiff):
        return None
    (entries,) = struct.unpack_from(f"{order}H", tiff, start)
    for at in range(start + 2, min(start + 2 + 12 * entries, len(tiff) - 11), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if (tag, kind) == (_ORIENTATION, _SHORT):
            return value if 1 <= value <= 8 else None
    return None


def _only_orientation(way_up: int) -> bytes:
    """A TIFF block with the orientation as its only entry."""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, way_up, 0)
    return b"MM\x00*" + struct.pack(">IH", 8, 1) + entry + bytes(4)
