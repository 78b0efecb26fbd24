"""Builds the example workbooks and the list of columns in README.md from the tables: `python -m examples.build`.

Each table is a CSV file with the content of one sheet. The same tables always yield the same bytes.
"""

import csv
from pathlib import Path
from typing import Any, Final

from examples.describe import README, replace_listing
from examples.sheets import WORKBOOKS
from shared.workbook import Sheet, value_of, write

HERE: Final = Path(__file__).parent
TABLES: Final = HERE / "tables"
TEMPLATES: Final = HERE / "templates"


def rows(sheet: Sheet) -> list[dict[str, Any]]:
    """The rows of a sheet's table, field → value. Errors: ValueError naming table, line and column."""
    with (TABLES / f"{sheet.name}.csv").open(encoding="utf-8", newline="") as table:
        lines = list(csv.DictReader(table, strict=True))
    columns = {column.header: column for column in sheet.columns}
    parsed = []
    for number, line in enumerate(lines, start=2):
        values = {}
        for header, raw in line.items():
            try:
                values[columns[header].field] = value_of(columns[header], raw)
            except ValueError as error:
                raise ValueError(f"{sheet.name} {number} {header}: {error}") from error
        parsed.append(values)
    return parsed


def workbook(name: str) -> bytes:
    return write(WORKBOOKS[name], {sheet.name: rows(sheet) for sheet in WORKBOOKS[name]})


def template(name: str) -> bytes:
    """The workbook without rows, for an office to fill in."""
    return write(WORKBOOKS[name], {})


if __name__ == "__main__":
    README.write_text(replace_listing(README.read_text("utf-8")), "utf-8")
    for name in WORKBOOKS:
        (HERE / name).write_bytes(workbook(name))
        (TEMPLATES / name).write_bytes(template(name))
