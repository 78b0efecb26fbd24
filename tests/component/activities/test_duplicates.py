"""Activities entered more than once: listed, merged into one, or declared different."""

from datetime import date
from typing import Any

from services.activities.sheets import SHEETS
from shared.workbook import read, write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX, Answer

TRAINING: dict[str, Any] = {
    "kind": "training",
    "title": "代表培训",
    "held_on": "2020-03-05",
    "place": "镇会议室",
}


async def three(office: Office, **facts: Any) -> list[str]:
    return [(await office.post("/activities", TRAINING | facts))["id"] for _ in range(3)]


async def listed(office: Office) -> list[list[str]]:
    items = (await office.get("/duplicates"))["items"]
    return [[activity["id"] for activity in item["activities"]] for item in items]


async def test_three_clicks_are_listed_and_become_one(office: Office) -> None:
    ids = await three(office)
    await office.post("/activities", TRAINING | {"held_on": "2020-09-05"})
    (item,) = (await office.get("/duplicates?year=2020"))["items"]
    assert sorted(item["reasons"]) == ["same_place", "same_title"]
    assert await listed(office) == [sorted(ids)]
    assert (await office.get("/duplicates?year=2019"))["items"] == []
    for id in ids[1:]:
        gone = await office.post(f"/activities/{id}:merge", {"into": ids[0]})
        assert (gone["state"], gone["merged_into"]) == ("voided", ids[0])
    assert await listed(office) == []
    held = (await office.get("/activities?state=held"))["items"]
    assert len(held) == 2
    assert (await office.driver.get("/integrity"))["faults"] == []


async def test_the_survivor_has_what_only_the_other_said(office: Office) -> None:
    kept = await office.post("/activities", TRAINING | {"attendance": {"present": ["d1"]}, "tags": ["法律"]})
    more = {"attendance": {"present": ["d1", "d2"], "absent": ["d3"]}, "topics": ["代表法"], "tags": ["学习"]}
    gone = await office.post("/activities", TRAINING | more)
    opinion = await office.post(
        "/opinions", {"received_on": "2020-03-05", "activity_id": gone["id"], "text": "修路"}
    )
    await office.post(f"/activities/{gone['id']}:merge", {"into": kept["id"]})
    survivor = await office.get(f"/activities/{kept['id']}")
    assert survivor["attendance"]["present"] == ["d1", "d2"]
    assert survivor["attendance"]["absent"] == ["d3"]
    assert survivor["expected"] == ["d1", "d2", "d3"]
    assert (survivor["topics"], survivor["tags"]) == (["代表法"], ["法律", "学习"])
    assert (await office.get(f"/opinions/{opinion['id']}"))["activity_id"] == kept["id"]
    assert (await office.get(f"/activities/{gone['id']}"))["attendance"] == gone["attendance"]


async def test_how_somebody_took_part_goes_with_the_merge(office: Office) -> None:
    first = {"present": ["d1"], "half_day": [{"deputyship_id": "d1", "portion": "morning"}]}
    kept = await office.post("/activities", TRAINING | {"attendance": first})
    second = {"present": ["d1", "d2", "d3"], "online": ["d2"], "half_day": ["d3"]}
    gone = await office.post("/activities", TRAINING | {"attendance": second, "ended_on": "2020-03-06"})
    await office.post(f"/activities/{gone['id']}:merge", {"into": kept["id"]})
    survivor = await office.get(f"/activities/{kept['id']}")
    assert survivor["ended_on"] == "2020-03-06"
    assert survivor["attendance"]["online"] == ["d2"]
    assert [one["deputyship_id"] for one in survivor["attendance"]["half_day"]] == ["d1", "d3"]


async def test_what_may_be_entered_again_is_told_before(office: Office) -> None:
    kept = await office.post("/activities", TRAINING)
    path = "/activities:similar?held_on=2020-03-05&kind=training"
    for query, ids in (
        ("", [kept["id"]]),
        ("&title=学习班&place=镇会议室", [kept["id"]]),
        ("&place=村部", []),
        ("&group_id=g1", [kept["id"]]),
    ):
        assert [one["id"] for one in (await office.get(f"{path}{query}"))["items"]] == ids, query
    assert (await office.get("/activities:similar?held_on=2020-03-06&kind=training"))["items"] == []
    numbered = await office.post("/activities", TRAINING | {"title": "第一期培训", "held_on": "2020-05-05"})
    first = "/activities:similar?held_on=2020-05-05&kind=training&title=第{}期培训"
    assert (await office.get(first.format("二")))["items"] == []
    assert [one["id"] for one in (await office.get(first.format("一")))["items"]] == [numbered["id"]]


async def test_the_item_of_the_plan_goes_with_it(office: Office) -> None:
    items = [{"title": "培训", "kind": "training", "due_on": "2020-03-31"}]
    plan = await office.post("/plans", {"year": 2020, "items": items})
    item = plan["items"][0]["id"]
    kept = await office.post("/activities", TRAINING)
    gone = await office.post("/activities", TRAINING | {"plan_item_id": item})
    await office.post(f"/activities/{gone['id']}:merge", {"into": kept["id"]})
    (now,) = (await office.get(f"/plans/{plan['id']}"))["items"]
    assert (now["state"], now["activity_id"]) == ("done", kept["id"])


