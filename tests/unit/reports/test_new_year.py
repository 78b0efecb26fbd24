"""Periods and sessions that cross 31 December: cut at the day of the figures, every date with its year."""

import re
from datetime import date

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.domain import Wording
from services.reports.domain.periods import period
from services.reports.figures import compute
from services.reports.figures.year import Year
from services.reports.narrative import Writer, outline
from services.reports.narrative.context import context
from services.reports.tables import tables
from tests.fixtures.book import Book, attendance, result

DAY = re.compile(r"(?<![年\d])\d{1,2}月(?:\d{1,2}日)?")
"""A month or day without its year."""


def a_book() -> Book:
    """One of each record on either side of the new year."""
    book = Book()
    book.town_(quota=9)
    one, other = book.deputies(2)
    sheet = attendance([one, other])
    for number, day in ((7, "2020-12-30"), (8, "2021-03-10")):
        over = "2021-01-02" if number == 7 else day
        book.add(
            "session", congress_number=17, session_number=number, held_on=day, ended_on=over,
            attendance=attendance([one], on_leave=[other]),
        )  # fmt: skip
    for number, day in enumerate(("2020-11-05", "2021-02-05"), start=1):
        book.add("presidium_meeting", number=number, held_on=day, attendance=attendance())
        book.add("activity", kind="inspection", title="视察", held_on=day, attendance=sheet)
        steps = [{"action": "assigned", "on": day, "unit": "镇办", "due_on": "2021-03-20"}]
        book.add("suggestion", number=number, raised_on=day, title="修路", due_on="2021-03-20", steps=steps)
        votes = result({one: (9, 0, 0)}, issued=9, returned=9)
        book.meeting([one], held_on=day, constituency="第一选区", result=votes)
    return book


def span(first: str, last: str, as_of: str = "") -> Year:
    known = period(f"{first}--{last}", lambda _: None)
    assert known is not None
    day = date.fromisoformat(as_of or last)
    return Year(a_book().ledger, day.year, day, known)


def texts(year: Year) -> list[str]:
    figures = compute(year)
    found = check(Books(year, figures))
    writer = Writer({**context(year, Wording()), **{f"found.{f.rule}": True for f in found}}, figures)
    said = [
        "".join(run.text for run in runs)
        for sentences in outline("A").sentences.values()
        for sentence in sentences
        for runs in writer.say(sentence)
    ]
    cells = [cell for table in tables(year, figures) for row in (table.header, *table.rows) for cell in row]
    return [*said, *cells, *(one.message for one in found)]


def test_every_date_of_a_period_over_two_years_has_its_year() -> None:
    spoken = texts(span("2020-07-01", "2021-06-30"))
    assert any("2020年12月30日" in text for text in spoken)
    assert any("2021年2月" in text for text in spoken)
    assert [text for text in spoken if DAY.search(text)] == []


def test_a_date_outside_the_year_of_the_report_has_its_year() -> None:
    year = Year(a_book().ledger, 2020, date(2020, 12, 31))
    cells = [cell for table in tables(year, compute(year)) for row in table.rows for cell in row]
    assert "2021年3月20日前答复" in cells
    assert "11月5日" in cells


def test_the_two_years_of_a_period_add_up_and_nothing_is_counted_twice() -> None:
    whole = compute(span("2020-07-01", "2021-06-30"))
    parts = [compute(span("2020-07-01", "2020-12-31")), compute(span("2021-01-01", "2021-06-30"))]
    for id in ("congress.sessions", "supervision.inspections", "suggestions.raised", "ratings.meetings"):
        assert whole[id].value == sum(int(part[id].value or 0) for part in parts) == 2, id


def test_a_session_that_goes_on_is_cut_and_said_to_go_on() -> None:
    year = Year(a_book().ledger, 2020, date(2020, 12, 31))
    figures = compute(year)
    assert figures["congress.days"].value == 2
    (told,) = (one for one in check(Books(year, figures)) if one.rule == "congress.unfinished")
    assert "2021年1月2日闭会" in told.message
    after = Year(a_book().ledger, 2021, date(2021, 12, 31))
    assert "congress.unfinished" not in {one.rule for one in check(Books(after, compute(after)))}
