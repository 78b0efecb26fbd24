"""Carrying rows into records: all or nothing, each outcome told, each problem at its cell."""

from collections.abc import Sequence
from typing import Any

import openpyxl

from shared.errors import FieldError, Invalid
from shared.storage.work import Collection, Record, Work
from shared.workbook import Done, Row, RowGroup, RowProblem, Step, Workbook, import_rows, read, row_id
from tests.unit.shared.sample import MemoryStore
from tests.unit.shared.workbooks import COUNTS, SHEETS, book


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


STEPS = (RowGroup("计票（第一遍）", ("meeting",), _count), Step("人员", _keep))


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
        ("人员.A4", "另有问题"),
        ("人员.C4", "号码有误"),
        ("人员.A5", "姓名：必填，不能空着"),
    ]
    assert report.totals.model_dump() == {"new": 1, "changed": 0, "unchanged": 0, "wrong": 5}
    assert (report.problems, report.waiting) == (6, 1)


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


async def test_a_dry_run_tells_what_would_be_recorded_instead_of_what() -> None:
    work = MemoryStore().reading("340281199", "clerk")
    recorded = [{"name": "丁示例01", "gender": "m", "phone": "13800000000"}, {"name": "马示例02"}]

    async def export(work: Work) -> dict[str, list[dict[str, Any]]]:
        new = [{"name": "丁示例01", "gender": "f", "phone": "13900000000"}, {"name": "新人"}, recorded[1]]
        return {"人员": new if work.writes else recorded}

    async def change(work: Work, row: Row) -> Done:
        work.create(PERSONS, Person(id=row_id(work.town, row["name"]), town=work.town, name=row["name"]), "x")
        return "changed"

    report = await import_rows(
        work, office([], ["丁示例01"]), (Step("人员", change),), dry_run=True, export=export
    )
    assert [change.model_dump() for change in report.sheets[0].changes] == [
        {"key": "丁示例01", "column": "性别", "was": "男", "becomes": "女"},
        {"key": "丁示例01", "column": "手机号", "was": "…", "becomes": "…"},
    ]
    assert work.writes == {}
