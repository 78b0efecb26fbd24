"""Queries over many towns: those of an area, or all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from services.reports.domain import ReportStatus
from services.reports.domain.board import Standing
from services.reports.domain.hand_in import WindowRecord
from services.reports.domain.periods import period
from services.reports.domain.towns import reports_from
from services.reports.repository import (
    BOARD,
    NOTICES,
    WINDOWS,
    Notice,
)
from shared.days import LAST_DAY
from shared.storage.files import Orphan, orphans
from shared.storage.paging import Place, place_of, places
from shared.storage.reader import Reader
from shared.storage.store import Store

COUNTY: Final = 6
"""Digits of the code of a county."""
_FEW: Final = 100
_STANDING: Final = tuple(Standing.model_fields.keys() - {"id", "figures"})


async def open_closings(store: Store) -> dict[Place, Mapping[str, Any]]:
    """The documents of waiting closings of all towns: each is loaded in its turn."""
    found = await store.find("progress", {"state": "waiting"}, sort=(("_id", 1),))
    return {place_of(document): document for document in found}


async def photographs_to_erase(store: Store) -> list[Place]:
    """Photographs that no activity cites by the copies kept here; whether these are whole is seen in their turn."""
    by_town: defaultdict[str, dict[str, Place]] = defaultdict(dict)
    for place in await places(store, "photographs", {"_id": {"$gt": ""}}):
        by_town[place.town][place.id.rpartition(":")[2]] = place
    found: list[Place] = []
    for town, kept in by_town.items():
        sights = await store.find(
            "sights", {"town": town, "digests": {"$in": list(kept)}}, fields=("digests",)
        )
        cited = {digest for sight in sights for digest in sight["digests"]}
        found += (place for digest, place in kept.items() if digest not in cited)
    return found


async def scheduled_towns(store: Store) -> list[Place]:
    """Towns of which some rule names a day for the closing."""
    return await places(store, "towns", {"closes": True})


async def standings_below(reader: Reader, prefix: str, period: str) -> list[Standing]:
    """The board's rows of the towns whose code begins with `prefix`, without their figures."""
    rows = await reader.find("board", {"period": period, "town": _below(prefix)}, fields=_STANDING)
    return [BOARD.load(row) for row in rows]


async def amounts(reader: Reader, prefix: str, period: str, ids: Sequence[str]) -> list[tuple[str, int, str]]:
    """Town, version and figures of rows of an area; of many all are read at once."""
    if not ids:
        return []
    few = {"_id": {"$in": list(ids)}}
    query = few if len(ids) <= _FEW else {"period": period, "town": _below(prefix)}
    rows = await reader.find("board", query, fields=("town", "version", "figures"))
    return [(row["town"], row["version"], row["figures"]) for row in rows]


class ArrivedSeal(NamedTuple):
    """A seal that has arrived for a closing, without what it says. Of one that is damaged what is left."""

    closing_id: str
    service: str
    version: int


async def seals_of_closings(reader: Reader, ids: Sequence[str]) -> list[ArrivedSeal]:
    """The seals that have arrived for closings."""
    query = {"closing_id": {"$in": list(ids)}}
    seals = await reader.find("seals", query, fields=ArrivedSeal._fields) if ids else []
    return [
        ArrivedSeal(seal["closing_id"], seal.get("service", ""), seal.get("version", 0)) for seal in seals
    ]


async def periods_below(reader: Reader, prefix: str) -> list[str]:
    """Periods of which a town of the area has a report; of an area within a county those of the county."""
    county = prefix[:COUNTY]
    kept = await reader.find(
        "area_periods", {"_id": {"$gte": county, "$lt": county + ";"}}, fields=("period",)
    )
    return sorted({entry["period"] for entry in kept})


