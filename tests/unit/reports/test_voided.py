"""A record entered by mistake is in no figure, here and in the recount; those that name a voided mandate are told."""

from datetime import date
from typing import Any

from services.reports.figures import compute
from services.reports.figures.accounting import account
from services.reports.figures.index import entered
from tests.fixtures.book import Book
from tests.fixtures.counts import compiled, recounted
from tests.unit.reports.test_checks import findings, rules

YEAR_END = date(2020, 12, 31)


def a_year(*, again: bool, named: bool) -> tuple[Book, str]:
    """Three deputies elected in the year; with `again`, one of them was entered a second time and voided since."""
    book = Book()
    held = [book.deputy(f"王示例0{n}", started_on="2020-01-10") for n in (1, 2, 3)]
    wrong = book.deputy("赵示例", started_on="2020-01-10") if again else "nobody"
    if again:
        state: dict[str, Any] = {
            "status": "voided",
            "ended_on": "2020-01-10",
            "void_reason": "改名后又登记了一次",
        }
        seat = {"person_id": "person-4", "level": "town", "constituency": "第一选区", "congress_number": 17}
        book.add("deputyship", wrong, verb="voided", started_on="2020-01-10", **seat, **state)
    present = {"present": [*held, *([wrong] if named else [])]}
    book.add("session", congress_number=17, session_number=7, held_on="2020-06-09", attendance=present)
    book.add(
        "activity", kind="training", held_on="2020-03-01", attendance=present, expected=present["present"]
    )
    book.meeting(present["present"][2:])
    return book, wrong


def test_it_is_left_out_of_every_figure() -> None:
    for again, named in ((True, False), (True, True)):
        with_it, without = a_year(again=again, named=named)[0], a_year(again=False, named=False)[0]
        here, there = with_it.figures("2020-12-31"), without.figures("2020-12-31")
        assert {id: here[id].value for id in here} == {id: there[id].value for id in there}


def test_the_recount_leaves_it_out_too() -> None:
    book, _ = a_year(again=True, named=True)
    first, second = compiled(book, YEAR_END), recounted(book, YEAR_END)
    assert first == {tag: second.get(tag) for tag in first}


def test_it_is_accounted_for_with_its_reason_and_told() -> None:
    book, wrong = a_year(again=True, named=False)
    year = book.year(2020, "2020-12-31")
    accounts = account(year, compute(year).values())
    reasons = {one.subject: one.reason for entry in accounts.values() for one in entry.excluded}
    assert reasons[f"deputyship/{wrong}"] == "已作废：改名后又登记了一次"
    assert findings(book)["records.voided"].message == "有1条记录已作废，不计入统计。"
    assert "records.name_voided" not in rules(book)


def test_records_that_name_it_are_told() -> None:
    told = findings(a_year(again=True, named=True)[0])["records.name_voided"]
    assert "有3条记录仍写着已作废的代表资格" in told.message
    assert len(told.records) == 3


def held(*, again: bool) -> Book:
    """A year of meetings, ratings, suggestions, opinions; with `again`, each entered a second time and voided."""
    book = Book()
    deputies = book.deputies(3)
    present, absent = {"present": deputies[:2], "absent": deputies[2:]}, {"absent": deputies}
    project = {"title": "修路", "chosen": True, "year": 2020}
    wrong: dict[str, Any] = {"verb": "voided", "void_reason": "登记重复", "voided_on": "2021-01-04"}
    book.add("session", congress_number=17, session_number=7, held_on="2020-06-09", attendance=present)
    book.add("presidium_meeting", year=2020, number=1, held_on="2020-03-01", attendance=present)
    raised: dict[str, Any] = {"title": "修桥", "lead_deputyship_id": deputies[0], "state": "raised"}
    for number, on in ((1, "2019-06-01"), (2, "2020-06-01")):
        book.add("suggestion", year=int(on[:4]), number=number, raised_on=on, **raised)
        book.add("opinion", received_on=on, channel="visit", state="received")
    book.meeting(deputies)
    if again:
        term: dict[str, Any] = {"congress_number": 17, "session_number": 8, "livelihood_projects": [project]}
        book.add("session", held_on="2020-07-09", attendance=absent, **term, **wrong)
        decision = {"text": "督办", "due_on": "2020-05-01"}
        meeting: dict[str, Any] = {"number": 2, "held_on": "2020-04-01", "decisions": [decision]}
        book.add("presidium_meeting", year=2020, attendance=absent, **meeting, **wrong)
        for number, on in ((1, "2019-06-01"), (3, "2020-06-02")):
            book.add("suggestion", year=int(on[:4]), number=number, raised_on=on, **raised, **wrong)
            book.add("opinion", received_on=on, channel="visit", state="received", **wrong)
        book.meeting(deputies, state="draft", constituency="第二选区", **wrong)
    return book


def test_voided_meetings_suggestions_and_opinions_are_left_out_of_every_figure() -> None:
    here, there = held(again=True).figures(), held(again=False).figures()
    assert {id: here[id].value for id in here} == {id: there[id].value for id in there}
    assert {id: here[id].records for id in here if "carried" in id}
    assert here["suggestions.carried_over"].value == there["suggestions.carried_over"].value == 1
    first, second = compiled(held(again=True), YEAR_END), recounted(held(again=True), YEAR_END)
    assert first == {tag: second.get(tag) for tag in first}


def test_they_are_accounted_for_and_raise_no_other_finding() -> None:
    year = held(again=True).year()
    accounts = account(year, compute(year).values())
    excluded = [one for entry in accounts.values() for one in entry.excluded if "作废" in one.reason]
    assert {one.reason for one in excluded} == {"已作废：登记重复"}
    assert sorted(one.subject.partition("/")[0] for one in excluded) == [
        *("meeting", "opinion", "opinion", "presidium_meeting", "session", "suggestion", "suggestion")
    ]
    assert findings(held(again=True))["records.voided"].message == "有7条记录已作废，不计入统计。"
    assert rules(held(again=True)) - rules(held(again=False)) == {"records.voided"}


def test_a_checkpoint_keeps_that_a_suggestion_was_voided() -> None:
    facts = held(again=True).ledger.facts["activities.suggestion"].values()
    entries = [entered("activities.suggestion", fact) for fact in facts]
    assert [entry.excluded for entry in entries if entry.open_at(date(2021, 1, 1))] == ["", ""]
    assert [entry.excluded for entry in entries if entry.excluded] == ["已作废：登记重复"] * 2
