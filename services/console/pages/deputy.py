"""One deputy: who it is, mandates on a line of time, every change with reason and basis, what may be done next."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.menu import DEPUTY, OFFICE, READERS
from services.console.pages import people
from services.console.visit import Visit, page

LEFT, WIDTH, ROW = 88, 640, 28
"""Of the picture of mandates: room for words, width of the line of time, height of a row."""


@dataclass(frozen=True)
class Bar:
    """A mandate on the line of time; `gaps`: where it was suspended."""

    id: str
    title: str
    x: float
    width: float
    y: int
    current: bool
    gaps: Sequence[tuple[float, float]]


@page("/deputies/{id}", roles=READERS | DEPUTY)
async def show_deputy(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", visit.at("roster", f"deputyships/{visit.id()}"))
    mandate = answer.body
    person, mandates, groups, by_elections = await asyncio.gather(
        visit.api.get(visit.at("roster", f"people/{mandate['person_id']}"), masked=True),
        visit.api.all(visit.at("roster", "deputyships"), person_id=mandate["person_id"]),
        part(people.groups(visit), LATE_SECONDS),
        part(visit.api.all(visit.at("roster", "by_elections"), limit=200), LATE_SECONDS),
    )
    around = await part(_neighbours(visit), 2.0) if visit.may("office") else None
    mandates.sort(key=lambda one: str(one["started_on"]))
    return visit.html(
        "deputy.html",
        mandate=mandate,
        version=answer.version,
        person=person,
        mandates=mandates,
        groups=people.group_names(groups or []),
        by_elections={one["id"]: one for one in by_elections or []},
        bars=_bars(mandates, mandate["id"], visit.today),
        marks=_years(mandates, visit.today),
        tall=ROW * len(mandates) + 24,
        around=around or (None, None),
        may=_may(mandate),
    )


@page("/deputies/{id}/contact", roles=OFFICE)
async def show_contact(visit: Visit) -> web.Response:
    """Phone and ID number in full: the service records who read them."""
    mandate = await visit.api.get(visit.at("roster", f"deputyships/{visit.id()}"))
    person = await visit.api.get(visit.at("roster", f"people/{mandate['person_id']}"))
    return visit.html("contact.html", person=person, mandate=mandate)


async def _neighbours(visit: Visit) -> tuple[str | None, str | None]:
    """The deputies before and after in stroke order, for Alt+↑ and Alt+↓."""
    ids = [row["deputyship_id"] for row in await people.deputies(visit)]
    if visit.id() not in ids:
        return None, None
    at = ids.index(visit.id())
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)


def _may(mandate: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The commands whose form is offered: (path, words). The service decides whether one is lawful."""
    if mandate["status"] == "voided":
        return []
    if mandate["status"] == "ended":
        return [("correct", "更正"), ("void", "作废")]
    pending = any(one["outcome"] == "pending" for one in mandate["resignations"])
    return [
        ("correct", "变更、更正"),
        *([] if pending else [("resign", "提出辞职")]),
        ("resume", "恢复执行职务") if mandate["status"] == "suspended" else ("suspend", "暂停执行职务"),
        ("end", "终止代表资格"),
        ("void", "作废"),
    ]


def _span(mandates: Sequence[Mapping[str, Any]], today: date) -> tuple[date, date]:
    """From the first January to the end of the year, which all mandates lie within."""
    days = [date.fromisoformat(one["started_on"]) for one in mandates] + [
        date.fromisoformat(one["ended_on"]) for one in mandates if one["ended_on"]
    ]
    return date(min(days).year, 1, 1), date(max(*days, today).year + 1, 1, 1)


def _bars(mandates: Sequence[Mapping[str, Any]], own: str, today: date) -> list[Bar]:
    first, last = _span(mandates, today)

    def at(day: str | None) -> float:
        when = date.fromisoformat(day) if day else today
        return round(LEFT + (when - first).days / (last - first).days * WIDTH, 1)

    return [
        Bar(
            one["id"],
            f"{one['level']}",
            at(one["started_on"]),
            max(3.0, round(at(one["ended_on"]) - at(one["started_on"]), 1)),
            number * ROW + 4,
            one["id"] == own,
            [
                (at(gap["from_on"]), max(2.0, round(at(gap["to_on"]) - at(gap["from_on"]), 1)))
                for gap in one["suspensions"]
            ],
        )
        for number, one in enumerate(mandates)
        if one["status"] != "voided"
    ]


def _years(mandates: Sequence[Mapping[str, Any]], today: date) -> list[tuple[int, float]]:
    """At most ten marks of years below the line of time."""
    first, last = _span(mandates, today)
    step = max(1, (last.year - first.year) // 10 + 1)
    whole = (last - first).days
    return [
        (year, round(LEFT + (date(year, 1, 1) - first).days / whole * WIDTH, 1))
        for year in range(first.year, last.year, step)
    ]


PAGES: Final = (show_deputy, show_contact)
