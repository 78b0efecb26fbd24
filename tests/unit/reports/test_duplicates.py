"""One activity or person entered more than once is told with its records, until it is merged or declared different."""

from typing import Any

import pytest

from tests.fixtures.book import Book
from tests.unit.reports.test_checks import findings, rules

TRAINING: dict[str, Any] = {
    "kind": "training",
    "title": "代表培训",
    "held_on": "2020-03-05",
    "place": "镇会议室",
}


def entered(*entries: dict[str, Any]) -> Book:
    book = Book()
    for entry in entries:
        book.add("activity", **{**TRAINING, **entry})
    return book


def entry(name: str, **state: Any) -> dict[str, Any]:
    return {"name": name, **state}


def test_three_entries_of_one_training_are_one_finding_and_count_until_it_is_settled() -> None:
    book = entered({}, {}, {}, {"held_on": "2020-09-05"})
    told = findings(book)["activities.duplicate:2020-03-05/training/代表培训"]
    assert told.message.startswith("3月5日登记的3条学习培训（“代表培训”）可能是同一次")
    assert (told.severity, len(told.records)) == ("warn", 3)
    assert book.figures()["training.times"].value == 4
    for id in ("activity-2", "activity-3"):
        book.add("activity", id, verb="voided", **TRAINING, state="voided", merged_into="activity-1")
    assert "activities.duplicate" not in rules(book)
    assert book.figures()["training.times"].value == 2


def test_declared_different_they_are_not_told_again() -> None:
    book = entered({}, {})
    book.add("activity", "activity-2", **TRAINING, different_from=["activity-1"])
    assert "activities.duplicate" not in rules(book)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({}, {"title": "学习培训"}, True),
        ({}, {"title": "代表 培训", "place": ""}, True),
        ({"place": ""}, {"title": "学习培训", "place": ""}, False),
        (
            {"attendance": {"present": ["d1", "d2"]}},
            {"title": "学习培训", "attendance": {"present": ["d2"]}},
            True,
        ),
        ({"attendance": {"present": ["d1"]}}, {"attendance": {"present": ["d2"]}}, False),
        ({"station_id": "st1"}, {"station_id": "st2"}, False),
        ({"station_id": "st1"}, {"station_id": None}, True),
        ({"title": "第一期培训"}, {"title": "第二期培训"}, False),
        ({}, {"place": "新城村"}, False),
        ({}, {"group_id": "g1"}, False),
        ({}, {"held_on": "2020-03-06"}, False),
        ({}, {"kind": "research"}, False),
    ],
)
def test_what_may_be_one_activity(one: dict[str, Any], other: dict[str, Any], alike: bool) -> None:
    assert ("activities.duplicate" in rules(entered(one, other))) is alike


def test_two_people_of_one_name_are_told_until_something_tells_them_apart() -> None:
    states: tuple[tuple[dict[str, Any], bool], ...] = (
        ({}, True),
        ({"born_year": 1980}, True),
        ({"born_year": 1990}, False),
        ({"gender": "f"}, False),
        ({"different_from": ["person-1"]}, False),
        ({"merged_into": "person-1"}, False),
    )
    for state, told in states:
        book = Book()
        book.add("person", name="王强", gender="m", born_year=1980)
        book.add("person", **entry("王 强", **state))
        assert ("people.duplicate" in rules(book)) is told, state
