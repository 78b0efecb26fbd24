"""The county's board: sums of sums, kept town by town, and what is lacking counted as lacking."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.reports.board import Tally, packed, read, unpacked, written
from services.reports.document import render_board_html
from services.reports.domain import Amount, Figure, FigureStatus
from services.reports.domain.board import Board, BoardRow
from services.reports.figures import BY_ID, DEFINITIONS, compute
from tests.fixtures.book import Book, attendance

RATE = next(definition for definition in DEFINITIONS if definition.id == "congress.attendance_rate")


def a_town(present: int, absent: int) -> str:
    book = Book()
    ids = book.deputies(present + absent)
    book.add("session", held_on="2020-06-09", attendance=attendance(ids[:present], absent=ids[present:]))
    return packed(compute(book.year()).values())


def tally(**towns: str) -> Tally:
    kept = Tally()
    kept.put((town, 1, text) for town, text in towns.items())
    return kept


def board(kept: Tally, period: str = "2020", periods: Sequence[str] = ()) -> Board:
    rows = [BoardRow(town="340281101", name="<丙镇>", status="none")]
    return Board(
        area="340281",
        year=int(period) if period.isdigit() else None,
        period=period,
        periods=list(periods),
        towns=[*rows, BoardRow(town="340281103", name="丁镇", status="submitted", version=1)],
        counts={"none": 1, "submitted": 1},
        figures=kept.roll_ups(),
    )


def test_a_rate_over_towns_is_the_rate_of_the_sums() -> None:
    figures = {figure.id: figure for figure in tally(a=a_town(1, 0), b=a_town(1, 3)).roll_ups()}
    attendance_rate = figures["congress.attendance_rate"]
    assert (attendance_rate.numerator, attendance_rate.denominator, attendance_rate.value) == (2, 5, 0.4)
    assert figures["congress.sessions"].value == 2
    quota = figures["deputies.town.quota"]
    assert (quota.value, quota.towns, quota.missing) == (None, 0, 2)


def test_sums_of_people_say_that_they_are_by_town() -> None:
    per_town = {figure.id for figure in tally(a=a_town(1, 0)).roll_ups() if figure.per_town}
    assert "deputies.people" in per_town
    assert {BY_ID[id].unit for id in per_town} == {"人", "名"}
    assert "congress.present" not in per_town


def test_figures_asked_for_stand_at_each_town_that_has_them() -> None:
    kept = tally(a=a_town(1, 0))
    figures = list(kept.figures("a", ["congress.attendance_rate"]))
    assert [(f.id, f.numerator, f.denominator) for f in figures] == [("congress.attendance_rate", 1, 1)]
    assert list(kept.figures("b", ["congress.attendance_rate"])) == []


AMOUNTS = st.one_of(
    st.sampled_from((FigureStatus.MISSING, FigureStatus.NOT_APPLICABLE)).map(lambda s: Amount(status=s)),
    st.integers(0, 10**9).map(
        lambda n: Amount(value=n, status=FigureStatus.VALUE if n else FigureStatus.ZERO)
    ),
    st.tuples(st.integers(0, 500), st.integers(1, 500)).map(
        lambda pair: Amount(
            value=min(pair) / pair[1],
            numerator=min(pair),
            denominator=pair[1],
            status=FigureStatus.VALUE if min(pair) else FigureStatus.ZERO,
        )
    ),
)


@given(AMOUNTS)
def test_an_amount_is_read_as_it_was_written(amount: Amount) -> None:
    assert read(written(amount)) == amount


def test_every_figure_of_a_report_is_read_as_it_was_written() -> None:
    book = Book()
    book.add("session", held_on="2020-06-09", attendance=attendance(book.deputies(3)))
    figures = compute(book.year())
    words = dict(zip(figures, unpacked(packed(figures.values())), strict=True))
    assert {id: read(word or "") for id, word in words.items()} == {
        id: figure.amount for id, figure in figures.items()
    }


def of(amount: Amount) -> str:
    about = {"id": RATE.id, "label": "", "definition": ""}
    return packed([Figure(**about, **dict(amount))])


@given(st.lists(st.tuples(st.sampled_from("abcd"), AMOUNTS | st.none()), max_size=20))
def test_towns_that_change_leave_the_sums_that_a_new_board_has(
    changes: list[tuple[str, Amount | None]],
) -> None:
    kept, last = Tally(), dict[str, Amount]()
    for version, (town, amount) in enumerate(changes, 1):
        if amount is None:
            kept.remove(town)
            last.pop(town, None)
        else:
            kept.put([(town, version, of(amount))])
            last[town] = amount
    fresh = tally(**{town: of(amount) for town, amount in last.items()})
    assert kept.roll_ups() == fresh.roll_ups()
    assert kept.towns == fresh.towns


def test_the_page_says_the_same_and_calls_no_lack_zero() -> None:
    page = render_board_html(board(tally(a=a_town(1, 0), b=a_town(1, 3)), periods=["2020", "2020-H1"]))
    assert page.index("340281101") < page.index("340281103")
    assert "&lt;丙镇&gt;" in page
    assert '<span class="status none">没有封账 1</span>' in page
    assert '<th scope="row">会议出席率</th><td class="short">40%</td><td>—</td><td>2</td><td>0</td>' in page
    assert "<script" not in page
    assert '<strong>2020</strong> <a href="../../periods/2020-H1/board.html">2020-H1</a>' in page
    empty = render_board_html(board(Tally(), "2020-H1"))
    assert "340281 各乡镇2020-H1人大工作总结一览" in empty
    assert "还没有一个乡镇的总结编成" in empty