async def test_what_differs_is_chosen_and_what_cannot_be_one_is_refused(office: Office) -> None:
    kept = await office.post("/activities", TRAINING | {"beneficiaries_count": 0})
    gone = await office.post("/activities", TRAINING | {"title": "学习培训", "beneficiaries_count": 7})
    path = f"/activities/{gone['id']}:merge"
    refused = await office.refused("POST", path, {"into": kept["id"]}, status=409, code="merge-conflict")
    named = {error["loc"] for error in refused.json["errors"]}
    assert named == {"body.choices.title", "body.choices.beneficiaries_count"}
    choices = {"title": "into", "beneficiaries_count": "from"}
    await office.post(path, {"into": kept["id"], "choices": choices})
    survivor = await office.get(f"/activities/{kept['id']}")
    assert (survivor["title"], survivor["beneficiaries_count"]) == ("代表培训", 7)
    again = await office.post("/activities", TRAINING | {"held_on": "2020-03-06"})
    for other, status, code in (
        ({"into": kept["id"]}, 409, "merge-conflict"),
        ({"into": "nothing"}, 422, "reference-unknown"),
        ({"into": again["id"]}, 422, "reference-unknown"),
    ):
        await office.refused("POST", f"/activities/{again['id']}:merge", other, status=status, code=code)


async def test_two_states_of_one_deputy_are_corrected_first(office: Office) -> None:
    kept = await office.post("/activities", TRAINING | {"attendance": {"present": ["d1"]}})
    gone = await office.post("/activities", TRAINING | {"attendance": {"absent": ["d1"]}})
    path = f"/activities/{gone['id']}:merge"
    await office.refused("POST", path, {"into": kept["id"]}, status=409, code="merge-conflict")


async def test_declared_different_they_are_listed_no_more(office: Office) -> None:
    ids = await three(office)
    await office.post(f"/activities/{ids[0]}:differ", {"others": ids[1:]})
    assert await listed(office) == [ids[1:]]
    await office.post(f"/activities/{ids[1]}:differ", {"others": [ids[2]]})
    assert await listed(office) == []
    assert (await office.get(f"/activities/{ids[2]}"))["different_from"] == ids[:2]
    unknown = {"others": ["nothing"]}
    await office.refused(
        "POST", f"/activities/{ids[0]}:differ", unknown, status=422, code="reference-unknown"
    )


async def test_the_workbook_says_which_are_different_and_says_so_again(office: Office) -> None:
    day = {"kind": "training", "title": "代表培训", "held_on": date(2020, 3, 5), "place": "镇会议室"}
    first = {**day, "reference": "培1"}
    second = {**day, "reference": "培2", "different_from": ("培1",)}
    for outcome in ("new", "unchanged"):
        answer = await sent(office, [first, second])
        assert (answer.status, answer.json["totals"][outcome]) == (200, 2), answer.json
        assert await listed(office) == []
    book = read(await office.get("/exports"), SHEETS)
    above, below = book.rows("活动")
    assert (above["different_from"], below["different_from"]) == ((), (above["reference"],))
    unknown = await sent(office, [{**first, "different_from": ("培9",)}])
    assert (unknown.status, [e["cell"] for e in unknown.json["errors"]]) == (422, ["AC2"]), unknown.json
    assert "培9" in unknown.json["errors"][0]["message"]


async def sent(office: Office, rows: list[dict[str, Any]]) -> Answer:
    data = write([sheet for sheet in SHEETS if sheet.name == "活动"], {"活动": rows})
    return await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)


async def test_a_suggestion_entered_under_two_numbers_is_listed_until_it_is_settled(office: Office) -> None:
    raised = {"raised_on": "2020-01-08", "lead_deputyship_id": "d1"}
    titles = ("关于维修新城村道路的建议", "关于修建新城村道路的建议", "关于修建东关村道路的建议")
    one, other, _ = [
        await office.post("/suggestions", raised | {"number": n, "title": title})
        for n, title in enumerate(titles, 1)
    ]
    await office.post("/suggestions", {"number": 9, "title": titles[0], **raised, "lead_deputyship_id": "d2"})
    await office.post("/suggestions", {"number": 8, "title": titles[0], **raised, "raised_on": "2020-06-08"})
    found = await office.get("/duplicates?year=2020")
    (item,) = found["suggestions"]
    assert found["items"] == []
    assert [suggestion["number"] for suggestion in item["suggestions"]] == [1, 2]
    assert sorted(item["reasons"]) == ["like_title", "same_lead"]
    path = f"/suggestions/{one['id']}:differ"
    await office.refused("POST", path, {"others": [one["id"]]}, status=422, code="reference-unknown")
    await office.post(path, {"others": [other["id"]]})
    assert (await office.get("/duplicates"))["suggestions"] == []
    again = await office.post("/suggestions", {"number": 10, "title": titles[2], **raised})
    (item,) = (await office.get("/duplicates"))["suggestions"]
    assert [suggestion["number"] for suggestion in item["suggestions"]] == [3, 10]
    await office.post(f"/suggestions/{again['id']}:void", {"reason": "与3号重复"})
    assert (await office.get("/duplicates"))["suggestions"] == []
