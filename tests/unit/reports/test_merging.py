"""One person entered twice and made one: counted once, in every figure of people, and both records accounted for."""

from services.reports.figures import compute
from services.reports.figures.accounting import account
from tests.fixtures.book import Book


def a_year_of_two(*, merged: bool) -> Book:
    """A town and a county mandate, each entered with a person of its own; both came to one training."""
    book = Book()
    people = [book.add("person", name="王示例01", gender="f") for _ in range(2)]
    levels = ("town", "county")
    held = [
        book.add("deputyship", person_id=person, level=level, started_on="2017-01-10")
        for person, level in zip(people, levels, strict=True)
    ]
    book.add("activity", kind="training", held_on="2020-03-01", attendance={"present": held}, expected=held)
    if merged:
        book.add(
            "deputyship",
            held[1],
            verb="changed",
            person_id=people[0],
            level="county",
            started_on="2017-01-10",
        )
        book.add("person", people[1], verb="merged", name="王示例01", gender="f", merged_into=people[0])
    return book


def test_after_the_merge_there_is_one_person_with_two_mandates() -> None:
    for merged, people in ((False, 2), (True, 1)):
        figures = a_year_of_two(merged=merged).figures("2020-12-31")
        names = ("deputies.people", "training.people", "training.person_times")
        assert [figures[name].value for name in names] == [people] * 3
        assert figures["deputies.town.serving"].value == figures["deputies.county.serving"].value == 1


def test_the_second_entry_is_excluded_with_its_reason() -> None:
    year = a_year_of_two(merged=True).year(2020, "2020-12-31")
    accounts = account(year, compute(year).values())
    roster = next(entry for source, entry in accounts.items() if source.endswith("/roster"))
    reasons = {one.subject: one.reason for one in roster.excluded}
    assert reasons["person/person-2"] == "重复登记，已并入同一人的另一条"
