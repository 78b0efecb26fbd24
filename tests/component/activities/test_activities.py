"""Activities and plans over HTTP."""

from typing import Any

from tests.component.activities.conftest import Office

ACTIVITY: dict[str, Any] = {
    "kind": "group_activity",
    "title": "一季度小组活动",
    "held_on": "2020-03-20",
    "place": "新城村部",
    "group_id": "g1",
    "station_id": "st1",
    "attendance": {
        "present": ["d1", "d2", "d9"],
        "on_leave": [{"deputyship_id": "d3", "reason": "family"}],
        "absent": ["d4"],
    },
    "topics": ["疫情防控"],
    "opinions_count": 0,
    "tags": ["inspection"],
}
PLAN: dict[str, Any] = {
    "year": 2020,
    "group_id": "g1",
    "items": [
        {"title": "一季度活动", "kind": "group_activity", "due_on": "2020-03-31", "theme": "学习"},
        {"title": "二季度活动", "kind": "group_activity", "due_on": "2020-06-30", "theme": "视察"},
    ],
}


async def test_a_groups_activity_expects_its_members_and_keeps_its_guests(office: Office) -> None:
    activity = await office.post("/activities", ACTIVITY)
    assert activity["expected"] == ["d1", "d2", "d3", "d4", "d5"]
    assert activity["attendance"]["present"] == ["d1", "d2", "d9"]
    assert (activity["opinions_count"], activity["voters_count"]) == (0, None)
    assert (activity["state"], activity["void_reason"]) == ("held", None)
    told = (await office.driver.events())[-1]
    assert told["type"] == "activities.activity.held.v1"
    assert told["data"] == {name: value for name, value in activity.items() if name != "reference"}


async def test_without_a_group_those_named_are_expected(office: Office) -> None:
    kinds = (
        "inspection research law_check review training reception visit contact good_deed other group_activity"
    )
    for kind in kinds.split():
        body = {
            "kind": kind,
            "title": "视察敬老院",
            "held_on": "2020-09-01",
            "attendance": {"present": ["d20", "d1"], "absent": ["d9"]},
        }
        activity = await office.post("/activities", body)
        assert activity["expected"] == ["d1", "d20", "d9"]
        found = (await office.get(f"/activities?kind={kind}"))["items"]
        assert [one["id"] for one in found] == [activity["id"]]


async def test_lists_are_asked_by_kind_group_year_and_state(office: Office) -> None:
    group = await office.post("/activities", ACTIVITY)
    other = await office.post("/activities", {"kind": "visit", "title": "走访", "held_on": "2021-02-01"})
    voided = await office.post(f"/activities/{other['id']}:void", {"reason": "重复登记"})
    for query, wanted in (
        ("kind=visit", [voided]),
        ("group_id=g1", [group]),
        ("year=2021", [voided]),
        ("state=held", [group]),
        ("state=voided&year=2020", []),
    ):
        assert (await office.get(f"/activities?{query}"))["items"] == wanted, query


async def test_a_voided_activity_stays_as_it_was(office: Office) -> None:
    activity = await office.post("/activities", ACTIVITY)
    path = f"/activities/{activity['id']}"
    voided = await office.post(f"{path}:void", {"reason": "未实际举行"})
    assert (voided["state"], voided["void_reason"], voided["version"]) == ("voided", "未实际举行", 2)
    assert (await office.told())[-1] == "activity.voided.v1"
    await office.refused("POST", f"{path}:void", {"reason": "再次"}, status=409, code="activity-voided")
    await office.refused("PATCH", path, {"title": "改"}, status=409, code="activity-voided")


async def test_an_activity_is_corrected(office: Office) -> None:
    activity = await office.post("/activities", ACTIVITY)
    path = f"/activities/{activity['id']}"
    moved = await office.patch(path, {"group_id": "g2", "held_on": "2021-01-05"})
    assert (moved["expected"], moved["year"], moved["version"]) == (["d6", "d7", "d8", "d9"], 2021, 2)
    alone = await office.patch(path, {"group_id": None})
    assert alone["expected"] == ["d1", "d2", "d3", "d4", "d9"]
    assert (await office.patch(path, {}))["version"] == 3


async def test_what_an_activity_names_must_exist(office: Office) -> None:
    for field in ("group_id", "station_id", "plan_item_id"):
        body = {**ACTIVITY, field: "unknown"}
        code = "reference-unknown" if field == "plan_item_id" else "invalid-input"
        answer = await office.refused("POST", "/activities", body, status=422, code=code)
        assert answer.json["errors"][0]["loc"] == f"body.{field}"
    early = {**ACTIVITY, "held_on": "2016-01-01"}
    await office.refused("POST", "/activities", early, status=422, code="attendance-faulty")


