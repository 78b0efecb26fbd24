"""What a unit of work finds among records that it has not written yet."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.ids import new_id
from shared.storage.units import Unit
from shared.storage.work import Work
from tests.unit.shared.sample import CLOCK, NOTES, MemoryStore, Note

TOWN = "340281199"


def pending() -> Work:
    work = Work(TOWN, "clerk", CLOCK, MemoryStore())
    note = {"id": new_id(), "town": TOWN, "title": "春耕", "written_on": "2020-03-01", "words": ["雨", "犁"]}
    work.create(NOTES, Note.model_validate(note), "written")
    return work


@pytest.mark.parametrize(
    "query",
    [
        {"title": "春耕"},
        {"words": "犁"},
        {"colour": None},
        {"title": {"$in": ["春耕", "秋收"]}},
        {"title": {"$nin": ["秋收"]}, "words": {"$ne": "雪"}},
    ],
)
async def test_a_pending_record_is_found(query: dict[str, Any]) -> None:
    assert [note.title for note in await pending().find(NOTES, query)] == ["春耕"]


@pytest.mark.parametrize(
    "query", [{"title": "秋收"}, {"words": "雪"}, {"colour": {"$ne": None}}, {"pages": {"$nin": [None, 3]}}]
)
async def test_a_pending_record_that_does_not_match_is_not(query: dict[str, Any]) -> None:
    assert await pending().find(NOTES, query) == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"$or": [{"title": "春耕"}]}, r"\$or"),
        ({"$and": [{"title": "春耕"}]}, r"\$and"),
        ({"title": {"$exists": True}}, r"\$exists"),
        ({"title": {"$regex": "^春", "$eq": "春耕"}}, r"\$regex"),
        ({"pages": {"from": 1}}, "from"),
        ({"words.0": "雨"}, r"words\.0"),
    ],
)
async def test_what_cannot_be_decided_on_a_pending_record_is_refused(
    query: dict[str, Any], named: str
) -> None:
    """Also where nothing is pending: a query is right or wrong whatever happened before it."""
    for work in (pending(), Work(TOWN, "clerk", CLOCK, MemoryStore())):
        with pytest.raises(ValueError, match=named):
            await work.find(NOTES, query)


def _title(note: Note) -> list[str]:
    return [note.title]


async def test_a_key_finds_records_as_the_unit_of_work_leaves_them() -> None:
    work = pending()
    (note,) = await work.find_by_key(NOTES, _title, "春耕")
    renamed = work.change(NOTES, note.model_copy(update={"title": "秋收"}), "changed")
    assert await work.find_by_key(NOTES, _title, "春耕") == []
    assert await work.find_by_key(NOTES, _title, "秋收") == [renamed]
    work.remove(NOTES, renamed)
    assert await work.find_by_key(NOTES, _title, "秋收") == []


async def test_a_search_finds_records_as_the_unit_of_work_leaves_them() -> None:
    work = pending()
    (note,) = await work.find(NOTES, {"title": "春耕"})
    work.change(NOTES, note.model_copy(update={"title": "秋收", "words": ["镰"]}), "changed")
    assert [await work.find(NOTES, query) for query in ({"title": "春耕"}, {"words": "犁"})] == [[], []]
    assert [one.words for one in await work.find(NOTES, {"title": "秋收"})] == [["镰"]]
    assert [one.title for one in await work.find(NOTES, {"words": "镰"})] == ["秋收"]


async def test_nothing_is_found_of_work_that_was_discarded() -> None:
    work = pending()
    await work.find(NOTES, {"title": "春耕"})
    await work.find_by_key(NOTES, _title, "春耕")
    work.discard()
    assert await work.find(NOTES, {"title": "春耕"}) == []
    assert await work.find_by_key(NOTES, _title, "春耕") == []


async def test_a_collection_that_was_read_as_a_whole_is_searched_with_what_was_written_since() -> None:
    store = MemoryStore()
    for title in ("春耕", "夏收"):
        work = Work(TOWN, "clerk", CLOCK, store)
        work.create(NOTES, Note(id=new_id(), town=TOWN, title=title, written_on=date(2020, 3, 1)), "written")
        await store.commit(Unit([work]))
    work = Work(TOWN, "clerk", CLOCK, store)
    (spring,) = await work.find(NOTES, {"title": "春耕"})
    assert {note.title for note in await work.all(NOTES)} == {"春耕", "夏收"}
    work.change(NOTES, spring.model_copy(update={"title": "秋收"}), "changed")
    assert [await work.find(NOTES, {"title": title}) for title in ("春耕", "冬藏")] == [[], []]
    assert [note.title for note in await work.find(NOTES, {"title": "秋收"})] == ["秋收"]
    (summer,) = await work.find(NOTES, {"title": "夏收"})
    assert await work.get(NOTES, summer.id) == summer
    assert await work.get(NOTES, new_id()) is None


def test_only_of_a_collection_whose_answers_are_marked_can_they_be_forgotten() -> None:
    work = pending()
    with pytest.raises(ValueError, match="notes"):
        work.forget(NOTES, "n1")
    work.forget(replace(NOTES, erasable=True), "n1")
    assert work.forgotten == {"n1"}
