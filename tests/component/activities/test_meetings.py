"""Sessions and presidium meetings over HTTP: quorum, majority, who was expected."""

from datetime import date
from typing import Any

from services.activities.domain.roster import Deputyship, roster_hash
from shared.envelope import GENESIS
from tests.component.activities.conftest import DEPUTIES, Office, a_deputyship
from tests.fixtures.apps import TOWN

SESSION: dict[str, Any] = {
    "congress_number": 17,
    "session_number": 7,
    "notice_on": "2020-05-30",
    "papers_on": "2020-06-05",
    "planned_on": "2020-03-20",
    "postponed_reason": "新冠肺炎疫情",
    "held_on": "2020-06-09",
    "ended_on": "2020-06-09",
    "agenda": ["听取和审议镇人民政府工作报告", "补选副镇长"],
    "reports": [{"title": "政府工作报告", "kind": "government", "adopted": True, "votes": 7}],
    "resolutions": [{"title": "关于政府工作报告的决议"}],
    "elections": [
        {
            "post": "副镇长",
            "name": "张示例30",
            "candidates": 2,
            "issued": 7,
            "returned": 7,
            "valid": 6,
            "votes": 5,
        }
    ],
    "motions": [
        {"title": "水系整治", "proposed_by": "deputies", "proposers": DEPUTIES[:5], "on_agenda": True}
    ],
    "attendance": {
        "present": DEPUTIES[:7],
        "on_leave": [{"deputyship_id": "d8", "reason": "illness"}],
        "absent": [],
    },
    "observers": 12,
    "observer_kinds": [{"kind": "县级代表", "count": 4}, {"kind": "部门负责人", "count": 8}],
}
UNCOUNTED: dict[str, Any] = {"elections": [], "reports": []}
MEETING: dict[str, Any] = {
    "number": 1,
    "held_on": "2020-03-15",
    "topics": ["一季度工作安排"],
    "special_reports": ["疫情防控工作报告"],
    "opinions": ["加强宣传"],
    "decisions": [{"text": "开展视察", "due_on": "2020-05-01", "done_on": None}],
    "attendance": {"present": ["d1", "d2", "d9"], "on_leave": [], "absent": ["d3"]},
}


async def test_a_session_is_kept_with_everyone_who_was_expected(office: Office) -> None:
    session = await office.post("/sessions", SESSION)
    assert session["expected"] == sorted(DEPUTIES)
    assert {name: session[name] for name in SESSION if name != "resolutions"} == {
        name: value for name, value in SESSION.items() if name != "resolutions"
    }
    assert (session["version"], session["year"]) == (1, 2020)
    assert (
        session["roster_sequence"] == (await office.driver.alive.store.find("roster_heads", {}))[0]["version"]
    )
    assert await office.get(f"/sessions/{session['id']}") == session
    told = (await office.driver.events())[-1]
    assert (told["type"], told["data"]) == ("activities.session.held.v1", session)


async def test_every_sheet_cites_the_roster_of_its_day(office: Office) -> None:
    session = await office.post("/sessions", SESSION)
    known = [Deputyship.model_validate(a_deputyship(one) | {"town": TOWN}) for one in DEPUTIES]
    county = a_deputyship("d20", level="county", group_id=None, group_history=[], town=TOWN)
    known.append(Deputyship.model_validate(county))
    assert session["roster_hash"] == roster_hash(TOWN, date(2020, 6, 9), known)
    for path, body in (
        ("/presidium_meetings", MEETING | {"held_on": "2020-06-09"}),
        ("/activities", {"kind": "training", "held_on": "2020-06-09", "attendance": {"present": ["d20"]}}),
    ):
        assert (await office.post(path, body))["roster_hash"] == session["roster_hash"]


async def test_a_sheet_entered_while_news_of_the_roster_is_missing_cites_no_hash(office: Office) -> None:
    office.driver.heads["/340281199/roster"] = (9_000, GENESIS)
    await office.driver.says("roster.person.registered.v1", {"id": "p90", "name": "张示例90"})
    session = await office.post("/sessions", SESSION)
    assert (session["roster_sequence"], session["roster_hash"]) == (9_001, None)


