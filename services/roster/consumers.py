"""Subscription of the roster: foreign event types, their models and the handlers they call."""

from services.roster import events_in
from services.roster.handlers import absences, roster
from shared.events.subscription import Subscription

SUBSCRIPTION = Subscription(
    streams=("activities", "reports"),
    table={
        "activities.absence.*.v1": (events_in.Absence, absences.project_absence),
        "reports.closing.requested.v1": (events_in.ClosingRequested, roster.seal_year),
    },
)
