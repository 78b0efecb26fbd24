"""The statistics: rows that exist, by chapter, compared where something is comparable; records behind each figure."""

from hypothesis import given
from hypothesis import strategies as st

from services.reports.document.cells import cell_text
from services.reports.document.content import annexes, check_annexes
from services.reports.document.statistics import (
    CHAPTERS,
    OTHERS,
    chapters,
    definitions,
    numbers,
    of_the_period,
)
from services.reports.domain import Amount, Figure, FigureStatus, RecordRef, Table, TitledRecord
from services.reports.figures import DEFINITIONS
from tests.unit.reports.document.sample import report


def figure(id: str, value: float | None, *, before: Amount | None = None, **more: object) -> Figure:
    known = FigureStatus.VALUE if value else FigureStatus.ZERO if value == 0 else FigureStatus.MISSING
    fields = {"label": id, "definition": f"{id}的口径", "unit": "次", "status": known, "previous": before}
    return Figure.model_validate({"id": id, "value": value, **fields, **more})


def rows(*figures: Figure) -> list[list[str]]:
    grid = of_the_period(figures)
    return [[cell_text(cell) for cell in row] for row in grid.rows] if grid else []


def test_every_figure_has_a_chapter() -> None:
    firsts = {definition.id.partition(".")[0] for definition in DEFINITIONS}
    assert firsts == {part for parts in CHAPTERS.values() for part in parts}
    assert [title for title, _ in chapters([figure("new.thing", 1), figure("plan.items", 2)])] == [
        "计划和保障",
        OTHERS,
    ]


def test_what_is_nothing_has_no_row_and_two_figures_share_one() -> None:
    rate = figure("congress.attendance_rate", 58 / 63, unit="", numerator=58, denominator=63)
    assert rows(
        figure("congress.sessions", 1), figure("congress.motions", 0), figure("congress.against", None), rate,
        figure("presidium.meetings", 4),
    ) == [
        ["人民代表大会会议"],
        ["congress.sessions", "1次", "congress.attendance_rate", "92.1%（58/63）"],
        ["主席团会议"],
        ["presidium.meetings", "4次", "", ""],
    ]  # fmt: skip
    assert rows(figure("congress.motions", 0)) == []


def test_the_year_before_stands_there_where_something_is_comparable() -> None:
    missing = Amount(status=FigureStatus.MISSING)
    more = figure("congress.sessions", 2, before=Amount(value=1, status=FigureStatus.VALUE), change=1)
    gone = figure("congress.motions", 0, before=Amount(value=3, status=FigureStatus.VALUE), change=-3)
    new = figure("presidium.meetings", 4, before=missing)
    assert rows(more, gone, new) == [
        ["人民代表大会会议"],
        ["congress.sessions", "2次", "1次", "+1"],
        ["congress.motions", "0次", "3次", "-3"],
        ["主席团会议"],
        ["presidium.meetings", "4次", "缺数据", "—"],
    ]
    assert len(rows(new)[1]) == 4
    header = next(definitions([more])).header
    assert header == ("指标", "数值", "上年同期", "口径", "依据的记录")


@given(st.sets(st.integers(1, 60), min_size=1))
def test_numbers_of_records_are_named_whole(found: set[int]) -> None:
    source = "/340281199/activities"
    told = numbers(RecordRef(source=source, subject=f"activity/{n}", version=1, sequence=n) for n in found)
    label, _, ranges = told.partition("：")
    read: set[int] = set()
    for part in ranges.split(" "):
        first, _, last = part.partition("—")
        read |= set(range(int(first), int(last or first) + 1))
    assert (label, read) == ("代表活动", found)


def test_tables_that_belong_together_share_an_annex() -> None:
    tables = [
        Table(id=id, caption=caption, header=("甲",), rows=(("乙",),))
        for id, caption in (("groups", "代表小组活动统计表"), ("attendance", "出席表"), ("units", "单位表"))
    ]
    made = [annex for annex in annexes(report(tables=tuple(tables))) if annex.id.startswith("table_")]
    assert [(annex.title, [grid.caption for grid in annex.grids]) for annex in made] == [
        ("代表小组活动和出席会议情况表", ["代表小组活动统计表", "出席表"]),
        ("单位表", [""]),
    ]


def test_the_check_document_names_the_records_by_kind() -> None:
    record = TitledRecord(
        source="/340281199/roster", subject="person/1", version=1, sequence=37, kind="人员", title="王示例"
    )
    (annex,) = (annex for annex in check_annexes(report(records=(record,))) if annex.id == "records")
    (grid,) = annex.grids
    assert (grid.caption, grid.header) == ("代表名册：人员", ("号", "记录"))
    assert [cell_text(cell) for cell in grid.rows[0]] == ["37", "王示例"]