async def test_a_session_without_a_sheet_is_not_recorded_and_not_refused(office: Office) -> None:
    body = {"congress_number": 17, "session_number": 6, "held_on": "2019-12-20"}
    session = await office.post("/sessions", body)
    assert session["attendance"] == {"present": [], "on_leave": [], "absent": []}
    assert session["expected"] == sorted(DEPUTIES)


async def test_too_few_for_the_quorum_are_refused_with_the_arithmetic(office: Office) -> None:
    short = {**SESSION, "attendance": {"present": DEPUTIES[:5], "absent": DEPUTIES[5:]}}
    answer = await office.refused("POST", "/sessions", short, status=422, code="quorum-missed")
    assert "9" in answer.json["detail"]
    assert "6" in answer.json["detail"]
    assert "5" in answer.json["detail"]
    exact = {**SESSION, **UNCOUNTED, "attendance": {"present": DEPUTIES[:6], "absent": DEPUTIES[6:]}}
    await office.post("/sessions", exact)


async def test_votes_are_measured_against_all_deputies(office: Office) -> None:
    lost = {**SESSION, "elections": [{"post": "副镇长", "name": "张示例30", "votes": 4}]}
    answer = await office.refused("POST", "/sessions", lost, status=422, code="majority-missed")
    assert answer.json["errors"][0]["loc"] == "body.elections.0.votes"


async def test_who_proposes_a_motion_is_a_deputy_and_a_report_is_passed_by_all_deputies(
    office: Office,
) -> None:
    strange = {**SESSION, "motions": [{"title": "水系整治", "proposers": ["d1", "unknown"]}]}
    answer = await office.refused("POST", "/sessions", strange, status=422, code="reference-unknown")
    assert answer.json["errors"][0]["loc"] == "body.motions.0.proposers.1"
    few = {**SESSION, "reports": [{"title": "政府工作报告", "adopted": True, "votes": 4}]}
    answer = await office.refused("POST", "/sessions", few, status=422, code="majority-missed")
    assert answer.json["errors"][0]["loc"] == "body.reports.0.votes"
    not_passed = {**SESSION, "reports": [{"title": "政府工作报告", "adopted": False, "votes": 4}]}
    session = await office.post("/sessions", {**not_passed, "motions": [{"title": "水系整治"}]})
    path = f"/sessions/{session['id']}"
    for wrong in (
        {"motions": [{"title": "x", "proposed_by": "voters"}]},
        {"observer_kinds": [{"kind": "县级代表"}]},
        {"elections": [{"post": "镇长", "name": "x", "issued": -1}]},
        {"notice_on": "2020-02-30"},
    ):
        await office.refused("PATCH", path, wrong, status=422, code="invalid-input")
    county = await office.patch(path, {"motions": [{"title": "水系整治", "proposers": ["d20"]}]})
    assert county["motions"][0]["proposers"] == ["d20"]


async def test_a_suspended_deputy_is_left_out_unless_the_pack_says_otherwise(office: Office) -> None:
    suspended = [{"reason": "criminal_detention", "from_on": "2020-05-01", "to_on": None}]
    for one in ("d8", "d9"):
        gone = a_deputyship(one, status="suspended", suspensions=suspended, version=2)
        await office.driver.says("roster.deputyship.suspended.v1", gone)
    five = {"present": DEPUTIES[:5], "on_leave": [], "absent": DEPUTIES[5:7]}
    session = await office.post("/sessions", {**SESSION, **UNCOUNTED, "attendance": five})  # 5 of 7
    assert session["expected"] == DEPUTIES[:7]
    pack = {"id": "340281199", "version": 2, "rules": {"suspended_in_base": True}}
    await office.driver.says("roster.town.changed.v1", pack)
    again = {**SESSION, "session_number": 8, "attendance": five}  # 5 of 9
    await office.refused("POST", "/sessions", again, status=422, code="quorum-missed")
    came = {**again, "attendance": {"present": [*DEPUTIES[:5], "d8"]}}
    await office.refused("POST", "/sessions", came, status=422, code="quorum-missed")
    enough = {**again, "attendance": {"present": [*DEPUTIES[:6], "d8"]}}
    assert (await office.post("/sessions", enough))["expected"] == DEPUTIES[:7]


