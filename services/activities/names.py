"""What the office calls things in a workbook: deputies by name, groups by number, stations by name, "everyone"."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Final

from services.activities.domain.attendance import expected_at_session, expected_in_group
from services.activities.domain.plans import Plan
from services.activities.domain.roster import TOWN_LEVEL, Deputyship, Group, Person, Station
from services.activities.sheets import LEVELS
from shared.chinese.names import laid_out, mark_in, marked
from shared.workbook import plain, row_id

EVERYONE: Final = "全体"
EVERY_TOWN_DEPUTY: Final = "全体镇代表"
ITEMS_MOST: Final = 500
_LEVEL_WORDS: Final = {level: word for word, level in LEVELS.items()}
_GROUP: Final = re.compile(r"第(\d{1,4})小?组")
_LEVELLED: Final = re.compile(r"(.+)[（(](.级)[）)]")


class Unclear(ValueError):
    """The words stand for nobody, or for several."""


@dataclass(frozen=True)
class Directory:
    """Names are compared with full-width and half-width forms alike."""

    held: Mapping[str, Sequence[Deputyship]] = field(default_factory=dict)
    groups: Mapping[int, Group] = field(default_factory=dict)
    stations: Mapping[str, Station] = field(default_factory=dict)
    deputyships: Sequence[Deputyship] = ()
    people: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        people: Sequence[Person],
        deputyships: Sequence[Deputyship],
        groups: Sequence[Group],
        stations: Sequence[Station],
    ) -> "Directory":
        names = {person.id: plain(person.name) for person in people}
        held: dict[str, list[Deputyship]] = {}
        for one in deputyships:
            if one.person_id in names:
                held.setdefault(names[one.person_id], []).append(one)
        return cls(
            held,
            {group.number: group for group in groups if group.number is not None},
            {plain(station.name): station for station in stations},
            deputyships,
            {person.id: person.name for person in people},
        )

    def knows(self, written: str) -> bool:
        return is_collective(written) or bool(self._named(written)[0])

    def deputyship(self, written: str, day: date, *, group_id: str | None = None) -> str:
        """The id of the mandate meant on `day`: of the group if it has one, else of the town, else the only other.

        Errors: Unclear.
        """
        named, level = self._named(written)
        if not named:
            raise Unclear(f"名册中没有 {written}")
        then = [one for one in named if one.in_office(day) and level in (None, one.level)]
        if not then:
            raise Unclear(f"{written} 在 {day} 不是代表")
        in_group = [one for one in then if group_id is not None and one.in_group(group_id, day)]
        found = in_group or [one for one in then if one.level == TOWN_LEVEL] or then
        if len({one.person_id for one in found}) > 1:
            raise Unclear(f"名册中有几人叫 {written}，请在姓名后加括号区分")
        if len(found) > 1:
            raise Unclear(f"{written} 有多个代表职务，请写明层级，如：{written}（县级）")
        return found[0].id

    def written(self, deputyship_id: str, day: date, *, group_id: str | None = None) -> str:
        """The words that `deputyship` takes for this mandate: the name in print, with the level where it needs one."""
        held = next((one for one in self.deputyships if one.id == deputyship_id), None)
        if held is None or held.person_id not in self.people:
            return deputyship_id
        level, name = _LEVEL_WORDS.get(held.level, held.level), laid_out(self.people[held.person_id])
        own = marked(self.people[held.person_id], held.person_id)
        for words in (name, f"{name}（{level}）", own, f"{own}（{level}）"):
            with suppress(Unclear):
                if self.deputyship(words, day, group_id=group_id) == deputyship_id:
                    return words
        return name

    def collective(self, word: str, day: date, everyone: Sequence[str] | None) -> Sequence[str]:
        """Deputyships meant by a word for several; `everyone`: those expected, None where nobody is."""
        if plain(word) == EVERY_TOWN_DEPUTY:
            return expected_at_session(self.deputyships, day)
        if plain(word) == EVERYONE:
            if everyone is None:
                raise Unclear(f"不是小组活动，请写明“{EVERY_TOWN_DEPUTY}”“第1小组”或姓名")
            return everyone
        found = _GROUP.fullmatch(plain(word))
        group = self.groups.get(int(found[1])) if found else None
        if group is None:
            raise Unclear(f"没有{word}")
        return expected_in_group(self.deputyships, group.id, day)

    def mandates(self, deputyship_ids: Collection[str]) -> frozenset[str]:
        """All mandates of those who hold these: a person is away with all of them."""
        people = {one.person_id for one in self.deputyships if one.id in deputyship_ids} - {""}
        held = {one.id for one in self.deputyships if one.person_id in people}
        return frozenset(deputyship_ids) | held

    def _named(self, written: str) -> tuple[Sequence[Deputyship], str | None]:
        """Mandates and the level asked for. A name may itself end in brackets, so it is tried whole first."""
        words, level = plain(written), None
        levelled = _LEVELLED.fullmatch(words)
        if words not in self.held and levelled is not None and levelled[2] in LEVELS:
            words, level = levelled[1], LEVELS[levelled[2]]
        if words not in self.held and (mark := mark_in(words)) is not None:
            return [one for one in self.held.get(mark[0], ()) if one.person_id.endswith(mark[1])], level
        return self.held.get(words, ()), level


def is_collective(word: str) -> bool:
    return plain(word) in (EVERYONE, EVERY_TOWN_DEPUTY) or _GROUP.fullmatch(plain(word)) is not None


def item_numbers(plan: Plan, group: int | None) -> list[int]:
    """The number of each item in a workbook: its own where it came from one, else the next that is free."""
    own = {item_id(plan.town, plan.year, group, number): number for number in range(1, ITEMS_MOST + 1)}
    known = [own.get(item.id) for item in plan.items]
    free = count(max(filter(None, known), default=0) + 1)
    return [number or next(free) for number in known]


def item_id(town: str, year: int, group: int | None, number: int) -> str:
    return row_id(town, "年度计划", year, group, number)
