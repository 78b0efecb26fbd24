"""A voter's opinion erased: nowhere any more, with a note that it was, and counted as before."""

import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook

from shared.envelope import Event, verify_chain
from tests.component.activities.conftest import Office
from tests.component.activities.test_contacts import CONTACT
from tests.component.activities.test_opinions import TOLD
from tests.fixtures.apps import AS_XLSX

ANSWERED = "王大爷门前两盏已修好"
REASON = {"reason": "本人要求删除"}
BODY = {"received_on": "2020-04-15", "channel": "phone", "category": "道路交通", "text": TOLD}
SECRETS = (TOLD, ANSWERED, *CONTACT.values())


async def stored(office: Office) -> str:
    """The whole database as text, stored answers included."""
    database = office.driver.alive.store.database
    names = await database.list_collection_names()
    everything = [await database[name].find().to_list(None) for name in names]
    return json.dumps(everything, ensure_ascii=False, default=_readable)


def _readable(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def key(name: str) -> dict[str, Any]:
    return {"headers": {"Idempotency-Key": name}}


async def answered_and_closed(office: Office) -> str:
    """Path of an opinion with text, answer and contact, all of whose answers are stored."""
    path = f"/opinions/{(await office.post('/opinions', BODY, **key('one')))['id']}"
    await office.driver.call("PUT", f"{path}/contact", CONTACT, **key("two"))
    await office.post(f"{path}:answer", {"on": "2020-04-20", "text": ANSWERED}, **key("three"))
    await office.post(f"{path}:close", {"on": "2020-04-30"}, **key("four"))
    return path


async def exported(office: Office) -> str:
    answer = await office.driver.call("GET", "/exports")
    book = load_workbook(io.BytesIO(answer.json))
    return str([[cell.value for cell in row] for row in book["选民意见"].rows])


async def test_an_erased_opinion_is_nowhere_any_more(office: Office) -> None:
    path = await answered_and_closed(office)
    assert TOLD in await stored(office)
    before = await office.get(path)
    erased = await office.post(f"{path}:erase", REASON, **key("five"))
    assert erased["erased"]["by"] == "clerk"
    assert erased["erased"]["reason"] == REASON["reason"]
    changed = {"text", "answer", "erased", "version"}
    assert {name for name in before if before[name] != erased[name]} == changed
    seen = f"{await stored(office)}{await exported(office)}{await office.get('/opinions')}"
    assert not [secret for secret in SECRETS if secret in seen]
    await office.refused("GET", f"{path}/contact", None, status=404, code="not-found")
    said = {"on": "2020-04-20", "text": ANSWERED}
    for name, place, body in (("one", "/opinions", BODY), ("three", f"{path}:answer", said)):
        again = await office.driver.call("POST", place, body, **key(name))
        assert (again.status, again.code) == (409, "answer-forgotten"), name
    repeated = await office.driver.call("POST", f"{path}:erase", REASON, **key("five"))
    assert repeated.json == erased
    assert (await office.get("/integrity"))["faults"] == []


async def test_the_log_says_that_it_was_erased_and_never_had_its_words(office: Office) -> None:
    path = await answered_and_closed(office)
    await office.post(f"{path}:erase", {"reason": f"{CONTACT['name']}要求删除"})
    events = await office.driver.events()
    assert not [secret for secret in SECRETS if secret in str(events)]
    verify_chain([Event.model_validate(event) for event in events])
    last = events[-1]
    assert (last["type"], last["actor"]) == ("activities.opinion.erased.v1", "clerk")
    assert last["data"]["erased_on"] == (await office.get(path))["erased"]["on"]
    assert last["data"] | {"erased_on": None, "version": 0} == {
        **events[-2]["data"],
        "erased_on": None,
        "version": 0,
    }


async def test_the_note_is_for_the_office(office: Office) -> None:
    path = await answered_and_closed(office)
    await office.post(f"{path}:erase", REASON)
    assert (await office.get(path, token=office.driver.token("deputy")))["erased"] is None
    for role in ("deputy", "leader", "county", "auditor", "teller"):
        token = office.driver.token(role)
        await office.refused("POST", f"{path}:erase", REASON, status=403, code="forbidden", token=token)
    await office.refused("POST", f"{path}:erase", {}, status=422, code="invalid-input")
    await office.refused("POST", f"{path}:erase", {"reason": " "}, status=422, code="invalid-input")


async def test_no_door_brings_it_back(office: Office) -> None:
    path = f"/opinions/{(await office.post('/opinions', BODY))['id']}"
    await office.post(f"{path}:erase", REASON)
    said = {"on": "2020-04-20", "text": ANSWERED}
    for method, place, body in (
        ("PATCH", path, {"text": TOLD}),
        ("PATCH", path, {"answer": ANSWERED}),
        ("POST", f"{path}:answer", said),
        ("PUT", f"{path}/contact", CONTACT),
    ):
        await office.refused(method, place, body, status=409, code="opinion-erased")
    answered = await office.post(f"{path}:answer", {"on": "2020-04-20"})
    assert answered["state"] == "answered"
    assert (await office.patch(path, {"category": "其他"}))["category"] == "其他"


@pytest.mark.parametrize("with_steps", [False, True])
async def test_an_older_workbook_leaves_it_erased(office: Office, with_steps: bool) -> None:
    path = await answered_and_closed(office) if with_steps else None
    if path is None:
        path = f"/opinions/{(await office.post('/opinions', BODY))['id']}"
    book = (await office.driver.call("GET", "/exports")).json
    await office.post(f"{path}:erase", REASON)
    events = await office.driver.events()
    answer = await office.driver.call(
        "POST", "/imports", data=book, headers={**AS_XLSX, **key("import")["headers"]}
    )
    assert answer.status in (200, 201), answer.json
    assert TOLD not in await stored(office)
    assert await office.driver.events() == events
