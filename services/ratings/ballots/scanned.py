"""The third reading: ballots and count sheets read from photographs, held against what both tellers keyed.

A ballot line in doubt may be anything, so each number is read as a range: what was keyed differs where it is outside.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.ratings.ballots.box import line_of
from services.ratings.ballots.count import Sheet
from services.ratings.domain import ABSTAIN, SPOILED
from shared.errors import FieldError


class Mark(Protocol):
    """One box: whether there is ink, and whether that is in doubt."""

    @property
    def ink(self) -> bool: ...
    @property
    def doubtful(self) -> bool: ...


def box_name(line: str, code: str) -> str:
    """`line`: of the ballot, a deputy or one in a dimension."""
    return f"{line}/{code}"


@dataclass
class Ballots:
    """Ballots of one group, added up: `sure` by (line, code), `doubts` by line, `lines` read."""

    sure: Counter[tuple[str, str]] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    lines: Counter[str] = field(default_factory=Counter)

    def add(self, marks: Mapping[str, Mark]) -> None:
        """One page of a ballot: two ticks on a line are spoiled, none is abstention."""
        rows: dict[str, dict[str, Mark]] = {}
        for name, mark in marks.items():
            line, _, code = name.rpartition("/")
            rows.setdefault(line, {})[code] = mark
        for line, row in rows.items():
            self.lines[line] += 1
            ticked = [code for code, mark in row.items() if mark.ink]
            if any(mark.doubtful for mark in row.values()):
                self.doubts[line] += 1
            else:
                self.sure[line, ticked[0] if len(ticked) == 1 else SPOILED if ticked else ABSTAIN] += 1

    @property
    def ballots(self) -> int:
        return max(self.lines.values(), default=0)

    def differences(self, sheet: Sheet) -> Iterator[FieldError]:
        """Cells of a sheet as keyed that are outside of what was read."""
        if self.ballots != sheet.valid:
            yield _at(sheet, ("returned",), f"识读了 {self.ballots} 张选票，与录入的有效票数不符")
        for deputyship_id, row in sheet.rows.items():
            line = line_of(deputyship_id, sheet.dimension)
            for code, keyed in {**row.counts, ABSTAIN: row.abstain, SPOILED: row.spoiled}.items():
                least = self.sure[line, code]
                if not least <= keyed <= least + self.doubts[line]:
                    yield _at(sheet, (deputyship_id, code), "选票上识读的与录入的不一致")


def unfilled(sheet: Sheet, marks: Mapping[str, Mark]) -> Iterator[FieldError]:
    """Cells of a count sheet that are empty on paper, where a number was keyed: digits are not read."""
    for deputyship_id, row in sheet.rows.items():
        for code, keyed in {**row.counts, ABSTAIN: row.abstain, SPOILED: row.spoiled}.items():
            mark = marks.get(box_name(deputyship_id, code))
            if keyed and mark is not None and not mark.ink and not mark.doubtful:
                yield _at(sheet, (deputyship_id, code), "计票表上这一格是空的，录入的不是 0")


def _at(sheet: Sheet, cell: Sequence[str], message: str) -> FieldError:
    return FieldError(".".join(("counts", *(part for part in sheet.place if part), *cell)), message)
