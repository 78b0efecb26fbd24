"""Migrations of data folders of before."""

from typing import Any

from services.reports.domain.board import AreaPeriod, Standing
from services.reports.handlers.board import of_progress, of_report
from services.reports.repository import AREA_PERIODS, BOARD, PROGRESS, REPORTS
from services.reports.towns import COUNTY
from shared.storage.mongo import Database


async def name_periods(database: Database) -> None:
    """Migration: give records without a period that of their year."""
    for name in ("closings", "progress", "reports", "editions", "wordings"):
        documents = await database[name].find({"period": {"$exists": False}}).to_list(None)
        for document in documents:
            period = {"period": str(document["year"])}
            place = {"_id": document["_id"], "town": document["town"]}
            await database[name].update_one(place, {"$set": period})
    if "reports.town_year" in await database["reports"].index_information():
        await database["reports"].drop_index("reports.town_year")


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
    for progress in sorted(closings, key=lambda progress: (progress.started_at, progress.id)):
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
