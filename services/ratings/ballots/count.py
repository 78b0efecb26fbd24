"""The count of paper ballots: sheets keyed twice by two tellers, compared by cell.

Invariants, asserted on every sheet (by analogy with 选举法 44): issued ≥ returned; returned = valid + void;
for each deputy Σ options + abstain + spoiled = valid. A ballot is one sheet of paper for all deputies.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from services.ratings import errors
from services.ratings.domain import ABSTAIN, SPOILED, Count, Rules, SlipTotals, Value
from shared.errors import FieldError
from shared.storage.work import Record

Entry = Literal[1, 2]
Place = tuple[str, str]
"""(dimension, group): key of a sheet within its meeting; both empty where the ballot has neither."""

TOTALS: Mapping[str, str] = {"issued": "发出票", "returned": "收回票", "void": "废票"}


class Row(Value):
    """One deputy's line of a count sheet."""

    counts: dict[str, Count]
    abstain: Count = 0
    spoiled: Count = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values()) + self.abstain + self.spoiled


class Sheet(Value):
    """One count sheet as keyed by one teller."""

    entry: Entry
    teller: str
    dimension: str = ""
    group: str = ""
    issued: Count
    returned: Count
    void: Count
    rows: dict[str, Row]

    @property
    def place(self) -> Place:
        return self.dimension, self.group

    @property
    def valid(self) -> int:
        return self.returned - self.void

    def cells(self) -> dict[tuple[str, ...], int]:
        """All numbers of the sheet by place: ("issued",) or (deputyship id, option code)."""
        numbers: dict[tuple[str, ...], int] = {(name,): getattr(self, name) for name in TOTALS}
        for deputyship_id, row in self.rows.items():
            cells = {**row.counts, ABSTAIN: row.abstain, SPOILED: row.spoiled}
            numbers |= {(deputyship_id, code): number for code, number in cells.items()}
        return numbers


class Tally(Record):
    """All sheets of one meeting; `id` is the meeting's. Only the sum is published.

    `slips` is the number of codes printed, fixed when the meeting opens, `printed_by` who printed any, `counted_by` who
    ever keyed a sheet, also one dropped since, `handed_out` how many the presiding teller says were handed out. While
    `open`, slips may vote, encrypting to `box_key`; `box` is their count, made once at closing.
    """

    open: bool = False
    slips: Count = 0
    printed_by: tuple[str, ...] = ()
    counted_by: tuple[str, ...] = ()
    handed_out: Count | None = None
    sheets: tuple[Sheet, ...] = ()
    box_key: str = ""
    box: tuple[Sheet, ...] | None = None

    @property
    def tellers(self) -> frozenset[str]:
        return frozenset(sheet.teller for sheet in self.sheets)

    @property
    def counters(self) -> frozenset[str]:
        """Subjects who keyed counts, of a sheet that is there or was dropped."""
        return self.tellers | frozenset(self.counted_by)

    @property
    def took_part(self) -> frozenset[str]:
        """Subjects who printed slips or keyed counts."""
        return self.counters | frozenset(self.printed_by)

    @property
    def slip_totals(self) -> SlipTotals | None:
        """None before the box is counted, and on paper."""
        if not self.box:
            return None
        on_paper = self.slips - self.box[0].issued
        returned = self.box[0].returned + on_paper
        return SlipTotals(printed=self.slips, handed_out=self.handed_out, returned=returned)


class CountTry(Record):
    """A sheet as keyed at `at`, without its numbers: whoever keys again and again to learn the other entry is seen."""

    meeting_id: str
    at: datetime
    entry: Entry
    teller: str
    dimension: str = ""
    group: str = ""
    differs: bool


def read_rows(
    counts: Mapping[str, Mapping[str, int]], rules: Rules, deputyship_ids: Sequence[str]
) -> dict[str, Row]:
    """Rows of a sheet in the order of the meeting; an option, abstain or spoiled left out is 0.

    Errors: CountsUnbalanced naming deputies and options that are not on the ballot, and deputies left out.
    """
    allowed = {*rules.codes, ABSTAIN, SPOILED}
    faults = [_at(id, "不在本场述职代表之列") for id in counts if id not in deputyship_ids]
    faults += [_at(id, "缺少这名代表的票数") for id in deputyship_ids if id not in counts]
    for id, row in counts.items():
        faults += [_at(f"{id}.{code}", "评议办法没有这个选项") for code in row if code not in allowed]
    if faults:
        raise errors.CountsUnbalanced("计票表与选票内容不符", errors=faults)
    return {
        id: Row(
            counts={code: counts[id].get(code, 0) for code in rules.codes},
            abstain=counts[id].get(ABSTAIN, 0),
            spoiled=counts[id].get(SPOILED, 0),
        )
        for id in deputyship_ids
    }


def _at(place: str, message: str) -> FieldError:
    return FieldError(f"body.counts.{place}", message)


