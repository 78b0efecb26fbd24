"""Suggestions, opinions, sessions and presidium meetings entered by mistake: voided, kept, and counted no more."""

from typing import Any

import pytest
from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from services.activities.driver import remind_now
from services.activities.migrations import free_numbers_of_voided_records
from services.activities.repository import SUGGESTIONS
from services.activities.sheets import SHEETS
from shared.process.turns import Turns
from shared.storage.indexes import IndexSpec
from shared.storage.mongo import prepare
from shared.storage.work import BY_TOWN
from shared.workbook import Rows, read, write
from tests.component.activities.conftest import Office
from tests.component.activities.test_calendars import titles
from tests.fixtures.apps import AS_XLSX

OF_KIND = ("人代会", "主席团会议", "代表建议", "选民意见")
WHY = {"reason": "登记重复"}
SESSION: dict[str, Any] = {"congress_number": 17, "session_number": 4, "held_on": "2020-01-08"}
MEETING: dict[str, Any] = {"number": 1, "held_on": "2020-03-02"}
SUGGESTION: dict[str, Any] = {"number": 1, "raised_on": "2020-01-08", "title": "硬化新城村道路"}
OPINION: dict[str, Any] = {"received_on": "2020-03-05", "text": "路灯不亮"}
ENTRIES = (
    ("sessions", SESSION, {"agenda": ["听取报告"]}),
    ("presidium_meetings", MEETING, {"topics": ["学习"]}),
    ("suggestions", SUGGESTION, {"title": "修桥"}),
    ("opinions", OPINION, {"category": "道路交通"}),
)
KINDS = pytest.mark.parametrize(("kind", "entry", "change"), ENTRIES)
NUMBERED = pytest.mark.parametrize(("kind", "entry", "change"), ENTRIES[:3])


@KINDS
async def test_a_voided_record_stays_and_takes_no_more_changes(
    office: Office, kind: str, entry: dict[str, Any], change: dict[str, Any]
) -> None:
    before = await office.post(f"/{kind}", entry)
    gone = await office.post(f"/{kind}/{before['id']}:void", WHY)
    assert gone == before | {"version": 2, "void_reason": "登记重复", "voided_on": gone["voided_on"]}
    noun = kind.removesuffix("s")
    assert (await office.told())[-1] == f"{noun}.voided.v1"
    (told,) = (await office.driver.events())[-1:]
    assert told["data"]["void_reason"] == "登记重复"
    path = f"/{kind}/{before['id']}"
    await office.refused("PATCH", path, change, status=409, code="record-voided")
    await office.refused("POST", f"{path}:void", WHY, status=409, code="record-voided")
    assert [one["id"] for one in (await office.get(f"/{kind}?voided=true"))["items"]] == [before["id"]]
    assert (await office.get(f"/{kind}?voided=false"))["items"] == []
    assert (await office.driver.get("/integrity"))["faults"] == []


@KINDS
async def test_a_reason_is_required(
    office: Office, kind: str, entry: dict[str, Any], change: dict[str, Any]
) -> None:
    before = await office.post(f"/{kind}", entry | change)
    path = f"/{kind}/{before['id']}:void"
    await office.refused("POST", path, {"reason": " "}, status=422, code="invalid-input")


@NUMBERED
async def test_the_number_is_free_again(
    office: Office, kind: str, entry: dict[str, Any], change: dict[str, Any]
) -> None:
    for _ in range(2):
        gone = await office.post(f"/{kind}", entry)
        await office.post(f"/{kind}/{gone['id']}:void", WHY)
    await office.post(f"/{kind}", entry | change)
    answer = await office.driver.call("POST", f"/{kind}", entry)
    assert answer.status == 409, answer.json


