"""Composition of the congress on a day: seats and their holders, presidium, groups, structure, people and mandates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from services.roster.domain.dated import Value, covers
from services.roster.domain.deputyships import (
    Deputyship,
    Level,
    Role,
    Status,
    group_on,
    roles_on,
    status_on,
)
from services.roster.domain.groups import Group
from services.roster.domain.people import Person, name_on
from services.roster.domain.places import Constituency
from services.roster.domain.terms import Term, term_on
from services.roster.domain.towns import Town
from shared.chinese import strokes
from shared.chinese.standards import ETHNICITY, HAN, IN_THE_PARTY, PARTY

PRESIDIUM: frozenset[Role] = frozenset(("chair", "vice_chair", "presidium"))


class Seats(Value):
    """`vacant` = quota − serving − suspended; None where the quota is not known."""

    quota: int | None
    serving: int
    suspended: int
    vacant: int | None


class ConstituencySeats(Seats):
    constituency: str


class Member(Value):
    deputyship_id: str
    name: str
    roles: list[Role]


class Presidium(Value):
    size: int
    members: list[Member]


class GroupCount(Value):
    group_id: str
    number: int
    name: str | None
    members: int
    leader_deputyship_id: str | None


class Share(Value):
    """`count` of the `known`: people with the property, among those for whom it is recorded by a word of the list."""

    count: int
    known: int


class Structure(Value):
    """Of the town's serving deputies."""

    women: Share
    non_party: Share
    ethnic_minority: Share


class Overlap(Value):
    """One person may hold mandates at several levels: people = mandates − overlap."""

    levels: dict[Level, int]
    mandates: int
    people: int
    overlap: int


@dataclass(frozen=True)
class Makeup:
    """The roster's records and a day, with the composition computed from them."""

    town: Town
    day: date
    deputyships: Sequence[Deputyship]
    people: dict[str, Person]
    groups: Sequence[Group] = ()
    constituencies: Sequence[Constituency] = ()
    terms: Sequence[Term] = field(default=())

    @cached_property
    def term(self) -> Term | None:
        return term_on(self.terms, self.day)

    @property
    def quota(self) -> int | None:
        """The quota of the term; where it has none, that of the town."""
        return self.term.quota if self.term and self.term.quota is not None else self.town.quota

    def holding(self, *statuses: Status, level: Level | None = "town") -> list[Deputyship]:
        """In stroke order of the names."""
        deputyships = [
            d
            for d in self.deputyships
            if status_on(d, self.day) in statuses and (level is None or d.level == level)
        ]
        return sorted(deputyships, key=lambda d: strokes.key(self.people[d.person_id].name))

    @cached_property
    def serving(self) -> list[Deputyship]:
        return self.holding("serving")

    @cached_property
    def suspended(self) -> list[Deputyship]:
        return self.holding("suspended")

    @cached_property
    def seats(self) -> Seats:
        return Seats(**_seats(self.quota, self.serving, self.suspended))

    @cached_property
    def by_constituency(self) -> list[ConstituencySeats]:
        """Registered constituencies in stroke order, then those that only deputyships name."""
        drawn = sorted(self.constituencies, key=lambda constituency: strokes.key(constituency.name))
        names = {constituency.name: constituency.seats for constituency in drawn}
        mandates = [*self.serving, *self.suspended]
        names |= {d.constituency: None for d in mandates if d.constituency and d.constituency not in names}
        return [
            ConstituencySeats(
                constituency=name,
                **_seats(seats, _elected_in(name, self.serving), _elected_in(name, self.suspended)),
            )
            for name, seats in names.items()
        ]

    @cached_property
    def presidium(self) -> Presidium:
        members = [
            Member(
                deputyship_id=d.id,
                name=name_on(self.people[d.person_id], self.day),
                roles=roles_on(d, self.day),
            )
            for d in self.serving
            if not PRESIDIUM.isdisjoint(roles_on(d, self.day))
        ]
        return Presidium(size=len(members), members=members)

    @cached_property
    def by_group(self) -> list[GroupCount]:
        """Groups that exist on the day, with their serving members of all levels."""
        everybody = [group_on(d, self.day) for d in self.holding("serving", level=None)]
        return [
            GroupCount(
                group_id=group.id,
                number=group.number,
                name=group.name,
                members=everybody.count(group.id),
                leader_deputyship_id=_leader_on(group, self.day) or self._by_role(group),
            )
            for group in sorted(self.groups, key=lambda group: group.number)
            if (group.formed_on is None or group.formed_on <= self.day)
            and (group.dissolved_on is None or self.day < group.dissolved_on)
        ]

    def _by_role(self, group: Group) -> str | None:
        """The member with the role of leader, where the group has no leader recorded."""
        members = (d for d in self.holding("serving", level=None) if group_on(d, self.day) == group.id)
        return next((d.id for d in members if "group_leader" in roles_on(d, self.day)), None)

    @cached_property
    def structure(self) -> Structure:
        people = [self.people[d.person_id] for d in self.serving]
        return Structure(
            women=_share([p.gender == "f" for p in people if p.gender]),
            non_party=_share([code not in IN_THE_PARTY for p in people if (code := PARTY.code(p.party))]),
            ethnic_minority=_share([code != HAN for p in people if (code := ETHNICITY.code(p.ethnicity))]),
        )

    @cached_property
    def overlap(self) -> Overlap:
        mandates = self.holding("serving", level=None)
        levels: tuple[Level, ...] = ("province", "city", "county", "town")
        people = len({d.person_id for d in mandates})
        return Overlap(
            levels={level: sum(d.level == level for d in mandates) for level in levels},
            mandates=len(mandates),
            people=people,
            overlap=len(mandates) - people,
        )


def _seats(
    quota: int | None, serving: Sequence[Deputyship], suspended: Sequence[Deputyship]
) -> dict[str, Any]:
    vacant = None if quota is None else quota - len(serving) - len(suspended)
    return {"quota": quota, "serving": len(serving), "suspended": len(suspended), "vacant": vacant}


def _elected_in(name: str, deputyships: Iterable[Deputyship]) -> list[Deputyship]:
    return [d for d in deputyships if d.constituency == name]


def _leader_on(group: Group, day: date) -> str | None:
    if not group.leader_history:
        return group.leader_deputyship_id
    return next(
        (leadership.deputyship_id for leadership in group.leader_history if covers(leadership, day)), None
    )


def _share(answers: list[bool]) -> Share:
    return Share(count=sum(answers), known=len(answers))
