"""Themes and forms of an activity, and tags that are either."""

from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX

ACTIVITY: dict[str, Any] = {
    "kind": "group_activity",
    "title": "活动并视察",
    "held_on": "2020-06-09",
    "group_id": "g1",
}


@pytest.mark.parametrize(
    ("sent", "themes", "forms"),
    [
        ({"tags": ["视察"]}, [], ["视察"]),
        ({"tags": ["inspection", "防汛"]}, ["防汛"], ["视察"]),
        ({"themes": ["乡村振兴"], "forms": ["调研", "座谈会"]}, ["乡村振兴"], ["专题调研", "座谈"]),
        ({"tags": ["防汛", "视察"], "themes": ["乡村振兴"]}, ["防汛", "乡村振兴"], ["视察"]),
        ({"forms": ["夜访"]}, [], ["夜访"]),
    ],
)
async def test_tags_are_sorted(
    office: Office, sent: dict[str, Any], themes: list[str], forms: list[str]
) -> None:
    activity = await office.post("/activities", {**ACTIVITY, **sent})
    assert (activity["themes"], activity["forms"]) == (themes, forms)
    told = (await office.driver.events())[-1]["data"]
    assert (told["themes"], told["forms"], told["tags"]) == (themes, forms, activity["tags"])
    path = f"/activities/{activity['id']}"
    assert (await office.patch(path, {"tags": activity["tags"]}))["version"] == 1
    changed = await office.patch(path, {"tags": ["走访"]})
    assert (changed["themes"], changed["forms"], changed["tags"]) == ([], ["走访"], ["走访"])


async def test_a_form_is_no_theme(office: Office) -> None:
    body = {**ACTIVITY, "themes": ["防汛", "视察"]}
    answer = await office.refused("POST", "/activities", body, status=422, code="invalid-input")
    assert [error["loc"] for error in answer.json["errors"]] == ["body.themes.1"]


@pytest.mark.parametrize(
    "cells", [{"tags": ("视察", "防汛")}, {"themes": ("防汛",), "forms": ("视察",)}], ids=["before", "now"]
)
async def test_rows_of_before_and_of_now_say_the_same(office: Office, cells: dict[str, Any]) -> None:
    row = {
        "reference": "组1",
        "kind": "group_activity",
        "title": "活动",
        "held_on": date(2020, 6, 9),
        **cells,
    }
    imported = await office.driver.call(
        "POST", "/imports", data=write(SHEETS, {"活动": [row]}), headers=AS_XLSX
    )
    assert imported.json["totals"]["new"] == 1, imported.json
    (activity,) = (await office.get("/activities"))["items"]
    assert (activity["themes"], activity["forms"]) == (["防汛"], ["视察"])
    for book in (write(SHEETS, {"活动": [row]}), (await office.driver.call("GET", "/exports")).json):
        again = await office.driver.call("POST", "/imports", data=book, headers=AS_XLSX)
        assert again.json["totals"]["unchanged"] == 1, again.json
