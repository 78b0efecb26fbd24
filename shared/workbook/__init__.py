"""Workbooks (.xlsx, .xls, .ods, .csv): reading with problems by cell, writing, and importing rows into records."""

from shared.workbook.annotate import annotated
from shared.workbook.cells import CellError, plain, value_of
from shared.workbook.guard import MAX_BYTES
from shared.workbook.headers import Vocabulary
from shared.workbook.importing import Check, RowGroup, Step, import_rows, row_id, valid
from shared.workbook.model import (
    MAX_ROWS,
    CellProblem,
    Column,
    ColumnKind,
    Row,
    RowProblem,
    RowWaits,
    Sheet,
    TooBig,
    Unreadable,
    Workbook,
    WorkbookWrong,
)
from shared.workbook.read import read
from shared.workbook.reports import Done, ImportReport
from shared.workbook.write import XLSX, Rows, write

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "XLSX",
    "CellError",
    "CellProblem",
    "Check",
    "Column",
    "ColumnKind",
    "Done",
    "ImportReport",
    "Row",
    "RowGroup",
    "RowProblem",
    "RowWaits",
    "Rows",
    "Sheet",
    "Step",
    "TooBig",
    "Unreadable",
    "Vocabulary",
    "Workbook",
    "WorkbookWrong",
    "annotated",
    "import_rows",
    "plain",
    "read",
    "row_id",
    "valid",
    "value_of",
    "write",
]
