"""A rating meeting names the item of the plan that it does: over HTTP at any time, and in the workbook."""

from typing import Any

import pytest

from services.ratings.sheets import SHEETS
from shared.workbook import read, row_id
from tests.component.ratings.conftest import Town
from tests.component.ratings.test_imports import OFFICE, send, tables
from tests.fixtures.apps import TOWN

pytestmark = pytest.mark.mongo


async def test_the_item_is_told_and_may_be_named_after_publication(town: Town) -> None:
    id = await town.published(("d2", "d1"))
    assert "plan_item_id" not in (await town.events())[-1].data
    answer = await town.ask("PATCH", f"meetings/{id}", {"plan_item_id": "item1"})
    assert (answer.status, answer.json["plan_item_id"], answer.json["state"]) == (200, "item1", "published")
    told = (await town.events())[-1]
    assert (told.type, told.data["plan_item_id"]) == ("ratings.meeting.changed.v1", "item1")
    refused = await town.ask("PATCH", f"meetings/{id}", {"plan_item_id": "item1", "invited": 9})
    assert refused.status == 409


@pytest.mark.parametrize(
    ("written", "key"), [("2020-12", (None, 12)), ("2020-3-5", (3, 5)), (" 2020－1 ", (None, 1))]
)
async def test_the_workbook_names_it_by_year_and_number(
    town: Town, written: str, key: tuple[Any, int]
) -> None:
    await town.deputy("d1", "王示例01")
    await town.deputy("d2", "李示例02")
    rows = tables()
    rows["述职测评会"][0]["plan_item_id"] = written
    assert (await send(town, OFFICE, rows)).status == 200
    (meeting,) = (await town.get("meetings")).json["items"]
    assert meeting["plan_item_id"] == row_id(TOWN, "年度计划", 2020, *key)
    (row,) = read((await town.get("exports")).json, SHEETS).rows("述职测评会")
    rows["述职测评会"][0]["plan_item_id"] = row["plan_item_id"]
    again = await send(town, OFFICE, {"述职测评会": rows["述职测评会"]})
    assert again.json["totals"] == {"new": 0, "changed": 0, "unchanged": 1, "wrong": 0}
