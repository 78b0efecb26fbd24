"""The HTTP door over a real store: what only a database can decide."""

import asyncio
from collections import Counter

import pytest

from shared.errors import Conflict
from shared.http import Api
from shared.process.service import Service
from shared.settings import Settings
from shared.storage.work import Collection, Index
from tests.fixtures.apps import Drive, Driver
from tests.unit.shared import sample

pytest_plugins = ["tests.fixtures.apps"]
pytestmark = pytest.mark.mongo

NOTE = {"title": "春耕", "written_on": "2020-03-01"}


class Taken(Conflict):
    slug, title = "title-taken", "已有同名的笔记"


@pytest.fixture
async def notes(drive: Drive) -> Driver:
    kept = Collection("notes", sample.Note, indexes=(Index(("town", "title"), unique=True, duplicate=Taken),))
    api: Api = sample.sample()
    return await drive(Service("notes", api, Settings(), (kept,), {}))


async def test_of_many_changes_of_one_version_one_succeeds(notes: Driver) -> None:
    note = await notes.post("/notes", NOTE)
    guarded = {"If-Match": '"1"'}
    answers = await asyncio.gather(
        *(notes.call("PATCH", f"/notes/{note['id']}", {"pages": n}, headers=guarded) for n in range(8))
    )
    assert Counter(answer.status for answer in answers) == {200: 1, 412: 7}
    (winner,) = [answer.json for answer in answers if answer.status == 200]
    assert await notes.get(f"/notes/{note['id']}") == winner


async def test_unguarded_changes_all_succeed_in_some_order(notes: Driver) -> None:
    note = await notes.post("/notes", NOTE)
    answers = await asyncio.gather(
        *(notes.call("PATCH", f"/notes/{note['id']}", {"pages": n}) for n in range(4))
    )
    assert sorted(answer.json["version"] for answer in answers) == [2, 3, 4, 5]


async def test_one_key_makes_one_record_however_often_it_is_sent(notes: Driver) -> None:
    keyed = {"Idempotency-Key": "k-1"}
    answers = await asyncio.gather(*(notes.call("POST", "/notes", NOTE, headers=keyed) for _ in range(6)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert len((await notes.get("/notes"))["items"]) == 1
    other = await notes.call("POST", "/notes", {**NOTE, "title": "秋收"}, headers=keyed)
    assert (other.status, other.code) == (409, "conflict")


async def test_a_refused_request_may_be_sent_again_under_its_key(notes: Driver) -> None:
    keyed = {"Idempotency-Key": "k-2"}
    first = await notes.post("/notes", NOTE)
    refused = await notes.call("POST", "/notes", NOTE, headers=keyed)
    assert (refused.status, refused.code) == (409, "title-taken")
    await notes.call("PATCH", f"/notes/{first['id']}", {"title": "旧的"})
    assert (await notes.call("POST", "/notes", NOTE, headers=keyed)).status == 201


async def test_batch_with_a_duplicate_leaves_nothing(notes: Driver) -> None:
    items = [{**NOTE, "title": f"第{number}篇"} for number in range(50)]
    refused = await notes.call("POST", "/notes:batch", {"items": [*items, items[7]]})
    assert (refused.status, refused.code) == (409, "title-taken")
    assert (await notes.get("/notes"))["items"] == []
    created = (await notes.post("/notes:batch", {"items": items}))["items"]
    assert [note["title"] for note in created] == [item["title"] for item in items]


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_full_batch_fits(notes: Driver) -> None:
    items = [{**NOTE, "title": f"第{number}篇", "secret": "长" * 500} for number in range(2000)]
    created = (await notes.post("/notes:batch", {"items": items}))["items"]
    assert len(created) == 2000


async def test_pages_in_order_of_entry_while_others_write(notes: Driver) -> None:
    titles = [f"第{number}篇" for number in range(10)]
    for title in titles:
        await notes.post("/notes", {**NOTE, "title": title, "words": [title[1]]})
    seen, cursor = [], ""
    while True:
        page = await notes.get(f"/notes?limit=3{cursor}")
        seen += [note["title"] for note in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
        if len(seen) == 3:
            await notes.post("/notes", {**NOTE, "title": "后来"})
    assert seen == [*titles, "后来"]
    found = await notes.get("/notes?words=4")
    assert [note["title"] for note in found["items"]] == ["第4篇"]


async def test_integers_at_the_edge_are_kept(notes: Driver) -> None:
    note = await notes.post("/notes", {**NOTE, "pages": 2**53 - 1})
    assert (await notes.get(f"/notes/{note['id']}"))["pages"] == 2**53 - 1
    found = await notes.get(f"/notes?pages={2**53 - 1}")
    assert len(found["items"]) == 1


async def test_other_towns_records_do_not_exist(notes: Driver) -> None:
    note = await notes.post("/notes", NOTE)
    there = f"//notes/v1/towns/340281198/notes/{note['id']}"
    neighbour = notes.token("office", area="340281198")
    assert (await notes.call("GET", there, token=neighbour)).status == 404
    assert (await notes.call("PATCH", there, {"pages": 1}, token=neighbour)).status == 404
    assert (await notes.call("POST", f"{there}:close", {}, token=neighbour)).status == 404
    assert (await notes.call("GET", f"/notes/{note['id']}", token=neighbour)).status == 404
    assert (await notes.call("PATCH", f"/notes/{note['id']}", {"pages": 1}, token=neighbour)).status == 403


async def test_ready_as_long_as_database_and_broker_are_there(notes: Driver) -> None:
    answer = await notes.call("GET", "//notes/health/ready")
    assert answer.status == 200
    assert answer.json["services"] == {"notes": {"database": True, "broker": True, "tasks": True}}
    await notes.transport.stop()
    answer = await notes.call("GET", "//notes/health/ready")
    assert (answer.status, answer.json["services"]["notes"]["broker"]) == (503, False)
    await notes.transport.start()
