"""Absences of a term: told once when they are two, taken back when a correction undoes it, listed as they stand."""

import asyncio
from typing import Any

from tests.component.activities.conftest import DEPUTIES, Office


def body(number: int, *, absent: list[str], congress: int = 17, on: str = "") -> dict[str, Any]:
    return {
        "congress_number": congress,
        "session_number": number,
        "held_on": on or f"20{15 + number // 2}-0{1 + number % 9}-09",
        "attendance": sheet(absent),
    }


def sheet(absent: list[str]) -> dict[str, Any]:
    return {"present": [one for one in DEPUTIES if one not in absent], "absent": absent}


async def said(office: Office) -> list[tuple[str, str, list[int]]]:
    return [
        (
            event["type"].split(".")[2],
            event["data"]["deputyship_id"],
            [session["session_number"] for session in event["data"]["sessions"]],
        )
        for event in await office.driver.events()
        if event["type"].startswith("activities.absence.")
    ]


async def test_a_second_absence_is_told_once_and_taken_back_when_it_was_none(office: Office) -> None:
    await office.post("/sessions", body(5, absent=["d8", "d9"]))
    await office.post("/sessions", body(6, absent=["d1"]))
    assert await said(office) == []
    seventh = await office.post("/sessions", body(7, absent=["d9", "d2"]))
    path = f"/sessions/{seventh['id']}"
    assert await said(office) == [("reached", "d9", [5, 7])]
    await office.patch(path, {"observers": 12})
    await office.patch(path, {"attendance": sheet(["d9"])})
    assert len(await said(office)) == 1
    leave = {"present": DEPUTIES[:8], "on_leave": [{"deputyship_id": "d9", "reason": "illness"}]}
    await office.patch(path, {"attendance": leave})
    assert (await said(office))[1:] == [("withdrawn", "d9", [5])]
    await office.patch(path, {"attendance": sheet(["d9"])})
    await office.post("/sessions", body(8, absent=["d9"]))
    assert (await said(office))[2:] == [("reached", "d9", [5, 7]), ("changed", "d9", [5, 7, 8])]
    assert (await office.get("/integrity"))["faults"] == []


async def test_absences_in_two_terms_trigger_nothing(office: Office) -> None:
    await office.post("/sessions", body(9, absent=["d9"], congress=16, on="2017-02-01"))
    first = await office.post("/sessions", body(1, absent=["d9"], on="2017-03-01"))
    assert await said(office) == []
    await office.patch(f"/sessions/{first['id']}", {"congress_number": 16, "session_number": 10})
    assert await said(office) == [("reached", "d9", [9, 10])]
    await office.patch(f"/sessions/{first['id']}", {"congress_number": 17})
    assert (await said(office))[1:] == [("withdrawn", "d9", [9])]


async def test_two_clerks_at_once_do_not_miss_it(office: Office) -> None:
    await asyncio.gather(*(office.post("/sessions", body(n, absent=["d9"])) for n in (5, 6, 7)))
    told = await said(office)
    assert [verb for verb, _, _ in told].count("reached") == 1
    assert told[-1][2] == [5, 6, 7]


async def test_the_list_tells_the_term_as_of_a_day(office: Office) -> None:
    await office.post("/sessions", body(5, absent=["d8", "d9"], on="2019-03-01"))
    await office.post("/sessions", body(6, absent=["d9"], on="2020-03-01"))
    now = await office.get("/absences", token=office.driver.token("county"))
    assert now["congress_number"] == 17
    assert [(item["deputyship_id"], item["reached"]) for item in now["items"]] == [
        ("d9", True),
        ("d8", False),
    ]
    assert [one["session_number"] for one in now["items"][0]["sessions"]] == [5, 6]
    before = await office.get("/absences?congress_number=17&as_of=2020-02-29")
    assert [item["reached"] for item in before["items"]] == [False, False]
    assert (await office.get("/absences?congress_number=16"))["items"] == []
    for wrong in ("congress_number=0", "as_of=2020-02-30", "year=2020"):
        assert (await office.driver.call("GET", f"/absences?{wrong}")).status == 422
    assert (await office.driver.call("GET", "/absences", token=office.driver.token("teller"))).status == 403
    stranger = office.driver.token(area="340281198")
    assert (await office.driver.call("GET", "/absences", token=stranger)).status == 404


async def test_leave_is_approved_later_and_told_as_late(office: Office) -> None:
    await office.post("/sessions", body(5, absent=["d9"], on="2019-03-01"))
    asked = {"deputyship_id": "d9", "reason": "family", "requested_on": "2020-03-02"}
    on_leave = {"present": DEPUTIES[:8], "on_leave": [asked]}
    second = await office.post("/sessions", {**body(6, absent=[], on="2020-03-01"), "attendance": on_leave})
    assert await said(office) == [("reached", "d9", [5, 6])]
    assert second["late_leave"] == []
    path = f"/sessions/{second['id']}"
    granted = {**asked, "approved_on": "2020-03-05", "approved_by": "chair"}
    late = await office.driver.call(
        "PATCH", path, {"attendance": {"present": DEPUTIES[:8], "on_leave": [granted]}}
    )
    assert (late.json["late_leave"], late.json["attendance"]["on_leave"]) == (["d9"], [granted])
    assert (await said(office))[1:] == [("withdrawn", "d9", [5])]
    told = [
        event["data"]["late_leave"] for event in await office.driver.events() if "session" in event["type"]
    ]
    assert told[-1] == ["d9"]
    then = await office.get("/absences?as_of=2020-03-04")
    assert [item["reached"] for item in then["items"]] == [True]
    for wrong, field in (
        ({"approved_on": "2020-03-01"}, "approved_on"),
        ({"approved_by": "王"}, "approved_by"),
    ):
        sheet = {"present": DEPUTIES[:8], "on_leave": [{**granted, **wrong}]}
        answer = await office.driver.call("PATCH", path, {"attendance": sheet})
        assert answer.status == 422
        assert answer.json["errors"][0]["loc"] == f"body.attendance.on_leave.0.{field}"
    assert (await office.get("/integrity"))["faults"] == []
