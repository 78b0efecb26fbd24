"""Findings about the office of the congress: more spent than was budgeted."""

from collections.abc import Iterator

from services.reports.checks.draft import Books, Draft, found
from services.reports.figures.office import office_years


def office(books: Books) -> Iterator[Draft]:
    for fact in office_years(books.year):
        budgeted, spent = fact.data.funds_budgeted, fact.data.funds_spent
        if budgeted is not None and spent is not None and spent > budgeted:
            message = f"{fact.data.year}年度经费支出{spent}元，多于预算{budgeted}元。"
            yield found("office.overspent", message, [fact], key=fact.data.year)
