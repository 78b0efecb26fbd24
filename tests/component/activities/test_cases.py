"""Case material of activities and suggestions: three parts of two sentences at most, whole where it is printed."""

from datetime import date
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.component.activities.test_suggestions import SUGGESTION
from tests.fixtures.apps import AS_XLSX

CASE: dict[str, Any] = {
    "raised": "路灯不亮。群众不便。",
    "done": "更换线路。",
    "effect": "有了照明。",
    "in_report": True,
}
GOOD_DEED: dict[str, Any] = {"kind": "good_deed", "title": "修路灯", "held_on": "2020-05-07"}
DOORS = [("/activities", GOOD_DEED), ("/suggestions", SUGGESTION)]


@pytest.mark.parametrize(("path", "record"), DOORS)
async def test_a_record_tells_its_case(office: Office, path: str, record: dict[str, Any]) -> None:
    made = await office.post(path, {**record, "case": CASE})
    assert made["case"] == CASE
    assert (await office.driver.events())[-1]["data"]["case"] == CASE
    half = {"raised": "路灯不亮。", "done": "", "effect": "", "in_report": False}
    assert (await office.patch(f"{path}/{made['id']}", {"case": half}))["case"] == half
    assert (await office.patch(f"{path}/{made['id']}", {"case": None}))["case"] is None


@pytest.mark.parametrize(("path", "record"), DOORS)
@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"effect": "一。二！三？"}, "body.case.effect"),
        ({"done": ""}, "body.case"),
        ({"done": "长" * 201}, "body.case.done"),
    ],
)
async def test_it_is_short_and_whole(
    office: Office, path: str, record: dict[str, Any], wrong: dict[str, str], loc: str
) -> None:
    body = {**record, "case": {**CASE, **wrong}}
    answer = await office.refused("POST", path, body, status=422, code="invalid-input")
    assert [error["loc"] for error in answer.json["errors"]] == [loc]


CELLS = {
    "case_raised": CASE["raised"],
    "case_done": CASE["done"],
    "case_effect": CASE["effect"],
    "case_in_report": True,
}


def rows(**cells: Any) -> bytes:
    activity = {"reference": "事1", **GOOD_DEED, "held_on": date(2020, 5, 7)}
    suggestion = {"year": 2020, "number": 1, "raised_on": date(2020, 6, 9), "title": "修路灯"}
    return write(SHEETS, {"活动": [{**activity, **cells}], "代表建议": [{**suggestion, **cells}]})


async def test_rows_with_cases_come_back_unchanged(office: Office) -> None:
    imported = await office.driver.call("POST", "/imports", data=rows(**CELLS), headers=AS_XLSX)
    assert imported.json["totals"]["new"] == 2, imported.json
    for path, _ in DOORS:
        assert (await office.get(path))["items"][0]["case"] == CASE
    exported = (await office.driver.call("GET", "/exports")).json
    again = await office.driver.call("POST", "/imports", data=exported, headers=AS_XLSX)
    assert again.json["totals"]["unchanged"] == 2, again.json
    await office.driver.call("POST", "/imports", data=rows(case_effect="亮了。"), headers=AS_XLSX)
    assert (await office.get("/activities"))["items"][0]["case"] == {**CASE, "effect": "亮了。"}


async def test_a_cell_with_too_much_is_named(office: Office) -> None:
    from xlsxwriter.utility import xl_col_to_name

    cells = {**CELLS, "case_done": "一。二。三。"}
    imported = await office.driver.call("POST", "/imports", data=rows(**cells), headers=AS_XLSX)
    assert imported.status == 422
    assert {error["message"] for error in imported.json["errors"]} == {"最多两句话"}
    named = {error["loc"] for error in imported.json["errors"]}
    fields = {sheet.name: [column.field for column in sheet.columns] for sheet in SHEETS}
    columns = {name: fields[name].index("case_done") for name in ("活动", "代表建议")}
    assert named == {f"{name}.{xl_col_to_name(at)}2" for name, at in columns.items()}
