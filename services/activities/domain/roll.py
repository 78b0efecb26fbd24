"""The roll of a meeting: deputies expected, numbered in stroke order, and the reading of a signed sheet."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from services.activities.domain.attendance import PARTS, Attendance
from services.activities.domain.leave import Leave, LeaveReason
from services.activities.domain.values import Value
from shared.chinese import strokes
from shared.chinese.names import unspaced

LEAVE_WORDS: Final = {
    "病假": LeaveReason.ILLNESS,
    "公务": LeaveReason.OFFICIAL_DUTY,
    "家事": LeaveReason.FAMILY,
    "事假": LeaveReason.FAMILY,
    "其他": LeaveReason.OTHER,
}
_SEPARATORS: Final = re.compile(r"[、，,；;。\r\n\t]+")
_BRACKETED: Final = re.compile(r"(.+?)[（(]([^（()）]+)[）)]")
_NUMBERS: Final = re.compile(r"(\d{1,4})(?:[-—~～至](\d{1,4}))?号?")
_GROUP: Final = re.compile(r"第?(\d{1,4})小?组")


class Gathering(StrEnum):
    """Kind of gathering; it determines who is expected."""

    SESSION = "session"
    PRESIDIUM_MEETING = "presidium_meeting"
    GROUP_ACTIVITY = "group_activity"


class Line(Value):
    """One line of the roll. `constituency` and `group` distinguish people of the same name."""

    number: int
    deputyship_id: str
    person_id: str
    name: str
    constituency: str = ""
    group: int | None = None


class Candidate(Value):
    """A possible match of an ambiguous name."""

    deputyship_id: str
    number: int
    name: str
    constituency: str
    group: int | None


class Doubt(Value):
    """An entry of the sheet that matches nobody on the roll, or several: its part, text and possible matches."""

    part: str
    written: str
    message: str
    candidates: tuple[Candidate, ...] = ()


def numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Sort in stroke order, people of the same name by group and constituency, and number from 1."""
    order = sorted(
        lines, key=lambda line: (strokes.key(line.name), line.group or 0, line.constituency, line.name)
    )
    return tuple(line.model_copy(update={"number": n}) for n, line in enumerate(order, 1))


def read_sheet(
    roll: Sequence[Line], written: Mapping[str, str], *, others_present: bool
) -> tuple[Attendance, tuple[Doubt, ...]]:
    """Attendance from the texts of a sheet; `written`: texts by part (present, on_leave, absent).

    With `others_present` everybody not named is present; else not recorded. A person who is away is away with every
    mandate on the roll. Nothing is guessed: entries in doubt are left out and returned.
    """
    doubts: list[Doubt] = []
    lines_by_part: dict[str, list[tuple[Line, LeaveReason | None]]] = {part: [] for part in PARTS}
    placed: dict[str, str] = {}
    for part in ("on_leave", "absent", "present"):
        for word in _entries(written.get(part, ""), roll):
            lines, reason, doubt = _resolve(part, word, roll)
            if doubt is not None:
                doubts.append(doubt)
            for line in lines:
                if line.deputyship_id not in placed:
                    placed[line.deputyship_id] = part
                    lines_by_part[part].append((line, reason))
                elif placed[line.deputyship_id] != part:
                    there = PARTS[placed[line.deputyship_id]]
                    doubts.append(Doubt(part=part, written=word, message=f"{line.name}已写在“{there}”"))
    away = {line.person_id for part in ("on_leave", "absent") for line, _ in lines_by_part[part]}
    present = [line for line, _ in lines_by_part["present"]]
    if others_present:
        present += [line for line in roll if line.deputyship_id not in placed and line.person_id not in away]
    return (
        Attendance(
            present=_ids(present),
            on_leave=tuple(
                Leave(deputyship_id=line.deputyship_id, reason=reason)
                for line, reason in lines_by_part["on_leave"]
            ),
            absent=_ids([line for line, _ in lines_by_part["absent"]]),
        ),
        tuple(doubts),
    )


def _ids(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.deputyship_id for line in lines)


def _entries(text: str, roll: Sequence[Line]) -> Iterator[str]:
    """Entries of a text, split at punctuation and line ends; at blanks where only the parts are names."""
    names = {unspaced(line.name) for line in roll}
    for part in filter(None, (words.strip() for words in _SEPARATORS.split(text))):
        pieces = part.split()
        if (
            unspaced(part) not in names
            and len(pieces) > 1
            and all(_is_entry(piece, names) for piece in pieces)
        ):
            yield from pieces
        else:
            yield unspaced(part)


def _is_entry(piece: str, names: Collection[str]) -> bool:
    bracketed = _BRACKETED.fullmatch(piece)
    return unspaced(bracketed[1] if bracketed else piece) in names or _NUMBERS.fullmatch(piece) is not None


def _resolve(
    part: str, word: str, roll: Sequence[Line]
) -> tuple[Sequence[Line], LeaveReason | None, Doubt | None]:
    """(lines matched by an entry, the reason for leave in brackets, the doubt if any)."""
    reason, rest = None, word
    if part == "on_leave" and (bracketed := _BRACKETED.fullmatch(word)) and bracketed[2] in LEAVE_WORDS:
        reason, rest = LEAVE_WORDS[bracketed[2]], bracketed[1]
    if by_number := _NUMBERS.fullmatch(rest):
        first, last = int(by_number[1]), int(by_number[2] or by_number[1])
        lines = [line for line in roll if first <= line.number <= last]
        if len(lines) != last - first + 1:
            return (), None, Doubt(part=part, written=word, message=f"签到册只有 1 至 {len(roll)} 号")
        return lines, reason, None
    lines = _named(rest, roll)
    if not lines:
        return (), None, Doubt(part=part, written=word, message=f"应到人员中没有 {rest}")
    if len({line.person_id for line in lines}) > 1:
        message = f"应到人员中有 {len(lines)} 位 {lines[0].name}，请写明组别、选区或序号，如：{lines[0].name}（第2组）"
        return (), None, Doubt(part=part, written=word, message=message, candidates=_candidates(lines))
    return lines, reason, None


def _named(word: str, roll: Sequence[Line]) -> list[Line]:
    """Lines with this name; a group or constituency in brackets narrows them down."""
    if whole := [line for line in roll if unspaced(line.name) == word]:
        return whole
    bracketed = _BRACKETED.fullmatch(word)
    if bracketed is None:
        return []
    of_name = [line for line in roll if unspaced(line.name) == bracketed[1]]
    group = _GROUP.fullmatch(bracketed[2])
    if group:
        return [line for line in of_name if line.group == int(group[1])]
    return [line for line in of_name if line.constituency and bracketed[2] in line.constituency]


def _candidates(lines: Sequence[Line]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            deputyship_id=line.deputyship_id,
            number=line.number,
            name=line.name,
            constituency=line.constituency,
            group=line.group,
        )
        for line in lines
    )
