"""Routes of by-elections."""

from services.roster.handlers import by_elections
from services.roster.repository import BY_ELECTIONS
from services.roster.routes.roles import OFFICE
from services.roster.schemas.by_elections import ByElectionIn
from shared.http import EVERYONE, resource

records = resource(
    "by_elections",
    BY_ELECTIONS,
    body=ByElectionIn,
    create=by_elections.enter_by_election,
    change=by_elections.change_by_election,
    equals=("constituency", "held_on"),
    read=EVERYONE,
    write=OFFICE,
    label="补选",
)
