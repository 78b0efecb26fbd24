"""Cases in the summary: the office's own words, chosen by it, behind their kind of work."""

import pytest

from services.reports.compiler import compile_report
from services.reports.document import render_docx
from services.reports.domain import Report, Wording
from services.reports.narrative import presets
from tests.fixtures.book import Book
from tests.unit.reports.document.opened import paragraphs

CASE = {
    "raised": "代表提出村口路灯不亮",
    "done": "供电所更换了线路。",
    "effect": "夜间出行有了照明。",
    "in_report": True,
}
TEXT = "案例：路灯。代表提出村口路灯不亮。供电所更换了线路。夜间出行有了照明。"


def report(book: Book, wording: Wording | None = None) -> Report:
    return compile_report(book.year(), [], wording or Wording(), id="report")


def sections(book: Book, wording: Wording | None = None) -> dict[str, list[str]]:
    return {
        section.id: [p.text for p in section.paragraphs if p.id.startswith("case.")]
        for section in report(book, wording).sections
        if any(p.id.startswith("case.") for p in section.paragraphs)
    }


def town() -> Book:
    book = Book()
    book.town_()
    book.add("activity", kind="group_activity", title="路灯", held_on="2020-05-07", case=CASE)
    book.add("activity", kind="other", title="路灯", held_on="2020-05-07", case=CASE)
    book.add("suggestion", title="路灯", raised_on="2020-06-09", raised_at="session", case=CASE)
    book.add("suggestion", title="没选", raised_on="2020-06-09", raised_at="session",
             case={**CASE, "in_report": False})  # fmt: skip
    book.add("suggestion", title="没写完", raised_on="2020-06-09", raised_at="session",
             case={**CASE, "effect": ""})  # fmt: skip
    book.add("activity", kind="training", title="作废", held_on="2020-05-08", case=CASE, state="voided")
    book.add("activity", kind="training", title="下年", held_on="2021-05-08", case=CASE)
    return book


def test_the_chosen_ones_stand_behind_their_kind_of_work() -> None:
    assert sections(town()) == {"activities": [TEXT], "suggestions": [TEXT, TEXT]}
    figures = town().figures()
    assert [figures[f"cases.{name}"].value for name in ("recorded", "in_report")] == [4, 3]


@pytest.mark.parametrize("preset", presets())
def test_every_outline_has_a_place_for_each(preset: str) -> None:
    found = sections(town(), Wording(outline=preset))
    assert sum(map(len, found.values())) == 3


def test_each_has_a_name_of_its_own_and_is_in_the_file() -> None:
    made = report(town())
    ids = [p.id for section in made.sections for p in section.paragraphs if p.id.startswith("case.")]
    assert ids == ["case.2020-05-07", "case.2020-05-07.2", "case.2020-06-09"]
    assert paragraphs(render_docx(made)).count(TEXT) == 3


def test_a_number_that_no_figure_gives_is_told() -> None:
    book = Book()
    book.add(
        "activity", kind="other", title="路灯", held_on="2020-05-07", case={**CASE, "done": "更换路灯357盏。"}
    )
    told = [one for one in report(book).findings if one.paragraph == "case.2020-05-07"]
    assert [one.rule for one in told] == ["wording.unbound"]


def test_the_office_may_leave_one_out_by_its_wording() -> None:
    assert "activities" not in sections(town(), Wording(edited={"case.2020-05-07": ""}))
