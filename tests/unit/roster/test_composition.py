"""The make-up of the congress on a day: seats, structure, people and mandates, and what does not fit."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.domain import deputyships as d
from services.roster.domain import quota
from services.roster.domain.composition import Makeup
from services.roster.domain.findings import findings
from services.roster.domain.groups import Group
from services.roster.domain.law import RULES
from services.roster.domain.people import Person
from services.roster.domain.places import Constituency
from services.roster.domain.rule_packs import RulePack
from services.roster.domain.terms import Term
from services.roster.domain.towns import Town
from shared.norms import Norms

TOWN, BEGAN, DAY = "340281199", date(2017, 1, 12), date(2020, 12, 7)
OLD, NEW = date(2020, 10, 16), date(2020, 10, 17)


class Roll:
    """Deputies as they are entered."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.deputyships: list[d.Deputyship] = []

    def person(self, **data: Any) -> str:
        id = f"p{len(self.people)}"
        self.people[id] = Person(id=id, town=TOWN, **{"name": f"王示例{len(self.people)}", **data})
        return id

    def deputy(self, person_id: str | None = None, *, level: d.Level = "town", **data: Any) -> d.Deputyship:
        fields = {"id": f"d{len(self.deputyships)}", "town": TOWN, "started_on": BEGAN, **data}
        deputyship = d.Deputyship(person_id=person_id or self.person(), level=level, **fields)
        self.deputyships.append(d.start(deputyship))
        return self.deputyships[-1]

    def makeup(self, *, day: date = DAY, town: dict[str, Any] | None = None, **more: Any) -> Makeup:
        entered = Town(id=TOWN, town=TOWN, name="示例镇", **(town or {}))
        return Makeup(town=entered, day=day, deputyships=self.deputyships, people=self.people, **more)


def rules(makeup: Makeup) -> set[str]:
    return {finding.rule for finding in findings(makeup)}


@pytest.mark.parametrize(
    ("population", "elected_on", "seats"),
    [
        (34_500, OLD, 63),
        (34_500, NEW, 68),
        (172_500, NEW, 160),
        (171_000, NEW, 159),
        (900_000, NEW, 160),
        (0, NEW, 45),
    ],
)
def test_seats_follow_the_population_by_the_base_of_the_time(
    population: int, elected_on: date, seats: int
) -> None:
    assert quota.lawful(population, elected_on) == seats


@given(st.integers(2000, 1_000_000), st.sampled_from([OLD, NEW]), st.integers(-5, 5))
def test_one_more_or_less_is_accepted(population: int, elected_on: date, off: int) -> None:
    seats = quota.lawful(population, elected_on) + off
    assert quota.fits(seats, population, elected_on) is (abs(off) <= 1)


def test_a_small_town_may_have_fewer_but_not_more() -> None:
    assert quota.fits(20, 1999, NEW)
    assert not quota.fits(20, 2000, NEW)
    assert not quota.fits(48, 1999, NEW)


def test_a_congress_elected_before_keeps_the_old_base() -> None:
    old = Term(id="t", town=TOWN, congress_number=17, started_on=BEGAN, quota=63, population=34_500)
    assert "deputies.quota_population" not in rules(Roll().makeup(day=date(2021, 6, 1), terms=[old]))
    new = old.model_copy(update={"started_on": date(2021, 12, 28)})
    late = Roll().makeup(day=date(2022, 6, 1), terms=[new])
    assert (late.quota, "deputies.quota_population" in rules(late)) == (63, True)


def test_people_are_mandates_without_the_overlap() -> None:
    roll = Roll()
    town = [roll.deputy().person_id for _ in range(90)]
    for n in range(23):
        roll.deputy(town[n] if n < 10 else None, level="county")
    roll.deputy(town[10], level="city")
    overlap = roll.makeup().overlap
    assert overlap.levels == {"province": 0, "city": 1, "county": 23, "town": 90}
    assert (overlap.mandates, overlap.overlap, overlap.people) == (114, 11, 103)


def test_seats_are_served_suspended_or_vacant_by_constituency_and_in_all() -> None:
    roll = Roll()
    for _ in range(2):
        roll.deputy(constituency="第一选区")
    roll.deputyships.append(d.suspend(roll.deputyships.pop(), reason="serving_sentence", on=date(2020, 5, 1)))
    roll.deputy(constituency="第二选区")
    roll.deputyships.append(d.end(roll.deputyships.pop(), reason="died", on=date(2020, 6, 1)))
    drawn = [Constituency(id=name, town=TOWN, name=name, seats=2) for name in ("第一选区", "第二选区")]
    makeup = roll.makeup(town={"quota": 4}, constituencies=drawn)
    seats = makeup.seats
    assert (seats.quota, seats.serving, seats.suspended, seats.vacant) == (4, 1, 1, 2)
    assert [(c.constituency, c.serving, c.suspended, c.vacant) for c in makeup.by_constituency] == [
        ("第一选区", 1, 1, 0),
        ("第二选区", 0, 0, 2),
    ]
    earlier = roll.makeup(day=date(2020, 4, 30), town={"quota": 4}, constituencies=drawn)
    assert (earlier.seats.serving, earlier.seats.suspended, earlier.seats.vacant) == (3, 0, 1)


