"""Workbooks as offices keep them: titles, remarks, totals, other words, other formats. What is left out is told."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from shared.workbook import Column, Sheet, Unreadable, Vocabulary, Workbook, read
from tests.unit.shared.workbooks import HEADERS, SHEETS, book

FILES = Path(__file__).with_name("files")
HELD = Sheet(
    "记录",
    (
        Column("编号", "reference", required=True),
        Column("日期", "held_on", "date", required=True),
        Column("小组", "group", "integer"),
        Column("届次", "number", "integer"),
        Column("类型", "kind", "choice", choices={"专题调研": "research", "接待选民": "reception"}),
        Column("金额（元）", "amount", "integer"),
    ),
    key=("reference",),
)
WORDS = Vocabulary(
    sheets={"记录": ("台账",)},
    headers={"编号": ("档案号",)},
    words={"专题调研": ("调研活动",), "接待选民": ("接待日",)},
)


def held(*rows: Sequence[Any], title: str = "记录", also: Any = None) -> Workbook:
    return read(book(*rows, title=title, also=also), (HELD,), vocabulary=WORDS)


def said(workbook: Workbook) -> list[str]:
    return [note.message for note in workbook.notes]


def test_titles_and_merged_cells_above_the_headers() -> None:
    def merge(workbook: openpyxl.Workbook) -> None:
        page = workbook["记录"]
        page.merge_cells("A1:F1")
        page.merge_cells("A3:A4")
        page.merge_cells("B3:B4")
        page.merge_cells("E3:E4")
        page.merge_cells("C3:D3")

    found = held(
        ["某镇活动台账"],
        ["填报单位：某镇", None, "2020年"],
        ["编号", "日期", "归属", None, "类型"],
        [None, None, "小组", "届次", None],
        ["a", "2020-06-09", 1, 17, "专题调研"],
        title="记录",
        also=merge,
    )
    assert found.problems == []
    (row,) = found.rows("记录")
    assert (row.number, row["group"], row["number"], row["held_on"]) == (5, 1, 17, date(2020, 6, 9))
    assert "第 4 行是列名，上面的 3 行没有读取" in said(found)


def test_totals_remarks_and_repeated_headers_are_told_and_left_out() -> None:
    head = ["编号", "日期", "小组", "备注"]
    found = held(
        head,
        ["a", "2020-06-09", 1, "x"],
        ["小计", None, 1],
        head,
        ["b", "2020-06-10", 2],
        [None, None, None, None],
        ["合 计", None, 3],
        ["全镇总计：2"],
        ["备注：以上均为实到"],
        ["填表人：某某", None, "审核：某某"],
    )
    assert found.problems == []
    assert [row["reference"] for row in found.rows("记录")] == ["a", "b"]
    assert len([note for note in found.notes if note.becomes == "没有读取"]) == 7
    assert [note.cell for note in found.notes] == ["D1", "A3", "A4", "A7", "A8", "A9", "A10"]


def test_a_record_whose_first_cell_begins_like_a_remark_is_a_record() -> None:
    found = held(["编号", "日期"], ["说明：1", "2020-06-09"], ["合计数1", "2020-06-09"])
    assert [row["reference"] for row in found.rows("记录")] == ["说明：1", "合计数1"]


@pytest.mark.parametrize(
    "header", ["时间", "举行日期", "活动时间", "日 期", "日期（必填）", "*日期", "日期："]
)
def test_headers_by_another_word(header: str) -> None:
    found = held(["档案号", header], ["a", "2020-06-09"])
    assert (found.problems, found.rows("记录")[0]["held_on"]) == ([], date(2020, 6, 9))
    assert "“档案号”一列读作“编号”" in said(found)


def test_of_two_columns_that_may_be_one_the_exact_one_is_it() -> None:
    found = held(["编号", "时间", "日期"], ["a", "下午", "2020-06-09"])
    assert found.rows("记录")[0]["held_on"] == date(2020, 6, 9)
    assert [problem.cell for problem in found.problems] == ["B1"]
    assert found.problems[0].was == "时间"


@pytest.mark.parametrize(
    ("field", "written", "value"),
    [
        ("group", "第一小组", 1), ("group", "第3组", 3), ("group", "二组", 2), ("group", "第十二小组", 12),
        ("group", "第二代表小组", 2),
        ("number", "第十七届", 17), ("number", "17届", 17), ("number", "第二十届", 20),
        ("kind", "接待日", "reception"), ("kind", "调研活动", "research"), ("kind", "专题 调研", "research"),
        ("amount", "1,200", 1200), ("amount", "1200元", 1200),
    ],
)  # fmt: skip
def test_words_and_numbers_as_people_write_them(field: str, written: str, value: object) -> None:
    header = HELD.column(field).header
    found = held(["编号", "日期", header], ["a", "2020-06-09", written])
    assert (found.problems, found.rows("记录")[0][field]) == ([], value)


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("group", "第一届"),
        ("group", "一"),
        ("group", "第一小组、第二小组"),
        ("group", "第一届二小组"),
        ("number", "17人"),
        ("amount", "1,20"),
    ],
)
def test_a_number_that_counts_something_else_is_refused(field: str, written: str) -> None:
    found = held(["编号", "日期", HELD.column(field).header], ["a", "2020-06-09", written])
    assert [problem.cell for problem in found.problems] == ["C2"]


def test_what_was_read_as_a_number_is_told() -> None:
    found = held(["编号", "日期", "小组"], ["a", "2020-06-09", "第一小组"])
    assert [(n.cell, n.row, n.was, n.becomes) for n in found.notes] == [("C2", 2, "第一小组", "1")]


@pytest.mark.parametrize("extension", ["xls", "ods", "xlsx"])
def test_one_workbook_in_every_format(extension: str) -> None:
    found = read((FILES / f"office.{extension}").read_bytes(), SHEETS)
    assert found.problems == []
    assert [(row.number, row["name"], str(row["started_on"]), row["votes"]) for row in found] == [
        (3, "丁示例01", "2017-01-12", 3),
        (4, "马示例02", "2017-01-12", 2),
        (5, "王示例03", "2017-01-12", 0),
    ]
    told = said(found)
    assert "第 5 行（共 1 行）是隐藏的，已照样读取" in told
    assert "“票数”一列是隐藏的，已照样读取" in told
    assert "第 6 行是“合计”，没有读取" in told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_in_whatever_encoding(encoding: str, separator: str) -> None:
    lines = [["姓名", "性别", "票数"], ["王示例01", "男", "3"], ["李示例02", "女", ""]]
    data = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    found = read(data, SHEETS, filename="名册.csv")
    assert found.problems == []
    assert [(row["name"], row["gender"], row["votes"]) for row in found.rows("人员")] == [
        ("王示例01", "m", 3),
        ("李示例02", "f", None),
    ]


def test_which_sheet_a_text_is_shows_its_name_or_its_headers() -> None:
    assert read("会议,票\na,1\n".encode(), SHEETS, filename="x.csv").rows("计票（第一遍）")[0]["n"] == 1
    named = read("姓名\n王示例01\n".encode(), SHEETS, filename="某镇-人员.csv")
    assert named.rows("人员")[0]["name"] == "王示例01"
    for data in (
        "鞋码,帽子\n42,大\n".encode(),
        b"\x00\x01\x02\x03",
        b"\xff\xff\xff",
        '姓名,"性别\n'.encode(),
    ):
        with pytest.raises(Unreadable):
            read(data, SHEETS, filename="x.csv")


def test_a_number_damaged_by_saving_as_text_is_refused() -> None:
    found = read("姓名,手机号\n王示例01,1.38E+10\n".encode(), SHEETS)
    assert [problem.cell for problem in found.problems] == ["B2"]


def test_sheets_left_out_are_told_and_empty_ones_are_nothing() -> None:
    def more(workbook: openpyxl.Workbook) -> None:
        workbook.create_sheet("填表说明").append(["请如实填写"])
        workbook.create_sheet("Sheet3")

    found = read(book(HEADERS, ["丁示例01"], also=more), SHEETS)
    assert (found.problems, said(found)) == ([], ["“填表说明”表没有读取"])


def test_a_sheet_by_another_title() -> None:
    assert held(["编号", "日期"], ["a", "2020-06-09"], title="台账").rows("记录")[0].number == 2
    assert held(["编号", "日期"], ["a", "2020-06-09"], title="Sheet1").rows("记录")[0].number == 2


def test_merged_records_are_named_once_and_their_cells_are_not_read_as_empty() -> None:
    def merge(workbook: openpyxl.Workbook) -> None:
        workbook["记录"].merge_cells("B2:B3")

    found = held(["编号", "日期"], ["a", "2020-06-09"], ["b", None], also=merge)
    assert [(p.cell, p.was) for p in found.problems] == [("B2", "2020-06-09")]
    assert [row.unfit for row in found.rows("记录")] == [{"held_on"}, {"held_on"}]


def test_every_problem_says_what_stands_there_and_what_is_wanted() -> None:
    found = read(
        book(
            ["姓名", "性别", "任职日期", "票数"],
            ["丁示例01", "无", 2017, "3.5"],
            ["马示例02", None, "2020.6.31"],
        ),
        SHEETS,
    )
    assert [(p.cell, p.column, p.was) for p in found.problems] == [
        ("B2", "性别", "无"),
        ("C2", "任职日期", "2017"),
        ("D2", "票数", "3.5"),
        ("C3", "任职日期", "2020.6.31"),
    ]
    day = "日期，如 2020-06-09"
    assert [p.becomes for p in found.problems] == ["男、女之一", day, "整数", day]


def test_a_word_that_stands_for_a_choice_is_told_once_with_what_it_became() -> None:
    head = ["编号", "日期", "类型"]
    found = held(
        head,
        *([n, "2020-06-09", word] for n, word in zip("abc", ["接待日", "接待日", "专题调研"], strict=True)),
    )
    assert [row["kind"] for row in found.rows("记录")] == ["reception", "reception", "research"]
    assert [(note.cell, note.was, note.becomes) for note in found.notes] == [("C2", "接待日", "“接待选民”")]


def test_a_line_with_words_in_columns_left_out_alone_is_told() -> None:
    found = held(
        ["序号", "编号", "日期", "备注"], [1, "a", "2020-06-09", "甲"], [2, None, None, "电话催办"], [3]
    )
    assert found.problems == []
    assert len(found.rows("记录")) == 1
    assert "第 3 行只有“电话催办”，没有读取" in said(found)
    assert not [line for line in said(found) if line.startswith("第 4 行")]
