"""Who may have been entered twice, and what two entries must agree on before they become one."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain import merging
from services.roster.domain.deputyships import Deputyship
from services.roster.domain.merging import LABELS, Field, Side, merged
from services.roster.domain.people import Person
from services.roster.errors import MergeConflict, PersonMerged

CARD = "34022519800101124X"
TEXT = st.none() | st.sampled_from(["甲", "乙"])


def a_person(id: str, **facts: Any) -> Person:
    return Person.model_validate({"id": id, "town": "340281199", "version": 1, "name": "王示例01", **facts})


def held(person: str, level: str = "town", began: int = 2017, ended: int | None = None) -> Deputyship:
    over = {"ended_on": date(ended, 1, 1), "ended_reason": "term_over", "status": "ended"} if ended else {}
    fields = {"id": f"{person}-{level}-{began}", "town": "340281199", "person_id": person, "level": level}
    return Deputyship.model_validate({**fields, "started_on": date(began, 1, 1), **over})


def found(*people: Person) -> list[tuple[list[str], list[str]]]:
    pairs = merging.duplicates(people, {})
    return [(list(pair.reasons), [one.field for one in pair.differences]) for pair in pairs]


def refused(
    gone: Person, kept: Person, moving: Sequence[Deputyship] = (), staying: Sequence[Deputyship] = ()
) -> list[str]:
    with pytest.raises(MergeConflict) as problem:
        merged(gone, kept, moving, staying, {})
    return [error.loc for error in problem.value.errors]


def test_the_same_name_is_a_reason_where_nothing_speaks_against_it() -> None:
    one = a_person("a", born_year=1980, party="群众")
    assert found(one, a_person("b")) == [(["same_name"], [])]
    assert found(one, a_person("b", name="王 示例01", born_year=1980)) == [(["same_name"], ["name"])]
    assert found(one, a_person("b", party="中共党员")) == [(["same_name"], ["party"])]
    assert found(one, a_person("b", born_year=1981)) == []
    assert found(one, a_person("b", name="李示例02")) == []


def test_the_same_id_number_is_a_reason_whatever_else_differs() -> None:
    one, other = a_person("a", id_number=CARD), a_person("b", name="李示例02", id_number=CARD.lower())
    assert found(one, other) == [(["same_id_number"], ["name"])]
    assert found(a_person("a", id_number=CARD), a_person("b", id_number="340225198001011231")) == []


def test_who_was_merged_is_nobodys_duplicate() -> None:
    assert found(a_person("a"), a_person("b", merged_into="a")) == []


def test_every_difference_is_named_and_those_of_two_people_cannot_be_chosen_about() -> None:
    gone = a_person("a", gender="f", party="群众", phone="13900000001", id_number=CARD, born_year=1980)
    kept = a_person(
        "b", gender="m", party="中共党员", phone="13900000002", id_number=CARD[:-1] + "1", born_year=1981
    )
    assert refused(gone, kept) == [
        "body.into",
        "body.into",
        "body.choices.party",
        "body.choices.phone",
        "body.into",
    ]


def test_what_is_personal_is_not_said_in_a_refusal() -> None:
    gone, kept = a_person("a", phone="13900000001"), a_person("b", phone="13900000002")
    with pytest.raises(MergeConflict) as problem:
        merged(gone, kept, (), (), {})
    assert "1390000" not in problem.value.detail


def test_two_mandates_of_one_level_at_one_time_are_two_peoples() -> None:
    gone, kept = a_person("a"), a_person("b")
    assert refused(gone, kept, [held("a")], [held("b", began=2018)]) == ["body.into"]
    for moving in (held("a", level="county"), held("a", began=2012, ended=2017)):
        merged(gone, kept, [moving], [held("b")], {})


def test_a_tombstone_is_neither_merged_nor_merged_into() -> None:
    for gone, kept in (
        (a_person("a", merged_into="c"), a_person("b")),
        (a_person("a"), a_person("b", merged_into="c")),
    ):
        with pytest.raises(PersonMerged):
            merged(gone, kept, (), (), {})


@given(st.lists(st.tuples(TEXT, TEXT, st.sampled_from(["from", "into"])), min_size=5, max_size=5))
def test_nothing_known_is_lost_and_every_value_is_one_of_the_two(
    values: list[tuple[str | None, str | None, Side]],
) -> None:
    fields: tuple[Field, ...] = ("ethnicity", "party", "education", "occupation", "phone")
    gone = a_person("a", **{field: value[0] for field, value in zip(fields, values, strict=True)})
    kept = a_person("b", **{field: value[1] for field, value in zip(fields, values, strict=True)})
    choices: dict[Field, Side] = {field: value[2] for field, value in zip(fields, values, strict=True)}
    tombstone, survivor = merged(gone, kept, (), (), choices)
    assert (tombstone.merged_into, tombstone.phone, survivor.merged_into) == ("b", None, None)
    for field in LABELS:
        here, there, now = getattr(gone, field), getattr(kept, field), getattr(survivor, field)
        chosen = here if choices.get(field) == "from" else there
        assert now == (chosen if here is not None and there is not None else here or there)


def test_thousands_of_one_name_are_not_paired_before_they_are_asked_for() -> None:
    people = [a_person(f"p{n:05}") for n in range(3000)]
    first = next(merging.duplicates(people, {}))
    assert [person.id for person in first.people] == ["p00000", "p00001"]


@given(st.lists(st.tuples(st.sampled_from("甲乙"), st.sampled_from([None, "1X", "1x", "2"])), max_size=8))
def test_pairs_are_those_of_all_that_have_a_reason(entries: list[tuple[str, str | None]]) -> None:
    people = [a_person(f"p{n}", name=name, id_number=number) for n, (name, number) in enumerate(entries)]
    pairs = [tuple(person.id for person in pair.people) for pair in merging.duplicates(people, {})]
    assert pairs == [
        (one.id, other.id) for one, other in combinations(people, 2) if list(merging._reasons(one, other))
    ]