def test_structure_counts_only_what_is_known() -> None:
    roll = Roll()
    roll.deputy(roll.person(gender="f", party="群众", ethnicity="回族"))
    roll.deputy(roll.person(gender="m", party="中共预备党员", ethnicity="汉族"))
    roll.deputy()
    said = roll.makeup().structure
    assert (said.women.count, said.women.known) == (1, 2)
    assert (said.non_party.count, said.ethnic_minority.count) == (1, 1)


def test_the_presidium_has_one_chair_and_the_size_the_pack_says() -> None:
    roll = Roll()
    for roles in (["chair", "presidium"], ["vice_chair"], ["presidium"], []):
        roll.deputy(roles=roles)
    makeup = roll.makeup(town={"rules": {"presidium_min": 7, "presidium_max": 13}})
    assert (makeup.presidium.size, "presidium.size" in rules(makeup)) == (3, True)
    assert "presidium.chair" not in rules(makeup)
    roll.deputy(roles=["chair"])
    for _ in range(2):
        roll.deputy(roles=["vice_chair"])
    assert {"presidium.chair", "presidium.vice_chairs"} <= rules(roll.makeup())
    assert "presidium.size" not in rules(roll.makeup())


def test_groups_are_those_of_the_day_with_members_and_leader_of_the_day() -> None:
    roll = Roll()
    members = [roll.deputy(group_id="g1") for _ in range(3)]
    roll.deputyships[0] = d.move(members[0], group_id="g2", on=date(2020, 6, 1))
    leader = [{"deputyship_id": "d1", "from_on": None, "to_on": "2020-06-01"}]
    groups = [
        Group.model_validate({"id": "g1", "town": TOWN, "number": 1, "leader_history": leader}),
        Group(id="g2", town=TOWN, number=2, dissolved_on=date(2020, 12, 7)),
    ]
    before, after = (roll.makeup(day=day, groups=groups) for day in (date(2020, 5, 31), DAY))
    assert [(g.number, g.members, g.leader_deputyship_id) for g in before.by_group] == [
        (1, 3, "d1"),
        (2, 0, None),
    ]
    assert [(g.number, g.members, g.leader_deputyship_id) for g in after.by_group] == [(1, 2, None)]
    assert {"group.small", "group.leader"} <= rules(after)


def test_constituencies_elect_one_to_three_and_together_the_quota() -> None:
    roll = Roll()
    roll.deputy(constituency="无此选区")
    drawn = [Constituency(id=str(n), town=TOWN, name=f"第{n}选区", seats=n) for n in (3, 4)]
    found = rules(roll.makeup(town={"quota": 6}, constituencies=drawn))
    assert {"constituency.seats", "constituency.sum", "constituency.unknown"} <= found
    assert not {r for r in rules(roll.makeup(town={"quota": 7})) if r.startswith("constituency")}


def test_what_does_not_fit_is_said_by_the_rules_and_packs_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    roll = Roll()
    for roles in (["chair", "presidium"], ["vice_chair"], ["presidium"], []):
        roll.deputy(roles=roles)
    pack = RulePack(
        id="p", scope="county", effective_from=date(2020, 5, 1), rules={"presidium_min": 7}, pushed_by="34"
    )
    asked = {"rule_packs": [pack]}
    assert "presidium.size" in rules(roll.makeup(day=date(2020, 5, 1), town=asked))
    assert "presidium.size" not in rules(roll.makeup(day=date(2020, 4, 30), town=asked))
    graded = {one.rule: (one.severity, one.basis) for one in findings(roll.makeup())}
    assert graded["deputies.quota_unknown"] == ("info", "选举法（2020）第十二条至第十四条")
    assert set(graded) <= {norm.id for norm in RULES.all if norm.severity != "block"}
    later = Norms(*(replace(norm, effective_from=date(2030, 1, 1)) for norm in RULES.all))
    monkeypatch.setattr("services.roster.domain.findings.RULES", later)
    assert findings(roll.makeup(day=date(2029, 12, 31))) == []
