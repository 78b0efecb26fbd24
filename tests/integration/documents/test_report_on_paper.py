"""The Word file on paper: set by LibreOffice with free fonts, then measured on the page."""

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from services.reports.document import render_docx
from services.reports.domain import Figure, FigureStatus
from tests.fixtures.page_pictures import differences, drawn
from tests.fixtures.paper import printed as on_paper
from tests.probes import PATIENCE
from tests.unit.reports.document.sample import report

KEPT = Path(__file__).parent / "pages"
MM = 25.4 / 72
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
_LINE = re.compile(
    r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</line>', re.DOTALL
)


@dataclass(frozen=True)
class Line:
    """A line as printed, in millimetres from the left and the top of the paper."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def _lines(page: str) -> list[Line]:
    lines = []
    for *edges, words in _LINE.findall(page):
        left, top, right, bottom = (float(edge) * MM for edge in edges)
        text = "".join(re.findall(r">([^<]+)</word>", words))
        lines.append(Line(left, top, right, bottom, unescape(text)))
    return lines


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("printed")
    title = "无为市示例镇人民代表大会主席团关于2020年度工作情况的报告"
    head = {"document_number": "示例镇人发〔2020〕18号", "signer": "王示例01"}
    return on_paper(folder, render_docx(report(title=title, addressee="无为市人大常委会", **head)))


@pytest.fixture(scope="module")
def pages(printed: Path) -> list[list[Line]]:
    return _pages(printed)


def _pages(printed: Path) -> list[list[Line]]:
    boxes = printed.with_name("boxes.html")
    subprocess.run(["pdftotext", "-bbox-layout", str(printed), str(boxes)], check=True, timeout=PATIENCE)
    return [
        _lines(page) for page in re.findall(r"<page.*?</page>", Path(boxes).read_text("utf-8"), re.DOTALL)
    ]


def _text(page: list[Line]) -> list[Line]:
    return [line for line in page if not re.fullmatch(r"—\d+—", line.text)]


def _line(pages: list[list[Line]], text: str) -> Line:
    return next(line for page in pages for line in page if line.text == text)


def test_everything_stands_in_the_type_area(pages: list[list[Line]]) -> None:
    for page in pages:
        for line in _text(page):
            assert line.left >= LEFT - 0.2, line
            assert line.right <= RIGHT + 0.6, line  # a fullwidth mark may stretch by its own spacing
            assert line.top >= TOP - 1, line
            assert line.bottom <= BOTTOM + 1, line


def test_a_full_page_has_22_lines_of_28_characters(pages: list[list[Line]]) -> None:
    full = _text(pages[1])
    tops = sorted({round(line.top, 1) for line in full})
    pitches = [b - a for a, b in pairwise(tops) if b - a > 5]
    assert len(pitches) + 1 == 22
    assert max(abs(pitch - 225 / 22) for pitch in pitches) < 1.5
    widest = [
        len(line.text) for page in pages[:3] for line in page if re.fullmatch(r"[^\x00-\xff]{20,}", line.text)
    ]
    assert max(widest) == 28


def test_page_numbers_change_sides(pages: list[list[Line]]) -> None:
    character = 14 * MM
    for number, page in enumerate(pages, 1):
        line = next(line for line in page if line.text == f"—{number}—")
        if number % 2:
            assert abs(RIGHT - character - line.right) < 0.6
        else:
            assert abs(line.left - LEFT - character) < 0.6
        assert abs((line.top + line.bottom) / 2 - (BOTTOM + 7)) < 2.5


def test_the_date_begins_two_characters_in_from_the_name(pages: list[list[Line]]) -> None:
    name, day = _line(pages, "示例镇人民代表大会主席团"), _line(pages, "2020年12月7日")
    character = 15.75 * MM
    assert abs(day.left - name.left - 2 * character) < 0.6
    assert abs(RIGHT - name.right - 2 * character) < 0.8


def test_no_gap_stands_between_chinese_and_digits(pages: list[list[Line]]) -> None:
    day = _line(pages, "2020年12月7日")
    assert abs(day.right - day.left - 6.5 * 15.75 * MM) < 0.6


def test_the_letterhead_stands_where_the_standard_puts_it(pages: list[list[Line]]) -> None:
    mark = _line(pages, "示例镇人民代表大会主席团文件")
    assert abs(mark.top - TOP - 35) < 2  # a line of print is a little higher than its characters
    assert abs((mark.left + mark.right) / 2 - (LEFT + RIGHT) / 2) < 0.6
    number = next(line for line in pages[0] if "〔2020〕18号" in line.text)
    signer = next(line for line in pages[0] if "王示例01" in line.text)
    character = 15.75 * MM
    assert abs(number.left - LEFT - character) < 0.6
    assert abs(RIGHT - character - signer.right) < 0.8
    assert abs(number.top - signer.top) < 1.5


def test_the_title_breaks_where_it_was_told_and_a_table_shows_its_head_on_every_page(
    pages: list[list[Line]],
) -> None:
    titled = next(i for i, line in enumerate(pages[0]) if line.text.startswith("无为市示例镇"))
    assert [line.text for line in pages[0][titled : titled + 2]] == [
        "无为市示例镇人民代表大会主席团",
        "关于2020年度工作情况的报告",
    ]
    first = next(i for i, page in enumerate(pages) if any(line.text == "主要数据统计表" for line in page[:3]))
    assert {"指标", "数值"} <= {line.text for line in pages[first]}
    assert len([page for page in pages if not _text(page)]) == 0


def test_parts_of_the_document_fill_their_pages(pages: list[list[Line]]) -> None:
    """A page is more than half full, unless it is the last of the text or of an annex."""
    parts = _parts(pages)
    assert len(parts) == 6
    half = (TOP + BOTTOM) / 2
    for part in parts:
        for page in part[:-1]:
            assert max(line.bottom for line in _text(page)) > half


def test_nothing_stands_alone_on_a_page(pages: list[list[Line]]) -> None:
    """Neither the title of an annex nor a row of a table under its repeated head."""
    for part in _parts(pages)[1:]:
        assert len(_rows(part[0])) >= 5  # label, title, head of a table or chart, two rows
        for page in part[1:]:
            assert len(_rows(page)) >= 3


def test_the_summary_has_few_pages(pages: list[list[Line]]) -> None:
    assert len(pages) == 9


def test_two_charts_stand_on_a_page(tmp_path: Path) -> None:
    numbers = {"suggestions.class.a": 16, "suggestions.class.b": 8, "suggestions.class.c": 1}
    two = [
        Figure(id=id, label=id, definition="件数", value=n, unit="件", status=FigureStatus.VALUE)
        for id, n in numbers.items()
    ]
    made = on_paper(tmp_path, render_docx(report(figures=(*report().figures, *two))))
    charted = [
        page
        for page in _pages(made)
        if {"各类活动次数", "代表建议办理结果"} & {line.text for line in page[2:]}
    ]
    assert len(charted) == 1


def _parts(pages: list[list[Line]]) -> list[list[list[Line]]]:
    """Pages of the text and of each annex."""
    parts: list[list[list[Line]]] = [[]]
    for page in pages:
        if re.fullmatch(r"附件\d*", page[0].text):
            parts.append([])
        parts[-1].append(page)
    return parts


def _rows(page: list[Line]) -> set[int]:
    """Heights at which something stands, in lines of some 5 mm."""
    return {round(line.top / 5) for line in _text(page)}


def test_the_pages_look_as_they_did_when_somebody_looked(printed: Path) -> None:
    assert differences(drawn(printed, printed.parent), KEPT) == []
