"""The table `attendance.toml`: one roll, and texts with whom they mean. `Found` is what every door is compared by."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.activities.domain.roster import Deputyship, Group, GroupSpan, Person
from services.activities.names import Directory

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("attendance.toml").read_text("utf-8"))
CASES: list[dict[str, Any]] = TABLE["case"]
PEOPLE: list[list[str]] = [line.split("/") for line in TABLE["roll"]]
"""(name, group, constituency) of those expected."""

DAY = date(2020, 6, 9)
TOWN = "340281199"
IDS = [f"d{n}" for n in range(len(PEOPLE))]
NAMES = {id: name for id, (name, _, _) in zip(IDS, PEOPLE, strict=True)}
DIRECTORY = Directory.from_records(
    [Person(id=f"p{id}", town=TOWN, name=name) for id, name in NAMES.items()],
    [
        Deputyship(
            id=id,
            town=TOWN,
            person_id=f"p{id}",
            constituency=place,
            group_history=(GroupSpan(group_id=f"g{group}"),),
        )
        for id, (_, group, place) in zip(IDS, PEOPLE, strict=True)
    ],
    [Group(id=f"g{number}", town=TOWN, number=number) for number in (1, 2)],
    [],
)
ROLL = DIRECTORY.roll(IDS, DAY)


@dataclass(frozen=True)
class Found:
    """Names by state, `name=reason` for leave, sorted; `ways` of taking part;
    and the doubts as `part:line:column:written`."""

    present: list[str]
    on_leave: list[str]
    absent: list[str]
    doubts: list[str]
    ways: list[str]


def wanted(case: dict[str, Any]) -> Found:
    """What a case of the table says; nobody is recorded while there are doubts."""
    present, on_leave, absent = (sorted(case.get(part, [])) for part in ("present", "on_leave", "absent"))
    return Found(present, on_leave, absent, case.get("doubts", []), sorted(case.get("ways", [])))


def found(attendance: dict[str, Any] | None, doubts: list[dict[str, Any]], names: dict[str, str]) -> Found:
    """The answer of a door, as JSON; `names` by deputyship id."""
    written = [f"{doubt['part']}:{doubt['line']}:{doubt['column']}:{doubt['written']}" for doubt in doubts]
    if attendance is None or doubts:
        return Found([], [], [], written, [])
    on_leave = [
        names[leave["deputyship_id"]] + (f"={leave['reason']}" if leave["reason"] else "")
        for leave in attendance["on_leave"]
    ]
    present, absent = ([names[id] for id in attendance[part]] for part in ("present", "absent"))
    ways = [f"{names[id]}=online" for id in attendance.get("online", [])]
    ways += [
        f"{names[half['deputyship_id']]}={half.get('portion', 'half_day')}"
        for half in attendance.get("half_day", [])
    ]
    return Found(sorted(present), sorted(on_leave), sorted(absent), written, sorted(ways))


MARKS: list[dict[str, Any]] = TABLE["mark"]


def marks_wanted(case: dict[str, Any]) -> tuple[list[str], list[str]]:
    """(`name=state` sorted, doubts) of a case of marks."""
    return sorted(case.get("marked", [])), case.get("doubts", [])
