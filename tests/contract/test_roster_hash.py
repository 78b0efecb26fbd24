"""One written example of the roster's hash (ADR 0018), and the four programs that compute it."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.activities.domain import roster as activities
from services.cli import citing
from services.ratings.domain import roster as ratings
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.snapshot import roster_entry, roster_hash

EXAMPLE = json.loads(Path(__file__).with_name("roster_hash.json").read_text("utf-8"))
TOWN, FACTS = EXAMPLE["town"], EXAMPLE["facts"]


def by_the_roster(day: date, facts: list[Any]) -> str:
    held = (roster_entry(Deputyship.model_validate(fact), day) for fact in facts)
    return roster_hash(TOWN, day, [one for one in held if one is not None])


def by_activities(day: date, facts: list[Any]) -> str:
    return activities.roster_hash(TOWN, day, [activities.Deputyship.model_validate(fact) for fact in facts])


def by_ratings(day: date, facts: list[Any]) -> str | None:
    return ratings.roster_hash(TOWN, day, [ratings.Deputyship.model_validate(fact) for fact in facts])


def by_the_checker(day: date, facts: list[Any]) -> str:
    return citing.roster_hash(TOWN, day.isoformat(), facts)


PROGRAMS: list[Callable[[date, list[Any]], str | None]] = [
    by_the_roster,
    by_activities,
    by_ratings,
    by_the_checker,
]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("day", EXAMPLE["days"], ids=lambda day: day["as_of"])
def test_every_program_computes_the_hash_as_it_is_written(
    program: Callable[[date, list[Any]], str | None], day: dict[str, str]
) -> None:
    written = hashlib.sha256(day["form"].encode()).hexdigest()
    as_of = date.fromisoformat(day["as_of"])
    assert program(as_of, FACTS) == program(as_of, FACTS[::-1]) == written


def test_a_copy_that_lacks_the_histories_gives_no_hash() -> None:
    early = {name: value for name, value in FACTS[0].items() if not name.endswith("_history")}
    assert by_ratings(date(2019, 3, 1), [early, FACTS[1]]) is None
