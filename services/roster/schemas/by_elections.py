"""By-elections: counts and result."""

from typing import Annotated

from pydantic import Field

from services.roster.schemas.values import CongressNumber, Count, Id, In, Name
from shared.days import Day

Seats = Annotated[int, Field(ge=0, le=100)]


class CandidateIn(In):
    name: Name
    votes: Count | None = None
    person_id: Id | None = None


class ByElectionIn(In):
    """Counts may be added later; `elected` are names of candidates."""

    constituency: Name
    held_on: Day
    congress_number: CongressNumber | None = None
    seats: Seats | None = None
    voters: Count | None = None
    votes_cast: Count | None = None
    candidates: Annotated[list[CandidateIn], Field(max_length=100)] = []
    elected: Annotated[list[Name], Field(max_length=100)] = []
    rerun: bool = False
