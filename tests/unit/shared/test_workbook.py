"""Workbooks as people really send them: what is read, what is refused, and that every problem names its cell."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.workbook import (
    CellError,
    Column,
    TooBig,
    Unreadable,
    Workbook,
    read,
    value_of,
    write,
)
from shared.workbook.survey import address, position
from shared.workbook.write import cell_value
from tests.unit.shared.workbooks import HEADERS, PEOPLE, SHEETS, book


def repacked(data: bytes, change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            new.writestr(member, change(member, old.read(member)))
        for name, content in added.items():
            new.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def problems(workbook: Workbook) -> dict[str, str]:
    return {problem.cell: problem.message for problem in workbook.problems}


def test_what_is_written_is_read_again() -> None:
    rows: list[dict[str, Any]] = [
        {
            "name": "丁示例01",
            "gender": "m",
            "phone": "013800000000",
            "started_on": date(2017, 1, 12),
            "votes": 0,
            "roles": ("chair", "leader"),
            "leave": (("王示例02", "illness"), ("李示例03", None)),
            "topics": ("民生、法治", "监督"),
            "came": False,
        },
        {"name": "马示例02"},
    ]
    data = write(SHEETS, {"人员": rows})
    found = read(data, SHEETS)
    assert found.problems == []
    assert [dict(row.values) for row in found.rows("人员")] == [
        rows[0],
        {
            **dict.fromkeys(column.field for column in PEOPLE.columns),
            "name": "马示例02",
            "roles": (),
            "leave": (),
            "topics": (),
        },
    ]
    assert found.rows("人员")[0].cells["started_on"] == "D2"
    assert found.rows("计票（第一遍）") == []
    assert data == write(SHEETS, {"人员": rows})


def test_a_formula_typed_by_a_person_is_written_as_text() -> None:
    data = write(SHEETS, {"人员": [{"name": '=HYPERLINK("http://x")'}]})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("raw", [True, float("nan"), float("inf")])
def test_what_is_neither_a_number_nor_text_is_no_day(raw: object) -> None:
    with pytest.raises(CellError):
        value_of(Column("日期", "on", "date"), raw)


@pytest.mark.parametrize(("raw", "value"), [(12, 12), (12.0, 12), ("１２", 12), (" 12 ", 12), (0, 0)])
def test_integers(raw: object, value: int) -> None:
    assert value_of(Column("数", "n", "integer"), raw) == value


@pytest.mark.parametrize("raw", [1.5, -1, "-1", "12人", "1e3", True, float("inf"), "²", date(2020, 1, 1)])
def test_what_is_no_whole_number_is_refused(raw: object) -> None:
    with pytest.raises(CellError):
        value_of(Column("数", "n", "integer"), raw)


def test_numbers_may_be_more_than_digits() -> None:
    column = Column("号", "n", "number")
    said = {
        3: 3,
        "3": 3,
        "０３": 3,
        "2020-3": "2020-3",
        "闭会1号": "闭会1号",
        "1234567890": "1234567890",
    }
    assert {raw: value_of(column, raw) for raw in said} == said
    assert [cell_value(column, value) for value in (3, "2020-3")] == [3, "2020-3"]
    for raw in (3.5, -1, True):
        with pytest.raises(CellError):
            value_of(column, raw)


@given(st.text(max_size=40) | st.floats() | st.integers() | st.booleans() | st.dates() | st.none())
def test_a_cell_gives_a_value_or_a_reason_and_nothing_else(raw: object) -> None:
    for column in PEOPLE.columns:
        with contextlib.suppress(CellError):
            value_of(column, raw)


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_addresses(row: int, column: int) -> None:
    assert position(address(row, column)) == (row, column)


def test_lists_are_split_where_people_split_them() -> None:
    column = Column("出席", "present", "names")
    assert value_of(column, "丁示例01、马示例02，王示例03,李示例04；\n 石示例05 ") == (
        "丁示例01", "马示例02", "王示例03", "李示例04", "石示例05",
    )  # fmt: skip
    noted = Column("请假", "leave", "noted", choices={"病假": "illness"})
    assert value_of(noted, "王强（新城村）（病假）、李示例02(病 假)，赵示例03") == (
        ("王强（新城村）", "illness"), ("李示例02", "illness"), ("赵示例03", None),
    )  # fmt: skip
    with pytest.raises(CellError, match="写了两次"):
        value_of(column, "丁示例01、马示例02、丁示例01")


def test_every_problem_is_collected_with_its_cell() -> None:
    found = read(
        book(
            [*HEADERS, "绰号", None],
            ["丁示例01", "男", 5551234, 43991, 3],
            [],
            ["=1+1", "无", None, "2020.6.31", -1, "镇长", "马示例02（度假）"],
            ["马示例02", None, 1.1010119900307e17, None, None, None, None, None, None, None, "?"],
            [None, "女"],
            ["马示例02"],
        ),
        SHEETS,
    )
    said = problems(found)
    assert {"C2", "A4", "B4", "D4", "E4", "F4", "G4", "C5", "J1", "K5", "A6", "A7"} == set(said)
    assert "文本" in said["C2"]
    assert "公式" in said["A4"]
    assert "没有这一天" in said["D4"]
    assert "不认识的列" in said["J1"]
    assert "没有列名" in said["K5"]
    assert "必填" in said["A6"]
    assert "第 5 行重复" in said["A7"]
    assert [row.number for row in found.rows("人员")] == [2, 4, 5, 6, 7]
    assert [row.number for row in found if not found.wrong(row)] == []


@pytest.mark.parametrize("raw", [13800000000, 13800000000.0])
def test_a_mobile_number_that_excel_took_for_a_number_has_lost_nothing(raw: float) -> None:
    found = read(book(HEADERS, ["丁示例01", "男", raw]), SHEETS)
    assert (found.problems, found.rows("人员")[0]["phone"]) == ([], "13800000000")


def test_a_formula_is_read_by_its_stored_result_and_told() -> None:
    data = book(HEADERS, ["丁示例01", "男", None, None, 3])

    def computed(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"<v>3</v>", b"<f>1+2</f><v>3</v>")

    found = read(repacked(data, computed), SHEETS)
    assert (found.problems, found.rows("人员")[0]["votes"]) == ([], 3)
    assert [(note.cell, note.message) for note in found.notes] == [
        ("E1", "“票数”一列有 1 格是公式，按 Excel 存下的结果读取")
    ]


def test_an_error_in_place_of_a_value_is_not_an_empty_cell() -> None:
    def broken(workbook: openpyxl.Workbook) -> None:
        workbook["人员"]["B2"].data_type = "e"

    assert problems(read(book(HEADERS, ["丁示例01", "#REF!"], also=broken), SHEETS)).keys() == {"B2"}


def test_headers_and_sheets() -> None:
    def more(workbook: openpyxl.Workbook) -> None:
        workbook.create_sheet("附表").append(["x"])
        workbook.create_sheet("Sheet2")
        workbook.create_sheet("计票(第一遍)").append(["票"])

    found = read(book(["姓 名", "性别", "姓名"], ["丁示例01", "男"], also=more), SHEETS)
    assert [(p.sheet, p.cell) for p in found.problems] == [
        ("人员", "C1"),
        ("附表", ""),
        ("计票（第一遍）", ""),
    ]
    assert found.rows("人员")[0]["gender"] == "m"
    assert "started_on" not in found.rows("人员")[0].values
    other = book(["姓名"], also=lambda w: w.create_sheet("附表").append(["x"]))
    assert read(other, SHEETS, ignore=["附表"]).problems == []
    with pytest.raises(Unreadable, match="没有找到"):
        read(book(["姓名"], title="花名册"), SHEETS)


def test_merged_cells() -> None:
    def merge(workbook: openpyxl.Workbook) -> None:
        workbook["人员"].merge_cells("A2:A3")

    found = read(book(HEADERS, ["丁示例01", "男"], [None, "女"], also=merge), SHEETS)
    assert "合并单元格" in problems(found)["A2"]


def test_rows_beyond_the_limit_are_not_read() -> None:
    too_many = read(book(["姓名"], *([f"马示例{n}"] for n in range(5001))), SHEETS)
    assert problems(too_many).keys() == {"A5002"}
    assert too_many.rows("人员") == []
    assert len(read(book(["姓名"], *([f"马示例{n}"] for n in range(5000))), SHEETS).rows("人员")) == 5000

    def far(workbook: openpyxl.Workbook) -> None:
        workbook["人员"]["XFD1048576"] = "x"

    assert problems(read(book(["姓名"], also=far), SHEETS)).keys() == {"XFD1048576"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04garbage",
        "没有这样的列,性别\n丁,男".encode(),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    ],
)
def test_what_is_no_workbook_is_said_so(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read(data, SHEETS)


@pytest.mark.parametrize("part", ["xl__vbaProject.bin", "xl__externalLinks__externalLink1.xml"])
def test_macros_and_links_are_refused(part: str) -> None:
    with pytest.raises(Unreadable):
        read(repacked(book(["姓名"]), lambda _, content: content, **{part: b"x"}), SHEETS)


def test_entities_are_refused() -> None:
    def declared(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content[content.index(b"<worksheet") :]

    with pytest.raises(Unreadable):
        read(repacked(book(["姓名"]), declared), SHEETS)


def test_bombs_are_not_unpacked() -> None:
    data = repacked(book(["姓名"]), lambda _, content: content, bomb=b" " * 30_000_000)
    assert len(data) < 100_000
    with pytest.raises(TooBig):
        read(data, SHEETS)
    with pytest.raises(TooBig):
        read(b"PK" + b"\0" * 11_000_000, SHEETS)


@given(st.binary(max_size=200), st.integers(0, 5000))
def test_damage_is_a_problem_never_a_crash(noise: bytes, at: int) -> None:
    whole = write((PEOPLE,), {"人员": [{"name": "丁示例01"}]})
    damaged = whole[: at % len(whole)] + noise + whole[at % len(whole) + len(noise) :]
    with contextlib.suppress(Unreadable, TooBig):
        read(damaged, SHEETS)
