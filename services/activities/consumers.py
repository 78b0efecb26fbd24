"""The service's event door: which foreign facts it takes, and which use case each one starts."""

from services.activities import events_in
from services.activities.handlers import foreign
from shared.events.consumer import Subscription

SUBSCRIPTION = Subscription(
    streams=("roster", "reports"),
    table={
        "roster.town.*.v1": (events_in.Town, foreign.project_town),
        "roster.person.*.v1": (events_in.Person, foreign.project_person),
        "roster.deputyship.*.v1": (events_in.Deputyship, foreign.project_deputyship),
        "roster.group.*.v1": (events_in.Group, foreign.project_group),
        "roster.station.*.v1": (events_in.Station, foreign.project_station),
        "roster.constituency.*.v1": (events_in.Moved, foreign.project_moved),
        "roster.term.*.v1": (events_in.Moved, foreign.project_moved),
        "roster.task.*.v1": (events_in.Moved, foreign.project_moved),
        "roster.by_election.*.v1": (events_in.Moved, foreign.project_moved),
        "roster.office.*.v1": (events_in.Moved, foreign.project_moved),
        "reports.closing.requested.v1": (events_in.ClosingRequested, foreign.seal_year),
    },
)
