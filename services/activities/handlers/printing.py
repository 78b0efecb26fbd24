"""Queries of what is printed: records with the names of those they refer to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.activities import repository
from services.activities.domain.activities import Activity
from services.activities.domain.roll import Roll
from services.activities.domain.rules import Rules
from services.activities.domain.suggestions import Suggestion
from services.activities.names import Directory
from services.activities.repository import SESSIONS, TOWNS
from shared.storage.work import Work


@dataclass(frozen=True)
class Known:
    """What sheets of a town take names from: its name on a day, the roster, the rules of that day."""

    town: str
    directory: Directory
    rules: Rules

    def deputy(self, id: str, day: date) -> str:
        return self.directory.written(id, day)

    def place(self, id: str, day: date) -> str:
        """Group and constituency of a deputy: 第1组，新城选区."""
        lines = self.directory.roll((id,), day).lines
        group = f"第{lines[0].group}组" if lines and lines[0].group else ""
        return "，".join(part for part in (group, lines[0].constituency if lines else "") if part)


async def known_on(work: Work, day: date) -> Known:
    town = await work.get(TOWNS, work.town)
    rules = await repository.rules(work, day)
    return Known(town.name_on(day) if town else "", await repository.directory(work, ()), rules)


async def rules_on(work: Work, day: date) -> Rules:
    return await repository.rules(work, day)


async def session_name(work: Work, suggestion: Suggestion) -> str:
    session = await work.get(SESSIONS, suggestion.session_id) if suggestion.session_id else None
    return f"第{session.congress_number}届第{session.session_number}次会议" if session else ""


@dataclass(frozen=True)
class Gathered:
    """Of an activity: the town's name, names of its groups and station, and its roll."""

    town: str
    groups: Sequence[str]
    station: str
    roll: Roll


async def gathered(work: Work, activity: Activity) -> Gathered:
    known = await known_on(work, activity.held_on)
    groups_by_id = {group.id: group for group in known.directory.groups.values()}
    groups = [groups_by_id[id] for id in activity.groups if id in groups_by_id]
    stations = {station.id: station.name for station in known.directory.stations.values()}
    return Gathered(
        known.town,
        [group.name or f"第{group.number}组" for group in groups],
        stations.get(activity.station_id or "", ""),
        known.directory.roll(activity.expected, activity.held_on),
    )
