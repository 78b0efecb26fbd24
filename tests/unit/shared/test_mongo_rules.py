"""The rules of MongoDB that tests hold every command to: each refuses what the manual refuses."""

from typing import Any

import pytest

from tests.fixtures.mongo_rules import Rules

FIRST = {"lsid": {"id": b"one"}, "txnNumber": 1, "autocommit": False, "startTransaction": True}
LATER = {key: value for key, value in FIRST.items() if key != "startTransaction"}
OTHER = {**LATER, "txnNumber": 2}
MANY: dict[str, Any] = {"_id": {"$in": list(range(51))}}


@pytest.fixture
def rules() -> Rules:
    rules = Rules()
    rules.started("create", "roster", {"create": "people"}, 1)
    rules.started("create", "roster", {"create": "outbox"}, 2)
    return rules


def indexed(key: dict[str, int], **options: Any) -> dict[str, Any]:
    return {"createIndexes": "people", "indexes": [{"key": key, "name": "i", **options}]}


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("may not stand", {"create": "people", **FIRST}),
    ("may not stand", {"listCollections": 1, **FIRST}),
    ("may not stand", {"createIndexes": "people", "indexes": [], **LATER}),
    ("may not stand", {"count": "people", **LATER}),
    ("would create news", {"insert": "news", "documents": [{}], **LATER}),
    ("would create news", {"update": "news", "updates": [{"q": {}, "u": {}, "upsert": True}], **LATER}),
    ("may not touch", {"insert": "system.views", "documents": [{}], **LATER}),
    ("read concern", {"find": "people", "readConcern": {"level": "majority"}, **LATER}),
    ("write concern", {"find": "people", "writeConcern": {"w": 1}, **LATER}),
    ("may not stand", {"aggregate": "people", "pipeline": [{"$out": "copies"}], **LATER}),
    ("positive", {"aggregate": "people", "pipeline": [{"$limit": 0}]}),
    ("bytes", {"insert": "people", "documents": [{"photo": b"x" * (16 * 1024 * 1024)}]}),
    ("51 ids", {"find": "people", "filter": MANY}),
    ("51 ids", {"delete": "outbox", "deletes": [{"q": MANY}]}),
    ("101 writes", {"insert": "people", "documents": [{}] * 101}),
    ("101 writes", {"update": "people", "updates": [{"q": {"_id": 1}, "u": {}}] * 101}),
    ("101 writes", {"delete": "people", "deletes": [{"q": {"_id": 1}, "limit": 1}] * 101}),
    ("SORT of outbox", {"find": "outbox", "filter": {"_id": {"$gt": 1}}, "sort": {"type": 1}}),
    ("COLLSCAN of people", {"update": "people", "updates": [{"q": {"born": 1}, "u": {"$set": {"a": 1}}}]}),
    ("partial", indexed({"a": 1}, partialFilterExpression={"a": {"$ne": 1}})),
    ("partial", indexed({"a": 1}, partialFilterExpression={"a": {"$exists": False}})),
    ("TTL", indexed({"a": 1, "b": 1}, expireAfterSeconds=1)),
    ("holds up", {"createIndexes": "people", "indexes": [{"key": {"a": 1}, "name": "people.a"}]}),
    ("33 fields", indexed({f"f{n}": 1 for n in range(33)})),
]


@pytest.mark.parametrize(("rule", "command"), REFUSED, ids=range(len(REFUSED)))
def test_what_the_server_would_refuse_is_named(rules: Rules, rule: str, command: dict[str, Any]) -> None:
    rules.started(next(iter(command)), "roster", command, 3)
    (broken,) = rules.broken
    assert rule in broken


def test_a_cursor_is_read_in_its_transaction_alone(rules: Rules) -> None:
    rules.started("find", "roster", {"find": "people", **FIRST}, 3)
    rules.succeeded("find", "roster", {"cursor": {"id": 77, "firstBatch": []}}, 3)
    rules.started("getMore", "roster", {"getMore": 77, "collection": "people", **LATER}, 4)
    assert rules.broken == []
    rules.started("getMore", "roster", {"getMore": 77, "collection": "people"}, 5)
    rules.started("getMore", "roster", {"getMore": 77, "collection": "people", **OTHER}, 6)
    assert len(rules.broken) == 2


def test_what_the_server_takes_is_not_named(rules: Rules) -> None:
    rules.succeeded("listCollections", "roster", {"cursor": {"id": 0, "firstBatch": [{"name": "towns"}]}}, 3)
    taken: list[dict[str, Any]] = [
        {"find": "people", "readConcern": {"level": "snapshot"}, **FIRST},
        {"insert": "people", "documents": [{"a": 1}], **LATER},
        {"update": "towns", "updates": [{"q": {"_id": 1}, "u": {"$set": {"a": 1}}, "upsert": True}], **LATER},
        {"aggregate": "people", "pipeline": [{"$match": {}}, {"$group": {"_id": 1}}], **LATER},
        {"commitTransaction": 1, "writeConcern": {"w": "majority"}, **LATER},
        {"insert": "news", "documents": [{}], "lsid": {"id": b"one"}, "txnNumber": 9},  # a retryable write
        {"insert": "news", "documents": [{}] * 100, **OTHER},
        {"find": "outbox", "filter": {"_id": {"$in": list(range(50))}}, "sort": {"_id": 1}},
        indexed({"a": 1}, partialFilterExpression={"a": {"$gt": 1}}),
    ]
    for command in taken:
        rules.started(
            next(iter(command)), "admin" if "commitTransaction" in command else "roster", command, 4
        )
    assert rules.broken == []
