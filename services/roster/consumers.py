"""The roster's event door: which foreign facts it takes, and which use case each one starts."""

from services.roster import events_in
from services.roster.handlers import absences, roster
from shared.events.consumer import Subscription

SUBSCRIPTION = Subscription(
    streams=("activities", "reports"),
    table={
        "activities.absence.*.v1": (events_in.Absence, absences.project_absence),
        "reports.closing.requested.v1": (events_in.ClosingRequested, roster.seal_year),
    },
)
