"""Sample data of all benchmarks: a person, events about people, and their log in a database."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from shared.envelope import Event
from shared.storage.outbox import position
from tests.fixtures.streams import people

TOWNS = tuple(f"3402811{number:02d}" for number in range(32))

PERSON = {
    "name": "张三",
    "gender": "f",
    "born_year": 1975,
    "ethnicity": "汉族",
    "party": "中国共产党",
    "education": "大学本科",
    "occupation": "某某镇中心小学教师，兼任校工会主席",
}


def events(count: int, *, town: str = TOWNS[0]) -> list[Event]:
    """The start of a roster stream: `count` different people are registered."""
    return list(islice(people(town, about=PERSON), count))


async def keep_logs(database: Any, streams: Sequence[Sequence[Event]]) -> int:
    """Write logs of towns whose events all have been published; bytes of the events."""
    documents = [
        {"_id": position(event.source, event.sequence), "type": event.type, "body": event.encode().decode()}
        for stream in streams
        for event in stream
    ]
    for start in range(0, len(documents), 5_000):
        await database["outbox"].insert_many(documents[start : start + 5_000])
    heads = [stream[-1] for stream in streams]
    await database["cursors"].insert_many([{"_id": e.source, "published": e.sequence} for e in heads])
    await database["streams"].insert_many(
        [{"_id": e.source, "sequence": e.sequence, "hash": e.hash} for e in heads]
    )
    return sum(len(document["body"].encode()) for document in documents)
