"""Sample data of all benchmarks: a person and events about people."""

from shared.envelope import GENESIS, Event, source_of
from shared.ids import new_id

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
    stream: list[Event] = []
    previous = GENESIS
    for number in range(1, count + 1):
        id = new_id()
        stream.append(
            Event(
                id=new_id(),
                source=source_of(town, "roster"),
                type="roster.person.registered.v1",
                subject=f"person/{id}",
                time="2020-11-22T08:00:00.000Z",
                town=town,
                sequence=number,
                previoushash=previous,
                actor="clerk",
                data={"id": id, "town": town, "version": 1, **PERSON},
            ).hashed()
        )
        previous = stream[-1].hash
    return stream