def check_sheet(sheet: Sheet, rules: Rules) -> None:
    """Errors: CountsUnbalanced naming every identity that does not hold."""
    faults = []
    if sheet.returned > sheet.issued:
        faults.append(
            FieldError("body.returned", f"收回 {sheet.returned} 张多于发出 {sheet.issued} 张，本次投票无效")
        )
    if sheet.void > sheet.returned:
        faults.append(FieldError("body.void", f"废票 {sheet.void} 张多于收回 {sheet.returned} 张"))
    for deputyship_id, row in sheet.rows.items():
        if row.total != sheet.valid >= 0:
            faults.append(
                _at(deputyship_id, f"各选项、弃权与划错合计 {row.total}，应等于有效票 {sheet.valid}")
            )
    if rules.groups and sheet.group not in {group.code for group in rules.groups}:
        faults.append(FieldError("body.group", "评议办法没有这个评议群体"))
    if rules.dimensions and sheet.dimension not in rules.dimensions:
        faults.append(FieldError("body.dimension", f"应为：{'、'.join(rules.dimensions)}"))
    if faults:
        raise errors.CountsUnbalanced("票数关系不成立", errors=faults)


def entered(tally: Tally, sheet: Sheet, named: Collection[str] = ()) -> Tally:
    """The tally with this sheet, which replaces the same teller's earlier one.

    Where the meeting names its tellers, sheets of others are dropped, so that a teller can be replaced.

    Errors: SameTeller when the teller also keyed the other entry, CountsTaken when the entry is another teller's.
    """
    sheets = [other for other in tally.sheets if not named or other.teller in named]
    if any(other.teller == sheet.teller and other.entry != sheet.entry for other in sheets):
        raise errors.SameTeller("您已录入另一遍，这一遍须由另一名计票人独立录入")
    others = []
    for other in sheets:
        if (other.place, other.entry) != (sheet.place, sheet.entry):
            others.append(other)
        elif other.teller != sheet.teller:
            raise errors.CountsTaken("这一遍已由另一名计票人录入，只能由本人更正")
    order = sorted((*others, sheet), key=lambda entered_sheet: (entered_sheet.place, entered_sheet.entry))
    counted_by = tuple(sorted({*tally.counters, sheet.teller}))
    return tally.model_copy(update={"sheets": tuple(order), "counted_by": counted_by})


def differences(tally: Tally, place: Place | None = None) -> list[FieldError]:
    """Places of the cells in which two entries differ, without the numbers; `place`: of one sheet only."""
    faults = []
    for first, second in _pairs(tally):
        if place not in (None, first.place):
            continue
        cells, again = first.cells(), second.cells()
        places = [cell for cell in cells if cells[cell] != again.get(cell)]
        places += [cell for cell in again if cell not in cells]
        faults += [_cell(first, cell, "两遍录入不一致") for cell in places]
    return faults


def _pairs(tally: Tally) -> Iterator[tuple[Sheet, Sheet]]:
    seconds = {sheet.place: sheet for sheet in tally.sheets if sheet.entry == 2}
    for sheet in tally.sheets:
        if sheet.entry == 1 and sheet.place in seconds:
            yield sheet, seconds[sheet.place]


def _cell(sheet: Sheet, cell: tuple[str, ...], message: str) -> FieldError:
    loc = ["counts", *(part for part in sheet.place if part), *cell]
    text = f"{TOTALS[cell[0]]}：{message}" if len(cell) == 1 else message
    return FieldError(".".join(loc), f"{_called(sheet.place)}{text}")


def _called(place: Place) -> str:
    """How a sheet is named before what is wrong with it."""
    name = " · ".join(filter(None, reversed(place)))
    return name and f"{name}："


def check_complete(tally: Tally, rules: Rules) -> None:
    """Check that the meeting may close.

    Errors: CountsIncomplete while a sheet or its second entry is missing; CountsDiffer while entries differ,
    or while sheets of the same ballots (one group, several dimensions) state different totals.
    """
    check_entered(tally, rules)
    if faults := [*differences(tally), *_uneven(first_entries(tally))]:
        raise errors.CountsDiffer(f"有 {len(faults)} 处不一致，请计票人核对原始选票后更正", errors=faults)


def check_entered(tally: Tally, rules: Rules) -> None:
    """Errors: CountsIncomplete while a sheet or its second entry is missing."""
    entered_places = {
        entry: {sheet.place for sheet in tally.sheets if sheet.entry == entry} for entry in (1, 2)
    }
    there = entered_places[1] | entered_places[2]
    dimensions = set(rules.dimensions) or {place[0] for place in there} or {""}
    groups = {group.code for group in rules.groups} or {place[1] for place in there} or {""}
    missing = [
        FieldError(
            ".".join(["counts", *filter(None, (dimension, group))]),
            f"{_called((dimension, group))}缺第{'一二'[entry - 1]}遍计票",
        )
        for dimension in sorted(dimensions)
        for group in sorted(groups)
        for entry in (1, 2)
        if (dimension, group) not in entered_places[entry]
    ]
    if missing:
        raise errors.CountsIncomplete("两遍计票未录齐", errors=missing)


def first_entries(tally: Tally) -> list[Sheet]:
    return [sheet for sheet in tally.sheets if sheet.entry == 1]


def _uneven(sheets: Iterable[Sheet]) -> list[FieldError]:
    """Sheets of one group count the same ballots, so their totals must agree."""
    faults = []
    leading: dict[str, Sheet] = {}
    for sheet in sheets:
        lead = leading.setdefault(sheet.group, sheet)
        faults += [
            _cell(sheet, (name,), "同一批选票的各张计票表应一致")
            for name in TOTALS
            if getattr(sheet, name) != getattr(lead, name)
        ]
    return faults
