"""Each finding about a dated record is judged by the rule of that record's own day, whatever the day of the figures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.reports.checks import check
from services.reports.checks.draft import Books, settle
from services.reports.checks.objections import objected
from services.reports.checks.rules import RULES
from services.reports.domain import Finding
from services.reports.domain.statements import Objection
from services.reports.figures import compute
from shared.norms import Norms
from tests.fixtures.book import TOWN, Book, attendance, result

EARLY, LATE, MIDDLE = "2020-03-01", "2020-09-01", date(2020, 7, 1)
REVIEWED: dict[str, Any] = {
    "kind": "inspection",
    "opinions_count": 2,
    "sites_count": 1,
    "attendance": attendance(["x"]),
}


def suggestion(book: Book, day: str, *steps: dict[str, Any], **fields: Any) -> None:
    raised = {"number": day, "title": day, "raised_on": "2020-02-01", "raised_at": "between", **fields}
    book.add("suggestion", **raised, steps=list(steps))


def given(day: str, due_on: str = "2020-10-01", **more: Any) -> dict[str, Any]:
    return {"action": "assigned", "on": day, "due_on": due_on, **more}


def rated(day: str) -> dict[str, Any]:
    return {"action": "rated", "on": day, "result": "dissatisfied"}


def resigned(book: Book, day: str, *, ended: bool = False, **request: Any) -> None:
    asked = {"requested_on": day, "outcome": "pending", **request}
    over = {"ended_on": day, "ended_reason": "resigned"} if ended else {}
    book.deputy(resignations=[] if ended and not request else [asked], **over)


def absent(book: Book, day: str) -> None:
    one = book.deputy()
    number = 1 if day == EARLY else 2
    sheet = attendance(absent=[one])
    book.add(
        "session", congress_number=17, session_number=number, held_on=day, attendance=sheet, expected=[one]
    )


def planned(book: Book, day: str, **item: Any) -> None:
    book.add("plan", year=2020, items=[{"id": day, "title": day, "due_on": day, **item}])


def elected(book: Book, day: str, **fields: Any) -> None:
    book.add("by_election", constituency=day, held_on=day, **fields)


def unnamed(book: Book, day: str) -> None:
    elected(book, day)
    book.deputy(started_on=day, started_by="by_election")


def rating(book: Book, day: str, **fields: Any) -> None:
    book.meeting(["d"], held_on=day, constituency=day, **fields)


def numbered(book: Book, day: str, first: str, *numbers: int) -> None:
    """Sessions of one congress, the last on that day."""
    congress = 17 if day == EARLY else 18
    for number in numbers:
        held_on = day if number == numbers[-1] else first
        book.add("session", congress_number=congress, session_number=number, held_on=held_on)
    book.add("term", congress_number=congress, started_on=first)


def noticed(book: Book, day: str) -> None:
    book.town_(rules={"reception_notice_days": 3})
    book.add("activity", kind="reception", title=day, held_on=day)


SHORT: dict[str, Any] = {"seats": 2, "voters": 9, "votes_cast": 9, "elected": []}
LINE = {"deputyship_id": "d", "counts": {"satisfied": 3}, "abstain": 0, "spoiled": 0}
UNEVEN = {**result({}, issued=9, returned=9), "void": 1, "deputies": [LINE]}
BROKEN: dict[str, Callable[[Book, str], Any]] = {
    "attendance.not_recorded": lambda b, d: b.add("activity", kind="training", title=d, held_on=d),
    "attendance.unexpected": lambda b, d: b.add(
        "activity", title=d, held_on=d, attendance=attendance([b.deputy(started_on="2020-12-01")])
    ),
    "attendance.expected_differs": lambda b, d: b.add(
        "session", session_number=1, held_on=d, expected=["x"], attendance=attendance([b.deputy()])
    ),
    "congress.absent_once": absent,
    "congress.number_gap": lambda b, d: numbered(b, d, "2020-08-01" if d == LATE else "2020-01-10", 1, 3),
    "terms.first_session": lambda b, d: numbered(b, d, "2019-01-01", 1),
    "presidium.decision_open": lambda b, d: b.add(
        "presidium_meeting", held_on=d, decisions=[{"text": "督办", "due_on": "2020-10-01"}]
    ),
    "activities.facts": lambda b, d: b.add("activity", kind="training", title=d, held_on=d),
    "activities.feedback": lambda b, d: b.add("activity", title=d, held_on=d, **REVIEWED),
    "stations.notice": noticed,
    "records.voided": lambda b, d: b.add("activity", kind="visit", held_on=d, state="voided"),
    "opinions.open": lambda b, d: b.add("opinion", received_on=d),
    "plan.open": planned,
    "plan.cancelled": lambda b, d: planned(b, d, state="cancelled"),
    "plan.postponed": lambda b, d: planned(
        b, "2020-12-01", id=d, postponements=[{"to": "2020-12-01", "reason": "汛期", "on": d}]
    ),
    "deputies.resignation_pending": resigned,
    "deputies.resignation_unaccepted": lambda b, d: resigned(b, d, ended=True),
    "deputies.resignation_between_sessions": lambda b, d: resigned(
        b, d, ended=True, outcome="accepted", settled_on=d
    ),
    "tasks.open": lambda b, d: b.add("task", kind="resignation", opened_on=d),
    "by_election.incomplete": elected,
    "by_election.short": lambda b, d: elected(b, d, **SHORT),
    "by_election.unnamed": unnamed,
    "suggestions.unassigned": lambda b, d: suggestion(b, d, raised_on=d),
    "suggestions.intake": lambda b, d: suggestion(b, d, raised_on=d, intake={"specific": False}),
    "suggestions.intake_missing": lambda b, d: suggestion(b, d, raised_on=d, intake={"specific": None}),
    "suggestions.overdue": lambda b, d: suggestion(b, d, given(d)),
    "suggestions.replied_late": lambda b, d: suggestion(
        b, d, given(d), {"action": "replied", "on": "2020-11-01"}
    ),
    "suggestions.returned_late": lambda b, d: suggestion(
        b, d, given(d, return_by="2020-10-01"), {"action": "returned", "on": "2020-11-01"}
    ),
    "suggestions.extended": lambda b, d: suggestion(
        b, d, given("2020-02-02"), {"action": "extended", "on": d}
    ),
    "suggestions.dissatisfied": lambda b, d: suggestion(b, d, given("2020-02-02"), rated(d)),
    "suggestions.not_redone": lambda b, d: suggestion(b, d, given("2020-02-02"), rated(d)),
    "suggestions.redo_overdue": lambda b, d: suggestion(
        b, d, given("2020-02-02"), {"action": "redone", "on": d, "due_on": "2020-10-01"}
    ),
    "suggestions.unrated": lambda b, d: suggestion(
        b, d, given("2020-02-02"), {"action": "replied", "on": d, "rate_by": "2020-10-01"}
    ),
    "ratings.unpublished": rating,
    "ratings.suppressed": lambda b, d: rating(b, d, result={**UNEVEN, "suppressed": True}),
    "ratings.uneven": lambda b, d: rating(b, d, result=UNEVEN),
    "ratings.few_raters": lambda b, d: rating(b, d, result=UNEVEN),
    "identity.ballots": lambda b, d: rating(b, d, result=UNEVEN),
}
"""Of each rule: what breaks it on a day, or gives rise on that day to the duty that is broken later."""


def findings(book: Book, norms: Norms, rule: str) -> list[Finding]:
    year = book.year()
    return [one for one in check(Books(year, compute(year), norms)) if one.rule == rule]


def changed(rule: str) -> Norms:
    """Until the middle of the year a remark, from then on grave."""
    norms: list[Any] = []
    for norm in RULES.all:
        if norm.id == rule:
            before = replace(norm, basis="旧规定", severity="info", effective_to=date(2020, 6, 30))
            norms += [before, replace(norm, basis="新规定", severity="block", effective_from=MIDDLE)]
        else:
            norms.append(norm)
    return Norms(*norms)


def since(rule: str) -> Norms:
    """New in the middle of the year."""
    return Norms(*(replace(norm, effective_from=MIDDLE) if norm.id == rule else norm for norm in RULES.all))


@pytest.mark.parametrize("rule", BROKEN)
def test_a_rule_that_changes_in_the_year_judges_what_was_before_and_after_apart(rule: str) -> None:
    for day, severity, basis in ((EARLY, "info", "旧规定"), (LATE, "block", "新规定")):
        book = Book()
        BROKEN[rule](book, day)
        found = findings(book, changed(rule), rule)
        assert {(one.severity, one.basis) for one in found} == {(severity, basis)}, rule
        assert bool(findings(book, since(rule), rule)) is (day == LATE)
    both = Book()
    for day in (EARLY, LATE):
        BROKEN[rule](both, day)
    found = findings(both, changed(rule), rule)
    assert sorted((one.severity, one.basis) for one in found) == [("block", "新规定"), ("info", "旧规定")]
    assert len({one.id for one in found}) == 2


def test_what_many_records_break_together_is_said_once_for_each_version() -> None:
    book = Book()
    for day in (EARLY, LATE, "2020-09-02"):
        book.add("opinion", received_on=day)
    found = findings(book, changed("opinions.open"), "opinions.open")
    assert [(one.id, one.message, len(one.records)) for one in found] == [
        ("opinions.open", "统计期内收到的选民意见中有2条尚未办结。", 2),
        ("opinions.open:2", "统计期内收到的选民意见中有1条尚未办结。", 1),
    ]
    (only,) = findings(book, since("opinions.open"), "opinions.open")
    assert len(only.records) == 2


def test_a_quarter_is_judged_by_its_last_day_and_an_objection_by_the_day_it_was_made() -> None:
    book = Book()
    quarters = findings(book, changed("presidium.quarter"), "presidium.quarter")
    assert {one.id[-1]: one.severity for one in quarters} == {
        "1": "info",
        "2": "info",
        "3": "block",
        "4": "block",
    }
    books = Books(book.year(), compute(book.year()), changed("files.objected"))
    fields: dict[str, Any] = {
        "town": TOWN,
        "year": 2020,
        "deputyship_id": "d",
        "text": "x",
        "entered_by": "d",
    }
    made = [Objection(id=day, opened_on=date.fromisoformat(day), **fields) for day in (EARLY, LATE)]
    assert [one.severity for one in settle(objected(books, made), books)] == ["block", "info"]
