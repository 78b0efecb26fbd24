"""Minimal PDF writer (ISO 32000-2): pages of text in one typeface, and filled areas.

Text uses Type 3 fonts with the outlines of the characters used, so that it looks the same on every machine, needs no
installed font and can be searched and read aloud.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.documents.faces import Face

MM: Final = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
FONT_SIZE: Final = 250
"""Characters per font, as their codes are single bytes."""


@dataclass
class Page:
    """Content of a page; coordinates are in points from the left and the bottom."""

    face: Face
    used: dict[str, int]
    steps: list[str] = field(default_factory=list)
    landscape: bool = False

    def text(self, left: float, base: float, size: float, words: str) -> None:
        """One line, in runs where characters are in different fonts."""
        self.steps.append(f"BT {left:.2f} {base:.2f} Td")
        for character in words:
            number = self.used.setdefault(character, len(self.used))
            self.steps.append(f"/F{number // FONT_SIZE} {size} Tf <{number % FONT_SIZE:02x}> Tj")
        self.steps.append("ET")

    def matrix(self, left: float, bottom: float, size: float, modules: Sequence[Sequence[int]]) -> None:
        """A QR code without its quiet zone. Rows overlap slightly, so that no gaps show between them."""
        step = size / len(modules)
        self.steps.append(f"q {step:.4f} 0 0 {step:.4f} {left:.2f} {bottom:.2f} cm")
        for row, line in enumerate(reversed(modules)):
            start = None
            for column, dark in enumerate([*line, 0]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    self.steps.append(f"{start} {row} {column - start} 1.02 re")
                    start = None
        self.steps.append("f Q")

    def box(self, left: float, bottom: float, width: float, height: float) -> None:
        """The border of a cell."""
        self.steps.append(f"q .6 w {left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re S Q")

    def digit(self, left: float, bottom: float, width: float, height: float) -> None:
        """A small box to be marked, lighter than what is marked in it."""
        self.steps.append(f"q .4 w .5 G {left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re S Q")

    def frame(self, left: float, bottom: float, width: float, height: float) -> None:
        """A dashed cutting line."""
        self.steps.append(f"q .5 w .5 G [3 3] 0 d {left:.2f} {bottom:.2f} {width:.2f} {height:.2f} re S Q")


class Document:
    def __init__(self, face: Face, title: str) -> None:
        self._face, self._title = face, title
        self._used: dict[str, int] = {}
        self._bodies: list[bytes] = [b"", b""]
        self._pages: list[int] = []

    def add(self, *, landscape: bool = False) -> Page:
        return Page(self._face, self._used, landscape=landscape)

    def close(self, page: Page) -> None:
        content = self._stream(" ".join(page.steps))
        width, height = (HEIGHT, WIDTH) if page.landscape else (WIDTH, HEIGHT)
        head = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.2f} {height:.2f}]"
        self._pages.append(self._object(f"<< {head} /Contents {content} 0 R /Resources @FONTS@ >>"))

    def encode(self) -> bytes:
        characters = list(self._used)
        starts = range(0, len(characters), FONT_SIZE)
        fonts = [self._font(characters[start : start + FONT_SIZE]) for start in starts]
        named = " ".join(f"/F{n} {font} 0 R" for n, font in enumerate(fonts))
        resources = f"<< /Font << {named} >> >>".encode()
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        title = ("\ufeff" + self._title).encode("utf-16-be").hex()
        info = self._object(f"<< /Title <{title}> >>")
        self._bodies[0] = b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>"
        self._bodies[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(self._pages)} >>".encode()
        for page in self._pages:
            self._bodies[page - 1] = self._bodies[page - 1].replace(b"@FONTS@", resources)
        return _file(self._bodies, info)

    def _font(self, characters: Sequence[str]) -> int:
        em = self._face.em
        widths = [round(self._face.width(character) * em) for character in characters]
        drawn = [
            self._stream(f"{width} 0 0 {-em} {2 * em} {2 * em} d1 {self._face.outline(character)} f")
            for character, width in zip(characters, widths, strict=True)
        ]
        procedures = " ".join(f"/g{n} {at} 0 R" for n, at in enumerate(drawn))
        names = " ".join(f"/g{n}" for n in range(len(drawn)))
        return self._object(
            f"<< /Type /Font /Subtype /Type3 /FontBBox [0 {-em} {2 * em} {2 * em}]"
            f" /FontMatrix [{1 / em:.7f} 0 0 {1 / em:.7f} 0 0] /CharProcs << {procedures} >>"
            f" /Encoding << /Type /Encoding /Differences [0 {names}] >>"
            f" /FirstChar 0 /LastChar {len(drawn) - 1} /Widths [{' '.join(map(str, widths))}]"
            f" /Resources << >> /ToUnicode {self._stream(_to_unicode(characters))} 0 R >>"
        )

    def _stream(self, content: str) -> int:
        packed = zlib.compress(content.encode("ascii"), 6)
        head = f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        self._bodies.append(head + packed + b"\nendstream")
        return len(self._bodies)

    def _object(self, body: str) -> int:
        self._bodies.append(body.encode("ascii"))
        return len(self._bodies)


def _to_unicode(characters: Sequence[str]) -> str:
    """ToUnicode CMap (ISO 32000-2 §9.10.3), in blocks of at most a hundred mappings."""
    pairs = [f"<{n:02x}> <{character.encode('utf-16-be').hex()}>" for n, character in enumerate(characters)]
    blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    mappings = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Pages def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{mappings}\nendcmap end end"
    )


def _file(bodies: Sequence[bytes], info: int) -> bytes:
    """The file: objects 1 … n, the first being the catalogue, and the cross-reference table."""
    content = bytearray(b"%PDF-1.7\n%\xe5\x8d\xb0\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(bodies) + 1, info)
    return bytes(content + b"startxref\n%d\n%%%%EOF\n" % start)


def lines_of(face: Face, words: str, size: float, width: float) -> list[str]:
    """Break a text into lines no wider than `width`, and where it has line breaks; Chinese may be broken anywhere."""
    lines, left = [""], width
    for character in words.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "　"):
        if character == "\n":
            lines.append("")
            left = width
            continue
        advance = face.width(character) * size
        if advance > left and lines[-1]:
            lines.append("")
            left = width
        lines[-1] += character
        left -= advance
    return lines
