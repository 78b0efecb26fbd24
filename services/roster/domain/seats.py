"""Seats that more deputies hold than there are: where one was entered twice, or one name became two people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from services.roster.domain.composition import Makeup
from services.roster.domain.dated import Value
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.people import name_on


class SeatHolder(Value):
    deputyship_id: str
    person_id: str
    name: str
    started_on: date


class DoubledSeat(Value):
    """`constituency` is None for the seats of the whole town. `on`: the last day they became too few."""

    constituency: str | None
    seats: int
    on: date
    mandates: list[SeatHolder]


def doubled(makeup: Makeup) -> list[DoubledSeat]:
    """By constituency; where no constituency explains it, by the quota of the town."""
    days = sorted({mandate.started_on for mandate in makeup.deputyships if mandate.level == "town"})
    makeups = [replace(makeup, day=day) for day in days]
    by_place = {seat.constituency: seat for on_day in makeups for seat in _in_constituencies(on_day)}
    if by_place:
        return list(by_place.values())
    return [seat for on_day in makeups for seat in _in_town(on_day)][-1:]


def _in_constituencies(makeup: Makeup) -> Iterator[DoubledSeat]:
    for count in makeup.by_constituency:
        if count.quota is not None and (count.vacant or 0) < 0:
            here = [mandate for mandate in _holding(makeup) if mandate.constituency == count.constituency]
            yield _seat(makeup, count.constituency, count.quota, here)


def _in_town(makeup: Makeup) -> Iterator[DoubledSeat]:
    if makeup.seats.quota is not None and (makeup.seats.vacant or 0) < 0:
        yield _seat(makeup, None, makeup.seats.quota, _holding(makeup))


def _holding(makeup: Makeup) -> list[Deputyship]:
    return sorted([*makeup.serving, *makeup.suspended], key=lambda mandate: mandate.id)


def _seat(makeup: Makeup, constituency: str | None, seats: int, held: list[Deputyship]) -> DoubledSeat:
    holders = [
        SeatHolder(
            deputyship_id=mandate.id,
            person_id=mandate.person_id,
            name=name_on(makeup.people[mandate.person_id], makeup.day),
            started_on=mandate.started_on,
        )
        for mandate in held
    ]
    return DoubledSeat(constituency=constituency, seats=seats, on=makeup.day, mandates=holders)
