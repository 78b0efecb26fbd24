"""Sessions of the current congress that deputies missed without approved leave."""

from services.reports.events_in import Deputyship, Session
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.year import Year


def missed(year: Year) -> list[tuple[LedgerFact[Deputyship], list[LedgerFact[Session]]]]:
    """Serving deputies of the town in stroke order, with the sessions they missed in this term.

    The term is that of the last session held by the day of the figures. Leave approved by then and attendance not
    recorded are no absences.
    """
    held = [
        fact
        for fact in year.ledger.sorted(Session, lambda s: (by_date(s.held_on), s.session_number or 0))
        if fact.data.held_on is not None and fact.data.held_on <= year.as_of
    ]
    term = [fact for fact in held if fact.data.congress_number == held[-1].data.congress_number]
    away = {s.data.id: s.data.attendance.without_approved_leave(year.as_of) for s in term}
    absentees = []
    for deputy in year.serving("town"):
        deputyship_id = deputy.data.id
        sessions = [s for s in term if deputyship_id in s.data.expected and deputyship_id in away[s.data.id]]
        if sessions:
            absentees.append((deputy, sessions))
    return absentees
