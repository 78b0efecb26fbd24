"""The answer of a commit that is lost: as many records as were acknowledged, each once, whatever the error said."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import chain, repeat
from types import SimpleNamespace
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, OperationFailure, PyMongoError

from services.host.embedded import EmbeddedMongo
from shared.envelope import verify_chain
from shared.errors import Unavailable
from shared.ids import new_id
from shared.process.runtime import running
from shared.process.service import Running
from shared.storage import mongo, outbox, transactions
from shared.storage.idempotency import Answer, IdempotencyKey
from shared.storage.units import DatabaseUnavailable
from shared.storage.work import Collection, Work
from shared.transport.memory import MemoryTransport
from tests.faults.proxy import Proxy
from tests.fixtures.commands import counted
from tests.integration.shared import toys
from tests.integration.shared.conftest import Start
from tests.integration.shared.test_chain import SOURCE, light
from tests.integration.shared.toys import LAMPS, TOWN

UNKNOWN = {"errorLabels": ["UnknownTransactionCommitResult"]}
LOST: dict[str, Callable[[], PyMongoError]] = {
    "reconnect": lambda: AutoReconnect("the answer was lost"),
    "unknown": lambda: OperationFailure("nobody knows", 50, UNKNOWN),
    "unlabelled": lambda: OperationFailure("an error nobody labelled", 8000),
}


@pytest.fixture
def new_transport() -> Callable[[str], MemoryTransport]:
    """What is published does not matter here."""
    return lambda _service: MemoryTransport()


class Commits:
    """Stands before a session's commits and loses the answers of as many as it is told."""

    def __init__(self, session: mongo.Session, error: Callable[[], PyMongoError]) -> None:
        self._commit: Callable[[], Awaitable[None]] = session.commit_transaction
        self._session, self._error = session, error
        self.taking_effect: list[bool] = []

    async def __call__(self) -> None:
        if not self.taking_effect:
            await self._commit()
            return
        if self.taking_effect.pop(0):
            await self._commit()
        elif not self._error().has_error_label("UnknownTransactionCommitResult"):
            await self._session.abort_transaction()
        raise self._error()


@pytest.fixture(params=sorted(LOST))
def error(request: pytest.FixtureRequest) -> Callable[[], PyMongoError]:
    return LOST[request.param]


async def losing(lamps: Running, error: Callable[[], PyMongoError]) -> Commits:
    session: Any = await lamps.store.open()
    commits = Commits(session, error)
    session.commit_transaction = commits
    return commits


async def written(lamps: Running) -> Counter[str]:
    """How often each lamp is in the log; the log and the records agree."""
    sequence, hash = await outbox.head(lamps.store, SOURCE)
    events = await outbox.read(lamps.store, SOURCE, after=0, limit=1000)
    assert verify_chain(events) == (sequence, hash)
    records = await lamps.store.reading(TOWN, "t").find(LAMPS)
    assert sorted(lamp.name for lamp in records) == sorted(event.data["name"] for event in events)
    return Counter(event.data["name"] for event in events)


async def lit(lamps: Running, name: str) -> str:
    """Written without an Idempotency-Key."""
    await lamps.store.execute(town=TOWN, actor="t", run=partial(toys.light, name=name))
    return name


async def test_n_asked_n_acknowledged_n_written_when_answers_are_lost(
    start: Start, error: Callable[[], PyMongoError]
) -> None:
    lamps = await start(toys.lamps())
    commits = await losing(lamps, error)
    asked = [f"lamp {n}" for n in range(12)]
    commits.taking_effect = [True, True]
    acknowledged = await asyncio.gather(*(lit(lamps, name) for name in asked))
    acknowledged += [await lit(lamps, "one more")]
    assert sorted(acknowledged) == sorted([*asked, "one more"])
    assert await written(lamps) == Counter(acknowledged)


async def test_what_did_not_take_effect_is_done_again_or_refused_never_half(
    start: Start, error: Callable[[], PyMongoError]
) -> None:
    lamps = await start(toys.lamps())
    commits = await losing(lamps, error)
    commits.taking_effect = [False, False]
    asked = [f"lamp {n}" for n in range(12)]
    outcomes = await asyncio.gather(*(lit(lamps, name) for name in asked), return_exceptions=True)
    acknowledged = [one for one in outcomes if isinstance(one, str)]
    assert all(isinstance(one, str | Unavailable | PyMongoError) for one in outcomes)
    assert await written(lamps) == Counter(acknowledged)
    commits.taking_effect.clear()
    for name in asked:
        if name not in acknowledged:
            await lit(lamps, name)
    assert await written(lamps) == Counter(asked)


