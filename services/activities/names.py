"""Names in a workbook: deputies by name, groups by number, stations by name; and the roll of a day."""

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import count, repeat
from typing import Final

from services.activities.domain.attendance import expected_at_session
from services.activities.domain.pasted import lines
from services.activities.domain.plans import Plan
from services.activities.domain.roll import Line, Roll, numbered
from services.activities.domain.roster import TOWN_LEVEL, Deputyship, Group, Person, Station
from services.activities.sheets import LEVELS
from shared.chinese.characters import key
from shared.chinese.initials import initials
from shared.chinese.names import spaced, split_id, with_id
from shared.workbook import row_id

_NOT_OF_TOWN: Final = "不是本级人民代表大会代表，列席人员请计入列席人数"
ITEMS_MOST: Final = 500
_LEVEL_WORDS: Final = {level: word for word, level in LEVELS.items()}
_LEVELLED: Final = re.compile(r"(.+)[（(](.级)[）)]")


class NameUnresolved(ValueError):
    """A name matches nobody, or several."""


@dataclass(frozen=True)
class Directory:
    """Index of the roster by name, former ones included; see `shared.chinese.characters.key`."""

    by_name: Mapping[str, Sequence[Deputyship]] = field(default_factory=dict)
    groups: Mapping[int, Group] = field(default_factory=dict)
    stations: Mapping[str, Station] = field(default_factory=dict)
    deputyships: Sequence[Deputyship] = ()
    people: Mapping[str, Person] = field(default_factory=dict)

    @classmethod
    def from_records(
        cls,
        people: Sequence[Person],
        deputyships: Sequence[Deputyship],
        groups: Sequence[Group],
        stations: Sequence[Station],
    ) -> "Directory":
        known = {person.id: person for person in people}
        by_name: dict[str, list[Deputyship]] = {}
        for deputyship in deputyships:
            if (holder := known.get(deputyship.person_id)) is not None:
                for name in {key(name) for name in holder.names}:
                    by_name.setdefault(name, []).append(deputyship)
        return cls(
            by_name,
            {group.number: group for group in groups if group.number is not None},
            {key(station.name): station for station in stations},
            deputyships,
            known,
        )

    def resolves(self, written: str) -> bool:
        """Whether a name, or a text as pasted, holds nobody unknown."""
        return not self.strangers(written)

    def strangers(self, written: str) -> list[str]:
        """What a name, or a text as pasted, holds of words that name nobody, on whatever day."""
        if self._named(written)[0]:
            return []
        tokens = (token for line in lines(written, self._everyone) for token in line)
        return [token.text for token in tokens if token.kind in ("unknown", "unclear")]

    @cached_property
    def _mandates(self) -> Mapping[str, Deputyship]:
        return {mandate.id: mandate for mandate in self.deputyships}

    @cached_property
    def _everyone(self) -> Roll:
        return Roll((), guests=[self._line(mandate, date.max) for mandate in self.deputyships])

    def deputyship(self, written: str, day: date, *, groups: Collection[str] = ()) -> str:
        """The id of the mandate on `day`: one in the groups if there is one, else of the town, else the only other.

        Errors: NameUnresolved.
        """
        named, level = self._named(written)
        if not named:
            raise NameUnresolved(f"名册中没有 {written}")
        in_office = [
            mandate for mandate in named if mandate.in_office(day) and level in (None, mandate.level)
        ]
        if not in_office:
            raise NameUnresolved(f"{written} 在 {day} 不是代表")
        in_office = self._called(key(written), in_office, day)
        in_group = [mandate for mandate in in_office if any(mandate.in_group(id, day) for id in groups)]
        candidates = (
            in_group or [mandate for mandate in in_office if mandate.level == TOWN_LEVEL] or in_office
        )
        if len({mandate.person_id for mandate in candidates}) > 1:
            raise NameUnresolved(f"名册中有几人叫 {written}，请在姓名后加括号区分")
        if len(candidates) > 1:
            raise NameUnresolved(f"{written} 有多个代表职务，请写明层级，如：{written}（县级）")
        return candidates[0].id

    def _called(self, words: str, mandates: list[Deputyship], day: date) -> list[Deputyship]:
        """Those whose name of the day it is, where somebody else bore or bears it."""
        known = [(mandate, self.people.get(mandate.person_id)) for mandate in mandates]
        of_day = [m for m, person in known if person and words.startswith(key(person.name_on(day)))]
        return of_day or mandates

    def written(self, deputyship_id: str, day: date, *, groups: Collection[str] = ()) -> str:
        """The text that `deputyship` resolves to this mandate: the printed name, with the level where needed."""
        mandate = self._mandates.get(deputyship_id)
        if mandate is None or mandate.person_id not in self.people:
            return deputyship_id
        known_as = self.people[mandate.person_id].name_on(day)
        level, name = _LEVEL_WORDS.get(mandate.level, mandate.level), spaced(known_as)
        own = with_id(known_as, mandate.person_id)
        for words in (name, f"{name}（{level}）", own, f"{own}（{level}）"):
            with suppress(NameUnresolved):
                if self.deputyship(words, day, groups=groups) == deputyship_id:
                    return words
        return name

    def roll(
        self,
        expected: Collection[str],
        day: date,
        *,
        town_level_only: bool = False,
        everybody: bool = True,
    ) -> Roll:
        """The roll of those expected; everybody else in office on the day may be named."""
        in_office = [mandate for mandate in self.deputyships if mandate.in_office(day)]
        guests = [
            self._line(mandate, day)
            for mandate in in_office
            if mandate.id not in expected and not (town_level_only and mandate.level != TOWN_LEVEL)
        ]
        lines = [self._line(mandate, day) for mandate in self.deputyships if mandate.id in expected]
        others = dict.fromkeys(self.by_name, f"在 {day} 不是代表")
        others |= {key(line.name): _NOT_OF_TOWN for line in map(self._line, in_office, repeat(day))}
        return Roll(
            numbered(lines),
            guests,
            others=others,
            whole_town=frozenset(expected_at_session(self.deputyships, day)),
            everybody=everybody,
            names={id: person.names for id, person in self.people.items() if person.former_names},
        )

    def _line(self, mandate: Deputyship, day: date) -> Line:
        person = self.people.get(mandate.person_id)
        return Line(
            number=0,
            deputyship_id=mandate.id,
            person_id=mandate.person_id or mandate.id,
            name=person.name_on(day) if person else mandate.id,
            constituency=mandate.constituency or "",
            group=next(
                (group.number for group in self.groups.values() if mandate.in_group(group.id, day)), None
            ),
            level=mandate.level,
            initials=initials(person.name_on(day)) if person else "",
        )

    def _named(self, written: str) -> tuple[Sequence[Deputyship], str | None]:
        """(mandates, level written behind the name). A name may itself end in brackets, so it is tried whole first."""
        words, level = key(written), None
        levelled = _LEVELLED.fullmatch(words)
        if words not in self.by_name and levelled is not None and levelled[2] in LEVELS:
            words, level = levelled[1], LEVELS[levelled[2]]
        if words not in self.by_name and (mark := split_id(words)) is not None:
            return [
                mandate for mandate in self.by_name.get(mark[0], ()) if mandate.person_id.endswith(mark[1])
            ], level
        return self.by_name.get(words, ()), level


def item_numbers(plan: Plan, group: int | None) -> list[int]:
    """Row numbers of the items: the number in the workbook an item came from, else the next free one."""
    own = {item_id(plan.town, plan.year, group, number): number for number in range(1, ITEMS_MOST + 1)}
    numbers = [own.get(item.id) for item in plan.items]
    free = count(max(filter(None, numbers), default=0) + 1)
    return [number or next(free) for number in numbers]


def item_id(town: str, year: int, group: int | None, number: int) -> str:
    return row_id(town, "年度计划", year, group, number)
