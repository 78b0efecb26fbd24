"""Tables and headings of the office's own are kept as theirs, at their place, or refused with it."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from recount import Log, read, verify
from recount.faults import FaultKind
from services.reports.document import check, edited, render_docx, render_html
from services.reports.document.check_text import check_report
from services.reports.domain import Wording
from services.reports.errors import DocumentUnfit
from services.reports.handlers.uploaded_text import worded
from tests.fixtures.book import Book
from tests.fixtures.documents import FIRST, LAST, W, changed, log_of, sealed, signed, write
from tests.fixtures.example import example
from tests.unit.reports.document import edits
from tests.unit.reports.document.test_edited import FILE, GIVEN, NOTHING, REPORT
from tests.unit.reports.document.test_edits import compiled, matched

ACROSS, DOWN = '<w:gridSpan w:val="2"/>', "<w:vMerge/>"
ROWS = (("村名", "投入（万元）", ""), ("五洲村", "12", ""), ("太白村", "8.5", "已完工"))
TEXT = "村名\t投入（万元）\t\n五洲村\t12\t\n太白村\t8.5\t已完工"
RENAMED = "开好人民代表大会"


def _cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    written = ("".join(map(_cell, row)) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{cells}</w:tr>' for cells in written)}</w:tbl>"


def _eight(root: Any) -> Any:
    """The run that says 8.5."""
    return next(text.getparent() for text in root.iter() if text.text == "8.5")


def _put(at: int, *elements: str) -> Callable[[Any], None]:
    def change(root: Any) -> None:
        place = edits.whole(root)[at]
        for xml in reversed(elements):
            place.addnext(edits.element(xml))

    return change


@pytest.mark.parametrize("at", [0, 4, -1])
@pytest.mark.parametrize("around", ["{}", "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"])
def test_a_table_is_printed_again_at_its_place(at: int, around: str) -> None:
    above = [p for s in REPORT.sections for p in s.paragraphs][at]
    found = matched(
        _put(at, around.format(_table(ROWS)), "<w:p><w:r><w:t>上表为各村投入。</w:t></w:r></w:p>")
    )
    assert {match.change for match in found.matches} == {edited.Change.KEPT}
    assert found.ignored == []
    report = compiled(found)
    order = [p.text for s in report.sections for p in s.paragraphs]
    place = order.index(above.text)
    assert order[place + 1 : place + 3] == [TEXT, "上表为各村投入。"]
    file = render_docx(report)
    assert check(file) == []
    lines = edited.read(file).lines
    assert ROWS in [line.rows for line in lines]
    second = edited.matched(report, lines, lines)
    assert ({match.change for match in second.matches}, second.own, second.ignored) == (
        {edited.Change.KEPT},
        {},
        [],
    )
    assert "<td>五洲村</td><td>12</td>" in render_html(report)
    told = "".join(p.text for p in check_report(report).sections[0].paragraphs)
    assert "（3行3列，首格“村名”）是办公室自己的" in told


def test_a_table_that_was_changed_or_taken_away_is_so_at_the_next_upload() -> None:
    report = compiled(matched(_put(4, _table(ROWS))))
    file = render_docx(report)
    lines = edited.read(file).lines

    def cell(root: Any) -> None:
        write(_eight(root), "9.5")

    def gone(root: Any) -> None:
        table = next(_eight(root).iterancestors(f"{W}tbl"))
        table.getparent().remove(table)

    changes = edited.matched(report, edited.read(changed(file, cell)).lines, lines).matches
    assert [m.after for m in changes if m.change is edited.Change.EDITED] == [TEXT.replace("8.5", "9.5")]
    removed = edited.matched(report, edited.read(changed(file, gone)).lines, lines)
    assert [match.before for match in removed.removals] == [TEXT]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (f"<w:tbl><w:tr>{_cell('甲', ACROSS)}</w:tr><w:tr>{_cell('乙') * 2}</w:tr></w:tbl>", "合并的单元格"),
        (f"<w:tbl><w:tr>{_cell('甲', DOWN)}{_cell('乙')}</w:tr></w:tbl>", "合并的单元格"),
        (f"<w:tbl><w:tr><w:tc>{_table(ROWS)}<w:p/></w:tc>{_cell('乙')}</w:tr></w:tbl>", "里面还有表格"),
        (_table((("甲", "乙"), ("丙",))), "列数不同"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_kept_is_refused_with_its_place(table: str, told: str) -> None:
    with pytest.raises(DocumentUnfit) as refused:
        matched(_put(4, table))
    above = [p for s in REPORT.sections for p in s.paragraphs][4].text
    assert told in str(refused.value)
    assert f"“{above[:24]}”" in str(refused.value)


def test_of_a_frame_around_words_the_words_are_kept() -> None:
    found = matched(_put(4, _table((("框里的话。",),))))
    assert any("框线" in told for told in found.ignored)
    assert "框里的话。" in "\n".join(p.text for s in compiled(found).sections for p in s.paragraphs)


def test_numbers_of_the_offices_table_are_told_as_bound_to_no_figure() -> None:
    book = example(Book())
    report = sealed(book, wording=Wording(theme="乡村振兴", paragraphs={"congress": (TEXT,)}))
    log = Log.from_events(book.town, log_of(book))
    file = signed(report)
    found = verify(read(file), log, FIRST, LAST)
    assert [(fault.kind, fault.text) for fault in found.faults] == [
        (FaultKind.UNBOUND, "12"),
        (FaultKind.UNBOUND, "8.5"),
    ]
    other = verify(read(changed(file, lambda root: write(_eight(root), "9.5"))), log, FIRST, LAST)
    assert {fault.kind for fault in other.faults} == {FaultKind.UNBOUND}
    assert other.reworded


def test_a_heading_of_the_outline_in_other_words_is_kept() -> None:
    def rename(root: Any) -> None:
        write(edits.heading(root, 1), f"二、{RENAMED}")

    found = matched(rename)
    assert (found.removals, found.ignored) == ([], [])
    report = compiled(found)
    before = [s.heading for s in REPORT.sections]
    [(old, section)] = [(a, s) for a, s in zip(before, report.sections, strict=True) if a != s.heading]
    assert (section.heading, section.computed) == (RENAMED, old)
    lines = edited.read(render_docx(report)).lines
    assert edited.matched(report, lines, lines).headings == found.headings
    back = edited.matched(report, edited.read(FILE).lines, lines)
    assert back.headings == ()
    assert worded(NOTHING, report, back).headings == ()


def test_the_file_as_it_is_handed_out_has_nothing_of_the_offices_own() -> None:
    assert edited.matched(REPORT, GIVEN, GIVEN).headings == ()