async def test_what_waits_behind_a_lost_database_is_told_of_the_database(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamps = await start(toys.lamps())
    monkeypatch.setattr(transactions, "in_transaction", partial(transactions.in_transaction, seconds=0.2))
    session: Any = await lamps.store.open()
    commit, fails = session.commit_transaction, chain(["unlabelled", ""], repeat("reconnect"))

    async def commit_or_fail() -> None:
        if name := next(fails):  # of all together, not of the first alone, of the next alone
            await session.abort_transaction()
            error = LOST[name]()
            raise error
        await commit()

    session.commit_transaction = commit_or_fail
    first, *others = await asyncio.gather(
        *(lit(lamps, f"lamp {n}") for n in range(6)), return_exceptions=True
    )
    assert first == "lamp 0"
    assert [type(one) for one in others] == [DatabaseUnavailable] * 5


async def test_a_long_transaction_leaves_its_commit_the_whole_time(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamps = await start(toys.lamps())
    commits = await losing(lamps, LOST["unknown"])
    commits.taking_effect = [True, True]
    readings = chain([0.0], repeat(2 * mongo.DEADLINE_SECONDS))  # the body begins at 0
    monkeypatch.setattr(transactions, "time", SimpleNamespace(monotonic=partial(next, readings)))
    assert await lit(lamps, "north") == "north"
    assert commits.taking_effect == []
    assert await written(lamps) == Counter(["north"])


async def test_a_transaction_whose_session_was_ended_runs_again(start: Start) -> None:
    """By another process, which took this one for dead."""
    lamps = await start(toys.lamps())
    runs: list[int] = []

    async def body(_: mongo.Session) -> int:
        runs.append(len(runs))
        if len(runs) == 1:
            raise OperationFailure("operation was interrupted", transactions.INTERRUPTED)
        return runs[-1]

    async def committed() -> bool:
        return False

    session = await lamps.store.open()
    assert await transactions.in_transaction(session, body, committed=committed) == 1


async def keyed(lamps: Running, name: str) -> Answer:
    answer = await lamps.store.execute_once(
        town=TOWN,
        actor="t",
        run=partial(toys.light, name=name),
        answer=lambda lamp: Answer(201, {}, lamp.id.encode()),
        key=IdempotencyKey(f"key of {name}", "the request"),
    )
    return answer if isinstance(answer, Answer) else Answer(201, {}, answer.id.encode())


async def test_a_repeated_key_gives_the_answer_that_was_lost(
    start: Start, error: Callable[[], PyMongoError]
) -> None:
    lamps = await start(toys.lamps())
    commits = await losing(lamps, error)
    commits.taking_effect = [True]
    first = await asyncio.gather(*(keyed(lamps, f"lamp {n}") for n in range(4)))
    again = await asyncio.gather(*(keyed(lamps, f"lamp {n}") for n in range(4)))
    assert [one.body for one in again] == [one.body for one in first]
    assert await written(lamps) == Counter(f"lamp {n}" for n in range(4))


async def test_a_repetition_that_meets_the_effect_of_the_first_gives_its_answer(start: Start) -> None:
    """The connection broke while the first was being committed; the second has begun by then."""
    lamps = await start(toys.lamps())
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def late(work: Work) -> toys.Lamp:
        begun.set()
        await go_on.wait()
        if await work.find(toys.LAMPS, {"name": "north"}):
            raise toys.LampExists
        return await toys.light(work, "north")

    key, kept = IdempotencyKey("key of north", "the request"), lambda lamp: Answer(201, {}, lamp.id.encode())
    second = asyncio.create_task(
        lamps.store.execute_once(town=TOWN, actor="t", run=late, answer=kept, key=key)
    )
    await begun.wait()
    first = await keyed(lamps, "north")
    go_on.set()
    answer = await second
    assert isinstance(answer, Answer)
    assert answer.body == first.body


async def test_a_request_that_changed_nothing_is_known_by_its_answer(
    start: Start, error: Callable[[], PyMongoError]
) -> None:
    """Nothing but the answer is written: it alone tells that the commit took effect."""
    lamps = await start(toys.lamps())
    commits = await losing(lamps, error)

    async def nothing(_: Work) -> str:
        return "unchanged"

    commits.taking_effect = [True]
    found = await lamps.store.execute_once(
        town=TOWN,
        actor="t",
        run=nothing,
        answer=lambda text: Answer(200, {}, text.encode()),
        key=IdempotencyKey("key of nothing", "the request"),
    )
    assert found == "unchanged"


@pytest.mark.parametrize("after", [None, toys.LAMPS, toys.SAFES])
async def test_a_record_with_an_encrypted_field_alone_tells_that_the_commit_took_effect(
    start: Start,
    error: Callable[[], PyMongoError],
    after: Collection[toys.Lamp] | None,
) -> None:
    """`after`: a record is locked behind it, of another collection or of the same."""
    lamps = await start(toys.lamps())
    safe = toys.Lamp(id=new_id(), town=TOWN, name="safe", secret="3-1-4")
    beside = toys.Lamp(id=new_id(), town=TOWN, name="beside", version=1)
    for name, one in (("safes", safe), *([(after.name, beside)] if after else [])):
        collection = toys.SAFES if name == "safes" else toys.LAMPS
        await lamps.store.execute(
            town=TOWN, actor="t", run=partial(_created, collection=collection, record=one)
        )
    commits = await losing(lamps, error)

    async def brighter(work: Work) -> None:
        kept = await work.require(toys.SAFES, safe.id)
        work.change(toys.SAFES, kept.model_copy(update={"bright": kept.bright + 1}), "changed")
        if after is not None:
            work.lock(after, beside)

    commits.taking_effect = [True]
    await lamps.store.execute(town=TOWN, actor="t", run=brighter)
    assert (await lamps.store.reading(TOWN, "t").require(toys.SAFES, safe.id)).bright == 1


async def _created(work: Work, collection: Collection[toys.Lamp], record: toys.Lamp) -> None:
    work.create(collection, record, "lit")


async def test_an_outcome_nobody_knows_is_503_and_the_key_tells_it_later(
    private_mongo: EmbeddedMongo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mongo, "DEADLINE_SECONDS", 2.0)
    monkeypatch.setattr(transactions, "in_transaction", partial(transactions.in_transaction, seconds=1.0))
    way = Proxy([int(private_mongo.url.rpartition(":")[2].partition("/")[0])])
    await way.start()
    url = private_mongo.url.replace(f":{way._targets[0]}", f":{way.port}")
    carrier = MemoryTransport()
    await carrier.start()
    try:
        async with running(toys.lamps(), mongo_url=url, transport=carrier, database="lamps") as lamps:
            session: Any = await lamps.store.open()
            commit = session.commit_transaction

            async def committed_then_away() -> None:
                await commit()
                session.commit_transaction = commit
                await way.stop()
                raise OperationFailure("an error nobody labelled", 8000)

            session.commit_transaction = committed_then_away
            with pytest.raises(Unavailable):
                await keyed(lamps, "north")
            await way.start()
            answer = await keyed(lamps, "north")
            (lamp,) = await lamps.store.reading(TOWN, "t").find(LAMPS)
            assert answer.body == lamp.id.encode()
            assert await written(lamps) == Counter(["north"])
            await light(lamps, "south")
            assert await written(lamps) == Counter(["north", "south"])
    finally:
        await carrier.stop()
        await way.stop()


async def test_a_record_that_is_locked_without_pause_for_a_moment_is_changed_after_it(start: Start) -> None:
    """Its tries are spread over seconds, though each takes only milliseconds."""
    lamps = await start(toys.lamps())
    lamp = await light(lamps, "north")
    loop, tries = asyncio.get_running_loop(), 0
    until = loop.time() + 0.8

    async def overtaken(work: Work) -> toys.Lamp:
        nonlocal tries
        tries += 1
        changed = await toys.brighten(work, lamp.id)
        if loop.time() < until:
            place = {"_id": lamp.id, "town": TOWN}
            await lamps.store.database[LAMPS.name].update_one(place, {"$inc": {"held": 1}})
        return changed

    assert (await lamps.store.execute(town=TOWN, actor="t", run=overtaken)).bright == 1
    assert tries > 1


async def test_replicas_that_write_in_turn_do_not_build_transactions_that_fail(start: Start) -> None:
    replicas = [await start(toys.lamps()), await start(toys.lamps())]
    towns = [f"34028{number:04d}" for number in range(4)]
    with counted() as spent:
        for turn in range(20):
            store = replicas[turn % 2].store
            for town in towns:
                await store.execute(town=town, actor="t", run=partial(toys.light, name=f"lamp {turn}"))
    # Each learns of the other by one that fails.
    assert spent.commands["abortTransaction", "1"] <= len(replicas)
    assert spent.commands["commitTransaction", "1"] == 20 * len(towns)
