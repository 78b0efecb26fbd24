"""What the texts of a sheet say: people by state, counts, doubts with their places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.activities.domain.attendance import PARTS, Attendance
from services.activities.domain.leave import Leave, LeaveReason
from services.activities.domain.pasted import Token, position
from services.activities.domain.presence import HalfDay, Portion, Presence, whole_day
from services.activities.domain.roll import Candidate, Line, Roll
from services.activities.domain.values import Value

_RECOUNT: Final = "请核对人数和名单"

HINTS: Final = {
    "nobody": "请核对姓名，或把不是姓名的文字删去",
    "several": "请在姓名后加括号写明组别、选区、层级或编号",
    "number": "序号请单独写一行，如 5-8；姓名的编号请写成“5. 姓名”",
    "reason": "事由请写病假、公务、家事或其他",
    "place": "一个人只写在一处",
    "half": "请假半天、另半天到会的写在出席里，如：李四（下午）",
    "everybody": "请写明“全体镇代表”“第1小组”或姓名",
}


class Doubt(Value):
    """An entry that was not understood, or stands for several: its part, place (from 1; `offset` from 0) and a hint."""

    part: str
    written: str
    message: str
    candidates: tuple[Candidate, ...] = ()
    hint: str = ""
    line: int = 1
    column: int = 1
    offset: int = 0

    @property
    def in_full(self) -> str:
        """Message, place and hint in one sentence."""
        return f"第 {self.line} 行第 {self.column} 字“{self.written}”：{self.message}；{self.hint}"


@dataclass
class Entry:
    """Somebody named, with the notes in brackets. `part` None: named as not present, and no more."""

    token: Token
    part: str | None
    lines: Sequence[Line] | None = None
    notes: list[str] = field(default_factory=list)
    reason: LeaveReason | None = None
    excepted: bool = False
    presences: list[Presence] = field(default_factory=list)


@dataclass
class Reading:
    """What the texts of a sheet say, by deputyship. `excepted`: named as not present, without a state."""

    roll: Roll
    placed: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, LeaveReason | None] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    excepted: set[str] = field(default_factory=set)
    collectives: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    counts: list[tuple[str, int, str, Token]] = field(default_factory=list)
    spans: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    presences: dict[str, list[Presence]] = field(default_factory=dict)
    """How those present took part, by deputyship."""

    def took_part(self, ids: Iterable[str], *presences: Presence) -> None:
        for id in ids:
            self.presences.setdefault(id, []).extend(presences)

    def attendance(self, *, others_present: bool) -> Attendance:
        """Everybody in one state; who is away is away with every mandate on the roll."""
        every = (*self.roll.lines, *self.roll.guests)
        away_ids = self.excepted | {id for id, part in self.placed.items() if part != "present"}
        away = {line.person_id for line in every if line.deputyship_id in away_ids}
        present = [id for id, part in self.placed.items() if part == "present"]
        meant = {id for _, ids in self.collectives for id in ids}
        present += [
            line.deputyship_id
            for line in every
            if (line.deputyship_id in meant or (others_present and line.number))
            and line.person_id not in away
            and line.deputyship_id not in self.placed
        ]
        partly = [id for id in present if not whole_day(self.presences.get(id, ()))]
        return Attendance(
            online=tuple(id for id in present if any(way.online for way in self.presences.get(id, ()))),
            half_day=tuple(HalfDay(deputyship_id=id, portion=self._portion(id)) for id in partly),
            present=tuple(present),
            on_leave=tuple(
                Leave(deputyship_id=id, reason=self.reasons.get(id))
                for id, part in self.placed.items()
                if part == "on_leave"
            ),
            absent=tuple(id for id, part in self.placed.items() if part == "absent"),
        )

    def _portion(self, id: str) -> Portion | None:
        return next((way.portion for way in self.presences[id] if way.portion is not None), None)


def miscounted(reading: Reading, attendance: Attendance, written: Mapping[str, str]) -> Iterable[Doubt]:
    """Counts that do not agree with the people named."""
    people = {line.deputyship_id: line.person_id for line in (*reading.roll.lines, *reading.roll.guests)}
    found = {
        "expected": {line.person_id for line in reading.roll.lines},
        "present": {people[id] for id in attendance.present},
        "on_leave": {people[leave.deputyship_id] for leave in attendance.on_leave},
        "absent": {people[id] for id in attendance.absent},
    }
    for reason in LeaveReason:
        found[reason] = {
            people[leave.deputyship_id] for leave in attendance.on_leave if leave.reason is reason
        }
    for part, number, kind, token in reading.counts:
        if kind and len(found[kind]) != number:
            line, column = position(written[part], token.start)
            noun = {**PARTS, "expected": "应到"}.get(kind, PARTS["on_leave"])
            message = f"写明{noun} {number} 人，读出 {len(found[kind])} 人"
            place = {"line": line, "column": column, "offset": token.start}
            yield Doubt(part=part, written=token.text, message=message, hint=_RECOUNT, **place)
