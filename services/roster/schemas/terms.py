"""Terms of the congress."""

from services.roster.schemas.values import CongressNumber, Count, In, Quota
from shared.days import Day


class TermIn(In):
    """`started_on`: the day of its first session; `ended_on`: that of the next term's."""

    congress_number: CongressNumber
    started_on: Day
    ended_on: Day | None = None
    quota: Quota | None = None
    population: Count | None = None


class EndTermIn(In):
    """`on`: the day of the next term's first session."""

    on: Day
