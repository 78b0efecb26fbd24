"""No sentence without a record: each paragraph goes with those it speaks of, and nothing tells what is lacking."""

from typing import Any

import pytest

from services.reports.compiler import compile_report
from services.reports.domain import Report, Wording
from services.reports.narrative import presets
from tests.fixtures.book import Book, attendance
from tests.fixtures.example import example

WORDS = Wording(theme="疫情防控", campaign_label="两联一述")
OF_THE_ROSTER = {"deputies", "structure", "groups", "rooms", "rooms_counted", "wall", "changes"}
FRAMES = {"address", "deliberate"}
EVENTS = ("session", "presidium_meeting", "plan", "activity", "opinion", "suggestion", "meeting")


class Lacking(Book):
    """A book in which some kinds of records were never kept."""

    def __init__(self, *kinds: str) -> None:
        super().__init__()
        self.kinds = kinds

    def add(self, noun: str, id: str | None = None, *, verb: str = "changed", **data: Any) -> str:
        if noun in self.kinds or data.get("kind") in self.kinds:
            return id or f"{noun}-none"
        return super().add(noun, id, verb=verb, **data)


def town(*lacking: str) -> Book:
    """The example's year with one record of every further kind, without those of some kinds."""
    book = Lacking(*lacking)
    example(book)
    some = attendance(["deputyship-1", "deputyship-2"])
    for kind in ("research", "law_check", "review", "inquiry", "visit", "contact", "good_deed"):
        book.add("activity", kind=kind, title=f"{kind}", held_on="2020-09-15", attendance=some, tags=["防汛"])
    book.add("office", year=2020, staff=3, full_time_staff=1, funds_budgeted=60000, funds_spent=50000)
    return book


def compiled(book: Book, outline: str = "A") -> Report:
    words = WORDS.model_copy(update={"outline": outline})
    return compile_report(book.year(as_of="2020-12-07"), [], words, id="report")


def paragraphs(book: Book, outline: str = "A") -> dict[str, str]:
    return {p.id: p.text for section in compiled(book, outline).sections for p in section.paragraphs}


@pytest.mark.parametrize("outline", presets())
def test_of_a_town_with_nothing_but_its_roster_only_the_roster_is_told(outline: str) -> None:
    told = paragraphs(town(*EVENTS, "office"), outline)
    assert set(told) <= OF_THE_ROSTER | FRAMES, told
    assert "deputies" in told
    headings = [section.heading for section in compiled(town(*EVENTS, "office"), outline).sections]
    assert not any("“" in heading for heading in headings)


SPEAKS_OF = {
    "session": {"congress_held", "congress_work", "congress_attendance"},
    "presidium_meeting": {"presidium_meetings", "presidium_work", "presidium_decisions"},
    "plan": set(),
    "training": {"training"},
    "group_activity": {"group_activities"},
    "reception": {"receptions"},
    "opinion": {"opinions"},
    "suggestion": {"suggestions", "suggestion_replies", "suggestion_results"},
    "meeting": {"duty_reports", "ratings", "ratings_coverage"},
    "office": {"office"},
}


@pytest.mark.parametrize("kind", SPEAKS_OF)
def test_with_the_records_a_paragraph_is_there_and_without_them_it_goes(kind: str) -> None:
    there, gone = paragraphs(town()), paragraphs(town(kind))
    assert SPEAKS_OF[kind] <= set(there)
    assert not SPEAKS_OF[kind] & set(gone)


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ("session", "人民代表大会会议"),
        ("presidium_meeting", "主席团会议"),
        ("group_activity", "小组活动"),
        ("reception", "接待"),
        ("suggestion", "建议"),
        ("meeting", "述职"),
        ("training", "培训"),
        ("plan", "计划"),
        ("inspection", "视察"),
        ("research", "调研"),
        ("law_check", "执法检查"),
        ("review", "工作评议"),
        ("inquiry", "询问"),
        ("visit", "走访"),
        ("good_deed", "实事"),
        ("station", "阵地"),
        ("group", "小组"),
    ],
)
def test_what_was_never_recorded_is_mentioned_nowhere_in_the_text(lacking: str, words: str) -> None:
    others = ("plan", "suggestion", "meeting", "group_activity", "reception")
    silent = (lacking,) if lacking not in others else (lacking, "opinion")
    told = paragraphs(town(*silent))
    mentioned = {
        id: text for id, text in told.items() if words in text and id not in ("wall", "plans", "outlook")
    }
    if lacking in ("plan", "station", "group"):
        mentioned = {id: text for id, text in mentioned.items() if id in ("plans", "rooms", "groups")}
    assert mentioned == {}, mentioned
    assert any(words in text for text in paragraphs(town()).values())


