"""From the printed sheet to the attendance of a record, in one step."""

from typing import Any

import pytest

from tests.component.activities.conftest import DEPUTIES, Office

SESSION = {"of": "session", "held_on": "2020-06-09"}


async def resolved(office: Office, **said: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await office.post("/attendance:resolve", {**SESSION, **said})
    return answer


async def test_all_except_becomes_the_attendance_of_a_session(office: Office) -> None:
    answer = await resolved(office, on_leave="王示例02（病假）", absent="9")
    assert (answer["expected"], answer["doubts"], answer["not_recorded"]) == (9, [], [])
    attendance = answer["attendance"]
    assert attendance["on_leave"] == [{"deputyship_id": "d2", "reason": "illness"}]
    assert attendance["absent"] == ["d9"]
    session = await office.post(
        "/sessions",
        {"congress_number": 17, "session_number": 7, "held_on": "2020-06-09", "attendance": attendance},
    )
    assert sorted(session["attendance"]["present"]) == [one for one in DEPUTIES if one not in ("d2", "d9")]
    assert session["roster_sequence"] == answer["roster_sequence"]


async def test_one_decision_approves_the_leave_of_everybody_on_the_sheet(office: Office) -> None:
    approval = {"approved_on": "2020-06-10", "approved_by": "presidium"}
    answer = await resolved(office, on_leave="王示例02（病假）\n3", **approval)
    on_leave = answer["attendance"]["on_leave"]
    assert on_leave == [
        {"deputyship_id": "d2", "reason": "illness", **approval},
        {"deputyship_id": "d3", "reason": None, **approval},
    ]
    body = {"congress_number": 17, "session_number": 7, "held_on": "2020-06-09"}
    session = await office.post("/sessions", {**body, "attendance": answer["attendance"]})
    assert session["late_leave"] == ["d2", "d3"]


async def test_what_is_in_doubt_leaves_no_attendance(office: Office) -> None:
    answer = await resolved(office, absent="王示例02、赵无此")
    assert answer["attendance"] is None
    assert [(one["part"], one["written"]) for one in answer["doubts"]] == [("absent", "赵无此")]


async def test_marks_are_laid_over_what_was_marked_before(office: Office) -> None:
    before = [{"deputyship_id": "d4", "state": "absent"}, {"deputyship_id": "d2", "state": "absent"}]
    answer = await resolved(office, marks="2* 3.", marked=before)
    attendance = answer["attendance"]
    reasons = {leave["deputyship_id"]: leave["reason"] for leave in attendance["on_leave"]}
    assert reasons == {"d2": "illness", "d3": "official_duty"}
    assert attendance["absent"] == ["d4"]
    assert len(attendance["present"]) == 6
    assert {mark["deputyship_id"]: mark["state"] for mark in answer["marked"]} == {
        "d4": "absent",
        "d2": "leave_illness",
        "d3": "leave_official_duty",
    }
    assert (answer["base"], answer["quorum"], answer["majority"]) == (9, 6, 5)


async def test_marks_in_doubt_are_told_with_those_that_are_not(office: Office) -> None:
    answer = await resolved(office, marks="2* 64-")
    assert answer["attendance"] is None
    assert [(one["part"], one["written"], one["column"]) for one in answer["doubts"]] == [("marks", "64-", 4)]
    assert answer["marked"] == [{"deputyship_id": "d2", "state": "leave_illness"}]


async def test_who_is_marked_and_not_expected_is_told_as_a_guest(office: Office) -> None:
    marked = [{"deputyship_id": "d9", "state": "present"}, {"deputyship_id": "d8", "state": "absent"}]
    answer = await resolved(office, of="group_activity", group_id="g1", marked=marked)
    assert [line["deputyship_id"] for line in answer["guests"]] == ["d8", "d9"]
    assert "d9" in answer["attendance"]["present"]
    assert answer["attendance"]["absent"] == ["d8"]
    assert "quorum" not in {name for name, value in answer.items() if value is not None}


async def test_the_months_of_a_year_are_counted_beside_the_year_before(office: Office) -> None:
    for day in ("2019-03-05", "2020-03-02", "2020-03-09", "2020-11-01"):
        await office.post("/activities", {"kind": "training", "held_on": day})
    void = await office.post("/activities", {"kind": "training", "held_on": "2020-11-02"})
    await office.post(f"/activities/{void['id']}:void", {"reason": "重复"})
    months = (await office.get("/activities:months?year=2020&kind=training"))["items"]
    assert {m["month"]: (m["held"], m["held_before"]) for m in months if m["held"]} == {3: (2, 1), 11: (1, 0)}
    assert len(months) == 12


async def test_the_months_of_a_group_count_its_joint_activities(office: Office) -> None:
    await office.post("/activities", {"kind": "training", "held_on": "2020-03-02"})
    await office.post("/activities", {"kind": "training", "held_on": "2020-03-03", "group_id": "g1"})
    await office.post("/activities", {"kind": "training", "held_on": "2020-05-03", "group_ids": ["g1", "g2"]})
    months = (await office.get("/activities:months?year=2020&group_id=g1"))["items"]
    assert {m["month"]: m["held"] for m in months if m["held"]} == {3: 1, 5: 1}


async def test_who_is_named_nowhere_may_stay_unrecorded(office: Office) -> None:
    answer = await resolved(office, present="1-3", others="not_recorded")
    assert len(answer["attendance"]["present"]) == 3
    assert [one["number"] for one in answer["not_recorded"]] == [4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize(
    ("of", "group_id", "expected"),
    [("presidium_meeting", None, 3), ("group_activity", "g1", 5), ("group_activity", "g2", 4)],
)
async def test_who_is_expected_follows_what_is_held(
    office: Office, of: str, group_id: str | None, expected: int
) -> None:
    assert (await resolved(office, of=of, group_id=group_id))["expected"] == expected


async def test_the_sheet_is_printed_with_the_numbers_that_are_typed(office: Office) -> None:
    page = await office.driver.call("GET", "/sign_in_sheet?of=session&held_on=2020-06-09&title=第七次会议")
    text = page.json.decode()
    assert page.status == 200
    assert "第七次会议签到册" in text
    assert text.count("<tr>") == 1 + 9
    assert "应到 9 人" in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({**SESSION, "of": "party"}, 422, "invalid-input"),
        ({**SESSION, "surprise": 1}, 422, "invalid-input"),
        ({"of": "session"}, 422, "invalid-input"),
        ({**SESSION, "of": "group_activity"}, 422, "reference-unknown"),
        ({**SESSION, "of": "group_activity", "group_id": "g9"}, 422, "invalid-input"),
    ],
)
async def test_a_faulty_sheet_is_refused(
    office: Office, body: dict[str, Any], status: int, code: str
) -> None:
    await office.refused("POST", "/attendance:resolve", body, status=status, code=code)


async def test_sheets_are_for_the_office_and_leaders(office: Office) -> None:
    deputy = office.driver.token("deputy")
    await office.refused("POST", "/attendance:resolve", SESSION, status=403, code="forbidden", token=deputy)
    path = "/sign_in_sheet?of=session&held_on=2020-06-09"
    assert (await office.driver.call("GET", path, token=deputy)).status == 403
    assert (await office.driver.call("GET", path, token=office.driver.token("leader"))).status == 200
    assert (await office.driver.call("GET", "/sign_in_sheet?of=session")).status == 422
    assert (await office.driver.call("GET", path, token=office.driver.token(area="340281100"))).status == 404
