"""What could not be applied is said in the report: by service and number, and which events by name."""

from datetime import date

import pytest

from services.reports.compiler import NotProven, compile_report, prove
from services.reports.document.content import check_annexes
from services.reports.domain import Parked, Severity, Wording
from services.reports.domain.seals import SealedHead
from services.reports.events_in import SOURCES
from shared.envelope import GENESIS
from tests.fixtures.book import TOWN, Book

EVENT = {
    "source": f"/{TOWN}/roster",
    "sequence": 17,
    "type": "roster.person.changed.v1",
    "reason": "name: 须为文字",
}


def test_every_service_with_parked_events_is_named_and_so_are_the_events() -> None:
    year = Book().year(2020, "2020-12-07")
    named = (Parked(service="activities", **EVENT),)
    heads = [
        SealedHead("roster", 1, "", {}),
        SealedHead("activities", 1, "", {}, parked=3, parked_events=named),
    ]
    own = [Parked(service="reports", **EVENT | {"sequence": 18})]
    report = compile_report(year, heads, Wording(), id="report", parked=own)
    found = [finding for finding in report.findings if finding.rule == "events.parked"]
    assert [(finding.id, finding.severity) for finding in found] == [
        ("events.parked:activities", Severity.WARN),
        ("events.parked:reports", Severity.WARN),
    ]
    assert (
        "“履职活动”服务有3件收到的事件未能处理（代表名册第17号roster.person.changed.v1等）"
        in found[0].message
    )
    assert (
        "“工作总结”服务有1件收到的事件未能处理（代表名册第18号roster.person.changed.v1）" in found[1].message
    )
    assert report.parked == (*named, *own)

    (proof,) = (annex for annex in check_annexes(report) if annex.id == "proof")
    assert any("未能处理" in note for note in proof.notes)
    (grid,) = (grid for grid in proof.grids if grid.caption == "未能处理的事件")
    assert ["".join(run.text for run in cell) for cell in grid.rows[0]] == [
        "履职活动（activities）", "代表名册（roster）", "17", "roster.person.changed.v1", "name: 须为文字",
    ]  # fmt: skip


def test_where_nothing_was_parked_nothing_is_said_of_it() -> None:
    report = compile_report(Book().year(2020, "2020-12-07"), [], Wording(), id="report")
    (proof,) = (annex for annex in check_annexes(report) if annex.id == "proof")
    assert report.parked == ()
    assert not any("未能处理" in note for note in proof.notes)
    assert all(grid.caption != "未能处理的事件" for grid in proof.grids)


def test_a_fact_that_cannot_be_counted_is_named_with_its_place_and_without_its_words() -> None:
    book = Book()
    book.town_()
    bad = book.add("group", number={"secret": "张三"})
    heads = [
        SealedHead(s, len(book.events[s]), book.events[s][-1].hash if book.events[s] else GENESIS, {})
        for s in SOURCES
    ]
    with pytest.raises(NotProven) as refused:
        prove(book.town, "2020", date(2020, 12, 31), book.events, heads)
    assert list(refused.value.troubles) == ["roster"]
    assert str(refused.value) == f"第2号事件roster.group.changed.v1（group/{bad}）无法读取：number有误"
