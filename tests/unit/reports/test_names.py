"""Documents print the name that a person bore on the day of their figures."""

from services.reports.events_in import Deputyship
from services.reports.files.duty_file import duty_file
from tests.fixtures.book import Book


def test_a_file_and_a_list_of_the_time_before_print_the_name_of_that_time() -> None:
    book = Book()
    id = book.deputy("赵示例")
    book.add("person", "person-1", name="赵示例", former_names=[{"name": "王示例01", "until": "2020-03-01"}])
    for year, name in ((2019, "王示例01"), (2020, "赵示例")):
        of_year = book.year(year, f"{year}-12-31")
        mandate = of_year.ledger.get(Deputyship, id)
        assert mandate is not None
        file = duty_file(of_year, mandate)
        assert (of_year.name_of(mandate), file.name, file.person and file.person.name) == (name,) * 3
