"""Findings about seats: by the population and the base of the time, by constituency, in all."""

import pytest

from tests.fixtures.book import Book
from tests.unit.reports.test_checks import rules


@pytest.mark.parametrize(
    ("started_on", "seats", "wrong"),
    [
        ("2017-01-12", 63, False),
        ("2017-01-12", 68, True),
        ("2020-10-17", 68, False),
        ("2020-10-17", 63, True),
    ],
)
def test_the_quota_is_held_against_the_population_of_the_term(
    started_on: str, seats: int, wrong: bool
) -> None:
    book = Book()
    book.town_()
    book.add("term", congress_number=17, started_on=started_on, quota=seats, population=34500)
    assert ("deputies.quota_population" in rules(book)) is wrong


def test_without_a_term_the_town_counts_on_the_day_and_without_numbers_nothing_is_said() -> None:
    book = Book()
    book.town_(quota=63, population=34500)
    assert "deputies.quota_population" not in rules(book, "2020-10-16")
    assert "deputies.quota_population" in rules(book, "2020-10-17")
    silent = Book()
    silent.town_(quota=63)
    assert "deputies.quota_population" not in rules(silent)


def test_a_constituency_elects_one_to_three_and_all_of_them_the_quota() -> None:
    book = Book()
    book.town_(quota=4)
    for name, seats in (("第一选区", 3), ("第二选区", 1)):
        book.add("constituency", name=name, seats=seats)
    assert not {"constituency.seats", "constituency.sum"} & rules(book)
    book.add("constituency", name="第三选区", seats=4)
    assert {"constituency.seats", "constituency.sum"} <= rules(book)
    book.add("constituency", name="第四选区", seats=None)
    assert "constituency.sum" not in rules(book)
