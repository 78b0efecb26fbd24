"""Feedback of the government on the opinions of an activity: from when it is awaited, and until when."""

from datetime import date
from typing import Final

from services.reports.events_in import Activity
from services.reports.figures.year import Year
from shared.days import add_months

ANSWERED: Final = ("inspection", "research", "law_check", "review")
"""Kinds whose opinions are passed on to the government for an answer."""


def awaited_since(activity: Activity) -> date | None:
    """The day from which the time for feedback runs; None where there is nothing to answer, or no day."""
    if activity.voided or activity.kind not in ANSWERED or not activity.opinions_count:
        return None
    return activity.follow_up.passed_on or activity.held_on


def feedback_due(year: Year, since: date) -> date:
    return add_months(since, year.rules_on(since).feedback_months)
