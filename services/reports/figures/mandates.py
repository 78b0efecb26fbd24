"""Predicates on one mandate and day: serving, suspended, group, role."""

from datetime import date

from services.reports.events_in import Deputyship

PRESIDIUM_ROLES = frozenset({"chair", "vice_chair", "presidium"})


def in_office(deputyship: Deputyship, day: date) -> bool:
    started = deputyship.started_on is None or deputyship.started_on <= day
    return started and (deputyship.ended_on is None or day < deputyship.ended_on)


def suspended(deputyship: Deputyship, day: date) -> bool:
    """Whether duties are suspended while the mandate continues (代表法 2025 Art. 61)."""
    return in_office(deputyship, day) and any(span.holds(day) for span in deputyship.suspensions)


def serves(deputyship: Deputyship, day: date) -> bool:
    return in_office(deputyship, day) and not suspended(deputyship, day)


def in_group(deputyship: Deputyship, group_id: str, day: date) -> bool:
    if deputyship.group_history:
        return any(span.group_id == group_id and span.holds(day) for span in deputyship.group_history)
    return deputyship.group_id == group_id


def leads_group(deputyship: Deputyship, day: date) -> bool:
    if deputyship.role_history:
        return any(span.role == "group_leader" and span.holds(day) for span in deputyship.role_history)
    return "group_leader" in deputyship.roles


def in_presidium(deputyship: Deputyship, day: date) -> bool:
    if deputyship.role_history:
        return any(span.role in PRESIDIUM_ROLES and span.holds(day) for span in deputyship.role_history)
    return not PRESIDIUM_ROLES.isdisjoint(deputyship.roles)
