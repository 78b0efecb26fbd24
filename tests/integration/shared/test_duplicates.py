"""Duplicates are told by the key pattern of the server's answer, never by its message, which quotes users' text."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from pydantic import BaseModel
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure

from shared.clock import SystemClock
from shared.errors import Conflict
from shared.ids import new_id
from shared.storage import idempotency, mongo, outbox, store
from shared.storage.indexes import IndexSpec
from shared.storage.work import Collection, Index, Record, Work

TOWN = "340281199"


class NameTaken(Conflict):
    slug, title = "name-taken", "名称已用"


class NumberTaken(Conflict):
    slug, title = "number-taken", "编号已用"


class Seat(Record):
    name: str
    number: int


class SeatFact(BaseModel):
    id: str
    version: int
    name: str


SEATS = Collection(
    "seats",
    Seat,
    "seat",
    SeatFact,
    (
        Index(("town", "name"), unique=True, duplicate=NameTaken),
        Index(("town", "number"), unique=True, duplicate=NumberTaken),
    ),
)


@pytest.fixture
async def seats(mongo_url: str, database_prefix: str) -> AsyncIterator[store.Store]:
    async with mongo.connected(mongo_url, app_name="seats") as client:
        database = client[f"{database_prefix}seats"]
        indexes = [IndexSpec("seats", index.keys, unique=True) for index in SEATS.indexes]
        names = [*outbox.COLLECTIONS, idempotency.NAME, "seats"]
        await mongo.prepare(database, names, [*indexes, *idempotency.INDEXES])
        real = store.Store(database, service="seats", collections=(SEATS,), clock=SystemClock())
        yield real
        await real.close()


async def take(seats: store.Store, name: str, number: int) -> None:
    async def run(work: Work) -> None:
        work.create(SEATS, Seat(id=new_id(), town=work.town, name=name, number=number), "taken")

    await seats.execute(town=TOWN, actor="t", run=run)


HOSTILE: Sequence[str] = (
    "seats.town_number",
    "index: seats.town_number dup key: { number: 1 }",
    "E11000 duplicate key error collection: answers index: _id_ dup key",
    '{"keyPattern": {"town": 1, "number": 1}}',
)


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_name_that_reads_like_another_index_misleads_nobody(seats: store.Store, name: str) -> None:
    await take(seats, name, 1)
    with pytest.raises(NameTaken):
        await take(seats, name, 2)
    with pytest.raises(NumberTaken):
        await take(seats, "another", 1)


async def test_of_a_group_the_others_do_not_suffer_for_a_duplicate(seats: store.Store) -> None:
    await take(seats, "first", 1)
    outcomes = await asyncio.gather(
        take(seats, "first", 2), take(seats, "second", 3), take(seats, "third", 1), return_exceptions=True
    )
    assert [type(one) for one in outcomes] == [NameTaken, type(None), NumberTaken]


def refusal(keys: dict[str, int], message: str) -> dict[str, Any]:
    return {"index": 0, "code": 11000, "errmsg": message, "keyPattern": keys, "keyValue": {}}


class Refusing:
    """A collection whose server refuses, in words that name another index."""

    name = "seats"

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def insert_many(self, *_: Any, **__: Any) -> None:
        raise self._error

    async def bulk_write(self, *_: Any, **__: Any) -> None:
        raise self._error


@pytest.mark.parametrize("bulk", [True, False])
async def test_the_key_pattern_is_believed_not_the_message(bulk: bool) -> None:
    message = "E11000 duplicate key error index: seats.town_number dup key"
    found = refusal({"town": 1, "name": 1}, message)
    error: Exception = (
        BulkWriteError({"writeErrors": [found], "nInserted": 0})
        if bulk
        else DuplicateKeyError(message, 11000, found)
    )
    refusing: Any = Refusing(error)
    for attempt in (mongo.insert(refusing, [{}]), mongo.bulk_write(refusing, [mongo.DeleteOne({})])):
        with pytest.raises(mongo.Duplicated) as caught:
            await attempt
        assert caught.value.keys == ("town", "name")


async def test_an_error_that_is_no_duplicate_stays_what_it_is() -> None:
    too_large = {"index": 0, "code": 10334, "errmsg": "too large; E11000 keyPattern town_name"}
    refusing: Any = Refusing(BulkWriteError({"writeErrors": [too_large], "nInserted": 0}))
    for attempt in (mongo.insert(refusing, [{}]), mongo.insert_missing(refusing, [{}])):
        with pytest.raises(BulkWriteError):
            await attempt


async def test_a_write_concern_error_alone_is_not_taken_for_success() -> None:
    waiting = {"code": 64, "errmsg": "waiting", "errInfo": {"wtimeout": True}}
    failed = {"writeErrors": [], "writeConcernErrors": [waiting], "nInserted": 1}
    refusing: Any = Refusing(BulkWriteError(failed))
    for attempt in (mongo.insert(refusing, [{}]), mongo.insert_missing(refusing, [{}])):
        with pytest.raises(BulkWriteError) as caught:
            await attempt
        assert mongo.is_temporary(caught.value)


@pytest.mark.parametrize("code", [43, 134, 175, 237, 262, 11601])
def test_what_says_nothing_of_the_request_is_temporary(code: int) -> None:
    """Without a label: a cursor or plan that was killed, a session that was, a majority that is not there yet."""
    assert mongo.is_temporary(OperationFailure("killed", code))


@pytest.mark.parametrize("code", [50, 64], ids=["MaxTimeMSExpired", "WriteConcernFailed"])
def test_a_majority_that_is_late_is_waited_for(code: int) -> None:
    """Without a label where many are written at once."""
    late = {"code": code, "errmsg": "waiting", "errInfo": {"wtimeout": True}}
    assert mongo.is_temporary(BulkWriteError({"writeErrors": [], "writeConcernErrors": [late]}))
    refused = {"code": 100, "errmsg": "not enough members"}
    assert not mongo.is_temporary(BulkWriteError({"writeErrors": [], "writeConcernErrors": [refused]}))
