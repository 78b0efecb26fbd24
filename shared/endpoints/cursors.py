"""Cursors of an area's feed: the sequence reached in the stream of each town, in a few bytes a town."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from shared.errors import FieldError, Invalid

CURSOR_BYTES: Final = 100_000
CURSOR_LENGTH: Final = 8_000
NUMBER_BYTES: Final = 6
"""The most bytes of a number in a cursor: six of seven bits make 42 bits."""


def encode_cursor(sequences: Mapping[str, int]) -> str:
    """Encode sequences by town as base64url; 1,500 towns of a province must fit into a request line of 8 kB.

    Towns are sorted and stored as differences, so that most numbers take one or two bytes.
    """
    packed, before = bytearray(), 0
    for town, sequence in sorted((int(town), sequence) for town, sequence in sequences.items()):
        for number in (town - before, sequence):
            packed += _packed(number)
        before = town
    return base64.urlsafe_b64encode(zlib.compress(packed, 9)).decode().rstrip("=")


def decode_cursor(cursor: str) -> dict[str, int]:
    """Decode a cursor: {town: sequence}. Errors: Invalid."""
    if not cursor:
        return {}
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        numbers = _unpacked(_decompressed(content))
        towns = [f"{town:09d}" for town in accumulate(numbers[::2])]
        return dict(zip(towns, numbers[1::2], strict=True))
    except (binascii.Error, ValueError, zlib.error):
        raise Invalid(
            "after 不是本接口给出的游标", errors=[FieldError("query.after", "游标无法识别")]
        ) from None


def _packed(number: int) -> bytes:
    """A number as unsigned LEB128."""
    packed = bytearray()
    while number > 127:
        packed.append(number & 127 | 128)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def _decompressed(content: bytes) -> bytes:
    """Errors: ValueError for one cut off, whose missing towns would be read from their beginning; zlib.error."""
    packed = zlib.decompressobj()
    numbers = packed.decompress(content, CURSOR_BYTES)
    if not packed.eof:
        raise ValueError("the cursor is cut off")
    return numbers


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
