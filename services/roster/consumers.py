"""The roster's event door: which foreign facts it takes, and which use case each one starts."""

from services.roster import events_in
from services.roster.handlers import roster
from shared.consumer import Subscription

SUBSCRIPTION = Subscription(
    streams=("reports",),
    table={"reports.closing.requested.v1": (events_in.ClosingRequested, roster.seal_year)},
)
