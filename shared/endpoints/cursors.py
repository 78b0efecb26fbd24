"""Cursors of an area's feed: the sequence reached in the stream of each town, in a few bytes a town."""

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

from shared.errors import FieldError, Invalid

CURSOR_BYTES: Final = 100_000
CURSOR_LENGTH: Final = 8_000
NUMBER_BYTES: Final = 6
"""The most bytes of a number in a cursor: as unsigned LEB128, six of seven bits make 42 bits."""


def encode_cursor(sequences: Mapping[str, int]) -> str:
    """Encode sequences by town as base64url; 3,000 towns of a province must fit into a request line of 8 kB.

    The first byte is the number of planes. The towns follow, sorted and as differences, then a plane for each byte of
    the sequences, the lowest first. Each is compressed by itself: sequences have nothing in common but their size,
    which is in the higher bytes. A 1 before its code keeps that of a county from being read as that of a town.
    """
    entries = sorted((int(f"1{town}"), sequence) for town, sequence in sequences.items())
    towns, numbers = [town for town, _ in entries], [sequence for _, sequence in entries]
    count = (max(numbers, default=0).bit_length() + 7) // 8
    differences = (town - before for town, before in zip(towns, [0, *towns], strict=False))
    planes = [b"".join(map(_packed, differences))]
    planes += (bytes(number >> 8 * plane & 255 for number in numbers) for plane in range(count))
    content = bytes([count]) + b"".join(zlib.compress(plane, 9) for plane in planes)
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decode_cursor(cursor: str) -> dict[str, int]:
    """Decode a cursor: {town: sequence}. Errors: Invalid."""
    if not cursor:
        return {}
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        towns, numbers = _columns(content) if content[0] <= NUMBER_BYTES else _pairs(content)
        return dict(zip(towns, numbers, strict=True))
    except (binascii.Error, ValueError, IndexError, zlib.error):
        raise Invalid(
            "after 不是本接口给出的游标", errors=[FieldError("query.after", "游标无法识别")]
        ) from None


def _columns(content: bytes) -> tuple[Sequence[str], Sequence[int]]:
    """Errors: ValueError, zlib.error."""
    packed, rest = _decompressed(content[1:])
    towns = [str(town)[1:] for town in accumulate(_unpacked(packed))]
    planes: list[bytes] = []
    for _ in range(content[0]):
        plane, rest = _decompressed(rest)
        planes.append(plane)
    if rest:
        raise ValueError("something follows the last plane")
    if not planes:
        return towns, [0] * len(towns)
    return towns, [int.from_bytes(number, "little") for number in zip(*planes, strict=True)]


def _pairs(content: bytes) -> tuple[Sequence[str], Sequence[int]]:
    """A cursor of before, which begins with the first byte of zlib: differences and sequences by turns, in one stream.

    Errors: ValueError, zlib.error.
    """
    numbers = _unpacked(_decompressed(content)[0])
    return [str(town) for town in accumulate(numbers[::2])], numbers[1::2]


def _packed(number: int) -> bytes:
    """A number as unsigned LEB128."""
    packed = bytearray()
    while number > 127:
        packed.append(number & 127 | 128)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def _decompressed(content: bytes) -> tuple[bytes, bytes]:
    """A compressed part, and what follows it. Errors: ValueError for one cut off, whose missing towns would be read
    from their beginning; zlib.error."""
    packed = zlib.decompressobj()
    numbers = packed.decompress(content, CURSOR_BYTES)
    if not packed.eof:
        raise ValueError("the cursor is cut off")
    return numbers, packed.unused_data


def _unpacked(content: bytes) -> list[int]:
    """Numbers from unsigned LEB128. Errors: ValueError where a number is too long or truncated."""
    numbers, number, shift = [], 0, 0
    for byte in content:
        if shift == 7 * NUMBER_BYTES:
            raise ValueError("a number is too long")
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(number)
            number = shift = 0
    if shift:
        raise ValueError("the last number is truncated")
    return numbers
