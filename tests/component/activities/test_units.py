"""Suggestions that several units handle, one of them leading, and those whose handling is supervised."""

from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.component.activities.test_suggestions import raised
from tests.fixtures.apps import AS_XLSX

ASSIGNED = {"unit": "建设办", "on": "2020-06-15", "co_units": ["供电所", "水 利 站"]}


async def test_a_suggestion_has_a_lead_and_co_units_until_it_is_returned(office: Office) -> None:
    path = await raised(office)
    assigned = await office.post(f"{path}:assign", ASSIGNED)
    assert (assigned["unit"], assigned["co_units"]) == ("建设办", ["供电所", "水利站"])
    told = (await office.driver.events())[-1]["data"]
    assert (told["co_units"], told["steps"][0]["co_units"]) == (["供电所", "水利站"], ["供电所", "水利站"])
    returned = await office.post(f"{path}:return", {"on": "2020-06-20", "reason": "职责不符"})
    assert (returned["unit"], returned["co_units"]) == (None, [])
    again = await office.post(f"{path}:assign", {"unit": "供电所", "on": "2020-06-22"})
    assert (again["unit"], again["co_units"], "co_units" in again["steps"][-1]) == ("供电所", [], False)
    undone = await office.post(f"{path}:undo", {})
    assert (undone["state"], undone["co_units"]) == ("returned", [])
    forwarded = await office.post(f"{path}:forward", {"to": "县水利局", "on": "2020-06-25"})
    assert (forwarded["unit"], forwarded["co_units"]) == (None, [])


@pytest.mark.parametrize(
    ("sent", "loc"),
    [
        ({"unit": "建设办、供电所"}, "body.unit"),
        ({"unit": "建设办，供电所"}, "body.unit"),
        ({"co_units": ["供电所；水利站"]}, "body.co_units.0"),
        ({"co_units": ["建 设 办"]}, "body"),
        ({"co_units": ["供电所", "供电所"]}, "body"),
    ],
)
async def test_a_unit_is_one_unit_and_named_once(office: Office, sent: dict[str, Any], loc: str) -> None:
    path = await raised(office)
    body = {"unit": "建设办", "on": "2020-06-15", **sent}
    answer = await office.refused("POST", f"{path}:assign", body, status=422, code="invalid-input")
    assert [error["loc"] for error in answer.json["errors"]] == [loc]


async def test_a_supervised_suggestion_names_who_supervises_it(office: Office) -> None:
    path = await raised(office)
    key = await office.patch(path, {"key": True})
    assert (key["key"], key["supervised_by"]) == (True, "")
    key = await office.patch(path, {"supervised_by": "镇人大主席"})
    assert (await office.driver.events())[-1]["data"]["supervised_by"] == "镇人大主席"
    assert [one["id"] for one in (await office.get("/suggestions?key=true"))["items"]] == [key["id"]]
    answer = await office.refused("PATCH", path, {"key": False}, status=422, code="invalid-input")
    assert [error["loc"] for error in answer.json["errors"]] == ["body.supervised_by"]
    assert not (await office.patch(path, {"key": False, "supervised_by": ""}))["key"]


ROW: dict[str, Any] = {
    "year": 2020,
    "number": 1,
    "raised_on": date(2020, 6, 9),
    "title": "修路并亮化",
    "unit": "建设办",
    "co_units": ("供电所", "水利站"),
    "assigned_on": date(2020, 6, 15),
    "key": True,
    "supervised_by": "镇人大主席",
}
AGAIN = {
    "returned_on": date(2020, 6, 20),
    "returned_for": "职责不符",
    "reassigned_on": date(2020, 6, 22),
    "unit_again": "供电所",
    "co_units_again": ("建设办",),
}


@pytest.mark.parametrize(
    ("row", "unit", "co_units"),
    [(ROW, "建设办", ["供电所", "水利站"]), ({**ROW, **AGAIN}, "供电所", ["建设办"])],
)
async def test_a_row_with_units_comes_back_unchanged(
    office: Office, row: dict[str, Any], unit: str, co_units: list[str]
) -> None:
    plain = {"year": 2020, "number": 2, "raised_on": date(2020, 6, 9), "title": "没有交办"}
    book = write(SHEETS, {"代表建议": [row, plain]})
    imported = await office.driver.call("POST", "/imports", data=book, headers=AS_XLSX)
    assert imported.json["totals"]["new"] == 2, imported.json
    one = next(one for one in (await office.get("/suggestions"))["items"] if one["number"] == 1)
    assert (one["unit"], one["co_units"], one["key"]) == (unit, co_units, True)
    exported = (await office.driver.call("GET", "/exports")).json
    again = await office.driver.call("POST", "/imports", data=exported, headers=AS_XLSX)
    assert again.json["totals"]["unchanged"] == 2, again.json


async def test_a_cell_with_two_leading_units_is_refused(office: Office) -> None:
    book = write(SHEETS, {"代表建议": [{**ROW, "unit": "建设办、供电所", "co_units": ()}]})
    imported = await office.driver.call("POST", "/imports", data=book, headers=AS_XLSX)
    (error,) = imported.json["errors"]
    assert (imported.status, error["loc"]) == (422, "代表建议.J2")
    assert "会办" in error["message"]
