"""Activities that a leader enters for the own group: drafts, until the office confirms or declines them."""

import asyncio
from typing import Any

import pytest

from services.activities.repository import DRAFTS
from tests.component.activities.conftest import Office

TRAINING = {
    "kind": "training",
    "title": "学习代表法",
    "held_on": "2020-06-05",
    "group_id": "g1",
    "attendance": {"present": ["d1", "d2"], "on_leave": [{"deputyship_id": "d3", "reason": "illness"}]},
}
DRAFT = "/activities/drafts"


def leader(office: Office, subject: str = "d1", **options: Any) -> dict[str, Any]:
    return {"token": office.driver.token("leader", subject=subject, **options)}


async def entered(office: Office, **fields: Any) -> dict[str, Any]:
    draft: dict[str, Any] = await office.post(DRAFT, {**TRAINING, **fields}, **leader(office))
    return draft


async def drafts_of(office: Office) -> list[dict[str, Any]]:
    found = await office.driver.alive.store.database[DRAFTS.name].find().to_list(None)
    return [dict(one) for one in found]


async def test_a_draft_is_no_activity_and_no_event(office: Office) -> None:
    draft = await entered(office)
    assert (draft["state"], draft["entry"]["title"], draft["entered_by"]) == ("pending", "学习代表法", "d1")
    assert await office.told() == []
    assert (await office.get("/activities"))["items"] == []


async def test_a_confirmed_draft_is_what_the_office_would_have_posted(office: Office) -> None:
    posted = await office.post("/activities", TRAINING)
    draft = await entered(office)
    confirmed = await office.post(f"{DRAFT}/{draft['id']}:confirm", {})
    assert confirmed["state"] == "confirmed"
    activity = await office.get(f"/activities/{confirmed['activity_id']}")
    assert {**activity, "id": ""} == {**posted, "id": ""}
    assert await office.told() == ["activity.held.v1", "activity.held.v1"]


