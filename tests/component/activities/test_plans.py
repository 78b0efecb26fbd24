"""Plans through the year: put off with a reason, held against what was done, said when a day comes near."""

import asyncio
from datetime import timedelta
from typing import Any

from services.activities.driver import remind_now
from shared.process.turns import Turns
from tests.component.activities.conftest import Office

ITEMS = [
    {"title": "一季度活动", "kind": "group_activity", "due_on": "2020-03-31", "theme": "疫情防控"},
    {"title": "二季度活动", "kind": "group_activity", "due_on": "2020-06-30"},
    {"title": "视察", "kind": "inspection"},
]


async def planned(office: Office, **fields: Any) -> dict[str, Any]:
    made: dict[str, Any] = await office.post("/plans", {"year": 2020, "items": ITEMS, **fields})
    return made


async def test_an_item_is_put_off_with_its_reason_and_its_history(office: Office) -> None:
    plan = await planned(office)
    path = f"/plans/{plan['id']}/items/{plan['items'][0]['id']}"
    body = {"to": "2020-04-30", "reason": "疫情", "on": "2020-03-20"}
    moved = (await office.post(f"{path}:postponed", body))["items"][0]
    assert (moved["state"], moved["due_on"]) == ("planned", "2020-04-30")
    again = (await office.post(f"{path}:postponed", {"to": "2020-05-31", "reason": "防汛"}))["items"][0]
    assert again["postponements"] == [
        {"from_on": "2020-03-31", "to": "2020-04-30", "reason": "疫情", "on": "2020-03-20"},
        {
            "from_on": "2020-04-30",
            "to": "2020-05-31",
            "reason": "防汛",
            "on": office.driver.alive.store.clock.today().isoformat(),
        },
    ]
    assert await office.told() == ["plan.adopted.v1", "plan.changed.v1", "plan.changed.v1"]
    for where, sent, status, code in (
        (path, {"to": "2020-05-31", "reason": "x"}, 422, "dates-out-of-order"),
        (path, {"to": "2020-06-31", "reason": "x"}, 422, "invalid-input"),
        (path, {"to": "2020-06-30", "reason": ""}, 422, "invalid-input"),
        (path, {"to": "2020-06-30"}, 422, "invalid-input"),
        (path, {"reason": "x"}, 422, "invalid-input"),
        (path, {"to": "2020-06-30", "reason": "x", "extra": 1}, 422, "invalid-input"),
        (f"/plans/{plan['id']}/items/unknown", body, 404, "not-found"),
        ("/plans/unknown/items/unknown", body, 404, "not-found"),
    ):
        await office.refused("POST", f"{where}:postponed", sent, status=status, code=code)
    token = office.driver.token("deputy")
    await office.refused("POST", f"{path}:postponed", body, status=403, code="forbidden", token=token)


async def test_plan_is_held_against_what_was_done(office: Office) -> None:
    plan = await planned(office)
    first, second, _ = (item["id"] for item in plan["items"])
    training = {"kind": "training", "held_on": "2020-04-02", "plan_item_id": first}
    await office.post("/activities", training)
    path = f"/plans/{plan['id']}"
    await office.post(f"{path}/items/{second}:cancelled", {"reason": "防汛"})
    report = await office.get(f"{path}/progress?as_of=2020-07-01", token=office.driver.token("county"))
    assert [(item["standing"], item["due_on"]) for item in report["items"]] == [
        ("late", "2020-03-31"),
        ("cancelled", "2020-06-30"),
        ("coming", "2020-12-31"),
    ]
    assert (report["total"]["due"], report["total"]["late"], report["total"]["open"]) == (1, 1, 0)
    assert [month["month"] for month in report["months"]] == ["2020-03", "2020-06", "2020-12"]
    before = await office.get(f"{path}/progress?as_of=2020-04-01")
    assert before["items"][0]["standing"] == "open"
    today = office.driver.alive.store.clock.today().isoformat()
    assert (await office.get(f"{path}/progress"))["as_of"] == today
    for wrong in ("as_of=2020-02-30", "day=2020-03-01"):
        assert (await office.driver.call("GET", f"{path}/progress?{wrong}")).status == 422
    assert (await office.driver.call("GET", "/plans/unknown/progress")).status == 404
    stranger = office.driver.token(area="340281198")
    assert (await office.driver.call("GET", f"{path}/progress", token=stranger)).status == 404
    teller = office.driver.token("teller")
    assert (await office.driver.call("GET", f"{path}/progress", token=teller)).status == 403


async def test_an_item_is_said_to_be_due_soon_and_overdue_once_each(office: Office) -> None:
    today = office.driver.alive.store.clock.today()

    def on(days: int) -> str:
        return (today + timedelta(days=days)).isoformat()

    days = (0, 7, 8, -1, -60)
    items = [{"title": f"{day}", "due_on": on(day)} for day in days]
    plan = await office.post("/plans", {"year": today.year, "items": [*items, {"title": "不定期"}]})
    ids = {item["id"]: item["title"] for item in plan["items"]}
    cancelled = await office.post("/plans", {"year": today.year, "items": [{"title": "x", "due_on": on(1)}]})
    gone = f"/plans/{cancelled['id']}/items/{cancelled['items'][0]['id']}"
    await office.post(f"{gone}:cancelled", {"reason": "x"})
    before = len(await office.told())
    alive = office.driver.alive
    await asyncio.gather(*(remind_now(alive, Turns("activities", "test")) for _ in range(3)))
    await remind_now(alive, Turns("activities", "test"))

    async def said() -> list[tuple[str, str]]:
        events = (await office.driver.events())[before:]
        return [
            (event["type"].split(".")[2], ids[event["data"]["told"][-1]["part"]])
            for event in events
            if event["type"].split(".")[2] in ("due_soon", "overdue")
        ]

    assert await said() == [("due_soon", "0"), ("due_soon", "7"), ("overdue", "-1")]
    moved = next(id for id, title in ids.items() if title == "-1")
    await office.post(f"/plans/{plan['id']}/items/{moved}:postponed", {"to": on(3), "reason": "x"})
    await asyncio.gather(*(remind_now(alive, Turns("activities", "test")) for _ in range(3)))
    assert (await said())[3:] == [("due_soon", "-1")]
    assert (await office.get("/integrity"))["faults"] == []


async def test_the_town_says_how_many_days_ahead(office: Office) -> None:
    today = office.driver.alive.store.clock.today()
    town = {"id": "340281199", "version": 2, "rules": {"plan_warning_days": 0}}
    await office.driver.says("roster.town.changed.v1", town)
    item = {"title": "视察", "due_on": (today + timedelta(days=1)).isoformat()}
    await office.post("/plans", {"year": today.year, "items": [item]})
    await remind_now(office.driver.alive, Turns("activities", "test"))
    assert await office.told() == ["plan.adopted.v1"]
