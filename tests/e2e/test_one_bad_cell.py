"""One bad cell in the example's workbooks is one problem: nothing that refers to its row is blamed."""

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest

from examples.build import HERE
from examples.sheets import WORKBOOKS
from services.host.standalone import services
from shared.settings import Settings
from tests.e2e.test_example_imports import send, tell
from tests.fixtures.apps import AS_XLSX, Drive, Driver

BOOKS = {"roster": "名册.xlsx", "activities": "履职.xlsx", "ratings": "测评.xlsx"}
REFERRED = {
    *("镇情况", "活动阵地", "代表小组", "人员"),
    *("人代会", "主席团会议", "活动", "代表建议"),
    *("评议办法", "述职测评会"),
}
"""Sheets that others refer to."""
BAD = {"date": "昨天", "choice": "？？", "integer": "三四"}


def spoilt(name: str) -> Iterator[tuple[str, bytes]]:
    """(cell, workbook): in each of these sheets the first record's first cell of a kind that can be wrong is."""
    workbook = openpyxl.load_workbook(HERE / name)
    for sheet in (sheet for sheet in WORKBOOKS[name] if sheet.name in REFERRED):
        column = next((number for number, one in enumerate(sheet.columns, start=1) if one.kind in BAD), 1)
        cell = workbook[sheet.name].cell(2, column)
        right, cell.value = cell.value, BAD.get(sheet.columns[column - 1].kind)
        buffer = io.BytesIO()
        workbook.save(buffer)
        cell.value = right
        yield f"{sheet.name}.{cell.coordinate}", buffer.getvalue()


async def blamed(driver: Driver, name: str) -> dict[str, list[str]]:
    """Spoilt cells with other problems than their own."""
    found: dict[str, list[str]] = {}
    for cell, data in spoilt(name):
        answer = await driver.call("POST", "/imports?dry_run=true", data=data, headers=AS_XLSX)
        report: dict[str, Any] = answer.json
        places = [
            f"{sheet['name']}.{one['cell']} {one['message']}"
            for sheet in report["sheets"]
            for part in (sheet, *sheet["rows"])
            for one in part["problems"]
        ]
        if [place.partition(" ")[0] for place in places] != [cell] or report["problems"] != 1:
            found[cell] = places
    return found


@pytest.mark.slow
async def test_one_bad_cell_is_one_problem(drive: Drive) -> None:
    roster, activities, ratings = [await drive(service) for service in services(Settings())[:3]]
    assert await blamed(roster, BOOKS["roster"]) == {}
    await send(roster)
    await tell(roster, activities, ratings)
    assert await blamed(activities, BOOKS["activities"]) == {}
    assert await blamed(ratings, BOOKS["ratings"]) == {}
