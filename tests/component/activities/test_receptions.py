"""A reception with its opinions in one request: all of it is recorded, or none."""

from typing import Any

from tests.component.activities.conftest import Office

ACTIVITY: dict[str, Any] = {"kind": "reception", "held_on": "2020-04-15", "station_id": "st1"}


async def test_a_reception_and_its_opinions_are_recorded_together(office: Office) -> None:
    opinions = [{"category": "环境", "text": "垃圾清运"}, {"received_on": "2020-04-16", "channel": "phone"}]
    answer = await office.post("/receptions", {"activity": ACTIVITY, "opinions": opinions})
    activity = answer["activity"]
    assert (activity["title"], activity["opinions_count"], activity["version"]) == ("接待选民", 2, 1)
    assert [
        (o["received_on"], o["channel"], o["station_id"], o["activity_id"]) for o in answer["opinions"]
    ] == [
        ("2020-04-15", "reception", "st1", activity["id"]),
        ("2020-04-16", "phone", "st1", activity["id"]),
    ]
    kept = (await office.driver.get(f"/opinions?activity_id={activity['id']}"))["items"]
    assert [opinion["id"] for opinion in kept] == [opinion["id"] for opinion in answer["opinions"]]
    assert await office.told() == ["activity.held.v1", "opinion.received.v1", "opinion.received.v1"]


async def test_one_faulty_opinion_leaves_no_reception(office: Office) -> None:
    faulty = [{"category": "环境"}, {"deputyship_id": "nobody"}]
    answer = await office.driver.call("POST", "/receptions", {"activity": ACTIVITY, "opinions": faulty})
    assert (answer.status, answer.json["errors"][0]["loc"]) == (422, "body.opinions.1.deputyship_id")
    unknown = await office.driver.call("POST", "/receptions", {"activity": {**ACTIVITY, "station_id": "x"}})
    assert (unknown.status, unknown.json["errors"][0]["loc"]) == (422, "body.activity.station_id")
    other = [{"activity_id": "somewhere"}]
    own = await office.driver.call("POST", "/receptions", {"activity": ACTIVITY, "opinions": other})
    assert (own.status, own.code) == (422, "invalid-input")
    assert await office.told() == []


async def test_what_was_counted_by_hand_is_kept_and_nothing_is_counted_where_nothing_was_written(
    office: Office,
) -> None:
    counted = await office.post("/receptions", {"activity": {**ACTIVITY, "opinions_count": 5}})
    assert counted["activity"]["opinions_count"] == 5
    silent = await office.post("/receptions", {"activity": ACTIVITY})
    assert silent["activity"]["opinions_count"] is None
