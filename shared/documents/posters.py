"""Posters: a QR code in the middle of an A4 page, with lines above and below."""

from collections.abc import Sequence
from typing import Final

from shared.documents.faces import Face
from shared.documents.pdf import HEIGHT, MM, WIDTH, Document, lines_of

CODE: Final = 110 * MM
MARGIN: Final = 20 * MM
LEADING: Final = 1.5
Line = tuple[float, str]
"""(size in points, text)."""


def poster_pdf(
    face: Face, title: str, above: Sequence[Line], modules: Sequence[Sequence[int]], below: Sequence[Line]
) -> bytes:
    """`modules`: of the code, without its quiet zone, for which there is room."""
    document = Document(face, title)
    page, base = document.add(), HEIGHT - 2 * MARGIN
    for place, lines in enumerate((above, below)):
        for size, text in lines:
            for line in lines_of(face, text, size, WIDTH - 2 * MARGIN):
                base -= size * LEADING
                width = sum(face.width(character) for character in line) * size
                page.text((WIDTH - width) / 2, base, size, line)
        if place == 0:
            base -= MARGIN + CODE
            page.matrix((WIDTH - CODE) / 2, base, CODE, modules)
            base -= MARGIN
    document.close(page)
    return document.encode()
