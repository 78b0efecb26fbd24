"""Resolution of names in a workbook to deputyships on a day."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.ratings.events_in import Deputyship, Person
from services.ratings.sheets import LEVELS
from shared.chinese.characters import key
from shared.chinese.names import spaced, split_id, with_id
from shared.workbook import plain, row_id

_LEVEL_WORDS = {level: word for word, level in LEVELS.items()}
_LEVELLED = re.compile(r"(.+)[（(](.级)[）)]")


class NameUnresolved(ValueError):
    """A name matches nobody, or several."""


@dataclass(frozen=True)
class Directory:
    """Index of deputyships by their holder's name, former ones included; see `shared.chinese.characters.key`."""

    by_name: Mapping[str, Sequence[Deputyship]]
    names: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """By deputyship: the printed name of its holder, the same with a mark, and the label of its level."""

    people: Mapping[str, Person] = field(default_factory=dict)

    @classmethod
    def from_records(cls, people: Sequence[Person], deputyships: Sequence[Deputyship]) -> "Directory":
        known = {person.id: person for person in people}
        by_name: dict[str, list[Deputyship]] = {}
        written: dict[str, tuple[str, str, str]] = {}
        for deputyship in deputyships:
            if (holder := known.get(deputyship.person_id or "")) is not None:
                name = holder.name or ""
                for other in {key(name), *(key(former.name) for former in holder.former_names)}:
                    by_name.setdefault(other, []).append(deputyship)
                own = with_id(name, deputyship.person_id or "")
                written[deputyship.id] = spaced(name), own, _LEVEL_WORDS.get(deputyship.level or "", "")
        return cls(by_name, written, known)

    def resolves(self, written: str) -> bool:
        return bool(self._matches(written)[0])

    def known(self, written: str, day: date | None) -> None:
        """Errors: NameUnresolved where nobody has the name; on the day, or on any where that is None."""
        if day is not None:
            self.deputyship(written, day)
        elif not self.resolves(written):
            raise NameUnresolved(f"名册中没有 {written}")

    def written(self, deputyship_id: str, day: date) -> str:
        """The text that `deputyship` resolves to this mandate: the name, with the level where needed."""
        name, own, level = self.names.get(deputyship_id, (deputyship_id, deputyship_id, ""))
        for words in (name, f"{name}（{level}）", own, f"{own}（{level}）"):
            with suppress(NameUnresolved):
                if self.deputyship(words, day) == deputyship_id:
                    return words
        return name

    def deputyship(self, written: str, day: date) -> str:
        """The id of the mandate on `day`: of the town if there is one, else the only other. Errors: NameUnresolved."""
        matches, level = self._matches(written)
        if not matches:
            raise NameUnresolved(f"名册中没有 {written}")
        in_office = [
            mandate
            for mandate in matches
            if _held_on(mandate, day) and (level is None or mandate.level == level)
        ]
        in_office = self._called(key(written), in_office, day)
        town = [mandate for mandate in in_office if mandate.level == "town"]
        candidates = town or in_office
        if not candidates:
            raise NameUnresolved(f"{written} 在 {day} 不是代表")
        if len(candidates) > 1:
            raise NameUnresolved(f"{written} 有多个代表资格或有同名的人，请写明层级，如：{written}（县级）")
        return candidates[0].id

    def _called(self, words: str, mandates: list[Deputyship], day: date) -> list[Deputyship]:
        """Those whose name of the day it is, where somebody else bore or bears it."""
        known = [(mandate, self.people.get(mandate.person_id or "")) for mandate in mandates]
        of_day = [m for m, person in known if words.startswith(key(person.name_on(day) if person else words))]
        return of_day or mandates

    def _matches(self, written: str) -> tuple[Sequence[Deputyship], str | None]:
        """(deputyships, level behind the name). A name may itself end in brackets, so it is tried whole first."""
        words, level = key(written), None
        levelled = _LEVELLED.fullmatch(words)
        if words not in self.by_name and levelled is not None and levelled[2] in LEVELS:
            words, level = levelled[1], LEVELS[levelled[2]]
        if words not in self.by_name and (mark := split_id(words)) is not None:
            same_name = self.by_name.get(mark[0], ())
            return [mandate for mandate in same_name if (mandate.person_id or "").endswith(mark[1])], level
        return self.by_name.get(words, ()), level


def _held_on(deputyship: Deputyship, day: date) -> bool:
    """Whether the mandate is held on a day; the last day is excluded. A suspended deputy may still report."""
    began, ended = deputyship.started_on, deputyship.ended_on
    return (began is None or began <= day) and (ended is None or day < ended)


def plan_item_id(town: str, written: str) -> str:
    """The id of an item of the workbook 履职, as in 2020-12, or 2020-3-5 of group 3; other text is the id itself."""
    match = _PLAN_ITEM.fullmatch(plain(written))
    if match is None:
        return written
    year, group, number = match.groups()
    return row_id(town, "年度计划", int(year), int(group) if group else None, int(number))


_PLAN_ITEM: Final = re.compile(r"([0-9]{4})-(?:([0-9]{1,3})-)?([0-9]{1,3})")
