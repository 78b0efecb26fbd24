"""Findings about the number of seats: by population, per constituency, in total."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.reports.checks.draft import Books, Draft, finding
from services.reports.events_in import Constituency
from services.reports.figures.ledger import LedgerFact
from shared.chinese import strokes

_RAISED_ON = date(2020, 10, 17)
"""Day on which the base rose from 40 to 45; congresses elected before keep their total (选举法 2020 Art. 14)."""


def quota(books: Books) -> Iterator[Draft]:
    """Quota: base plus one per 1,500 people, at most 160; fewer allowed below 2,000 people (选举法 Art. 12)."""
    town, term = books.year.town, books.year.term
    if town is None:
        return
    known: list[LedgerFact[Any]] = [town, term] if term else [town]
    seats = term.data.quota if term and term.data.quota is not None else town.data.quota
    people = term.data.population if term and term.data.population is not None else town.data.population
    elected_on = (term.data.started_on if term else None) or books.year.as_of
    if seats is None or people is None:
        return
    lawful = min(160, (45 if elected_on >= _RAISED_ON else 40) + people // 1500)
    if seats > lawful + 1 or (people >= 2000 and seats < lawful - 1):
        message = (
            f"人口{people}人，依法计算{books.year.rank}代表名额为{lawful}名（可差一名），登记{seats}名。"
        )
        yield finding("deputies.quota_population", message, known, day=elected_on)


def constituencies(books: Books) -> Iterator[Draft]:
    """Seats per constituency: one to three, in total the quota (选举法 Art. 15, 25)."""
    drawn = books.year.ledger.sorted(Constituency, lambda constituency: strokes.key(constituency.name))
    for fact in drawn:
        if fact.data.seats is not None and not 1 <= fact.data.seats <= 3:
            message = f"{fact.data.name}应选{fact.data.seats}名，选区应选一名至三名。"
            yield finding("constituency.seats", message, [fact], key=fact.data.name)
    seats = [fact.data.seats for fact in drawn]
    total, quota = sum(count or 0 for count in seats), books.figures["deputies.town.quota"].value
    if drawn and None not in seats and isinstance(quota, int) and total != quota:
        message = f"各选区应选名额合计{total}名，{books.year.rank}代表名额{quota}名。"
        yield finding("constituency.sum", message, drawn)
