"""An activity of several days: one record, of the year in which it began."""

from datetime import date
from typing import Any

from services.activities.sheets import SHEETS
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX

TRAINING: dict[str, Any] = {
    "kind": "training", "title": "集中培训", "held_on": "2020-12-30", "ended_on": "2021-01-02",
}  # fmt: skip


async def test_it_belongs_to_the_year_of_its_first_day(office: Office) -> None:
    activity = await office.post("/activities", TRAINING)
    assert (activity["year"], activity["ended_on"]) == (2020, "2021-01-02")
    assert (await office.driver.events())[-1]["data"]["ended_on"] == "2021-01-02"


async def test_it_ends_no_sooner_than_it_began(office: Office) -> None:
    wrong = {**TRAINING, "ended_on": "2020-12-29"}
    answer = await office.refused("POST", "/activities", wrong, status=422, code="dates-out-of-order")
    assert [error["loc"] for error in answer.json["errors"]] == ["body.ended_on"]
    activity = await office.post("/activities", TRAINING)
    path = f"/activities/{activity['id']}"
    await office.refused("PATCH", path, {"held_on": "2021-01-03"}, status=422, code="dates-out-of-order")
    assert (await office.patch(path, {"held_on": "2021-01-02"}))["year"] == 2021


async def test_its_row_comes_back_unchanged(office: Office) -> None:
    row = {"reference": "培1", **TRAINING, "held_on": date(2020, 12, 30), "ended_on": date(2021, 1, 2)}
    imported = await office.driver.call(
        "POST", "/imports", data=write(SHEETS, {"活动": [row]}), headers=AS_XLSX
    )
    assert imported.json["totals"]["new"] == 1, imported.json
    exported = (await office.driver.call("GET", "/exports")).json
    again = await office.driver.call("POST", "/imports", data=exported, headers=AS_XLSX)
    assert again.json["totals"]["unchanged"] == 1, again.json
