"""Marks as typed beside the numbered sheet (`6* 17. 5-8- 孔启明（病假） kqm*`), and the attendance that they make.

The page reads the same marks while they are typed (`console/static/marks.js`); one table of cases holds for both.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from services.activities.domain import sheet_words as words
from services.activities.domain.attendance import Attendance
from services.activities.domain.leave import Leave, LeaveReason
from services.activities.domain.presence import HalfDay, Portion, presence
from services.activities.domain.reading import HINTS, Doubt
from services.activities.domain.roll import Candidate, Line, Roll, unclear
from services.activities.domain.signed import read_sheet
from services.activities.domain.values import Id, Value

State = Literal[
    "present",
    "online",
    "half_day",
    "morning",
    "afternoon",
    "part",
    "leave",
    "leave_illness",
    "leave_official_duty",
    "leave_family",
    "leave_other",
    "absent",
    "not_recorded",
]
MARKS: Final = "marks"
SIGNS: Final[Mapping[str, State]] = {
    "+": "present",
    "=": "leave",
    "*": "leave_illness",
    ".": "leave_official_duty",
    "/": "leave_family",
    "~": "leave_other",
    "-": "absent",
    "?": "not_recorded",
}
PRESENT_STATES: Final = ("present", "online", "half_day", "morning", "afternoon", "part")
_LEAVE: Final[Mapping[str, LeaveReason | None]] = {"leave": None} | {
    f"leave_{reason}": reason for reason in LeaveReason
}
_WRITTEN: Final = {"。": ".", "·": ".", "、": "/", "÷": "/", "×": "*", "—": "-", "–": "-", "−": "-"}
"""What a Chinese keyboard gives for a sign."""
_SIGN: Final = r"[-—–−]{1,2}|[+=*./~?×÷。·、]"
_TOKEN: Final = re.compile(r"(?:[^\s,;、]|(?<![\u3400-\u9fff)])、|、(?![\u3400-\u9fff]))+")
"""A 、 between two names sets them apart; elsewhere it is the sign that its key has."""
_NUMBERED: Final = re.compile(
    rf"([0-9]{{1,4}})(?:[-—–−]([0-9]{{1,4}}))?号?(?:({_SIGN})|\(([^()]*)\)|([\u3400-\u9fff]+))?"
)
_INITIALS: Final = re.compile(rf"([A-Za-z]{{1,8}})({_SIGN})?")
_NAMED: Final = re.compile(rf"(.+?)(?:\(([^()]*)\))?({_SIGN})?")
_LISTED: Final = re.compile(
    r"(?:^|[\s,;、])(?:第?[0-9]{1,4}\s*[.)。、]|\([0-9]{1,4}\))\s*(?=[\u3400-\u9fff])|[①-⑳]|\t|^#",
    re.MULTILINE,
)
_COLUMN: Final = re.compile(r"^[0-9]{1,4}\s+([\u3400-\u9fff]+)", re.MULTILINE)
"""A list: its numbers count lines, and are nobody's number on the sheet."""


class Marked(Value):
    """One person's state on the sheet."""

    deputyship_id: Id
    state: State


@dataclass
class Marks:
    """`states` by deputyship, in the order in which they were written."""

    states: dict[str, State] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)


def marked(attendance: Attendance, states: Mapping[str, State]) -> Attendance:
    """The attendance with these people in these states, wherever they stood."""
    kept = [id for id in attendance.present if id not in states]
    by_way: dict[str, list[str]] = {}
    for id, state in states.items():
        by_way.setdefault(state, []).append(id)
    there = [id for way in PRESENT_STATES for id in by_way.get(way, ())]
    portions: dict[str, Portion | None] = {
        "half_day": None,
        "morning": "morning",
        "afternoon": "afternoon",
        "part": "part",
    }
    halves = [
        HalfDay(deputyship_id=id, portion=portion)
        for way, portion in portions.items()
        for id in by_way.get(way, ())
    ]
    away = [
        Leave(deputyship_id=id, reason=reason)
        for state, reason in _LEAVE.items()
        for id in by_way.get(state, ())
    ]
    on_leave = [leave for leave in attendance.on_leave if leave.deputyship_id not in states]
    return Attendance(
        present=tuple(dict.fromkeys((*kept, *there))),
        on_leave=(*on_leave, *away),
        absent=(*(id for id in attendance.absent if id not in states), *by_way.get("absent", ())),
        online=(*(id for id in attendance.online if id not in states), *by_way.get("online", ())),
        half_day=(*(half for half in attendance.half_day if half.deputyship_id not in states), *halves),
    )


def states_of(attendance: Attendance) -> dict[str, State]:
    """The state of everybody named, as marks have it."""
    states: dict[str, State] = dict.fromkeys(attendance.present, "present")
    states |= dict.fromkeys(attendance.online, "online")
    states |= {half.deputyship_id: half.portion or "half_day" for half in attendance.half_day}
    reasons: dict[LeaveReason | None, State] = {reason: state for state, reason in _LEAVE.items()}  # type: ignore[misc]
    states |= {leave.deputyship_id: reasons[leave.reason] for leave in attendance.on_leave}
    return states | dict.fromkeys(attendance.absent, "absent")


