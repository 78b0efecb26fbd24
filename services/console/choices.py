"""What a form of a town offers to choose from: deputies, stations, groups, sessions; and their names by id."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from services.console.api import LATE_SECONDS, part
from services.console.view import chinese_date
from services.console.visit import Visit

Choices = Sequence[tuple[str, str]]


def day_of(visit: Visit) -> date:
    """The day that the pages of the session's year look at the roster: today, or the year's last."""
    return min(visit.today, date(visit.year, 12, 31))


async def rows(visit: Visit, *days: date) -> list[Mapping[str, Any]]:
    """Deputies of days, the last day's first, a mandate once."""
    found: dict[str, Mapping[str, Any]] = {}
    for day in sorted(set(days or (day_of(visit),)), reverse=True):
        answer = await visit.api.get(visit.at("roster", "deputies"), as_of=day.isoformat())
        for row in answer["items"]:
            found.setdefault(row["deputyship_id"], row)
    return list(found.values())


def deputies(found: Iterable[Mapping[str, Any]]) -> Choices:
    """A person once: the town's mandate where there is one; people of one name with the constituency."""
    own: dict[str, Mapping[str, Any]] = {}
    for row in found:
        if row["person_id"] not in own or row["level"] == "town":
            own[row["person_id"]] = row
    names = Counter(row["name"] for row in own.values())
    return [(row["deputyship_id"], _label(row, names)) for row in own.values()]


def names(found: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Names by deputyship id, every mandate."""
    return {row["deputyship_id"]: row["name"] for row in found}


async def stations(visit: Visit) -> Choices:
    return [(one["id"], one["name"]) for one in await visit.api.all(visit.at("roster", "stations"))]


async def groups(visit: Visit) -> Choices:
    found = await visit.api.all(visit.at("roster", "groups"))
    ordered = sorted(found, key=lambda one: int(one["number"]))
    return [(one["id"], one["name"] or f"第{one['number']}小组") for one in ordered]


async def sessions(visit: Visit) -> Choices:
    found = await part(visit.api.all(visit.at("activities", "sessions"), voided=False), LATE_SECONDS) or []
    latest = sorted(found, key=lambda one: str(one["held_on"]), reverse=True)[:6]
    return [
        (
            one["id"],
            f"第{one['congress_number']}届第{one['session_number']}次（{chinese_date(one['held_on'])}）",
        )
        for one in latest
    ]


def _label(row: Mapping[str, Any], names: Mapping[str, int]) -> str:
    name = str(row["name"])
    return f"{name}（{row['constituency'] or row['level']}）" if names[name] > 1 else name
