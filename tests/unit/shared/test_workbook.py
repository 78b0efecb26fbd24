"""Workbooks as people really send them: what is read, what is refused, and that every problem names its cell."""

import contextlib
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import FieldError, Invalid
from shared.work import Collection, Record, Work
from shared.workbook import (
    CellError,
    Column,
    Done,
    Row,
    RowProblem,
    Sheaf,
    Sheet,
    Step,
    TooBig,
    Unreadable,
    Workbook,
    import_rows,
    read,
    row_id,
    value_of,
    write,
)
from shared.workbook.guard import address, position
from tests.unit.shared.sample import MemoryStore

PEOPLE = Sheet(
    "人员",
    (
        Column("姓名", "name", required=True),
        Column("性别", "gender", "choice", choices={"男": "m", "女": "f"}),
        Column("手机号", "phone"),
        Column("任职日期", "started_on", "date"),
        Column("票数", "votes", "integer"),
        Column("职务", "roles", "names", choices={"主席": "chair", "组长": "leader"}),
        Column("请假", "leave", "noted", choices={"病假": "illness", "公务": "duty"}),
        Column("议题", "topics", "lines"),
        Column("到会", "came", "flag"),
    ),
    key=("name",),
)
COUNTS = Sheet("计票（第一遍）", (Column("会议", "meeting", required=True), Column("票", "n", "integer")))
SHEETS = (PEOPLE, COUNTS)
HEADERS = [column.header for column in PEOPLE.columns]


def book(
    *rows: Sequence[Any], title: str = "人员", also: Callable[[openpyxl.Workbook], None] | None = None
) -> bytes:
    workbook = openpyxl.Workbook()
    page = workbook.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(list(row))
    if also:
        also(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


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


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        (datetime(2020, 6, 9), date(2020, 6, 9)),  # noqa: DTZ001 – Excel knows no zones
        (date(2020, 6, 9), date(2020, 6, 9)),
        (43991, date(2020, 6, 9)),
        (43991.0, date(2020, 6, 9)),
        ("2020-06-09", date(2020, 6, 9)),
        ("2020.6.9", date(2020, 6, 9)),
        ("2020/6/9", date(2020, 6, 9)),
        ("2020年6月9日", date(2020, 6, 9)),
        (" ２０２０年６月９日 ", date(2020, 6, 9)),
        ("2020-02-29", date(2020, 2, 29)),
    ],
)
def test_dates_in_every_way_they_are_written(raw: object, day: date) -> None:
    assert value_of(Column("日期", "on", "date"), raw) == day


@pytest.mark.parametrize(
    "raw",
    ["2020-06-31", "2019-02-29", "6月9日", "2020-6", "昨天", 0, -3, 43991.5, 1e300, float("nan"), True, "0020-01-01",
     datetime(2020, 6, 9, 8, 30)],  # noqa: DTZ001
)  # fmt: skip
def test_days_that_do_not_exist_are_refused(raw: object) -> None:
    with pytest.raises(CellError):
        value_of(Column("日期", "on", "date"), raw)


