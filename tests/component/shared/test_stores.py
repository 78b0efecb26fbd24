"""What every Store does that requests are served from: the real one, and the one in memory that stands in for it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from functools import partial

import pytest
from pymongo.errors import DuplicateKeyError

from shared.errors import Conflict, Stale
from shared.http.call import Store
from shared.ids import new_id
from shared.storage import idempotency, mongo, outbox, store
from shared.storage.idempotency import Answer, IdempotencyKey
from shared.storage.indexes import IndexSpec
from shared.storage.units import Superseded, Unit
from shared.storage.work import BY_TOWN, Work
from tests.unit.shared.sample import CLOCK, NOTES, MemoryStore, Note

TOWN, OTHER_TOWN = "340281199", "340281198"
KEY = IdempotencyKey("the key", "the request")


@pytest.fixture(params=["memory", "database"])
async def notes(request: pytest.FixtureRequest, mongo_url: str, database_prefix: str) -> AsyncIterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    async with mongo.connected(mongo_url, app_name="stores") as client:
        database = client[f"{database_prefix}notes"]
        names = [*outbox.COLLECTIONS, idempotency.NAME, NOTES.name]
        own = [IndexSpec(NOTES.name, keys) for keys in (BY_TOWN.keys, ("title", "_id"), ("words", "_id"))]
        await mongo.prepare(database, names, [*own, *idempotency.INDEXES])
        real = store.Store(database, service="notes", collections=(NOTES,), clock=CLOCK)
        yield real
        await real.close()


async def test_an_index_that_an_earlier_release_declared_is_dropped_at_the_next_start(
    mongo_url: str, database_prefix: str
) -> None:
    async with mongo.connected(mongo_url, app_name="stores") as client:
        database = client[f"{database_prefix}notes"]
        kept, left = IndexSpec(NOTES.name, BY_TOWN.keys), IndexSpec(NOTES.name, ("title",))
        await mongo.prepare(database, [NOTES.name], [kept, left])
        await database[NOTES.name].create_index("words", name="of an operator")
        for _ in ("at the first start", "at every later one"):
            await mongo.prepare(database, [NOTES.name], [kept], [left])
        assert {*await database[NOTES.name].index_information()} == {"_id_", kept.name, "of an operator"}


async def test_a_process_of_an_earlier_release_leaves_the_indexes_of_a_later_one(
    mongo_url: str, database_prefix: str
) -> None:
    """Both run for a while during an upgrade, and a unique index keeps out what the later one may not write."""
    async with mongo.connected(mongo_url, app_name="stores") as client:
        database = client[f"{database_prefix}notes"]
        both, new = IndexSpec(NOTES.name, BY_TOWN.keys), IndexSpec(NOTES.name, ("title",), unique=True)
        await mongo.prepare(database, [NOTES.name], [both, new])
        await mongo.prepare(database, [NOTES.name], [both])
        notes = database[NOTES.name]
        await notes.insert_one({"_id": "1", "title": "春耕"})
        with pytest.raises(DuplicateKeyError):
            await notes.insert_one({"_id": "2", "title": "春耕"})


def note(title: str = "春耕", **fields: object) -> Note:
    return Note.model_validate(
        {"id": new_id(), "town": TOWN, "title": title, "written_on": date(2020, 3, 1), **fields}
    )


async def written(notes: Store, *some: Note) -> None:
    async def run(work: Work) -> None:
        for one in some:
            work.create(NOTES, one, "written")

    await notes.execute(town=some[0].town, actor="clerk", run=run)


def retitled(work: Work, before: Note, title: str) -> Note:
    return work.change(NOTES, before.model_copy(update={"title": title}), "corrected")


async def retitle(work: Work, id: str, title: str) -> Note:
    return retitled(work, await work.require(NOTES, id), title)


async def found(notes: Store, town: str = TOWN) -> list[tuple[str, int]]:
    return [(one.title, one.version) for one in await notes.reading(town, "clerk").find(NOTES)]


async def test_what_a_use_case_wrote_is_found_afterwards_in_its_town_alone(notes: Store) -> None:
    own = note()
    await written(notes, own)
    assert await notes.reading(TOWN, "reader").get(NOTES, own.id) == own.model_copy(update={"version": 1})
    assert await notes.reading(OTHER_TOWN, "reader").get(NOTES, own.id) is None


async def test_a_use_case_that_fails_writes_nothing(notes: Store) -> None:
    async def run(work: Work) -> None:
        work.create(NOTES, note(), "written")
        raise Conflict

    with pytest.raises(Conflict):
        await notes.execute(town=TOWN, actor="clerk", run=run)
    assert await found(notes) == []


async def test_what_is_only_read_through_is_never_written(notes: Store) -> None:
    notes.reading(TOWN, "clerk").create(NOTES, note(), "written")
    assert await found(notes) == []


async def test_a_change_in_between_makes_the_use_case_start_again(notes: Store) -> None:
    own, seen = note(), []
    await written(notes, own)

    async def run(work: Work) -> Note:
        before = await work.require(NOTES, own.id)
        seen.append(before.title)
        if len(seen) == 1:
            await notes.execute(town=TOWN, actor="other", run=lambda w: retitle(w, own.id, "夏收"))
        return retitled(work, before, "秋种")

    changed = await notes.execute(town=TOWN, actor="clerk", run=run)
    assert (seen, changed.version) == (["春耕", "夏收"], 3)
    assert await found(notes) == [("秋种", 3)]


async def test_a_change_in_between_is_told_where_nothing_may_be_done_again(notes: Store) -> None:
    own = note()
    await written(notes, own)

    async def run(work: Work) -> Note:
        before = await work.require(NOTES, own.id)
        await notes.execute(town=TOWN, actor="other", run=lambda w: retitle(w, own.id, "夏收"))
        return retitled(work, before, "秋种")

    with pytest.raises(Stale):
        await notes.execute(town=TOWN, actor="clerk", run=run, retry=False)
    assert await found(notes) == [("夏收", 2)]


@pytest.mark.parametrize("write", ["change", "remove", "lock"])
async def test_a_change_between_two_reads_makes_the_use_case_start_again(notes: Store, write: str) -> None:
    """What was decided by the first read is written over what the second found."""
    own, decided = note(), []
    await written(notes, own)

    async def run(work: Work) -> None:
        decided.append((await work.require(NOTES, own.id)).title)
        if len(decided) == 1:
            await notes.execute(town=TOWN, actor="other", run=lambda w: retitle(w, own.id, "夏收"))
        again = await work.require(NOTES, own.id)
        work.create(NOTES, note(decided[-1]), "written")
        if write == "change":
            retitled(work, again, "秋种")
        else:
            (work.remove if write == "remove" else work.lock)(NOTES, again)

    await notes.execute(town=TOWN, actor="clerk", run=run)
    assert decided == ["春耕", "夏收"]
    left = {"change": [("秋种", 3)], "remove": [], "lock": [("夏收", 2)]}[write]
    assert sorted(await found(notes)) == sorted([*left, ("夏收", 1)])


async def test_a_record_that_appears_between_two_reads_makes_the_use_case_start_again(notes: Store) -> None:
    own, decided = note(), []

    async def run(work: Work) -> None:
        decided.append(await work.get(NOTES, own.id) is not None)
        if len(decided) == 1:
            await written(notes, own)
        retitled(work, await work.require(NOTES, own.id), "秋种")

    await notes.execute(town=TOWN, actor="clerk", run=run)
    assert (decided, await found(notes)) == ([False, True], [("秋种", 2)])


async def test_changes_at_the_same_time_are_all_made(notes: Store) -> None:
    own = note()
    await written(notes, own)

    async def run(work: Work) -> Note:
        before = await work.require(NOTES, own.id)
        await asyncio.sleep(0)  # so that all have read before the first writes
        return retitled(work, before, "秋种")

    await asyncio.gather(*(notes.execute(town=TOWN, actor="clerk", run=run) for _ in range(5)))
    assert await found(notes) == [("秋种", 6)]


async def test_a_unit_is_written_whole_or_not_at_all(notes: Store) -> None:
    own = note()
    await written(notes, own)
    late = notes.reading(TOWN, "clerk")
    await retitle(late, own.id, "秋种")
    late.create(NOTES, note("新的"), "written")
    await notes.execute(town=TOWN, actor="other", run=lambda work: retitle(work, own.id, "夏收"))
    with pytest.raises(Superseded):
        await notes.commit(Unit([late]))
    assert await found(notes) == [("夏收", 2)]


async def test_a_lock_is_in_the_way_of_whoever_changed_the_record_meanwhile(notes: Store) -> None:
    own = note()
    await written(notes, own)
    late = notes.reading(TOWN, "clerk")
    late.lock(NOTES, await late.require(NOTES, own.id))
    await notes.execute(town=TOWN, actor="other", run=lambda work: retitle(work, own.id, "夏收"))
    with pytest.raises(Superseded):
        await notes.commit(Unit([late]))


@pytest.mark.parametrize("ends", ["change", "remove"])
async def test_whoever_read_a_record_before_it_was_locked_is_in_the_way_of_the_lock(
    notes: Store, ends: str
) -> None:
    """What refers to a record is written with a lock on it: who ends the record has not seen that."""
    own = note()
    await written(notes, own)
    late = notes.reading(TOWN, "clerk")
    before = await late.require(NOTES, own.id)
    assert await late.find(NOTES, {"title": "引用"}) == []

    async def refer(work: Work) -> None:
        work.lock(NOTES, await work.require(NOTES, own.id))
        work.create(NOTES, note("引用"), "written")

    for _ in range(2):  # locks alone are not in each other's way
        await notes.execute(town=TOWN, actor="other", run=refer)
    if ends == "change":
        retitled(late, before, "秋种")
    else:
        late.remove(NOTES, before)
    with pytest.raises(Superseded):
        await notes.commit(Unit([late]))
    for title in ("夏收", "秋种"):
        await notes.execute(town=TOWN, actor="clerk", run=partial(retitle, id=own.id, title=title))
    assert sorted(await found(notes)) == [("引用", 1), ("引用", 1), ("秋种", 3)]


async def test_what_is_removed_is_gone(notes: Store) -> None:
    own = note()
    await written(notes, own)
    work = notes.reading(TOWN, "clerk")
    work.remove(NOTES, await work.require(NOTES, own.id))
    await notes.commit(Unit([work]))
    assert await found(notes) == []


async def test_of_a_projection_the_newest_version_stays(notes: Store) -> None:
    for version, title in ((2, "夏收"), (1, "春耕"), (3, "秋种")):
        work = notes.reading(TOWN, "clerk")
        work.project(NOTES, note(title, id="foreign", version=version))
        await notes.commit(Unit([work]))
    assert await found(notes) == [("秋种", 3)]


async def once(notes: Store, title: str, key: IdempotencyKey | None, *, town: str = TOWN) -> Note | Answer:
    async def run(work: Work) -> Note:
        return work.create(NOTES, note(title, town=town), "written")

    def answer(made: Note) -> Answer:
        return Answer(201, {"ETag": f'"{made.version}"'}, made.title.encode())

    return await notes.execute_once(town=town, actor="clerk", run=run, answer=answer, key=key)


async def test_a_repeated_key_is_given_the_first_answer_and_writes_nothing(notes: Store) -> None:
    first = await once(notes, "春耕", KEY)
    assert isinstance(first, Note)
    assert await once(notes, "夏收", KEY) == Answer(201, {"ETag": '"1"'}, "春耕".encode())
    assert await found(notes) == [("春耕", 1)]


async def test_a_key_that_was_used_for_another_request_is_refused(notes: Store) -> None:
    await once(notes, "春耕", KEY)
    with pytest.raises(Conflict):
        await once(notes, "夏收", IdempotencyKey(KEY.key, "another request"))
    assert await found(notes) == [("春耕", 1)]


async def test_without_a_key_everything_is_done_again(notes: Store) -> None:
    for title in ("春耕", "夏收"):
        assert isinstance(await once(notes, title, None), Note)
    assert await found(notes) == [("春耕", 1), ("夏收", 1)]


async def test_lists_are_asked_by_value_by_member_and_behind_an_id(notes: Store) -> None:
    some = [note("甲", id="1", words=["a", "b"]), note("乙", id="2", words=["b"]), note("丙", id="3")]
    await written(notes, *some)

    async def ids(query: dict[str, object], limit: int = 0) -> list[str]:
        page = await notes.find("notes", query, sort=(("_id", 1),), limit=limit)
        return [one["_id"] for one in page]

    assert await ids({}) == ["1", "2", "3"]
    assert await ids({"title": "乙"}) == ["2"]
    assert await ids({"words": "b"}) == ["1", "2"]
    assert await ids({"_id": {"$gt": "1"}}, limit=1) == ["2"]
    assert await ids({"town": OTHER_TOWN}) == []


async def test_any_number_of_records_is_written_changed_and_found_by_id(notes: Store) -> None:
    """More than one command takes: `WRITES_AT_ONCE`, `IDS_AT_ONCE`."""
    some = [note(str(number), id=f"{number:03}") for number in range(230)]
    await written(notes, *some)
    ids = [one.id for one in some]
    work = notes.reading(TOWN, "reader")
    assert [one.id for one in await work.require_all(NOTES, [*reversed(ids), "007"], "ids")] == ids[::-1]

    async def run(work: Work) -> None:
        for one in await work.find(NOTES, {"_id": {"$in": [*ids, *ids]}}):
            retitled(work, one, f"第{one.title}篇")

    await notes.execute(town=TOWN, actor="clerk", run=run)
    assert await found(notes) == [(f"第{number}篇", 2) for number in range(230)]


async def test_it_is_told_whether_something_arrived_in_time(notes: Store) -> None:
    async def never() -> bool:
        return False

    async def already() -> bool:
        return True

    assert await notes.arrival(already, within=0)
    assert not await notes.arrival(never, within=0)


def test_it_says_whose_it_is_and_what_time_it_is(notes: Store) -> None:
    assert (notes.service, notes.clock.now()) == ("notes", CLOCK.now())