UNHEARD = ("登记", "没有组织", "没有举行", "的记录", "按计划推进", "影像", "逐人", "提醒", "无记名", "年内")


def test_no_text_tells_what_is_lacking_or_praises_what_nobody_recorded() -> None:
    for lacking in ("", *EVENTS, *SPEAKS_OF):
        text = "".join(paragraphs(town(lacking)).values())
        assert [phrase for phrase in UNHEARD if phrase in text] == [], lacking


def test_parts_are_told_only_where_they_add_up() -> None:
    book = town()
    for channel in ("reception", "slip", ""):
        book.add("opinion", received_on="2020-10-16", state="received", channel=channel)
    told = paragraphs(book)
    assert "opinion_channels" not in told
    assert "转交" not in told["opinions"]


def test_all_ballots_are_not_called_satisfied_where_some_abstained() -> None:
    def votes(abstained: int) -> str:
        book = Book()
        book.town_()
        id = book.deputy()
        deputies = [{"deputyship_id": id, "counts": {"satisfied": 43}, "abstain": abstained, "spoiled": 0}]
        cast = 43 + abstained
        book.meeting([id], result={"issued": cast, "returned": cast, "valid": cast, "deputies": deputies})
        return paragraphs(book)["ratings"]

    assert "全部为满意票" in votes(0)
    assert "全部为满意票" not in votes(6)
    assert "弃权6票" in votes(6)
    assert "满意票43票" in votes(6)


@pytest.mark.parametrize(
    ("code", "words"), [("moved_out", "迁出"), ("transferred", "调离"), ("moved_away", "离开本行政区域")]
)
def test_the_reason_of_an_end_is_the_actual_one(code: str, words: str) -> None:
    book = Book()
    book.town_()
    book.deputy(ended_on="2020-04-20", ended_reason=code)
    assert f"因{words}终止" in paragraphs(book)["changes"]


@pytest.mark.parametrize("year", [2020, 2021, 2022])
def test_a_year_reads_otherwise_than_the_one_before_and_always_the_same(year: int) -> None:
    def opening(at: int) -> str:
        book = Book()
        book.town_(county_name="无为市")
        book.add("presidium_meeting", held_on=f"{at}-03-01", topics=["议题"])
        made = compile_report(book.year(at, f"{at}-12-31"), [], WORDS, id="report")
        return "".join(p.text for section in made.sections for p in section.paragraphs).replace(str(at), "")

    assert opening(year) == opening(year)
    assert opening(year) != opening(year + 1)
    assert opening(year) == opening(year + 3)


def test_two_sessions_are_told_apart_and_one_without_attendance_is_not_counted_as_attended() -> None:
    book = town()
    reports = [{"title": "政府工作报告", "kind": "government", "adopted": True}]
    book.add(
        "session", verb="held", congress_number=17, session_number=8, held_on="2020-11-20", reports=reports
    )
    told = paragraphs(book)
    assert "第十七届人民代表大会第七次会议作出《关于镇人民政府工作报告的决议》" in told["congress_work"]
    assert "congress_attendance" not in told or "实到" not in told["congress_attendance"]


def test_a_report_to_the_presidium_is_not_called_a_report_twice() -> None:
    [told] = [text for text in paragraphs(town()).values() if "环境整治专项工作报告" in text]
    assert "报告专项" not in told


@pytest.mark.parametrize(("ruled", "told"), [("Z", {"report.outline"}), ("c", set())])
def test_a_pack_with_an_outline_that_nobody_has_leaves_no_town_without_a_report(
    ruled: str, told: set[str]
) -> None:
    book = town()
    book.town_(rules={"outline": ruled})
    report = compile_report(book.year(as_of="2020-12-07"), [], WORDS, id="report")
    usual = compiled(town(), "A" if told else "C")
    assert [section.id for section in report.sections] == [section.id for section in usual.sections]
    assert {f.rule for f in report.findings if f.rule == "report.outline"} == told