async def test_items_of_a_plan_have_ids_and_are_done_or_cancelled(office: Office) -> None:
    plan = await office.post("/plans", PLAN)
    first, second = (item["id"] for item in plan["items"])
    assert first != second
    activity = await office.post("/activities", ACTIVITY)
    path = f"/plans/{plan['id']}/items"
    done = await office.post(f"{path}/{first}:done", {"activity_id": activity["id"]})
    assert {key: done["items"][0][key] for key in ("state", "activity_id", "done_on")} == {
        "state": "done",
        "activity_id": activity["id"],
        "done_on": "2020-03-20",
    }
    again = await office.driver.call("POST", f"{path}/{first}:done", {"activity_id": activity["id"]})
    assert (again.status, again.json["version"], again.headers["ETag"]) == (200, 2, '"2"')
    cancelled = await office.post(f"{path}/{second}:cancelled", {"reason": "疫情"})
    assert (cancelled["items"][1]["state"], cancelled["items"][1]["cancelled_reason"]) == (
        "cancelled",
        "疫情",
    )
    assert await office.told() == [
        "plan.adopted.v1",
        "activity.held.v1",
        "plan.changed.v1",
        "plan.changed.v1",
    ]
    for item, command, body, status, code in (
        (second, "done", {"activity_id": activity["id"]}, 409, "wrong-state"),
        (first, "cancelled", {"reason": "疫情"}, 409, "wrong-state"),
        (first, "done", {"activity_id": "unknown"}, 422, "reference-unknown"),
        ("unknown", "done", {"activity_id": activity["id"]}, 404, "not-found"),
        (first, "done", {}, 422, "invalid-input"),
        (first, "done", {"activity_id": activity["id"], "extra": 1}, 422, "invalid-input"),
        (first, "cancelled", {}, 422, "invalid-input"),
    ):
        await office.refused("POST", f"{path}/{item}:{command}", body, status=status, code=code)
    reader = office.driver.token("deputy")
    await office.refused(
        "POST", f"{path}/{first}:cancelled", {"reason": "x"}, status=403, code="forbidden", token=reader
    )


async def test_an_activity_fulfils_the_item_it_names_and_opens_it_again_when_voided(office: Office) -> None:
    plan = await office.post("/plans", PLAN)
    first, second = (item["id"] for item in plan["items"])
    activity = await office.post("/activities", {**ACTIVITY, "plan_item_id": first})

    async def states() -> list[tuple[str, str | None]]:
        items = (await office.get(f"/plans/{plan['id']}"))["items"]
        return [(item["state"], item["done_on"]) for item in items]

    assert await states() == [("done", "2020-03-20"), ("planned", None)]
    await office.patch(f"/activities/{activity['id']}", {"held_on": "2020-03-21"})
    assert await states() == [("done", "2020-03-21"), ("planned", None)]
    await office.patch(f"/activities/{activity['id']}", {"plan_item_id": second})
    assert await states() == [("planned", None), ("done", "2020-03-21")]
    await office.post(f"/activities/{activity['id']}:void", {"reason": "未举行"})
    assert await states() == [("planned", None), ("planned", None)]


async def test_a_changed_plan_keeps_what_became_of_its_items(office: Office) -> None:
    plan = await office.post("/plans", PLAN)
    first = plan["items"][0]["id"]
    await office.post("/activities", {**ACTIVITY, "plan_item_id": first})
    path = f"/plans/{plan['id']}"
    items = [{"id": first, "title": "一季度学习活动"}, {"title": "三季度活动"}]
    changed = await office.patch(path, {"items": items})
    assert [(item["title"], item["state"]) for item in changed["items"]] == [
        ("一季度学习活动", "done"),
        ("三季度活动", "planned"),
    ]
    strange = {"items": [{"id": "unknown", "title": "x"}]}
    await office.refused("PATCH", path, strange, status=422, code="reference-unknown")
    assert [one["id"] for one in (await office.get("/plans?year=2020&group_id=g1"))["items"]] == [plan["id"]]


async def test_a_plan_item_may_be_done_by_a_session(office: Office) -> None:
    plan = await office.post("/plans", {"year": 2020, "items": [{"title": "召开人代会", "kind": "session"}]})
    session = await office.post(
        "/sessions", {"congress_number": 17, "session_number": 7, "held_on": "2020-06-09"}
    )
    path = f"/plans/{plan['id']}/items/{plan['items'][0]['id']}:done"
    assert (await office.post(path, {"activity_id": session["id"]}))["items"][0]["done_on"] == "2020-06-09"


async def test_the_names_of_units_have_one_form(office: Office) -> None:
    written = "镇 人民\u3000政府"
    body = {
        "kind": "inspection",
        "held_on": "2020-05-06",
        "organiser": written,
        "units": [{"name": written}],
        "follow_up": {"passed_on": "2020-05-07", "passed_to": written},
    }
    made = await office.post("/activities", body)
    names = made["organiser"], made["units"][0]["name"], made["follow_up"]["passed_to"]
    assert names == ("镇人民政府",) * 3
    unseen = {**body, "follow_up": {"passed_on": "2020-05-07", "passed_to": "镇\u200b政府"}}
    refused = await office.driver.call("POST", "/activities", unseen)
    assert (refused.status, refused.json["errors"][0]["loc"]) == (422, "body.follow_up")
