"""A day after the end of next year is a mistyped year: refused by the name of its field; before that is planned."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.activities.sheets import SHEETS
from shared.clock import SystemClock
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX

NEXT_YEAR = date(SystemClock().today().year + 1, 12, 31)
DATED: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("sessions", "held_on", {"congress_number": 17, "session_number": 4}),
    ("presidium_meetings", "held_on", {"number": 1}),
    ("activities", "held_on", {"kind": "training", "title": "培训"}),
    ("suggestions", "raised_on", {"number": 1, "title": "修桥"}),
    ("opinions", "received_on", {"text": "路灯不亮"}),
)


@pytest.mark.parametrize(("kind", "field", "entry"), DATED)
async def test_a_day_further_than_plans_reach_names_its_field(
    office: Office, kind: str, field: str, entry: dict[str, Any]
) -> None:
    late = str(NEXT_YEAR + timedelta(days=1))
    problem = await office.refused(
        "POST", f"/{kind}", entry | {field: late}, status=422, code="invalid-input"
    )
    assert [one["loc"] for one in problem.json["errors"]] == [f"body.{field}"]
    kept = await office.post(f"/{kind}", entry | {field: str(NEXT_YEAR)})
    await office.refused("PATCH", f"/{kind}/{kept['id']}", {field: late}, status=422, code="invalid-input")


async def test_a_step_too(office: Office) -> None:
    raised = await office.post("/suggestions", {"number": 1, "raised_on": "2020-01-08", "title": "修桥"})
    step = {"unit": "镇政府", "on": "2099-01-01"}
    problem = await office.refused(
        "POST", f"/suggestions/{raised['id']}:assign", step, status=422, code="invalid-input"
    )
    assert problem.json["errors"][0]["loc"] == "body.on"


async def test_a_row_of_a_workbook_too(office: Office) -> None:
    data = write(SHEETS, {"主席团会议": [{"year": 2099, "number": 1, "held_on": date(2099, 3, 2)}]})
    answer = await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
    assert answer.status == 422
    assert "请核对年份" in str(answer.json)
    assert (await office.get("/presidium_meetings"))["items"] == []