async def test_a_data_folder_of_before_frees_the_numbers_too(office: Office) -> None:
    database = office.driver.alive.store.database
    name, keys = "suggestions.town_year_number", [("town", 1), ("year", 1), ("number", 1)]
    await database["suggestions"].drop_index(name)
    of_before = IndexModel(keys, name=name, unique=True)
    await database["suggestions"].create_indexes([of_before], commitQuorum="majority")
    await free_numbers_of_voided_records(database)
    assert name not in await database["suggestions"].index_information()
    of_suggestions = [
        IndexSpec(SUGGESTIONS.name, index.keys, unique=index.unique, where=index.where)
        for index in (BY_TOWN, *SUGGESTIONS.indexes)
    ]
    await prepare(database, [], of_suggestions)
    await free_numbers_of_voided_records(database)
    assert name in await database["suggestions"].index_information()


async def test_the_database_keeps_a_number_unique_among_those_in_force(office: Office) -> None:
    suggestions = office.driver.alive.store.database["suggestions"]
    one = {"town": "t", "year": 2020, "number": 1}
    await suggestions.insert_one({**one, "_id": "a"})
    with pytest.raises(DuplicateKeyError):
        await suggestions.insert_one({**one, "_id": "b"})
    await suggestions.insert_one({**one, "_id": "c", "void_reason": "登记重复"})


async def test_opinions_are_handled_again_when_their_suggestion_is_voided(office: Office) -> None:
    opinion = await office.post("/opinions", OPINION)
    path = f"/opinions/{opinion['id']}"
    await office.post(f"{path}:forward", {"unit": "镇供电所", "on": "2020-03-06"})
    converted = await office.post(f"{path}:convert", {"suggestion": SUGGESTION | {"raised_on": "2020-03-07"}})
    await office.post(f"/suggestions/{converted['suggestion_id']}:void", WHY)
    again = await office.get(path)
    assert (again["state"], again["suggestion_id"], again["converted_on"]) == ("forwarded", None, None)
    kept = await office.get(f"/suggestions/{converted['suggestion_id']}")
    assert kept["opinion_ids"] == [opinion["id"]]
    body = {"suggestion_id": converted["suggestion_id"]}
    await office.refused("POST", f"{path}:convert", body, status=422, code="reference-unknown")


async def test_a_voided_opinion_leaves_its_suggestion_and_its_contact_is_gone(office: Office) -> None:
    opinion = await office.post("/opinions", OPINION)
    path = f"/opinions/{opinion['id']}"
    contact = {"name": "王示例", "phone": "13800000000"}
    assert (await office.driver.call("PUT", f"{path}/contact", contact)).status == 201
    converted = await office.post(f"{path}:convert", {"suggestion": SUGGESTION | {"raised_on": "2020-03-07"}})
    gone = await office.post(f"{path}:void", WHY)
    assert gone["suggestion_id"] == converted["suggestion_id"]
    assert (await office.get(f"/suggestions/{converted['suggestion_id']}"))["opinion_ids"] == []
    assert (await office.driver.call("GET", f"{path}/contact")).status == 404
    await office.refused("PUT", f"{path}/contact", contact, status=409, code="record-voided")
    erased = await office.post(f"{path}:erase", {"reason": "本人要求"})
    assert (erased["text"], erased["void_reason"]) == ("", "登记重复")


async def test_a_session_that_suggestions_name_is_not_voided(office: Office) -> None:
    session = await office.post("/sessions", SESSION)
    path = f"/sessions/{session['id']}:void"
    raised = await office.post("/suggestions", SUGGESTION | {"session_id": session["id"]})
    refused = await office.refused("POST", path, WHY, status=409, code="wrong-state")
    assert "2020年1号" in refused.json["detail"]
    await office.post(f"/suggestions/{raised['id']}:void", WHY)
    await office.post(path, WHY)
    body = SUGGESTION | {"session_id": session["id"]}
    await office.refused("POST", "/suggestions", body, status=422, code="reference-unknown")


