"""The workbook: numbers are numbers, text is only text, equal reports give equal bytes."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openxml_audit import OpenXmlValidator

from services.reports.document import render_xlsx
from services.reports.document.statistics import chapters
from services.reports.domain import Table
from tests.unit.reports.document.sample import report

# The order of Excel's own escapes (_x0041_) and blanks at the ends are Excel's affair.
CELL = st.text(
    st.characters(categories=["L", "N", "P", "S"], exclude_characters="_"), min_size=1, max_size=20
)


def _book(data: bytes) -> Any:
    return load_workbook(BytesIO(data))


def _rows(sheet: Any) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_it_holds_figures_records_tables_findings_and_the_proof() -> None:
    whole = report()
    book = _book(render_xlsx(whole))
    assert book.sheetnames == [
        "人民代表大会会议", "主席团会议", "监督", "代表队伍", "学习和代表活动", "联系选民", "代表建议", "述职测评",
        *(table.caption for table in whole.tables),
        "待核事项", "完整性证明", "来源与封存", "各类记录数", "排除的记录及理由",
        "应有与已登记", "未能处理的事件", "依据的记录",
    ]  # fmt: skip
    assert all(sheet.freeze_panes == "B2" for sheet in book)
    figures = {
        row[-1]: row
        for chapter, _ in chapters(whole.figures)
        for row in _rows(book[chapter])
        if row[-1] != "编号"
    }
    assert len(figures) == len(whole.figures)
    assert figures["congress.present"][:3] == ["人代会实到", 61, "人次"]
    assert figures["congress.attendance_rate"][1:5] == [61 / 63, None, 61, 63]
    assert figures["suggestions.overdue"][1] == 0
    assert figures["supervision.opinions"][1] is None
    assert len(_rows(book["依据的记录"])) == 1 + sum(len(figure.records) for figure in whole.figures)
    assert _rows(book["应有与已登记"])[1][1:5] == [1, 0, 1, "次"]
    assert _rows(book["未能处理的事件"])[1][1:] == [
        *("代表名册（roster）", 17, "roster.person.changed.v2", "版本无法识别，请先升级程序"),
    ]
    assert ["代表名册（roster）", "已封存", 231, 84, 0, "3f" * 32] in _rows(book["来源与封存"])


def test_equal_reports_give_equal_bytes_that_excel_accepts(tmp_path: Path) -> None:
    data = render_xlsx(report())
    assert data == render_xlsx(report())
    path = tmp_path / "report.xlsx"
    path.write_bytes(data)
    assert [str(error) for error in OpenXmlValidator().validate(path).errors] == []


def test_numbers_of_tables_are_numbers() -> None:
    table = Table(id="t", caption="表", header=("甲",) * 5, rows=(("58", "0", "91.5%", "90%", "007"),))
    sheet = _book(render_xlsx(report(tables=(table,))))["表"]
    assert [cell.value for cell in sheet[2]] == [58, 0, 0.915, 0.9, "007"]
    assert [cell.number_format for cell in sheet[2]][2:4] == ["0.0%", "0.0%"]


@given(st.lists(CELL.filter(lambda text: not re.fullmatch(r"[\d.]+%?", text)), min_size=2, max_size=2))
def test_text_is_text_whatever_it_looks_like(cells: list[str]) -> None:
    table = Table(id="t", caption="表", header=("甲", "乙"), rows=(tuple(cells),))
    sheet = _book(render_xlsx(report(tables=(table,))))["表"]
    assert [cell.value for cell in sheet[2]] == cells
    assert all(cell.data_type in {"s", "inlineStr"} for cell in sheet[2])


def test_a_formula_stays_words() -> None:
    table = Table(
        id="t", caption="表", header=("甲",), rows=(("=1+1",), ("@cmd",), ("http://x.example",), ("007",))
    )
    sheet = _book(render_xlsx(report(tables=(table,))))["表"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["=1+1", "@cmd", "http://x.example", "007"]
    assert all(row[0].data_type == "s" and row[0].hyperlink is None for row in sheet.iter_rows(min_row=2))


def test_sheets_have_names_excel_takes() -> None:
    captions = ["一/二:三*四?五[六]", "长" * 40, "长" * 40, "", "'数据'"]
    tables = tuple(
        Table(id=str(i), caption=c, header=("甲",), rows=(("乙",),)) for i, c in enumerate(captions)
    )
    names = _book(render_xlsx(report(tables=tables))).sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 for name in names)
