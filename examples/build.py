"""Makes the workbooks and the list of columns in README.md from the tables: `python -m examples.build`.

Each table is one sheet in CSV, with what a clerk would type. The same tables always give the same bytes.
"""

import csv
from pathlib import Path
from typing import Any, Final

from examples.describe import README, described
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
    found = []
    for number, line in enumerate(lines, start=2):
        values = {}
        for header, raw in line.items():
            try:
                values[columns[header].field] = value_of(columns[header], raw)
            except ValueError as error:
                raise ValueError(f"{sheet.name} {number} {header}: {error}") from error
        found.append(values)
    return found


def workbook(name: str) -> bytes:
    return write(WORKBOOKS[name], {sheet.name: rows(sheet) for sheet in WORKBOOKS[name]})


def template(name: str) -> bytes:
    """The same workbook with nothing in it, for an office to fill in."""
    return write(WORKBOOKS[name], {})


if __name__ == "__main__":
    README.write_text(described(README.read_text("utf-8")), "utf-8")
    for name in WORKBOOKS:
        (HERE / name).write_bytes(workbook(name))
        (TEMPLATES / name).write_bytes(template(name))
