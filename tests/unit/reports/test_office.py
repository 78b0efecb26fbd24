"""Motions, reviewed units, staff and funds: counted once each, missing where nobody wrote them down."""

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.figures.accounting import account
from tests.fixtures.book import Book


def values(book: Book, *ids: str) -> list[int | float | str | None]:
    figures = book.figures()
    return [figures[id].status if figures[id].value is None else figures[id].value for id in ids]


def test_motions_are_counted_and_those_on_the_agenda_among_them() -> None:
    ids = ("congress.motions", "congress.motions_on_agenda")
    book = Book()
    assert values(book, *ids) == [0, 0]
    book.add("session", held_on="2020-01-09", motions=[{"title": "一"}])
    assert values(book, *ids) == [1, "missing"]
    book.add("session", held_on="2020-06-09", motions=[{"title": "二", "on_agenda": True}, {"title": "三"}])
    book.add("session", held_on="2019-06-09", motions=[{"title": "四", "on_agenda": True}])
    assert values(book, *ids) == [3, 1]


def test_a_unit_is_counted_once_with_its_last_result() -> None:
    ids = ("supervision.units_reviewed", "supervision.units_satisfied")
    book = Book()
    assert values(book, *ids) == [0, 0]
    book.add("activity", kind="review", held_on="2020-03-01", title="评议")
    assert values(book, *ids) == ["missing", "missing"]
    units = [{"name": "镇卫生院", "result": "基本满意"}, {"name": "镇交管站", "result": "满意"}]
    book.add("activity", kind="review", held_on="2020-04-01", title="评议", units=units)
    better = [{"name": "镇卫生院 ", "result": "满意"}]
    book.add("activity", kind="review", held_on="2020-09-01", title="评议", units=better)
    book.add("activity", kind="review", held_on="2020-10-01", title="评议", state="voided", units=units)
    assert values(book, *ids) == [2, 2]


def test_funds_and_staff_are_those_of_the_year() -> None:
    ids = tuple(f"office.{one}" for one in ("funds_budgeted", "funds_spent", "staff", "full_time_staff"))
    book = Book()
    assert values(book, *ids) == ["missing"] * 4

    def told() -> dict[str, str]:
        year = book.year()
        return {f.rule: f.message for f in check(Books(year, book.figures())) if f.rule.startswith("office.")}

    assert told() == {}
    book.add("office", year=2019, staff=9, funds_budgeted=1)
    own = book.add("office", year=2020, staff=3, funds_budgeted=80_000, funds_spent=80_001)
    assert values(book, *ids) == [80_000, 80_001, 3, "missing"]
    assert told() == {"office.overspent": "2020年度经费支出80001元，多于预算80000元。"}
    source = account(book.year(), book.figures().values())[f"/{book.town}/roster"]
    assert [(one.subject, one.reason) for one in source.excluded] == [
        ("office/office-1", "机构和经费资料，不属于统计期内的年度")
    ]
    assert own == "office-2"


def test_an_opinion_whose_text_was_erased_counts_as_before() -> None:
    book = Book()
    fields = {"received_on": "2020-04-15", "channel": "qr", "state": "closed", "closed_on": "2020-05-01"}
    id = book.add("opinion", **fields)
    ids = ("opinions.received", "opinions.closed", "opinions.by_code")
    assert values(book, *ids) == [1, 1, 1]
    book.add("opinion", id, verb="erased", erased_on="2020-05-20", **fields)
    assert values(book, *ids) == [1, 1, 1]
