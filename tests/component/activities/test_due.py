"""What is due about suggestions, plans and decisions, as a clerk asks for it in the morning."""

from typing import Any

from tests.component.activities.conftest import Office
from tests.component.activities.test_plans import planned
from tests.component.activities.test_suggestions import raised


async def due(office: Office, on: str, within: int = 30) -> list[dict[str, Any]]:
    answer = await office.driver.get(f"/due?on={on}&within={within}")
    assert (answer["on"], answer["within"]) == (on, within)
    return list(answer["items"])


def steps(items: list[dict[str, Any]]) -> list[tuple[str, str | None, bool]]:
    return [(item["kind"], item["due_on"], item["overdue"]) for item in items]


async def test_a_suggestion_is_due_until_its_last_step_is_entered(office: Office) -> None:
    path = await raised(office)
    subject = f"suggestion/{path.rpartition('/')[2]}"
    (item,) = await due(office, "2020-07-01")
    assert (item["kind"], item["due_on"], item["subject"], item["action"]) == (
        "suggestion_assignment",
        None,
        subject,
        "交办",
    )
    assert item["text"] == "3号建议《硬化新城村道路》尚未交办"
    assert (await office.driver.call("GET", item["path"].partition("/towns/340281199")[2])).status == 200
    await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-07-15"})
    assert await due(office, "2020-08-01") == []
    assert steps(await due(office, "2020-09-20")) == [("suggestion_reply", "2020-10-15", False)]
    assert steps(await due(office, "2020-10-15", 0)) == [("suggestion_reply", "2020-10-15", False)]
    assert steps(await due(office, "2020-10-16", 0)) == [("suggestion_reply", "2020-10-15", True)]
    await office.post(f"{path}:reply", {"on": "2020-10-10", "class": "a"})
    (rating,) = await due(office, "2020-10-20")
    assert (rating["kind"], rating["action"]) == ("suggestion_rating", "登记评价")
    await office.post(f"{path}:rate", {"process": "satisfied", "result": "satisfied"})
    assert await due(office, "2020-12-31", 366) == []


async def test_plans_and_decisions_are_due_oldest_first_and_what_has_no_day_comes_last(
    office: Office,
) -> None:
    await planned(office)
    decisions = [{"text": "整治河道", "due_on": "2020-04-10"}, {"text": "慰问老代表"}]
    body = {"number": 1, "held_on": "2020-02-10", "decisions": decisions}
    meeting = await office.post("/presidium_meetings", body)
    items = await due(office, "2020-04-01")
    assert steps(items) == [
        ("plan_item", "2020-03-31", True),
        ("decision", "2020-04-10", False),
        ("decision", None, False),
    ]
    assert [item["text"] for item in items] == ["一季度活动", "整治河道", "慰问老代表"]
    assert items[1]["basis"] == "2020年第1次主席团会议议定事项"
    done = {"on": "2020-03-01"}
    for number in (1, 2):
        await office.post(f"/presidium_meetings/{meeting['id']}/decisions/{number}:done", done)
    assert steps(await due(office, "2020-04-01")) == [("plan_item", "2020-03-31", True)]


async def test_what_cannot_be_asked_is_refused(office: Office) -> None:
    for query in ("within=367", "within=-1", "within=x", "on=2020-02-30", "until=2020-03-01"):
        answer = await office.driver.call("GET", f"/due?{query}")
        assert (answer.status, answer.code) == (422, "invalid-input"), query
    teller = await office.driver.call("GET", "/due", token=office.driver.token("teller"))
    assert teller.status == 403


async def test_the_handling_of_a_year_says_what_each_suggestion_waits_for(office: Office) -> None:
    path = await raised(office)
    await office.post(f"{path}:assign", {"unit": "镇交管站", "on": "2020-07-15", "co_units": ["镇供电所"]})
    listed = await office.driver.get("/suggestions:handling?on=2020-10-20&year=2020&unit=镇供电所&q=道路")
    (item,) = listed["items"]
    assert (item["due_on"], item["days"], item["overdue"]) == ("2020-10-15", -5, True)
    assert [command["command"] for command in item["next"]] == ["reply", "extend", "return", "forward"]
    assert (listed["next_number"], listed["units"]) == (4, ["镇交管站", "镇供电所"])
    assert await office.driver.get(f"{path}/handling?on=2020-10-20") == item
    following = await office.driver.get("/suggestions:handling?on=2021-01-05")
    assert (following["year"], following["next_number"]) == (2021, 1)
    assert [one["carried_over"] for one in following["items"]] == [True]
    for query in ("state=raised", "key=true", "unit=镇财政所", "q=水利"):
        answer = await office.driver.get(f"/suggestions:handling?year=2020&{query}")
        assert answer["items"] == [], query
