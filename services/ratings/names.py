"""Which deputyship a name in a workbook stands for on a day."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from services.ratings.events_in import Deputyship, Person
from services.ratings.sheets import LEVELS
from shared.chinese.names import laid_out, mark_in, marked
from shared.workbook import plain

_LEVEL_WORDS = {level: word for word, level in LEVELS.items()}
_LEVELLED = re.compile(r"(.+)[（(](.级)[）)]")


class Unclear(ValueError):
    """The name stands for nobody, or for several."""


@dataclass(frozen=True)
class Directory:
    """Deputyships by their holder's name, compared with full-width and half-width forms alike."""

    held: Mapping[str, Sequence[Deputyship]]
    names: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """By deputyship: its holder's name as lists print it, the same with a mark, and its level in words."""

    @classmethod
    def of(cls, people: Sequence[Person], deputyships: Sequence[Deputyship]) -> "Directory":
        names = {person.id: person.name or "" for person in people}
        held: dict[str, list[Deputyship]] = {}
        written: dict[str, tuple[str, str, str]] = {}
        for one in deputyships:
            if (name := names.get(one.person_id or "")) is not None:
                held.setdefault(plain(name), []).append(one)
                own = marked(name, one.person_id or "")
                written[one.id] = laid_out(name), own, _LEVEL_WORDS.get(one.level or "", "")
        return cls(held, written)

    def knows(self, written: str) -> bool:
        return bool(self._held(written)[0])

    def written(self, deputyship_id: str, day: date) -> str:
        """The words that `deputyship` takes for this mandate: the name, with the level where it needs one."""
        name, own, level = self.names.get(deputyship_id, (deputyship_id, deputyship_id, ""))
        for words in (name, f"{name}（{level}）", own, f"{own}（{level}）"):
            with suppress(Unclear):
                if self.deputyship(words, day) == deputyship_id:
                    return words
        return name

    def deputyship(self, written: str, day: date) -> str:
        """The id meant on `day`: the town mandate where there is one, else the only other. Raises Unclear."""
        held, level = self._held(written)
        if not held:
            raise Unclear(f"名册中没有 {written}")
        then = [one for one in held if _held_on(one, day) and (level is None or one.level == level)]
        town = [one for one in then if one.level == "town"]
        found = town or then
        if not found:
            raise Unclear(f"{written} 在 {day} 不是代表")
        if len(found) > 1:
            raise Unclear(f"{written} 有多个代表资格或有同名的人，请写明层级，如：{written}（县级）")
        return found[0].id

    def _held(self, written: str) -> tuple[Sequence[Deputyship], str | None]:
        """Deputyships and the level asked for. A name may itself end in brackets, so it is tried whole first."""
        words, level = plain(written), None
        levelled = _LEVELLED.fullmatch(words)
        if words not in self.held and levelled is not None and levelled[2] in LEVELS:
            words, level = levelled[1], LEVELS[levelled[2]]
        if words not in self.held and (mark := mark_in(words)) is not None:
            found = self.held.get(mark[0], ())
            return [one for one in found if (one.person_id or "").endswith(mark[1])], level
        return self.held.get(words, ()), level


def _held_on(deputyship: Deputyship, day: date) -> bool:
    """Half-open: on the day it ends he is no deputy any more. A suspended deputy may still report."""
    began, ended = deputyship.started_on, deputyship.ended_on
    return (began is None or began <= day) and (ended is None or day < ended)
