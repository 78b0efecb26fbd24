"""Findings about what deputies object to in their files and nobody has answered yet."""

from collections.abc import Iterator, Sequence

from services.reports.checks.draft import Draft
from services.reports.domain import RecordRef
from services.reports.domain.files import Objection
from services.reports.events_in import Deputyship, Group
from services.reports.figures.definition import ordered
from services.reports.figures.year import Year


def objected(year: Year, objections: Sequence[Objection]) -> Iterator[Draft]:
    """With the records objected to; where something is missing, with the deputy's mandate or the group."""
    if objections:
        records = ordered(ref for one in objections if (ref := _record(year, one)))
        yield Draft("files.objected", f"对履职档案的异议有{len(objections)}件尚未答复。", records)


def _record(year: Year, objection: Objection) -> RecordRef | None:
    if objection.record:
        return year.ledger.ref(objection.record.source, objection.record.subject) or objection.record
    if objection.group_id:
        group = year.ledger.by_id(Group).get(objection.group_id)
        return group.ref if group else None
    mandate = year.ledger.by_id(Deputyship).get(objection.deputyship_id)
    return mandate.ref if mandate else None
