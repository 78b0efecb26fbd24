"""Migrations of data folders of before."""

from collections.abc import Callable
from typing import Any, Final

import structlog

from services.reports.domain.board import AreaPeriod, Standing
from services.reports.domain.towns import has_congress
from services.reports.events_in.roster import Ruled, Town
from services.reports.handlers.board import of_progress, of_report
from services.reports.repository import AREA_PERIODS, BOARD, PROGRESS, REPORTS
from services.reports.towns import COUNTY
from shared.envelope import Event, source_of
from shared.storage import outbox
from shared.storage.bulk import IDS_AT_ONCE
from shared.storage.mongo import Database, Document

_OF_TOWN: Final = '"type":"roster.town.'

log = structlog.get_logger(__name__)


async def name_periods(database: Database) -> None:
    """Migration: give records without a period that of their year."""
    for name in ("closings", "progress", "reports", "editions", "wordings"):
        documents = await database[name].find({"period": {"$exists": False}}).to_list(None)
        for document in documents:
            period = {"period": str(document["year"])}
            place = {"_id": document["_id"], "town": document["town"]}
            await database[name].update_one(place, {"$set": period})


async def keep_rules(database: Database) -> None:
    """Migration: keep all rules of each town; of the day of its closing only that of the day of an event was kept."""

    def rules(known: Document, town: Town | None) -> dict[str, Any]:
        of_before = Ruled(rules={"closing_on": known.get("closing_on", "")})
        ruled = Ruled.model_validate(town.model_dump()) if town else of_before
        closes = has_congress(known["name"]) and bool(ruled.texts("closing_on"))
        return {"rules": ruled.model_dump(mode="json"), "closes": closes}

    await _complete(database, "rules", rules)


async def keep_abolitions(database: Database) -> None:
    """Migration: keep the day from which there is no such town; none was kept."""

    def abolished_on(_: Document, town: Town | None) -> dict[str, Any]:
        return town.model_dump(mode="json", include={"abolished_on"}) if town else {}

    await _complete(database, "abolished_on", abolished_on)


async def _complete(
    database: Database, field: str, said: Callable[[Document, Town | None], dict[str, Any]]
) -> None:
    """Complete the towns that lack a field by what their latest event has said; those without one are named."""
    for known in [one for one in await database["towns"].find({}).to_list(None) if field not in one]:
        event = await _latest_of_town(database, known["town"], known["version"])
        if event is None:
            log.warning("town without event", town=known["town"], field=field)
        if kept := said(known, Town.model_validate(event.data) if event else None):
            place = {"_id": known["_id"], "town": known["town"]}
            await database["towns"].update_one(place, {"$set": kept})


async def _latest_of_town(database: Database, town: str, version: int) -> Event | None:
    """The latest event about a town itself in the log kept here: of one that never changed it is among the first."""
    source = source_of(town, "roster")
    mark = await database["sources"].find_one({"_id": source})
    firsts = range(1, (mark["seen"] if mark else 0) + 1, IDS_AT_ONCE)
    for first in firsts if version == 1 else reversed(firsts):
        ids = outbox.positions(source, first, first + IDS_AT_ONCE - 1)
        found = await database["inbox"].find({"_id": {"$in": list(ids)}}).to_list(None)
        applied = [d["body"] for d in found if "body" in d and "parked" not in d]
        about = [Event.decode(body) for body in applied if _OF_TOWN in body]
        if about:
            return max(about, key=lambda event: event.sequence)
    return None


async def fill_the_board(database: Database) -> None:
    """Migration: the board's rows of the reports, closings and notices that are there."""
    rows: dict[str, dict[str, Any]] = {}

    def row(document: dict[str, Any]) -> dict[str, Any]:
        id = f"{document['town']}:{document['period']}"
        return rows.setdefault(id, {"id": id, "town": document["town"], "period": document["period"]})

    counties: dict[str, AreaPeriod] = {}
    async for document in database["reports"].find({}):
        row(document).update(of_report(REPORTS.load(document)))
        county = f"{document['town'][:COUNTY]}:{document['period']}"
        about = {"town": document["town"], "version": 1, "period": document["period"]}
        counties[county] = AreaPeriod(id=county, **about)
    closings = [PROGRESS.load(document) async for document in database["progress"].find({})]
    for progress in sorted(closings, key=lambda progress: progress.order):
        row(progress.model_dump()).update(of_progress(progress))
    async for document in database["notices"].find({}):
        if document["kind"] == "due_soon":
            row(document)["due_on"] = document["due_on"]
    for collection, records in ((BOARD, _standings(rows)), (AREA_PERIODS, counties.values())):
        for record in records:
            stored = collection.store(record)
            place = {"_id": record.id, "town": record.town}
            await database[collection.name].replace_one(place, stored, upsert=True)


def _standings(rows: dict[str, dict[str, Any]]) -> list[Standing]:
    return [Standing(version=1, **row) for row in rows.values()]