async def notices_below(
    reader: Reader, prefix: str, criteria: Mapping[str, Any], *, after: str | None = None, limit: int = 0
) -> list[Notice]:
    """Notices of an area after the id `after`, by town and period. Their ids begin with the town, a code of digits."""
    behind = {"$gt": after} if after else {}
    query = {"_id": {"$gte": prefix, "$lt": prefix + ";", **behind}, **criteria}
    documents = await reader.find("notices", query, sort=(("_id", 1),), limit=limit)
    return [NOTICES.load(document) for document in documents]


async def window_records(reader: Reader, area: str, period: str) -> list[WindowRecord]:
    """Windows of an area and of those around it, for a period."""
    ids = [f"{area[:length]}:{period}" for length in range(1, len(area) + 1)]
    return [WINDOWS.load(document) for document in await reader.find("windows", {"_id": {"$in": ids}})]


async def windows_below(reader: Reader, area: str, period: str) -> list[WindowRecord]:
    """Windows of the areas within an area, its own among them."""
    found = await reader.find("windows", {"town": _below(area), "period": period})
    return [WINDOWS.load(document) for document in found]


class Step(NamedTuple):
    """An edition of a town's report of a period."""

    town: str
    report_id: str
    number: int
    status: ReportStatus


async def editions_below(reader: Reader, prefix: str, period: str) -> list[Step]:
    """Editions of a period of the towns whose code begins with `prefix`; those of before say their status in the
    report."""
    fields = ("town", "report_id", "edition", "status", "report.status", "report.version")
    kept = await reader.find("editions", {"town": _below(prefix), "period": period}, fields=fields)
    return [
        Step(
            entry["town"],
            entry["report_id"],
            (entry.get("report") or {}).get("version") or entry["edition"],
            ReportStatus((entry.get("report") or {}).get("status") or entry["status"]),
        )
        for entry in kept
    ]


async def county_name(reader: Reader, codes: Sequence[str]) -> str:
    """The name of the county of these towns; empty where they do not agree on one. A town that was abolished keeps the
    name that the county had then, so the others decide."""
    fields = ("county_name", "abolished_on")
    known = await reader.find("towns", {"_id": {"$in": list(codes)}}, fields=fields)
    deciding = [town for town in known if not town.get("abolished_on")] or known
    names = {name for town in deciding if (name := town.get("county_name"))}
    return names.pop() if len(names) == 1 else ""


class Below(NamedTuple):
    """The towns of an area in a period, by code: their names, the board's rows of them, and those of which no report is
    expected, because they were abolished by then."""

    names: Mapping[str, str]
    rows: Mapping[str, Standing]
    gone: frozenset[str]

    @property
    def codes(self) -> list[str]:
        """Every town, without those gone of which there is no report and no closing."""
        told = {code for code, row in self.rows.items() if row.edition or row.closing_id}
        return sorted({*self.names, *self.rows} - (self.gone - told))


async def below(reader: Reader, prefix: str, name: str) -> Below:
    """The towns whose code begins with `prefix`, in the period of a name."""
    fields = ("town", "name", "abolished_on")
    known = await reader.find("towns", {"town": _below(prefix)}, fields=fields)
    rows = {row.town: row for row in await standings_below(reader, prefix, name)}
    first = _first_day(name, rows.values())
    gone = [
        town["town"]
        for town in known
        if (day := town.get("abolished_on")) and not reports_from(first, date.fromisoformat(day))
    ]
    return Below({town["town"]: town.get("name", "") for town in known}, rows, frozenset(gone))


def _first_day(name: str, rows: Iterable[Standing]) -> date:
    """The first day of a period; of a term, which begins elsewhere on other days, one on which it surely ran: the
    earliest that a report is of."""
    known = min((row.as_of for row in rows if row.as_of), default=LAST_DAY)
    span = period(name, lambda _: (known, known))
    return span.first if span else known


def _below(prefix: str) -> dict[str, str]:
    return {"$gte": prefix, "$lt": prefix + ":"}


async def orphaned_files(store: Store, before: datetime) -> list[Orphan]:
    """Files uploaded before an instant that no photograph names."""
    return await orphans(store, "photographs", "file", before)