async def test_absences_and_plan_items_do_without_a_voided_session(office: Office) -> None:
    missed = {"attendance": {"present": ["d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8"], "absent": ["d9"]}}
    await office.post("/sessions", SESSION | missed)
    second = await office.post("/sessions", SESSION | missed | {"session_number": 5, "held_on": "2020-07-08"})
    assert (await office.told())[-1] == "absence.reached.v1"
    plan = await office.post("/plans", {"year": 2020, "items": [{"title": "大会", "kind": "session"}]})
    item = f"/plans/{plan['id']}/items/{plan['items'][0]['id']}"
    await office.post(f"{item}:done", {"activity_id": second["id"]})
    await office.post(f"/sessions/{second['id']}:void", WHY)
    assert (await office.told())[-3:] == ["session.voided.v1", "plan.changed.v1", "absence.withdrawn.v1"]
    (reopened,) = (await office.get(f"/plans/{plan['id']}"))["items"]
    assert (reopened["state"], reopened["activity_id"]) == ("planned", None)
    body = {"activity_id": second["id"]}
    await office.refused("POST", f"{item}:done", body, status=422, code="reference-unknown")


async def test_nothing_is_due_or_listed_of_voided_records(office: Office) -> None:
    suggestion = await office.post("/suggestions", SUGGESTION)
    await office.post(f"/suggestions/{suggestion['id']}:assign", {"unit": "镇建设办", "on": "2020-01-10"})
    decision = {"decisions": [{"text": "督办", "due_on": "2020-04-01"}]}
    meeting = await office.post("/presidium_meetings", MEETING | decision)
    session = await office.post("/sessions", SESSION)
    assert len((await office.get("/due?on=2020-05-01&within=60"))["items"]) == 2
    assert len(await titles(office, "/calendar.ics")) == 2
    for path in ("suggestions", "presidium_meetings", "sessions"):
        one = {"suggestions": suggestion, "presidium_meetings": meeting, "sessions": session}[path]
        await office.post(f"/{path}/{one['id']}:void", WHY)
    assert (await office.get("/due?on=2020-05-01&within=60"))["items"] == []
    assert await titles(office, "/calendar.ics") == []
    assert (await office.get("/decisions?open_on=2020-05-01"))["items"] == []
    assert (await office.get("/suggestions?open_on=2020-12-31"))["items"] == []
    listed = await office.get("/suggestions:handling?year=2020")
    assert (listed["items"], listed["next_number"]) == ([], 1)
    handled = await office.get(f"/suggestions/{suggestion['id']}/handling?on=2020-05-01")
    assert (handled["next"], handled["due_on"], handled["overdue"]) == ([], None, False)
    await remind_now(office.driver.alive, Turns("activities", "test"))
    assert not [told for told in await office.told() if "due" in told]


async def test_the_workbook_voids_and_comes_back_unchanged(office: Office) -> None:
    parts = {"reports": [{"title": "政府工作报告"}]}
    decision = {"decisions": [{"text": "督办", "due_on": "2020-04-01"}]}
    for kind, entry, _ in ENTRIES:
        more = parts if kind == "sessions" else decision if kind == "presidium_meetings" else {}
        await office.post(f"/{kind}", entry | more)
    book = read(await office.get("/exports"), SHEETS)
    rows = {name: [dict(row.values) for row in book.rows(name)] for name in OF_KIND}
    for row in (row for sheet in rows.values() for row in sheet):
        row["void_reason"] = "登记重复"
    assert await imported(office, rows) == {"changed": 4, "new": 0}
    for kind, entry, _ in ENTRIES:
        (gone,) = (await office.get(f"/{kind}"))["items"]
        assert gone["void_reason"] == "登记重复", (kind, entry)
    again = await office.get("/exports")
    assert await sent(office, again) == {"changed": 0, "new": 0}
    for kind, entry, _ in ENTRIES[:3]:
        await office.post(f"/{kind}", entry)
    assert await sent(office, again) == {"changed": 0, "new": 0}
    assert await sent(office, await office.get("/exports")) == {"changed": 0, "new": 0}
    told = read(await office.get("/exports"), SHEETS)
    assert [row["void_reason"] for row in told.rows("代表建议")] == [None]


async def imported(office: Office, rows: Rows) -> dict[str, int]:
    return await sent(office, write([sheet for sheet in SHEETS if sheet.name in rows], rows))


async def sent(office: Office, data: bytes) -> dict[str, int]:
    answer = await office.driver.call("POST", "/imports", data=data, headers=AS_XLSX)
    assert answer.status == 200, answer.json
    return {name: answer.json["totals"][name] for name in ("changed", "new")}
