"""The county's board: every town by its code, sums of sums, and what is lacking counted as lacking."""

from datetime import date

from services.reports.board import TownReport, board
from services.reports.document import render_board_html
from services.reports.figures import compute
from tests.unit.reports.book import Book, attendance


def standing(book: Book, status: str = "submitted") -> TownReport:
    figures = tuple(compute(book.year()).values())
    return TownReport(status=status, version=1, as_of=date(2020, 12, 31), figures=figures)


def a_town(present: int, absent: int) -> Book:
    book = Book()
    ids = book.deputies(present + absent)
    book.add("session", held_on="2020-06-09", attendance=attendance(ids[:present], absent=ids[present:]))
    return book


def test_towns_stand_by_code_and_those_without_a_report_stand_too() -> None:
    made = board(
        "340281",
        "2020",
        {"340281103": "丙镇", "340281101": "甲镇", "340281102": "乙镇"},
        {"340281103": standing(a_town(3, 1))},
        {"340281102": "incomplete"},
    )
    assert [(row.town, row.status) for row in made.towns] == [
        ("340281101", "none"),
        ("340281102", "incomplete"),
        ("340281103", "submitted"),
    ]
    assert made.counts == {"none": 1, "incomplete": 1, "submitted": 1}


def test_the_board_of_a_half_year_is_of_no_year_and_names_the_periods_with_reports() -> None:
    due = date(2020, 6, 30)
    made = board(
        "34", "2020-H1", {"340281101": "甲镇"}, {}, {}, ["2020", "2020-H1", "2020"], {"340281101": due}
    )
    assert (made.year, made.period, made.periods) == (None, "2020-H1", ["2020", "2020-H1"])
    assert [row.due_on for row in made.towns] == [due]


def test_a_rate_over_towns_is_the_rate_of_the_sums() -> None:
    towns = {"340281101": standing(a_town(1, 0)), "340281102": standing(a_town(1, 3))}
    figures = {figure.id: figure for figure in board("340281", "2020", {}, towns, {}).figures}
    attendance_rate = figures["congress.attendance_rate"]
    assert (attendance_rate.numerator, attendance_rate.denominator, attendance_rate.value) == (2, 5, 0.4)
    assert figures["congress.sessions"].value == 2
    quota = figures["deputies.town.quota"]
    assert (quota.value, quota.towns, quota.missing) == (None, 0, 2)


def test_figures_asked_for_stand_at_each_town_that_has_them() -> None:
    towns = {"340281101": standing(a_town(1, 0))}
    made = board(
        "340281", "2020", {"340281102": "乙镇"}, towns, {}, figures=["congress.attendance_rate", "no.such"]
    )
    assert [[(f.id, f.numerator, f.denominator) for f in row.figures] for row in made.towns] == [
        [("congress.attendance_rate", 1, 1)],
        [],
    ]


def test_the_page_says_the_same_and_calls_no_lack_zero() -> None:
    towns = {"340281101": standing(a_town(1, 0)), "340281102": standing(a_town(1, 3))}
    page = render_board_html(board("340281", "2020", {"340281103": "<丙镇>"}, towns, {}, ["2020", "2020-H1"]))
    assert page.index("340281101") < page.index("340281102") < page.index("340281103")
    assert "&lt;丙镇&gt;" in page
    assert '<span class="status none">未封账 1</span>' in page
    assert '<th scope="row">会议出席率</th><td class="short">40%</td><td>—</td><td>2</td><td>0</td>' in page
    assert "<script" not in page
    assert '<strong>2020</strong> <a href="../../periods/2020-H1/board.html">2020-H1</a>' in page
    empty = render_board_html(board("34", "2020-H1", {}, {}, {}))
    assert "34 各乡镇2020-H1人大工作总结一览" in empty
    assert "还没有一个乡镇的总结编成" in empty
