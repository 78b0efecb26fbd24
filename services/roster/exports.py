"""The roster as the office's workbook 名册: the rows its import would read, in the order people expect."""

from collections.abc import Iterator
from typing import Any

from services.roster.domain.deputyships import Deputyship
from services.roster.domain.groups import Group
from services.roster.domain.people import Person
from services.roster.domain.places import Station
from services.roster.repository import CONSTITUENCIES, DEPUTYSHIPS, GROUPS, PEOPLE, STATIONS, TOWNS
from services.roster.sheets import LEVELS
from shared import strokes
from shared.names import laid_out
from shared.work import Work
from shared.workbook import Rows

_LEVELS = tuple(LEVELS.values())


async def rows(work: Work) -> Rows:
    """Sheet by sheet; phones and ID numbers in full, so for the office alone."""
    town = await work.require(TOWNS, work.town)
    stations = {one.id: one for one in await work.find(STATIONS)}
    groups = {one.id: one for one in await work.find(GROUPS)}
    people = {one.id: one for one in await work.find(PEOPLE) if one.merged_into is None}
    return {
        "镇情况": [{**town.model_dump(), "code": town.id}],
        "活动阵地": [_station(one) for one in stations.values()],
        "选区": [one.model_dump() for one in await work.find(CONSTITUENCIES)],
        "代表小组": [
            {**one.model_dump(), "station": stations[one.station_id].name if one.station_id else None}
            for one in sorted(groups.values(), key=lambda group: group.number)
        ],
        "人员": [
            {**one.model_dump(), "name": laid_out(one.name)}
            for one in sorted(people.values(), key=lambda person: strokes.key(person.name))
        ],
        "代表资格": list(_deputyships(await work.find(DEPUTYSHIPS), people, groups)),
    }


def _station(station: Station) -> dict[str, Any]:
    day = station.reception_day
    return {**station.model_dump(), "reception_day": None if day is None else str(day)}


def _deputyships(
    held: list[Deputyship], people: dict[str, Person], groups: dict[str, Group]
) -> Iterator[dict[str, Any]]:
    def order(one: Deputyship) -> tuple[Any, ...]:
        return strokes.key(people[one.person_id].name), _LEVELS.index(one.level), one.started_on

    for one in sorted(held, key=order):
        group = groups[one.group_id].number if one.group_id else None
        yield {**one.model_dump(), "person": laid_out(people[one.person_id].name), "group": group}
