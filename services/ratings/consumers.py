"""The event door of the ratings service: which foreign facts it takes, and which use case each one starts."""

from services.ratings import events_in, handlers
from shared.consumer import Subscription

SUBSCRIPTION = Subscription(
    streams=("roster", "reports"),
    table={
        "roster.town.*.v1": (events_in.Town, handlers.note_town),
        "roster.person.*.v1": (events_in.Person, handlers.note_person),
        "roster.deputyship.*.v1": (events_in.Deputyship, handlers.note_deputyship),
        "reports.closing.requested.v1": (events_in.ClosingRequested, handlers.seal_year),
    },
)
