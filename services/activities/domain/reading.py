"""What the texts of a sheet say: people by state, counts, doubts with their places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.activities.domain.attendance import PARTS, Attendance
from services.activities.domain.leave import Leave, LeaveReason
from services.activities.domain.pasted import Token, position
from services.activities.domain.roll import Candidate, Line, Roll
from services.activities.domain.values import Value

_RECOUNT: Final = "请核对人数和名单"


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
        return Attendance(
            present=tuple(present),
            on_leave=tuple(
                Leave(deputyship_id=id, reason=self.reasons.get(id))
                for id, part in self.placed.items()
                if part == "on_leave"
            ),
            absent=tuple(id for id, part in self.placed.items() if part == "absent"),
        )


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
