"""Models of the public cards of deputies and stations: what they show, and nothing else."""

from typing import Literal

from services.reports.domain import Frozen


class Duty(Frozen):
    """A count of the year that is not zero."""

    label: str
    count: int
    unit: str


class Reception(Frozen):
    """A station where voters are received, and on which days."""

    station: str
    days: str


class Card(Frozen):
    """`id`: of the deputyship or station; `constituencies`: of a deputy one; `group`: names."""

    kind: Literal["deputy", "station"]
    id: str
    town: str
    name: str
    constituencies: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    receptions: tuple[Reception, ...] = ()
    year: int
    duties: tuple[Duty, ...] = ()
