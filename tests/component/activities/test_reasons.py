"""Reasons for leave: told to the office and to the deputy himself; to everybody else the deputy is on leave."""

from typing import Any

import pytest

from tests.component.activities.conftest import Office
from tests.component.activities.test_meetings import MEETING, SESSION

LEAVES = [{"deputyship_id": "d7", "reason": "illness"}, {"deputyship_id": "d8", "reason": "family"}]
ATTENDANCE = {"present": ["d1", "d2", "d3", "d4", "d5", "d6"], "on_leave": LEAVES, "absent": []}
RECORDS: dict[str, dict[str, Any]] = {
    "sessions": SESSION,
    "presidium_meetings": MEETING,
    "activities": {"kind": "training", "held_on": "2020-05-12"},
}


def reasons(record: dict[str, Any]) -> dict[str, str | None]:
    return {leave["deputyship_id"]: leave["reason"] for leave in record["attendance"]["on_leave"]}


@pytest.mark.parametrize("path", RECORDS)
async def test_a_reason_for_leave_is_told_to_the_office_and_to_the_deputy_himself(
    office: Office, path: str
) -> None:
    kept = await office.post(f"/{path}", {**RECORDS[path], "attendance": ATTENDANCE})
    assert reasons(kept) == {"d7": "illness", "d8": "family"}
    told = {
        ("office", "o1"): {"d7": "illness", "d8": "family"},
        ("deputy", "d7"): {"d7": "illness", "d8": None},
        ("deputy", "p7"): {"d7": "illness", "d8": None},
        ("leader", "p8"): {"d7": None, "d8": "family"},
        **{(role, "d7"): {"d7": None, "d8": None} for role in ("county", "auditor", "service")},
        ("deputy", "d1"): {"d7": None, "d8": None},
    }
    for (role, subject), expected in told.items():
        token = office.driver.token(role, subject=subject)
        one = await office.get(f"/{path}/{kept['id']}", token=token)
        (listed,) = (await office.get(f"/{path}", token=token))["items"]
        assert reasons(one) == reasons(listed) == expected, (role, subject)


async def test_what_others_see_is_still_leave_with_its_approval(office: Office) -> None:
    approved = {"deputyship_id": "d7", "reason": "illness", "approved_on": "2020-05-11"}
    attendance = {**ATTENDANCE, "on_leave": [approved]}
    kept = await office.post("/activities", {**RECORDS["activities"], "attendance": attendance})
    token = office.driver.token("county", subject="c1")
    seen = await office.get(f"/activities/{kept['id']}", token=token)
    assert seen["attendance"]["on_leave"] == [{**approved, "reason": None}]
    assert seen == {**kept, "attendance": seen["attendance"]}
