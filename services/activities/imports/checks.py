"""What can be wrong with single cells of a row, each by itself, so that one problem does not hide another."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.activities.domain.suggestions import Suggestion
from services.activities.imports.lookups import (
    find_activity,
    find_record,
    find_suggestion,
    refers_to,
    suggestion_key,
)
from services.activities.imports.rows import NAMED, SHEET_OF_ATTENDANCE, Sheets
from services.activities.names import NameUnresolved
from shared.errors import FieldError, Invalid
from shared.storage.work import Work
from shared.workbook import Check, Row, RowProblem

_NAMES: Final = ("lead", "deputy", "co", "proposers")


@dataclass(frozen=True)
class CellChecks:
    """Checks of the cells that refer to the roster or to other sheets."""

    sheets: Sheets

    def of(self, day: str, *others: Check) -> tuple[Check, ...]:
        """Those that every sheet may need. `day`: the column of the day on which names are looked up."""

        async def names(_: Work, row: Row) -> None:
            if faults := list(self._names(row, day)):
                raise Invalid(errors=faults)

        return (*others, names, self._group, self._station)

    def _names(self, row: Row, day: str) -> Iterator[FieldError]:
        """Names that nobody has; on the row's day, or on any where that is not known."""
        on = None if day in row.unfit else row[day]
        for name in _NAMES:
            if name not in row.cells or name in row.unfit or not row[name]:
                continue
            for written in (row[name],) if isinstance(row[name], str) else row.many(name):
                if on is None:
                    yield from (
                        self._stranger(name, text) for text in self.sheets.directory.strangers(written)
                    )
                    continue
                try:
                    self.sheets.directory.deputyship(written, on)
                except NameUnresolved as problem:
                    yield FieldError(name, str(problem), NAMED)
        for name in SHEET_OF_ATTENDANCE if on is None else ():
            if name in row.cells and name not in row.unfit and row[name]:
                yield from (self._stranger(name, text) for text in self.sheets.directory.strangers(row[name]))

    @staticmethod
    def _stranger(name: str, text: str) -> FieldError:
        return FieldError(name, f"名册中没有 {text}", NAMED)

    async def _group(self, _: Work, row: Row) -> None:
        if isinstance(row["group"], tuple):
            self.sheets.group_ids(row)
        else:
            self.sheets.group_id(row)

    async def _station(self, _: Work, row: Row) -> None:
        self.sheets.station_id(row)


def refers(field: str) -> Check:
    """The check that a cell refers to a record that there is."""

    async def check(work: Work, row: Row) -> None:
        if row[field] is not None and await find_record(work, row[field]) is None:
            raise no_record(field, row)

    return check


def no_record(field: str, row: Row) -> RowProblem:
    return RowProblem(field, f"没有“{row[field]}”这条记录", row, refers=refers_to(row[field]))


async def activity_there(work: Work, row: Row) -> str | None:
    """The id of the activity that a row names. Errors: RowProblem."""
    if row["activity"] is None:
        return None
    activity = await find_activity(work, row["activity"])
    if activity is None:
        message = f"没有编号为“{row['activity']}”的活动"
        raise RowProblem("activity", message, row, refers=("活动", row["activity"]))
    return activity.id


async def suggestion_there(work: Work, row: Row) -> Suggestion | None:
    """The suggestion that a row names. Errors: RowProblem."""
    if row["suggestion"] is None:
        return None
    suggestion = await find_suggestion(work, row["suggestion"])
    if suggestion is None:
        named = suggestion_key(row["suggestion"])
        refers_to_row = ("代表建议", *named) if named else ()
        raise RowProblem("suggestion", f"没有“{row['suggestion']}”这件建议", row, refers=refers_to_row)
    return suggestion
