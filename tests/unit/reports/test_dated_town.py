"""Documents of a day have the names, rank, seats and congress of that day, whatever changed later."""

from datetime import date
from typing import Any

from services.reports.compiler import compile_report
from services.reports.domain import Report, Wording
from tests.fixtures.book import Book
from tests.fixtures.counts import compiled, recounted
from tests.unit.reports.test_checks import findings, rules

XIANG = {"name": "石桥乡", "county_name": "无为县", "city_name": "芜湖市"}
RENAMED = {"name": "石桥镇", "county_name": "无为市", "city_name": "芜湖市"}


def report(book: Book, year: int) -> Report:
    return compile_report(book.year(year, f"{year}-12-31"), [], Wording(), id="r")


def texts(found: Report) -> str:
    return "\n".join(paragraph.text for section in found.sections for paragraph in section.paragraphs)


def renamed() -> Book:
    """A 乡 made a 镇, in a county made a city, on 1 July 2020; a new term with other seats in 2021."""
    book = Book()
    book.town_(**RENAMED, former_names=[{"until": "2020-07-01", **XIANG}], congress_number=18, quota=12)
    book.add("term", congress_number=17, started_on="2016-12-20", ended_on="2021-12-20", quota=10)
    book.add("term", congress_number=18, started_on="2021-12-20", quota=12)
    book.deputies(9)
    book.deputy(started_on="2019-05-01", started_by="by_election", level="town")
    for year in (2019, 2020):
        book.add("session", congress_number=17, session_number=year - 2016, held_on=f"{year}-03-20")
    return book


def test_the_year_before_prints_the_names_of_that_year() -> None:
    for year, town, other, county in (
        (2019, "石桥乡", "石桥镇", "无为县"),
        (2020, "石桥镇", "石桥乡", "无为市"),
    ):
        found = report(renamed(), year)
        assert (found.title.startswith(town), found.signature) == (True, f"{town}人民代表大会主席团")
        assert (town in texts(found), other in texts(found), county in texts(found)) == (True, False, True)


def test_a_xiang_has_the_organs_of_a_xiang() -> None:
    found = report(renamed(), 2019)
    labels = [figure.label for figure in found.figures]
    said = [texts(found), *(section.heading for section in found.sections), *labels]
    said += [finding.message for finding in found.findings]
    said += [cell for table in found.tables for cell in (table.caption, *table.header)]
    said += [cell for table in found.tables for row in table.rows for cell in row]
    assert not [text for text in said if "镇" in text.replace("乡镇", "")]
    assert "举行乡人民代表大会会议1次" in texts(found)
    assert "在任乡代表" in labels
    assert "镇人民代表大会" in texts(report(renamed(), 2020))


def test_seats_and_congress_are_those_of_the_term_of_the_day() -> None:
    book = renamed()
    for year, quota, congress in ((2020, 10, "第十七届"), (2021, 12, "第十八届")):
        assert book.figures(f"{year}-12-31", year)["deputies.town.quota"].value == quota
        assert book.year(year, f"{year}-12-31").congress_number == (17 if congress == "第十七届" else 18)
        last = date(year, 12, 31)
        first, second = compiled(book, last), recounted(book, last)
        assert first == {tag: second.get(tag) for tag in first}


def test_a_mandate_that_runs_out_is_no_termination() -> None:
    book = Book()
    book.town_(quota=9)
    ends: tuple[dict[str, Any], ...] = (
        {"ended_on": "2020-12-20", "ended_reason": "term_over"},
        {"ended_on": "2020-05-01", "ended_reason": "area_abolished"},
        {"ended_on": "2020-05-01", "ended_reason": "died"},
    )
    for end in ends:
        book.deputy(**end)
    figures = book.figures()
    counts = [figures[f"changes.{name}"].value for name in ("ended", "term_over", "area_abolished")]
    assert counts == [1, 1, 1]
    text = texts(report(book, 2020))
    assert "上届代表任期届满1名。" in text
    assert "因去世终止代表资格1名。" in text
    assert "因区划调整不再担任代表1名。" in text
    year_end = date(2020, 12, 31)
    first, second = compiled(book, year_end), recounted(book, year_end)
    assert first == {tag: second.get(tag) for tag in first}


def test_who_still_serves_after_the_town_is_abolished_is_told() -> None:
    book = Book()
    book.town_(abolished_on="2020-05-01", successor_codes=["340281105"])
    one = book.deputy()
    assert "已于2020年5月1日撤销，仍有1名" in findings(book)["town.abolished"].message
    assert "town.abolished" not in rules(book, "2020-04-30")
    over = {"ended_on": "2020-05-01", "ended_reason": "area_abolished"}
    book.add("deputyship", one, person_id="person-1", level="town", started_on="2016-12-20", **over)
    assert "town.abolished" not in rules(book)


def test_what_was_held_after_the_town_was_abolished_is_told() -> None:
    book = Book()
    book.town_(abolished_on="2020-05-01")
    book.add("presidium_meeting", year=2020, number=1, held_on="2020-04-30")
    assert "town.abolished" not in rules(book)
    book.add("presidium_meeting", year=2020, number=2, held_on="2020-05-01")
    assert "有1场会议、活动登记在撤销以后举行" in findings(book)["town.abolished:held"].message
