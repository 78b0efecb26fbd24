"""Subscription of the ratings service: foreign event types, their models and the handlers they call."""

from services.ratings import events_in
from services.ratings.handlers import foreign
from shared.events.subscription import Subscription

SUBSCRIPTION = Subscription(
    streams=("roster", "reports"),
    table={
        "roster.town.*.v1": (events_in.Town, foreign.project_town),
        "roster.person.*.v1": (events_in.Person, foreign.project_person),
        "roster.deputyship.*.v1": (events_in.Deputyship, foreign.project_deputyship),
        "reports.closing.requested.v1": (events_in.ClosingRequested, foreign.seal_year),
    },
)
