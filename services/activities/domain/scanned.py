"""What the boxes of a photographed sheet mean: who signed, who is on leave, what the register counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from services.activities.domain.marks import State
from services.activities.domain.roll import Line

SIGNED: Final = "signature"
REASONS: Final = {"病假": "illness", "公务": "official_duty", "家事": "family", "其他": "other"}
"""Columns of a sign-in sheet for a tick."""
VOTER, OPINION = "voter", "opinion"
COLUMNS: Final = {SIGNED: "签名", VOTER: "来访选民", OPINION: "反映的意见"} | {
    column: label for label, column in REASONS.items()
}
_STATES: Final[Mapping[str, State]] = {
    "illness": "leave_illness",
    "official_duty": "leave_official_duty",
    "family": "leave_family",
    "other": "leave_other",
}


class Mark(Protocol):
    """One box: whether there is ink, and whether that is in doubt."""

    @property
    def ink(self) -> bool: ...
    @property
    def doubtful(self) -> bool: ...


def box_name(line: str, column: str) -> str:
    return f"{line}/{column}"


@dataclass(frozen=True)
class Row:
    """One line of a sign-in sheet: its state, or what it would be where somebody must look; `boxes`: those in doubt and
    those with ink that contradict each other."""

    line: Line
    state: State
    boxes: Sequence[str] = ()
    contradicts: bool = False

    @property
    def doubtful(self) -> bool:
        return bool(self.boxes) or self.contradicts


def rows(roll: Sequence[Line], marks: Mapping[str, Mark]) -> list[Row]:
    """Of the lines that were read. An empty line is not recorded, which is not absent."""
    return [_row(line, marks) for line in roll if box_name(line.deputyship_id, SIGNED) in marks]


def _row(line: Line, marks: Mapping[str, Mark]) -> Row:
    columns = {column: marks[box_name(line.deputyship_id, column)] for column in (SIGNED, *REASONS.values())}
    inked = [column for column, mark in columns.items() if mark.ink]
    reasons = [column for column in inked if column != SIGNED]
    state: State = "not_recorded"
    if SIGNED in inked:
        state = "present"
    elif len(reasons) == 1:
        state = _STATES[reasons[0]]
    elif reasons:
        state = "leave"
    contradicts = len(inked) > 1
    boxes = [column for column, mark in columns.items() if mark.doubtful or (contradicts and mark.ink)]
    return Row(line, state, boxes, contradicts)


def counted(marks: Mapping[str, Mark], column: str) -> int | None:
    """Boxes of a register with ink; None where no register was read."""
    of_column = [mark for name, mark in marks.items() if name.endswith(f"/{column}")]
    return sum(mark.ink for mark in of_column) if of_column else None
