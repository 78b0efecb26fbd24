"""An item of the plan is done by a rating meeting, as the ratings service tells of it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any

import pytest

from services.activities.integrity import READ_MODEL
from services.activities.migrations import note_items_of_meetings
from services.activities.sheets import SHEETS
from shared.events.rebuild import rebuild
from shared.transport import Message
from shared.workbook import row_id, write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX, TOWN
from tests.probes import eventually

ITEMS = [{"title": "述职测评", "kind": "rating_meeting", "due_on": "2020-12-10"}, {"title": "视察"}]


async def planned(office: Office) -> dict[str, Any]:
    plan: dict[str, Any] = await office.post("/plans", {"year": 2020, "items": ITEMS})
    return plan


async def says(
    office: Office, version: int, state: str, item: str | None, epoch: str | None = None, **more: Any
) -> Message:
    fact = {"id": "m1", "version": version, "held_on": "2020-12-03", "state": state, "plan_item_id": item}
    return await office.driver.says("ratings.meeting.changed.v1", fact | more, epoch=epoch)


async def applied(office: Office, sequence: int) -> None:
    async def reached() -> bool:
        return (await office.driver.alive.inbox.mark(f"/{TOWN}/ratings")).upto == sequence

    await eventually(reached)


async def items(office: Office) -> list[tuple[str, str | None, str | None]]:
    (plan,) = (await office.get("/plans"))["items"]
    return [(item["state"], item["activity_id"], item["done_on"]) for item in plan["items"]]


OPEN, DONE = ("planned", None, None), ("done", "m1", "2020-12-03")


async def test_an_item_is_done_when_the_meeting_was_held_and_stays_done_when_the_result_is_revoked(
    office: Office,
) -> None:
    item = (await planned(office))["items"][0]["id"]
    for version, state in enumerate(("draft", "open"), start=1):
        await says(office, version, state, item)
        assert await items(office) == [OPEN, OPEN]
    for version, state in enumerate(("closed", "published", "revoked"), start=3):
        await says(office, version, state, item)
        assert await items(office) == [DONE, OPEN]
    assert await office.told() == ["plan.adopted.v1", "plan.changed.v1"]


async def test_a_meeting_that_names_another_item_reopens_the_first(office: Office) -> None:
    first, second = (item["id"] for item in (await planned(office))["items"])
    await says(office, 1, "published", first)
    await says(office, 2, "published", second)
    assert await items(office) == [OPEN, DONE]
    await says(office, 3, "published", None)
    assert await items(office) == [OPEN, OPEN]


async def test_a_correction_in_the_same_batch_reopens_the_first_item(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the item is of another plan, so that both changes can be committed together."""
    first = (await planned(office))["items"][0]["id"]
    other = await office.post("/plans", {"year": 2021, "items": ITEMS})
    transport, batch = office.driver.transport, list[Message]()
    with monkeypatch.context() as held:
        held.setattr(transport, "publish", _kept(batch))
        await says(office, 1, "closed", first)
        await says(office, 2, "closed", other["items"][0]["id"])
    await transport.publish(batch)
    await applied(office, 2)
    plans = (await office.get("/plans"))["items"]
    states = {plan["year"]: plan["items"][0]["state"] for plan in plans}
    assert states == {2020: "planned", 2021: "done"}


async def test_what_the_office_decided_stays_when_the_copies_are_made_anew(office: Office) -> None:
    """And an item that a meeting was corrected away from is not done again on the way."""
    plan = await planned(office)
    first, second = (item["id"] for item in plan["items"])
    told = [await says(office, 1, "closed", first), await says(office, 2, "closed", None)]
    await applied(office, 2)
    await office.post(f"/plans/{plan['id']}/items/{second}:done", {"activity_id": "m1"})
    before = await office.told()
    await rebuild(office.driver.alive.store, TOWN, READ_MODEL)
    await office.driver.transport.publish(told)
    await applied(office, 2)
    told.append(await says(office, 3, "published", None))
    await applied(office, 3)
    assert await items(office) == [OPEN, DONE]
    assert [event for event in (await office.told())[len(before) :] if event.startswith("plan")] == []


