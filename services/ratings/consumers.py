"""The event door of the ratings service: which foreign facts it takes, and which use case each one starts."""

from services.ratings import events_in
from services.ratings.handlers import foreign
from shared.events.consumer import Subscription

SUBSCRIPTION = Subscription(
    streams=("roster", "reports"),
    table={
        "roster.town.*.v1": (events_in.Town, foreign.note_town),
        "roster.person.*.v1": (events_in.Person, foreign.note_person),
        "roster.deputyship.*.v1": (events_in.Deputyship, foreign.note_deputyship),
        "reports.closing.requested.v1": (events_in.ClosingRequested, foreign.seal_year),
    },
)
