"""What is due about rating meetings until their results are published."""

from tests.component.ratings.conftest import Town


async def test_a_meeting_is_due_on_its_day_with_its_next_step(town: Town) -> None:
    id = await town.meeting()
    path = "due?on=2020-11-10&within={}"
    assert (await town.get(path.format(10))).json["items"] == []
    (item,) = (await town.get(path.format(30))).json["items"]
    assert (item["kind"], item["due_on"], item["overdue"]) == ("meeting_to_open", "2020-12-03", False)
    assert (item["subject"], item["action"]) == (f"meeting/{id}", "开始测评")
    await town.post(f"meetings/{id}:open")
    (item,) = (await town.get("due?on=2020-12-04", as_="t1:teller")).json["items"]
    assert (item["kind"], item["overdue"]) == ("meeting_to_close", True)
    assert (await town.get(item["path"].partition("/towns/340281199/")[2])).status == 200
