"""The service's event door: which foreign facts it takes, and which use case each one starts."""

from services.activities import events_in
from services.activities.handlers import foreign
from shared.events.consumer import Subscription

SUBSCRIPTION = Subscription(
    streams=("roster", "reports"),
    table={
        "roster.town.*.v1": (events_in.Town, foreign.note_town),
        "roster.person.*.v1": (events_in.Person, foreign.note_person),
        "roster.deputyship.*.v1": (events_in.Deputyship, foreign.note_deputyship),
        "roster.group.*.v1": (events_in.Group, foreign.note_group),
        "roster.station.*.v1": (events_in.Station, foreign.note_station),
        "roster.constituency.*.v1": (events_in.Moved, foreign.note_moved),
        "roster.term.*.v1": (events_in.Moved, foreign.note_moved),
        "roster.task.*.v1": (events_in.Moved, foreign.note_moved),
        "roster.by_election.*.v1": (events_in.Moved, foreign.note_moved),
        "roster.office.*.v1": (events_in.Moved, foreign.note_moved),
        "reports.closing.requested.v1": (events_in.ClosingRequested, foreign.seal_year),
    },
)