@pytest.mark.parametrize(("correction", "expected"), [("other item", [DONE, OPEN]), ("voided", [OPEN, OPEN])])
async def test_what_is_said_of_a_meeting_after_a_restore_is_followed_where_its_version_was_received_before(
    office: Office, correction: str, expected: list[Any]
) -> None:
    """The restored service gives the versions anew that the restore undid."""
    first, second = (item["id"] for item in (await planned(office))["items"])
    kept = [await says(office, 1, "draft", first)]
    for version in (2, 3):
        await says(office, version, "closed", second)
    await applied(office, 3)
    assert await items(office) == [OPEN, DONE]
    epoch = await office.driver.set_back(kept)
    assert await items(office) == [OPEN, DONE]
    if correction == "voided":
        await says(office, 2, "draft", first, epoch, void_reason="误录", voided_on="2020-12-04")
    else:
        await says(office, 2, "closed", first, epoch)
    await applied(office, 3)
    assert await items(office) == expected


async def test_of_a_data_folder_of_before_it_is_known_which_item_a_meeting_does(office: Office) -> None:
    first, second = (item["id"] for item in (await planned(office))["items"])
    await says(office, 1, "published", first)
    await applied(office, 1)
    database = office.driver.alive.store.database
    await database["received_meetings"].delete_many({"town": TOWN})
    for _ in range(2):
        await note_items_of_meetings(database)
    await says(office, 2, "published", second)
    await applied(office, 2)
    assert await items(office) == [OPEN, DONE]


def _kept(batch: list[Message]) -> Callable[[Sequence[Message]], Awaitable[None]]:
    async def keep(messages: Sequence[Message]) -> None:
        batch.extend(messages)

    return keep


async def test_an_older_event_and_an_unknown_item_change_nothing(office: Office) -> None:
    item = (await planned(office))["items"][0]["id"]
    await says(office, 2, "published", item)
    await says(office, 1, "published", "unknown")
    await says(office, 3, "published", "unknown", id="m2")
    assert await items(office) == [DONE, OPEN]


async def test_what_was_cancelled_or_done_otherwise_stays(office: Office) -> None:
    plan = await planned(office)
    first, second = (item["id"] for item in plan["items"])
    await office.post(f"/plans/{plan['id']}/items/{first}:cancelled", {"reason": "疫情"})
    await office.post("/activities", {"kind": "inspection", "held_on": "2020-05-01", "plan_item_id": second})
    for version, item in enumerate((first, second), start=1):
        await says(office, version, "published", item)
    assert [state for state, *_ in await items(office)] == ["cancelled", "done"]
    assert (await items(office))[1][2] == "2020-05-01"


async def test_the_plan_may_name_the_meeting_too(office: Office) -> None:
    plan = await planned(office)
    meeting = row_id(TOWN, "述职测评会", "述2020-1")
    await says(office, 1, "published", None, id=meeting)
    done = f"/plans/{plan['id']}/items/{plan['items'][0]['id']}:done"
    await office.post(done, {"activity_id": meeting})
    assert (await items(office))[0] == ("done", meeting, "2020-12-03")
    row = {"year": 2020, "number": 7, "title": "年底述职", "due_on": date(2020, 12, 20), "state": "done"}
    rows = {"年度计划": [{**row, "done_by": "述2020-1"}]}
    data = write([sheet for sheet in SHEETS if sheet.name in rows], rows)
    answer = await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
    assert answer.status == 200, answer.json
    assert (await items(office))[0][:2] == ("done", meeting)


async def test_a_meeting_that_is_voided_does_no_item(office: Office) -> None:
    plan = await planned(office)
    await says(office, 1, "draft", None)
    done = f"/plans/{plan['id']}/items/{plan['items'][0]['id']}:done"
    await office.post(done, {"activity_id": "m1"})
    voided = {"id": "m1", "version": 2, "held_on": "2020-12-03", "state": "draft", "void_reason": "登错了"}
    await office.driver.says("ratings.meeting.voided.v1", voided)
    assert await items(office) == [OPEN, OPEN]
    await office.refused("POST", done, {"activity_id": "m1"}, status=422, code="reference-unknown")
