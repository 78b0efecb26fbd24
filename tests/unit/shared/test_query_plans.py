"""Which queries an index serves, by the documented rules of the planner."""

from typing import Any

import pytest

from tests.fixtures.query_plans import Filter, Keys, Sort, explained, lacking

YEARS = Keys((("town", 1), ("year", 1), ("number", -1)))
BY_TOWN = Keys((("town", 1), ("_id", 1)))
OPEN = Keys((("due_on", 1),), {"state": "open"})
PARTS = Keys((("items.due_on", 1),))
INDEXES = (YEARS, OPEN, PARTS)
WITHIN = {"$gte": "2020", "$lt": "2021"}

SERVED: list[tuple[Filter, Sort]] = [
    ({"_id": "a", "state": "open"}, [("year", 1)]),
    ({"_id": {"$in": ["a", "b"]}}, [("_id", 1)]),
    ({"_id": {"$gte": "a", "$lt": "b"}, "kind": "x"}, [("_id", 1)]),
    ({}, [("_id", 1)]),
    ({"town": "t"}, []),
    ({"town": "t", "kind": "x"}, [("year", 1)]),
    ({"town": "t", "year": 2020}, [("number", 1)]),
    ({"town": "t", "year": {"$in": [2019, 2020]}}, [("number", -1)]),
    ({"town": "t", "year": WITHIN}, [("year", 1), ("number", -1)]),
    ({"town": "t", "year": WITHIN}, [("year", -1), ("number", 1)]),
    ({"state": "open", "due_on": WITHIN}, [("due_on", 1)]),
    ({"items": {"$elemMatch": {"state": "planned", "due_on": WITHIN}}}, []),
    ({"$or": [{"town": "t"}, {"items.due_on": WITHIN}]}, []),
    ({"town": "t", "$or": [{"state": 1}, {"kind": 2}]}, [("year", 1)]),
    ({"$and": [{"town": "t"}, {"year": 2020}]}, []),
]
UNSERVED: list[tuple[str, Filter, Sort]] = [
    ("COLLSCAN", {}, []),
    ("COLLSCAN", {"year": 2020}, []),
    ("COLLSCAN", {"due_on": WITHIN}, []),
    ("COLLSCAN", {"state": "done", "due_on": WITHIN}, []),
    ("COLLSCAN", {"$or": [{"town": "t"}, {"state": "open"}]}, []),
    ("SORT", {"town": "t"}, [("_id", 1)]),
    ("SORT", {"town": "t"}, [("number", 1)]),
    ("SORT", {"town": WITHIN}, [("year", 1)]),
    ("SORT", {"town": "t"}, [("year", 1), ("number", 1)]),
    ("SORT", {"_id": {"$in": ["a", "b"]}}, [("year", 1)]),
]


@pytest.mark.parametrize(("query", "sort"), SERVED)
def test_an_index_serves(query: Filter, sort: Sort) -> None:
    assert lacking(query, sort, INDEXES) == ""


@pytest.mark.parametrize(("lack", "query", "sort"), UNSERVED)
def test_no_index_serves(lack: str, query: Filter, sort: Sort) -> None:
    assert lacking(query, sort, INDEXES) == lack


def test_an_index_by_town_and_id_serves_lists() -> None:
    assert lacking({"town": "t", "_id": {"$gt": "a"}, "year": 1}, [("_id", 1)], [BY_TOWN]) == ""
    assert lacking({"town": WITHIN}, [("_id", 1)], [BY_TOWN]) == "SORT"


@pytest.mark.parametrize(
    ("stage", "plan"),
    [
        ("", {"stage": "FETCH", "inputStage": {"stage": "IXSCAN"}}),
        ("", {"stage": "EXPRESS_IXSCAN"}),
        ("COLLSCAN", {"stage": "COLLSCAN"}),
        ("SORT", {"stage": "SORT", "inputStage": {"stage": "FETCH", "inputStage": {"stage": "IXSCAN"}}}),
        ("COLLSCAN", {"stage": "OR", "inputStages": [{"stage": "IXSCAN"}, {"stage": "COLLSCAN"}]}),
        ("COLLSCAN", {"isCached": False, "queryPlan": {"stage": "COLLSCAN"}, "slotBasedPlan": {}}),
    ],
)
def test_a_plan_is_read_from_the_server(stage: str, plan: dict[str, Any]) -> None:
    assert explained(plan) == stage