def read_marks(roll: Roll, text: str, *, others_present: bool) -> Marks:
    """Marks by signs, or names as pasted; without a state one is on leave where the others came, else present."""
    folded = "".join(_folded(character) for character in text)
    marks = Marks()
    if not _is_list(folded):
        reader = _Marks(roll, text, marks, "leave" if others_present else "present")
        reader.read(folded)
        if not marks.doubts or reader.signed:
            return marks
    part = "on_leave" if others_present else "present"
    attendance, doubts = read_sheet(roll, {part: text}, others_present=False)
    return Marks(states_of(attendance), [doubt.model_copy(update={"part": MARKS}) for doubt in doubts])


def _is_list(text: str) -> bool:
    column = "\n" in text and any(state_of(match[1]) is None for match in _COLUMN.finditer(text))
    return column or _LISTED.search(text) is not None


def _folded(character: str) -> str:
    """The plain form of a full-width character, where it is one character too: places stay."""
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


class _Marks:
    """One text of marks. `signed`: it has numbers, initials or signs, which names as pasted have not."""

    def __init__(self, roll: Roll, text: str, marks: Marks, fallback: State) -> None:
        self.roll, self.text, self.marks, self.fallback = roll, text, marks, fallback
        self.signed = False
        self.last: list[str] = []

    def read(self, folded: str) -> None:
        for token in _TOKEN.finditer(folded):
            self._take(token)

    def _take(self, token: re.Match[str]) -> None:
        word = token[0]
        if (match := _NUMBERED.fullmatch(word)) is not None:
            first, last = int(match[1]), int(match[2] or match[1])
            found = [line for line in self.roll.lines if first <= line.number <= last]
            said = match[4] or match[5]
            state = state_of(said) if said else None
            whole = len(found) == last - first + 1 and (state is not None or not said)
            self._put(token, found if whole else [], match[3], state, several=True)
        elif (match := _INITIALS.fullmatch(word)) is not None:
            wanted = match[1].lower()
            self._put(token, [line for line in self.roll.lines if line.initials.startswith(wanted)], match[2])
        elif self.last and (state := state_of(word)) is not None:
            self.marks.states |= dict.fromkeys(self.last, state)
            self.last = []
        else:
            self._named(token)

    def _named(self, token: re.Match[str]) -> None:
        match = _NAMED.fullmatch(token[0])
        assert match is not None
        name, note, sign = match[1].lstrip("+"), match[2], match[3]
        state = state_of(note) if note else None
        if not self.roll.knows(name) and not note and not sign:
            ends = range(len(name) - 1, 0, -1)
            cut = next((n for n in ends if self.roll.knows(name[:n]) and state_of(name[n:])), len(name))
            name, state = name[:cut], state_of(name[cut:]) if cut < len(name) else state
        if match[1].startswith("+"):
            state, self.signed = state or "present", True
        found = self.roll.named(name, [note] if note and state is None else [])
        self._put(token, found, sign if sign != "、" else "?!", state)

    def _put(
        self,
        token: re.Match[str],
        found: Sequence[Line],
        sign: str | None,
        state: State | None = None,
        *,
        several: bool = False,
    ) -> None:
        self.signed = self.signed or several or bool(sign) or token[0].isascii()
        people = {line.person_id for line in found}
        ids = [line.deputyship_id for line in found]
        if sign == "?!" or not found or (not several and unclear(found)) or (len(people) > 1 and not several):
            self._doubt(token, found)
        elif any(id in self.marks.states for id in ids):
            self._doubt(token, (), f"“{token[0]}”写了两次", HINTS["place"])
        else:
            meant = state or (SIGNS[_WRITTEN.get(sign[0], sign[0])] if sign else None)
            self.marks.states |= dict.fromkeys(ids, meant or self.fallback)
            self.last = [] if meant else ids
            return
        self.last = []

    def _doubt(
        self, token: re.Match[str], found: Sequence[Line], message: str = "", hint: str = HINTS["nobody"]
    ) -> None:
        written = self.text[token.start() : token.end()]
        several = len(found) > 1
        before = self.text[: token.start()]
        self.marks.doubts.append(
            Doubt(
                part=MARKS,
                written=written,
                message=message or (f"“{written}”有几位" if several else f"应到人员中没有“{written}”"),
                hint=HINTS["several"] if several else hint,
                candidates=tuple(Candidate.from_line(line) for line in found) if several else (),
                line=before.count("\n") + 1,
                column=token.start() - (before.rfind("\n") + 1) + 1,
                offset=token.start(),
            )
        )


def state_of(word: str) -> State | None:
    """The state that a word behind a name or a number says: 病假, 缺席, 线上, 上午."""
    plain = word.strip()
    if plain == "未登记":
        return "not_recorded"
    if (way := presence(plain)) is not None:
        return "online" if way.online else way.portion or "half_day"
    stated = words.STATED.fullmatch(plain)
    if stated is None:
        return None
    if reason := stated["reason"] or stated["asked"]:
        return f"leave_{words.LEAVE_WORDS[reason]}"  # type: ignore[return-value]
    states: Mapping[str, State] = {"present": "present", "on_leave": "leave", "absent": "absent"}
    return states.get(words.STATE_WORDS[stated["state"]])