async def test_a_sheet_may_not_name_strangers_or_anyone_twice(office: Office) -> None:
    for attendance, code, loc in (
        ({"present": [*DEPUTIES, "nobody"]}, "reference-unknown", "body.attendance.present.9"),
        ({"present": DEPUTIES, "absent": ["d1"]}, "attendance-faulty", "body.attendance.absent.0"),
        ({"present": [*DEPUTIES, "d20"]}, "attendance-faulty", "body.attendance.present.9"),
    ):
        body = {**SESSION, "attendance": attendance}
        answer = await office.refused("POST", "/sessions", body, status=422, code=code)
        assert [error["loc"] for error in answer.json["errors"]] == [loc]


async def test_one_session_is_recorded_once(office: Office) -> None:
    await office.post("/sessions", SESSION)
    await office.refused("POST", "/sessions", SESSION, status=409, code="session-exists")
    twice = {"items": [{**SESSION, "session_number": 9}, {**SESSION, "session_number": 9}]}
    await office.refused("POST", "/sessions:batch", twice, status=409, code="session-exists")


async def test_a_corrected_sheet_is_checked_again_and_the_rest_left_as_it_was(office: Office) -> None:
    session = await office.post("/sessions", SESSION)
    path = f"/sessions/{session['id']}"
    ended = a_deputyship("d9", status="ended", ended_on="2020-05-01", version=2)
    await office.driver.says("roster.deputyship.ended.v1", ended)
    noted = await office.patch(path, {"observers": 13})
    assert (noted["observers"], noted["expected"], noted["version"]) == (13, session["expected"], 2)
    anew = await office.patch(path, {"attendance": {"present": DEPUTIES[:8]}})
    assert anew["expected"] == DEPUTIES[:8]
    assert anew["roster_sequence"] > session["roster_sequence"]
    same = await office.patch(path, {"observers": 13})
    assert same["version"] == 3
    assert await office.told() == ["session.held.v1", "session.changed.v1", "session.changed.v1"]
    await office.refused("PATCH", path, {"attendance": {"present": ["d1"]}}, status=422, code="quorum-missed")
    await office.refused("PATCH", path, {"ended_on": "2020-06-08"}, status=422, code="dates-out-of-order")
    await office.refused(
        "PATCH", path, {"observers": 1}, status=412, code="stale-version", headers={"If-Match": '"1"'}
    )


async def test_a_presidium_meeting_expects_its_members(office: Office) -> None:
    meeting = await office.post("/presidium_meetings", MEETING)
    assert meeting["expected"] == ["d1", "d2", "d3"]
    assert meeting["attendance"]["present"] == ["d1", "d2", "d9"]
    await office.refused("POST", "/presidium_meetings", MEETING, status=409, code="presidium-meeting-exists")
    await office.post("/presidium_meetings", {**MEETING, "held_on": "2021-03-15"})
    changed = await office.patch(f"/presidium_meetings/{meeting['id']}", {"number": 2, "attendance": {}})
    assert (changed["number"], changed["version"], changed["attendance"]["present"]) == (2, 2, [])
    found = await office.get("/presidium_meetings?year=2020")
    assert [one["number"] for one in found["items"]] == [2]


async def test_a_presidium_may_have_a_quorum_of_its_own(office: Office) -> None:
    pack = {"id": "340281199", "version": 2, "rules": {"presidium_quorum": True}}
    await office.driver.says("roster.town.changed.v1", pack)
    one = {**MEETING, "attendance": {"present": ["d1", "d8", "d9"], "absent": ["d2"]}}
    await office.refused("POST", "/presidium_meetings", one, status=422, code="quorum-missed")
    await office.post("/presidium_meetings", MEETING)
