"""Subscription of the service: foreign event types, their models and the handlers they call."""

from services.activities import events_in
from services.activities.handlers import foreign, plans
from shared.events.subscription import Subscription

SUBSCRIPTION = Subscription(
    streams=("roster", "ratings", "reports"),
    table={
        "roster.town.*.v1": (events_in.Town, foreign.project_town),
        "roster.person.*.v1": (events_in.Person, foreign.project_person),
        "roster.deputyship.*.v1": (events_in.Deputyship, foreign.project_deputyship),
        "roster.group.*.v1": (events_in.Group, foreign.project_group),
        "roster.station.*.v1": (events_in.Station, foreign.project_station),
        "roster.constituency.*.v1": (events_in.RosterEvent, foreign.project_roster_event),
        "roster.term.*.v1": (events_in.RosterEvent, foreign.project_roster_event),
        "roster.task.*.v1": (events_in.RosterEvent, foreign.project_roster_event),
        "roster.by_election.*.v1": (events_in.RosterEvent, foreign.project_roster_event),
        "roster.office.*.v1": (events_in.RosterEvent, foreign.project_roster_event),
        "ratings.meeting.*.v1": (events_in.RatingMeeting, foreign.project_rating_meeting),
        "reports.closing.requested.v1": (events_in.ClosingRequested, foreign.seal_year),
    },
    reactions={"ratings.meeting.*.v1": (events_in.RatingMeeting, plans.follow_rating_meeting)},
)
