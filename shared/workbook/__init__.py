"""Excel workbooks (.xlsx): reading with problems by cell, writing, and importing rows into records."""

from shared.workbook.cells import CellError, plain, value_of
from shared.workbook.guard import MAX_BYTES
from shared.workbook.importing import Done, ImportReport, RowGroup, Step, import_rows, row_id
from shared.workbook.model import (
    CellProblem,
    Column,
    Row,
    RowProblem,
    Sheet,
    TooBig,
    Unreadable,
    Workbook,
    WorkbookWrong,
)
from shared.workbook.read import MAX_ROWS, read
from shared.workbook.write import Rows, write

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "CellError",
    "CellProblem",
    "Column",
    "Done",
    "ImportReport",
    "Row",
    "RowGroup",
    "RowProblem",
    "Rows",
    "Sheet",
    "Step",
    "TooBig",
    "Unreadable",
    "Workbook",
    "WorkbookWrong",
    "import_rows",
    "plain",
    "read",
    "row_id",
    "value_of",
    "write",
]
