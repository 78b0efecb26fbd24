"""What the office calls things in a workbook: deputies by name, groups by number, stations by name, "everyone"."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.activities.domain.attendance import expected_at_session, expected_in_group
from services.activities.domain.roster import TOWN_LEVEL, Deputyship, Group, Person, Station
from services.activities.sheets import LEVELS
from shared.workbook import plain

EVERYONE: Final = "全体"
EVERY_TOWN_DEPUTY: Final = "全体镇代表"
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
        if whole := self.held.get(plain(written)):
            return whole, None
        levelled = _LEVELLED.fullmatch(plain(written))
        if levelled is None or levelled[2] not in LEVELS:
            return (), None
        return self.held.get(levelled[1], ()), LEVELS[levelled[2]]


def is_collective(word: str) -> bool:
    return plain(word) in (EVERYONE, EVERY_TOWN_DEPUTY) or _GROUP.fullmatch(plain(word)) is not None
