"""The third reading: ballots and count sheets read from photographs, held against what both tellers keyed.

A ballot line in doubt may be anything, so each number is read as a range: what was keyed differs where it is outside.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.ratings.ballots.box import line_of
from services.ratings.ballots.count import Sheet
from services.ratings.domain import ABSTAIN, SPOILED
from shared.documents.numbers import Mark, Number, number
from shared.errors import FieldError

Cell = tuple[str, ...]
"""A number of a sheet: of all ballots (`issued`), or (deputyship id, option code)."""
WHOLE: Final = "ballots"
"""The line of a count sheet that is of all ballots."""
VALID: Final = "valid"


def box_name(line: str, code: str) -> str:
    """`line`: of the ballot, a deputy or one in a dimension."""
    return f"{line}/{code}"


def cell_name(cell: Cell) -> str:
    return box_name(*cell) if len(cell) > 1 else box_name(WHOLE, *cell)


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


@dataclass(frozen=True)
class Counted:
    """What was marked on photographed pages of a count sheet, by cell. `valid`: ballots that the sums were held
    against; None where that is not certain, and they were not."""

    numbers: Mapping[Cell, Number]
    valid: int | None

    @classmethod
    def of(cls, sheet: Sheet, marks: Mapping[str, Mark]) -> "Counted":
        """Numbers of the pages that were read, for the cells of a sheet. What does not add up is in doubt."""
        cells: list[Cell] = [(VALID,), *sheet.cells()]
        found = {cell: one for cell in cells if (one := number(cell_name(cell), marks)) is not None}
        balance: tuple[Cell, ...] = (("returned",), ("void",), (VALID,))
        returned, void, valid = (_certain(found.get(cell)) for cell in balance)
        if returned is not None and void is not None:
            if valid not in (None, returned - void):
                found |= {cell: _doubtful(found[cell]) for cell in balance}
                return cls(found, None)
            valid = returned - void
        if valid is not None:
            for row in sheet.rows:
                found |= _unbalanced({cell: one for cell, one in found.items() if cell[0] == row}, valid)
        return cls(found, valid)

    @property
    def doubtful(self) -> Sequence[Cell]:
        return [cell for cell, one in self.numbers.items() if one.doubtful]

    def differences(self, sheet: Sheet) -> Iterator[FieldError]:
        """Cells of a sheet as keyed that are certainly marked otherwise."""
        for cell, keyed in sheet.cells().items():
            marked = _certain(self.numbers.get(cell))
            if marked not in (None, keyed):
                yield _at(sheet, cell, "计票表上涂的与录入的不一致")


def _certain(one: Number | None) -> int | None:
    return None if one is None or one.doubtful else one.value


def _doubtful(one: Number) -> Number:
    return Number(one.value, doubtful=True)


def _unbalanced(row: Mapping[Cell, Number], valid: int) -> dict[Cell, Number]:
    """The numbers of one deputy as doubtful where they do not add up; nothing where one is in doubt already."""
    known = [one for number_of in row.values() if (one := _certain(number_of)) is not None]
    if len(known) < len(row) or sum(known) == valid:
        return {}
    return {cell: _doubtful(one) for cell, one in row.items()}


def unfilled(sheet: Sheet, marks: Mapping[str, Mark]) -> Iterator[FieldError]:
    """Cells of a sheet of the former edition that are empty on paper, where a number was keyed."""
    for deputyship_id, row in sheet.rows.items():
        for code, keyed in {**row.counts, ABSTAIN: row.abstain, SPOILED: row.spoiled}.items():
            mark = marks.get(box_name(deputyship_id, code))
            if keyed and mark is not None and not mark.ink and not mark.doubtful:
                yield _at(sheet, (deputyship_id, code), "计票表上这一格是空的，录入的不是 0")


def _at(sheet: Sheet, cell: Sequence[str], message: str) -> FieldError:
    return FieldError(".".join(("counts", *(part for part in sheet.place if part), *cell)), message)
