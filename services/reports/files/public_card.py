"""Public cards, read from the ledger: of deputies who serve on the day, and of open stations.

Invariants: a card has no count of absence, no rate and no other person; whoever is suspended, has left, or asked for
erasure has none; a name is that of the day.
"""

from collections.abc import Container, Iterable, Iterator
from datetime import date

from services.reports.domain.cards import Card, Duty, Reception
from services.reports.events_in import Deputyship, Group, Station
from services.reports.figures.mandates import in_group, serves
from services.reports.figures.year import Year
from services.reports.files.duty_file import duty_file
from services.reports.names import KINDS
from services.reports.notation import group_name

TOWN_LEVEL = "town"


def cards(year: Year, erased: Container[str]) -> list[Card]:
    """All cards on `year.as_of`. `erased`: people whose data was erased at their request."""
    day, town = year.as_of, year.town
    if town is None or (town.data.abolished_on is not None and town.data.abolished_on <= day):
        return []
    shown = (fact.data for fact in year.ledger.by_id(Deputyship).values() if _shown(year, fact.data, erased))
    deputies = [_deputy(year, town.data.name, deputyship) for deputyship in shown]
    stations = [_station(year, town.data.name, station) for station in _open_stations(year)]
    return [card for card in (*deputies, *stations) if card.name]


def _shown(year: Year, deputyship: Deputyship, erased: Container[str]) -> bool:
    if deputyship.level != TOWN_LEVEL or deputyship.voided or not serves(deputyship, year.as_of):
        return False
    return all(id not in erased for id in (deputyship.person_id, year.person_of(deputyship.id)))


def _deputy(year: Year, town: str, deputyship: Deputyship) -> Card:
    groups = [
        fact.data
        for fact in year.ledger.by_id(Group).values()
        if in_group(deputyship, fact.data.id, year.as_of) and _exists(fact.data, year.as_of)
    ]
    own = {group.station_id for group in groups}
    stations = (s for s in _open_stations(year) if s.id in own or deputyship.constituency in s.serves)
    return Card(
        kind="deputy",
        id=deputyship.id,
        town=town,
        name=year.name_of(deputyship),
        constituencies=(deputyship.constituency,) if deputyship.constituency else (),
        groups=tuple(sorted(map(group_name, groups))),
        receptions=tuple(_receptions(stations)),
        year=year.year,
        duties=tuple(_duties_of_deputy(year, deputyship)),
    )


def _duties_of_deputy(year: Year, deputyship: Deputyship) -> Iterator[Duty]:
    file = duty_file(year, deputyship)
    for kind, label in KINDS.items():
        yield from _counted(f"参加{label}", file.totals.get(kind, {}).get("present", 0), "次")
    for part, label in (("lead", "领衔提出建议"), ("co", "附议建议")):
        yield from _counted(label, sum(line.part == part for line in file.suggestions), "件")
    yield from _counted("收到选民意见", file.opinions.received, "条")
    yield from _counted("向选民述职", len(file.duty_reports), "次")


def _station(year: Year, town: str, station: Station) -> Card:
    groups = [
        fact.data
        for fact in year.ledger.by_id(Group).values()
        if fact.data.station_id == station.id and _exists(fact.data, year.as_of)
    ]
    return Card(
        kind="station",
        id=station.id,
        town=town,
        name=station.name,
        constituencies=station.serves,
        groups=tuple(sorted(map(group_name, groups))),
        receptions=tuple(_receptions([station])),
        year=year.year,
        duties=tuple(_duties_of_station(year, station)),
    )


def _exists(group: Group, day: date) -> bool:
    return group.dissolved_on is None or day < group.dissolved_on


def _duties_of_station(year: Year, station: Station) -> Iterator[Duty]:
    held = [fact.data.kind for fact in year.all_activities if fact.data.station_id == station.id]
    for kind, label in KINDS.items():
        yield from _counted(label, held.count(kind), "次")
    received = sum(fact.data.station_id == station.id for fact in year.opinions)
    yield from _counted("收到选民意见", received, "条")


def _open_stations(year: Year) -> Iterator[Station]:
    """By name."""
    day = year.as_of
    stations = sorted(
        (fact.data for fact in year.ledger.by_id(Station).values()), key=lambda s: (s.name, s.id)
    )
    for station in stations:
        begun = station.opened_on is None or station.opened_on <= day
        if begun and (station.closed_on is None or day < station.closed_on):
            yield station


def _receptions(stations: Iterable[Station]) -> Iterator[Reception]:
    for station in stations:
        day = station.reception_day
        if day is not None and day != "":
            yield Reception(station=station.name, days=f"每月{day}日" if isinstance(day, int) else day)


def _counted(label: str, count: int, unit: str) -> Iterator[Duty]:
    if count:
        yield Duty(label=label, count=count, unit=unit)
