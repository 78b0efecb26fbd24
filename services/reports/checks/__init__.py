"""Checks: findings of breached rules and contradictory records."""

from services.reports.checks import (
    activities,
    answers,
    deputies,
    emptiness,
    identities,
    leave,
    mandates,
    office,
    plans,
    presidium,
    seats,
    sessions,
    sheets,
    suggestions,
    timing,
    voided,
)
from services.reports.checks.draft import Books, Check, settle
from services.reports.domain import Finding

CHECKS: tuple[Check, ...] = (
    emptiness.nothing,
    sessions.sessions,
    sessions.calling,
    timing.timing,
    sessions.business,
    sessions.absences,
    presidium.presidium,
    sheets.attendance,
    leave.leave,
    deputies.roster,
    seats.quota,
    seats.constituencies,
    mandates.resignations,
    mandates.terms,
    mandates.tasks,
    mandates.by_elections,
    deputies.groups,
    deputies.training,
    deputies.contacts,
    deputies.supervision,
    plans.plan,
    plans.moved,
    activities.facts,
    activities.feedback,
    activities.receptions,
    activities.notices,
    answers.opinions,
    suggestions.overdue_one_by_one,
    suggestions.handling_faults,
    suggestions.unreported,
    answers.ratings,
    office.office,
    identities.identities,
    identities.ballots,
    identities.records,
    voided.named,
)


def check(books: Books) -> list[Finding]:
    """All findings of the period, most severe first, ordered by business data only."""
    return settle((draft for rule in CHECKS for draft in rule(books)), books)