async def test_a_draft_is_confirmed_once(office: Office) -> None:
    path = f"{DRAFT}/{(await entered(office))['id']}:confirm"
    answers = await asyncio.gather(*(office.driver.call("POST", path, {}) for _ in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409]
    assert await office.told() == ["activity.held.v1"]
    refused = await office.refused("POST", path, {}, status=409, code="wrong-state")
    assert "已确认" in refused.json["detail"]
    await office.refused(
        "POST", path.replace(":confirm", ":decline"), {"reason": "x"}, status=409, code="wrong-state"
    )


async def test_a_confirmation_sent_again_is_answered_as_before(office: Office) -> None:
    path = f"{DRAFT}/{(await entered(office))['id']}:confirm"
    first = await office.driver.call("POST", path, {}, headers={"Idempotency-Key": "k1"})
    again = await office.driver.call("POST", path, {}, headers={"Idempotency-Key": "k1"})
    assert (first.status, again.json) == (200, first.json)
    assert await office.told() == ["activity.held.v1"]


async def test_a_draft_changed_meanwhile_is_not_confirmed_unseen(office: Office) -> None:
    draft = await entered(office)
    seen = {"If-Match": '"1"'}
    changed = await office.driver.call("PATCH", f"{DRAFT}/{draft['id']}", {"place": "村部"}, **leader(office))
    assert (changed.status, changed.json["version"]) == (200, 2)
    await office.refused(
        "POST", f"{DRAFT}/{draft['id']}:confirm", {}, status=412, code="stale-version", headers=seen
    )


async def test_a_declined_draft_tells_why_and_waits_again_once_corrected(office: Office) -> None:
    draft = await entered(office)
    await office.refused("POST", f"{DRAFT}/{draft['id']}:decline", {}, status=422, code="invalid-input")
    await office.post(f"{DRAFT}/{draft['id']}:decline", {"reason": "日期不对"})
    seen = await office.get(f"{DRAFT}/{draft['id']}", **leader(office))
    assert (seen["state"], seen["reason"]) == ("declined", "日期不对")
    await office.refused("POST", f"{DRAFT}/{draft['id']}:confirm", {}, status=409, code="wrong-state")
    answer = await office.driver.call(
        "PATCH", f"{DRAFT}/{draft['id']}", {"held_on": "2020-06-06"}, **leader(office)
    )
    assert (answer.json["state"], answer.json["reason"], answer.json["entry"]["held_on"]) == (
        "pending",
        None,
        "2020-06-06",
    )
    confirmed = await office.post(f"{DRAFT}/{draft['id']}:confirm", {})
    await office.refused(
        "PATCH", f"{DRAFT}/{draft['id']}", {"place": "x"}, status=409, code="wrong-state", **leader(office)
    )
    assert (await office.get(f"/activities/{confirmed['activity_id']}"))["held_on"] == "2020-06-06"


async def test_the_own_group_is_taken_where_none_is_named(office: Office) -> None:
    body = {name: value for name, value in TRAINING.items() if name != "group_id"}
    assert (await office.post(DRAFT, body, **leader(office)))["entry"]["group_id"] == "g1"


@pytest.mark.parametrize(
    ("subject", "fields"),
    [
        ("d1", {"group_id": "g2"}),
        ("d6", {"group_id": "g1"}),
        ("d20", {"group_id": "g1"}),
        ("d20", {"group_id": None}),
        ("nobody", {"group_id": "g1"}),
    ],
)
async def test_a_leader_enters_for_the_own_group_alone(
    office: Office, subject: str, fields: dict[str, Any]
) -> None:
    answer = await office.refused(
        "POST", DRAFT, {**TRAINING, **fields}, status=403, code="not-own-group", **leader(office, subject)
    )
    assert answer.json["errors"][0]["loc"] == "body.group_id"
    assert await drafts_of(office) == []


async def test_a_joint_activity_is_entered_by_the_leader_of_one_of_its_groups(office: Office) -> None:
    draft = await entered(office, group_id=None, group_ids=["g2", "g1"])
    confirmed = await office.post(f"{DRAFT}/{draft['id']}:confirm", {})
    assert (await office.get(f"/activities/{confirmed['activity_id']}"))["group_ids"] == ["g2", "g1"]


async def test_where_the_roster_names_the_leader_a_member_is_none(office: Office) -> None:
    led = [{"deputyship_id": "d2", "from_on": "2019-01-01", "to_on": None}]
    group = {"id": "g1", "number": 1, "leader_deputyship_id": "d2", "leader_history": led, "version": 2}
    await office.driver.says("roster.group.changed.v1", group)
    await office.refused("POST", DRAFT, TRAINING, status=403, code="not-own-group", **leader(office))
    await office.post(DRAFT, TRAINING, **leader(office, "d2"))


async def test_a_draft_of_a_group_that_is_no_more_is_not_confirmed(office: Office) -> None:
    draft = await entered(office)
    group = {"id": "g1", "number": 1, "dissolved_on": "2020-06-30", "version": 2}
    await office.driver.says("roster.group.changed.v1", group)
    refused = await office.refused(
        "POST", f"{DRAFT}/{draft['id']}:confirm", {}, status=409, code="group-dissolved"
    )
    assert "2020-06-30" in refused.json["detail"]
    await office.post(f"{DRAFT}/{draft['id']}:decline", {"reason": "小组已撤销"})


async def test_a_draft_is_checked_as_the_activity_is(office: Office) -> None:
    for wrong, code in (
        ({"held_on": "2020-6-5"}, "invalid-input"),
        ({"kind": "party"}, "invalid-input"),
        ({"station_id": "nowhere"}, "invalid-input"),
        ({"plan_item_id": "nothing"}, "reference-unknown"),
        ({"ended_on": "2020-06-01"}, "dates-out-of-order"),
        ({"attendance": {"present": ["d1", "d1"]}}, "attendance-faulty"),
    ):
        await office.refused("POST", DRAFT, {**TRAINING, **wrong}, status=422, code=code, **leader(office))
    assert await drafts_of(office) == []


async def test_each_leader_sees_the_own_drafts_and_the_office_all(office: Office) -> None:
    draft = await entered(office)
    other = await office.post(DRAFT, {**TRAINING, "group_id": "g2"}, **leader(office, "d6"))
    ids = [one["id"] for one in (await office.get(DRAFT))["items"]]
    assert ids == [draft["id"], other["id"]]
    assert [one["id"] for one in (await office.get(DRAFT, **leader(office)))["items"]] == [draft["id"]]
    await office.refused(
        "GET", f"{DRAFT}/{other['id']}", None, status=404, code="not-found", **leader(office)
    )
    await office.refused(
        "PATCH", f"{DRAFT}/{other['id']}", {"place": "x"}, status=404, code="not-found", **leader(office)
    )
    await office.post(f"{DRAFT}/{draft['id']}:confirm", {})
    assert [one["id"] for one in (await office.get(f"{DRAFT}?state=pending"))["items"]] == [other["id"]]


async def test_waiting_drafts_are_due_for_the_office_alone(office: Office) -> None:
    draft = await entered(office)
    (item,) = (await office.get("/due"))["items"]
    assert (item["kind"], item["due_on"], item["action"]) == ("activity_draft", None, "确认或退回")
    assert item["path"].endswith(f"/activities/drafts/{draft['id']}")
    assert "学习代表法" in item["text"]
    assert (await office.get("/due", **leader(office)))["items"] == []
    await office.post(f"{DRAFT}/{draft['id']}:confirm", {})
    assert (await office.get("/due"))["items"] == []


async def test_the_export_of_a_person_has_the_drafts_that_name_him_and_those_he_entered(
    office: Office,
) -> None:
    draft = await entered(office)
    for person, part, own in (("p1", "present", True), ("p3", "on_leave", False)):
        (one,) = (await office.get(f"/people/{person}/export"))["drafts"]
        assert (one["subject"], one["part"], one["entered"]) == (f"draft/{draft['id']}", part, own)
    assert (await office.get("/people/p5/export"))["drafts"] == []


@pytest.mark.parametrize("role", ["deputy", "county", "teller", "auditor", "service"])
async def test_nobody_else_enters_reads_or_settles_drafts(office: Office, role: str) -> None:
    draft = await entered(office)
    token = {"token": office.driver.token(role, subject="d1")}
    for method, path, body in (
        ("POST", DRAFT, TRAINING),
        ("GET", DRAFT, None),
        ("GET", f"{DRAFT}/{draft['id']}", None),
        ("PATCH", f"{DRAFT}/{draft['id']}", {"place": "x"}),
        ("POST", f"{DRAFT}/{draft['id']}:confirm", {}),
        ("POST", f"{DRAFT}/{draft['id']}:decline", {"reason": "x"}),
    ):
        await office.refused(method, path, body, status=403, code="forbidden", **token)
    for verb, body in (("confirm", {}), ("decline", {"reason": "x"})):
        path = f"{DRAFT}/{draft['id']}:{verb}"
        await office.refused("POST", path, body, status=403, code="forbidden", **leader(office))
    elsewhere = leader(office, area="340281198")
    await office.refused("POST", DRAFT, TRAINING, status=403, code="forbidden", **elsewhere)
    await office.refused("GET", f"{DRAFT}/{draft['id']}", None, status=404, code="not-found", **elsewhere)


async def test_drafts_are_found_by_words_and_days_each_leader_among_the_own(office: Office) -> None:
    for number, subject in enumerate(("d1", "d6", "d1"), 1):
        await office.post(
            DRAFT,
            {**TRAINING, "group_id": "g2" if subject == "d6" else "g1", "title": f"学习第{number}课"},
            **leader(office, subject),
        )
    today = office.driver.alive.store.clock.today().isoformat()
    page = await office.get(f"{DRAFT}?q=学习&from={today}&order=-entered_on&total=true&limit=1")
    assert (len(page["items"]), page["total"]) == (1, 3)
    own = await office.get(f"{DRAFT}?q=学习&total=true&state=pending", **leader(office))
    assert (own["total"], [one["title"] for one in own["items"]]) == (2, ["学习第1课", "学习第3课"])
    assert (await office.get(f"{DRAFT}?to=2020-01-01&total=true"))["total"] == 0
