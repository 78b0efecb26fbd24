"""The letterhead of a report sent upward (GB/T 9704-2012, 7.2.4 to 7.2.7): issuer's mark, document number, signer."""

from collections.abc import Iterator
from typing import Final

from services.reports.document import layout, styles, wml
from services.reports.domain import Report

LABEL: Final = "签发人："
_LARGEST, _SMALLEST = 44, 24  # points of the issuer's mark: larger than the title, one line where it fits
_SPARE: Final = 0.5
_LINE_BELOW: Final = (
    9  # points from the line of the number to the red one, which is 4 mm below its characters
)
_THICK: Final = 12  # eighths of a point


def mark(report: Report) -> str:
    return f"{report.signature}文件"


def letterhead(report: Report) -> Iterator[str]:
    """Paragraphs of the letterhead; none where the report has no number or no signer."""
    if not (report.document_number and report.signer):
        return
    size = _size(mark(report))
    sized = f'<w:sz w:val="{2 * size}"/><w:szCs w:val="{2 * size}"/>'
    high, above = 26 * size, 3 * size  # twips: a line, and what of it is above its characters
    line = f'<w:spacing w:before="{styles.MARK_TOP - above}" w:line="{high}" w:lineRule="exact"/>'
    lines = layout.title_lines(mark(report), styles.TEXT_WIDTH / 20 / size)
    yield wml.paragraph(styles.MARK, wml.run("\n".join(lines), sized), line)
    ends = (("left", styles.CHARACTER), ("right", styles.TEXT_WIDTH - styles.CHARACTER))
    tabs = "".join(f'<w:tab w:val="{side}" w:pos="{place}"/>' for side, place in ends)
    rule = f'<w:bottom w:val="single" w:sz="{_THICK}" w:space="{_LINE_BELOW}" w:color="{styles.RED}"/>'
    content = wml.run(f"\t{report.document_number}\t{LABEL}")
    content += wml.run(report.signer, styles.fonts(styles.KAITI))
    yield wml.paragraph(styles.NUMBER, content, f"<w:pBdr>{rule}</w:pBdr><w:tabs>{tabs}</w:tabs>")


def _size(text: str) -> int:
    """Font size in points that fits one line with half a character to spare, for wide letters."""
    fitting = styles.TEXT_WIDTH // 20 / (layout.width(text) + _SPARE)
    return max(_SMALLEST, min(_LARGEST, int(fitting)))
