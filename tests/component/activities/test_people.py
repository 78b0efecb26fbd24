"""What is held about one person: his part of every sheet, what he raised – and nothing of anybody else."""

import pytest

from tests.component.activities.conftest import DEPUTIES, Office

LEAVE = {"deputyship_id": "d9", "reason": "illness", "approved_on": "2020-06-08", "approved_by": "chair"}


async def test_everything_held_about_one_person_is_given_to_the_office_alone(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    motion = {"title": "关于治水的议案", "proposers": ["d9", "d1"]}
    sheet = {"present": DEPUTIES[:8], "on_leave": [LEAVE]}
    session = {"congress_number": 17, "session_number": 7, "held_on": "2020-06-09", "motions": [motion]}
    asked = {"unit": "镇水利站", "text": "何时通水", "askers": ["d9"]}
    chosen = {"post": "副镇长", "name": "张示例30", "nominators": ["d1", "d9"]}
    session |= {"questions": [asked, {**asked, "askers": ["d1"]}], "elections": [chosen]}
    session = await office.post("/sessions", {**session, "attendance": sheet})
    group = await office.post(
        "/activities", {"kind": "group_activity", "held_on": "2020-03-01", "group_id": "g2"}
    )
    await office.post("/activities", {"kind": "training", "held_on": "2020-04-01"})
    raised = {"raised_on": "2020-06-09", "lead_deputyship_id": "d9", "co_deputyship_ids": ["d8"]}
    led = await office.post("/suggestions", {**raised, "number": 1, "title": "硬化道路"})
    other = {**raised, "lead_deputyship_id": "d1", "co_deputyship_ids": []}
    await office.post("/suggestions", {**other, "number": 2, "title": "路灯"})
    told = {"received_on": "2020-04-15", "text": "王家的事", "deputyship_id": "d9"}
    await office.post("/opinions", told)
    path = "/people/p9/export"
    held = await office.get(path)
    assert (held["person"]["name"], [one["id"] for one in held["deputyships"]]) == ("王示例09", ["d9"])
    assert [(one["subject"], one["state"], one["expected"]) for one in held["held"]] == [
        (f"activity/{group['id']}", "not_recorded", True),
        (f"session/{session['id']}", "on_leave", True),
    ]
    assert held["held"][1]["leave"] == LEAVE
    assert held["motions"] == [{"session_id": session["id"], "title": motion["title"]}]
    assert held["joint_acts"] == [
        {"subject": f"session/{session['id']}", "act": "nomination", "about": "副镇长 张示例30"},
        {"subject": f"session/{session['id']}", "act": "question", "about": "何时通水"},
    ]
    assert [one["id"] for one in held["suggestions"]] == [led["id"]]
    assert [one["text"] for one in held["opinions"]] == ["***"]
    assert '"d2"' not in str(held).replace("'", '"')
    said = capsys.readouterr()
    assert any("personal data read" in line and "p9" in line for line in (said.out + said.err).splitlines())
    for role in ("deputy", "leader", "county", "auditor", "teller"):
        await office.refused("GET", path, None, status=403, code="forbidden", token=office.driver.token(role))
    stranger = office.driver.token(area="340281198")
    await office.refused("GET", path, None, status=404, code="not-found", token=stranger)
    await office.refused("GET", "/people/unknown/export", None, status=404, code="not-found")
    await office.refused("GET", f"{path}?year=2020", None, status=422, code="invalid-input")
