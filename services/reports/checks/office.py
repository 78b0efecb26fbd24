"""Findings about the office of the congress: spending above budget."""

from collections.abc import Iterator
from datetime import date

from services.reports.checks.draft import Books, Draft, finding
from services.reports.figures.office import office_years


def office(books: Books) -> Iterator[Draft]:
    for fact in office_years(books.year):
        number, budgeted, spent = fact.data.year, fact.data.funds_budgeted, fact.data.funds_spent
        if number is not None and budgeted is not None and spent is not None and spent > budgeted:
            message = f"{number}年度经费支出{spent}元，多于预算{budgeted}元。"
            day = min(date(number, 12, 31), books.year.as_of)
            yield finding("office.overspent", message, [fact], key=number, day=day)
