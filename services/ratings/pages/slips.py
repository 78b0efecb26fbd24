"""PDF of slips: ten per A4 sheet, with dashed cutting lines."""

from collections.abc import Sequence
from typing import Final

from services.ratings.domain import Meeting
from services.ratings.pages.view import address, qr
from shared.documents.faces import Face
from shared.documents.pdf import HEIGHT, MM, WIDTH, Document, Page, lines_of
from shared.security.codes import grouped

ACROSS, DOWN = 2, 5
MARGIN: Final = 12 * MM
GAP: Final = 4 * MM
PADDING: Final = 5 * MM
CODE: Final = 34 * MM
"""Side of the QR code including its quiet zone of four modules (ISO/IEC 18004)."""
SLIP_WIDTH: Final = (WIDTH - 2 * MARGIN - (ACROSS - 1) * GAP) / ACROSS
SLIP_HEIGHT: Final = (HEIGHT - 2 * MARGIN - (DOWN - 1) * GAP) / DOWN
TEXT: Final = SLIP_WIDTH - CODE - 2 * PADDING
LEADING: Final = 1.35


def slips_pdf(meeting: Meeting, town: str, codes: Sequence[str], base_url: str, face: Face) -> bytes:
    document = Document(face, f"{town}人大代表述职测评扫码票")
    day = meeting.held_on
    heading = (
        (10.5, f"{town}人大代表述职测评"),
        (8.5, f"{day.year}年{day.month}月{day.day}日　{meeting.constituency}".strip()),
        (8.5, "扫码投票，不记名，只能投一次。"),
    )
    above = [(size, line) for size, words in heading for line in lines_of(face, words, size, TEXT)]
    for start in range(0, len(codes), ACROSS * DOWN):
        page = document.add()
        for place, code in enumerate(codes[start : start + ACROSS * DOWN]):
            left = MARGIN + place % ACROSS * (SLIP_WIDTH + GAP)
            bottom = HEIGHT - MARGIN - place // ACROSS * (SLIP_HEIGHT + GAP) - SLIP_HEIGHT
            page.frame(left, bottom, SLIP_WIDTH, SLIP_HEIGHT)
            _draw_slip(page, left, bottom, above, code, address(base_url, code))
        document.close(page)
    return document.encode()


def _draw_slip(
    page: Page, left: float, bottom: float, above: Sequence[tuple[float, str]], code: str, url: str
) -> None:
    modules = [list(row) for row in qr(url).matrix]
    quiet = CODE * 4 / (len(modules) + 8)
    page.matrix(
        left + PADDING / 2 + quiet,
        bottom + (SLIP_HEIGHT - CODE) / 2 + quiet,
        CODE - 2 * quiet,
        modules,
    )
    address_lines = [(11.5, grouped(code)), *((6.5, line) for line in lines_of(page.face, url, 6.5, TEXT))]
    lines = [*above, *address_lines]
    base = bottom + (SLIP_HEIGHT + sum(size * LEADING for size, _ in lines)) / 2
    for size, words in lines:
        base -= size * LEADING
        page.text(left + PADDING + CODE, base, size, words)