@given(
    st.dates(date(1900, 3, 1), date(2199, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日"])
)
def test_every_day_survives_being_written_by_hand(day: date, form: str) -> None:
    column = Column("日期", "on", "date")
    assert value_of(column, day.strftime(form)) == day
    assert value_of(column, (day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize(("raw", "value"), [(12, 12), (12.0, 12), ("１２", 12), (" 12 ", 12), (0, 0)])
def test_integers(raw: object, value: int) -> None:
    assert value_of(Column("数", "n", "integer"), raw) == value


@pytest.mark.parametrize("raw", [1.5, -1, "-1", "12人", "1e3", True, float("inf"), "²", date(2020, 1, 1)])
def test_what_is_no_whole_number_is_refused(raw: object) -> None:
    with pytest.raises(CellError):
        value_of(Column("数", "n", "integer"), raw)


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
            [*HEADERS, "备注", None],
            ["丁示例01", "男", 13800000000, 43991, 3],
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


def test_a_formula_with_a_stored_result_is_still_a_formula() -> None:
    data = book(HEADERS, ["丁示例01", "男", None, None, 3])

    def computed(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        return content.replace(b"<v>3</v>", b"<f>1+2</f><v>3</v>")

    assert problems(read(repacked(data, computed), SHEETS)).keys() == {"E2"}


def test_an_error_in_place_of_a_value_is_not_an_empty_cell() -> None:
    def broken(workbook: openpyxl.Workbook) -> None:
        workbook["人员"]["B2"].data_type = "e"

    assert problems(read(book(HEADERS, ["丁示例01", "#REF!"], also=broken), SHEETS)).keys() == {"B2"}


def test_headers_and_sheets() -> None:
    def more(workbook: openpyxl.Workbook) -> None:
        workbook.create_sheet("说明")
        workbook.create_sheet("计票(第一遍)").append(["票"])

    found = read(book(["姓 名", "性别", "姓名"], ["丁示例01", "男"], also=more), SHEETS)
    assert [(p.sheet, p.cell) for p in found.problems] == [
        ("说明", ""),
        ("人员", "C1"),
        ("计票（第一遍）", ""),
    ]
    assert found.rows("人员")[0]["gender"] == "m"
    assert "started_on" not in found.rows("人员")[0].values
    assert read(book(["姓名"], also=lambda w: w.create_sheet("说明")), SHEETS, ignore=["说明"]).problems == []
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
        "姓名,性别\n丁,男".encode(),
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


# -- carrying rows into records --------------------------------------------------------------------------------


class Person(Record):
    name: str


PERSONS = Collection("people", Person)


async def _keep(work: Work, row: Row) -> Done:
    id = row_id(work.town, row.sheet, row["name"])
    before = await work.get(PERSONS, id)
    if row["gender"] == "f":
        raise RowProblem("gender", "不行")
    if row["phone"]:
        raise Invalid(
            "号码有误", errors=[FieldError("body.phone", "号码有误"), FieldError("body.else", "另有问题")]
        )
    if before is not None:
        return "unchanged"
    work.create(PERSONS, Person(id=id, town=work.town, name=row["name"]), "registered")
    return "new"


async def _count(_: Work, rows: Sequence[Row]) -> Done:
    if sum(row["n"] for row in rows) > 10:
        raise RowProblem("n", "太多", rows[1])
    return "changed"


STEPS = (Sheaf("计票（第一遍）", ("meeting",), _count), Step("人员", _keep))


def office(counts: Sequence[Sequence[Any]], *people: Sequence[Any]) -> Workbook:
    def sheet(workbook: openpyxl.Workbook) -> None:
        page = workbook.create_sheet(COUNTS.name)
        for row in (["会议", "票"], *counts):
            page.append(list(row))

    return read(book(["姓名", "性别", "手机号"], *people, also=sheet), SHEETS)


async def test_rows_are_carried_over_and_found_again() -> None:
    work = MemoryStore().reading("340281199", "clerk")
    found = office([["a", 1], ["b", 2], ["a", 3]], ["丁示例01"], ["马示例02", "男"])
    report = await import_rows(work, found, STEPS, dry_run=False)
    assert report.applied
    assert [(s.name, [(r.row, r.outcome, r.key) for r in s.rows]) for s in report.sheets] == [
        ("计票（第一遍）", [(2, "changed", "a"), (3, "changed", "b"), (4, "changed", "a")]),
        ("人员", [(2, "new", "丁示例01"), (3, "new", "马示例02")]),
    ]
    assert report.totals.model_dump() == {"new": 2, "changed": 3, "unchanged": 0, "wrong": 0}
    assert len(work.writes) == 2
    again = await import_rows(work, found, STEPS, dry_run=False)
    assert again.totals.unchanged == 2


async def test_one_wrong_row_and_nothing_is_written() -> None:
    work = MemoryStore().reading("340281199", "clerk")
    found = office(
        [["a", 8], ["a", 8], ["b", 0.5]],
        ["丁示例01"],
        ["马示例02", "女"],
        ["王示例03", None, "1"],
        [None, "男"],
    )
    report = await import_rows(work, found, STEPS, dry_run=False)
    assert not report.applied
    assert work.writes == {}
    assert [(e.loc, e.message) for e in report.errors()] == [
        ("计票（第一遍）.B3", "太多"),
        ("计票（第一遍）.B4", "票：应填整数，读到的是 0.5"),
        ("人员.B3", "不行"),
        ("人员.C4", "号码有误"),
        ("人员", "另有问题"),
        ("人员.A5", "姓名：必填，不能空着"),
    ]
    assert report.totals.model_dump() == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 6}


async def test_a_dry_run_reports_and_writes_nothing() -> None:
    work = MemoryStore().reading("340281199", "clerk")
    report = await import_rows(work, office([], ["丁示例01"]), STEPS, dry_run=True)
    assert (report.totals.new, report.applied, report.dry_run) == (1, False, True)
    assert work.writes == {}
    assert work.facts == []


async def test_what_is_wrong_outside_rows_stops_everything() -> None:
    work = MemoryStore().reading("340281199", "clerk")
    found = read(book(["姓名", "绰号"], ["丁示例01"]), SHEETS)
    report = await import_rows(work, found, STEPS, dry_run=False)
    assert [e.loc for e in report.errors()] == ["人员.B1"]
    assert (report.applied, work.writes) == (False, {})


def test_row_ids_tell_towns_sheets_and_keys_apart() -> None:
    ids = {row_id("340281199", "活动", "培1"), row_id("340281198", "活动", "培1"), row_id("340281199", "意见", "培1"),
           row_id("340281199", "活动", "培", 1), row_id("340281199", "活动", "培2")}  # fmt: skip
    assert len(ids) == 5
    assert row_id("340281199", "活动", "培1") in ids
