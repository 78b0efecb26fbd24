"""The roll of a gathering: deputies expected, numbered in stroke order, and whom a written name means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from services.activities.domain.sheet_words import GROUP, LEVEL, LEVELS, NOTES, whole
from services.activities.domain.values import Value
from shared.chinese import strokes
from shared.chinese.characters import key

_MARK: Final = "编号"


class Gathering(StrEnum):
    """Kind of gathering: a session, a meeting of the presidium, or an activity of any kind."""

    SESSION = "session"
    PRESIDIUM_MEETING = "presidium_meeting"
    GROUP_ACTIVITY = "group_activity"
    INSPECTION = "inspection"
    RESEARCH = "research"
    LAW_CHECK = "law_check"
    REVIEW = "review"
    INQUIRY = "inquiry"
    TRAINING = "training"
    RECEPTION = "reception"
    VISIT = "visit"
    CONTACT = "contact"
    GOOD_DEED = "good_deed"
    OTHER = "other"


class Line(Value):
    """One line of the roll; `number` 0: may be named, but is not expected.

    `constituency`, `group` and `level` distinguish people of the same name; `initials` are those of the name by pinyin.
    """

    number: int
    deputyship_id: str
    person_id: str
    name: str
    constituency: str = ""
    group: int | None = None
    level: str = "town"
    initials: str = ""


class Candidate(Value):
    """A possible match of an ambiguous name."""

    deputyship_id: str
    number: int
    name: str
    constituency: str
    group: int | None

    @classmethod
    def from_line(cls, line: Line) -> "Candidate":
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


def numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Sort in stroke order, people of the same name by group and constituency, and number from 1."""
    order = sorted(
        lines, key=lambda line: (strokes.key(line.name), line.group or 0, line.constituency, line.name)
    )
    return tuple(line.model_copy(update={"number": n}) for n, line in enumerate(order, 1))


@dataclass(frozen=True)
class Roll:
    """Those expected, in order, and `guests`, who may be named as well. `others`: why the rest may not, by key."""

    lines: Sequence[Line]
    guests: Sequence[Line] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    whole_town: frozenset[str] = frozenset()
    """Deputyships that 全体镇代表 stands for."""
    everybody: bool = True
    """Whether 全体 has a meaning: not where nobody says who is expected."""
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By person, where there are several: all names, present and former."""

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[Line]]:
        """By the name of the day; by a person's other names where nobody has them that day."""
        of_day: dict[str, list[Line]] = {}
        others: dict[str, list[Line]] = {}
        for line in (*self.lines, *self.guests):
            own = key(line.name)
            of_day.setdefault(own, []).append(line)
            for name in {key(name) for name in self.names.get(line.person_id, ())} - {own}:
                others.setdefault(name, []).append(line)
        return others | of_day

    def knows(self, written: str) -> bool:
        return key(written) in self.by_name

    def named(self, written: str, notes: Sequence[str]) -> list[Line]:
        """The lines meant: those expected before guests, one person's mandates together. See `unclear`."""
        found = list(self.by_name.get(key(written), ()))
        for note in notes:
            found = narrowed(found, note)
        levelled = any(LEVEL.fullmatch(note) for note in notes)
        pool = [line for line in found if line.number] or found
        if not levelled and not any(line.number for line in pool):
            pool = [line for line in pool if line.level == "town"] or pool
        return pool


def unclear(lines: Sequence[Line]) -> bool:
    """Whether the lines are of several people, or of one person's several mandates of which none is expected."""
    people = {line.person_id for line in lines}
    return len(people) > 1 or (len(lines) > 1 and not any(line.number for line in lines))


def narrowed(lines: Sequence[Line], note: str) -> list[Line]:
    """Lines that a note in brackets fits: a group, a level, the end of an id, a part of the constituency's name."""
    if note.startswith(_MARK):
        mark = note.removeprefix(_MARK).lstrip(":：")
        return [line for line in lines if mark and line.person_id.endswith(mark)]
    if group := GROUP.fullmatch(note):
        return [line for line in lines if line.group == whole(group[1])]
    if level := LEVEL.fullmatch(note):
        of_level = [line for line in lines if line.level == LEVELS[level[1]]]
        if of_level or note.endswith("级"):
            return of_level
    if within := [line for line in lines if line.constituency and key(note) in key(line.constituency)]:
        return within
    return list(lines) if NOTES.fullmatch(note) else []
