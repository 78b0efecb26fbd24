"""Findings about open objections to duty files."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.reports.checks.draft import Books, Draft, together
from services.reports.domain.statements import Objection
from services.reports.events_in import Deputyship, Group
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year


def objected(books: Books, objections: Sequence[Objection]) -> Iterator[Draft]:
    """One finding with the records objected to, or the deputy's mandate or group where a record is missing."""
    cases = ((objection.opened_on, _records(books.year, objection)) for objection in objections)
    yield from together(books, "files.objected", "对履职档案的异议有{}件尚未答复。", cases)


def _records(year: Year, objection: Objection) -> list[LedgerFact[Any]]:
    if objection.record:
        known = year.ledger.ref(objection.record.source, objection.record.subject)
        return [LedgerFact(None, known or objection.record)]
    if objection.group_id:
        group = year.ledger.by_id(Group).get(objection.group_id)
        return [group] if group else []
    mandate = year.ledger.by_id(Deputyship).get(objection.deputyship_id)
    return [mandate] if mandate else []
