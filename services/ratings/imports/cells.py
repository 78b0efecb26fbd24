"""Values of one row that several cells make up: parts of a scheme, counts of a deputy. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from services.ratings import sheets
from services.ratings.errors import CountsUnbalanced
from shared.chinese.numerals import whole
from shared.workbook import Row, RowProblem, plain

LABELS: Final = {code: word for word, code in sheets.OPTIONS.items()}


def scheme_parts(row: Row) -> dict[str, Any]:
    """Options with points, groups with weights, and thresholds of a scheme's row; empty cells are left out."""
    parts: dict[str, list[Any]] = {
        "options": [
            {"code": code, "label": LABELS[code], "points": _number("options", points)}
            for word, points in row.many("options")
            for code in [_option(word)]
        ],
        "groups": [
            {"code": code, "weight": _number("groups", weight)} for code, weight in row.many("groups")
        ],
        "thresholds": [_number("thresholds", line.removesuffix("%")) for line in row.many("thresholds")],
    }
    return {name: tuple(part) for name, part in parts.items() if part}


def _option(word: str) -> str:
    for label, code in sheets.OPTIONS.items():
        if plain(label) == plain(word):
            return code
    raise RowProblem("options", f"“{word}”不在可选之列：{'、'.join(sheets.OPTIONS)}")


def _number(field: str, written: str | None) -> int | None:
    if written is None:
        return None
    if (number := whole(plain(written))) is None:
        raise RowProblem(field, f"“{written}”应是整数")
    return number


def same(rows: Sequence[Row], field: str) -> int:
    """A number of the whole sheet, which must be equal in all rows."""
    for row in rows:
        if row[field] != rows[0][field]:
            raise RowProblem(field, "整场会议的张数，各行应相同", row)
    return int(rows[0][field])


def numbers(row: Row, codes: Collection[str]) -> dict[str, int]:
    """Counts of one deputy's row. Errors: RowProblem for options the scheme does not have."""
    for code, word in LABELS.items():
        if code not in codes and row[code] is not None:
            raise RowProblem(code, f"本场评议办法没有“{word}”这个选项", row)
    return {name: row[name] or 0 for name in (*codes, "abstain", "spoiled")}


def at_row(problem: CountsUnbalanced, by_deputy: Mapping[str, Row]) -> RowProblem | CountsUnbalanced:
    """The error placed at the row of the deputy it concerns, if any."""
    for fault in problem.errors:
        if (row := by_deputy.get(fault.loc.removeprefix("body.counts."))) is not None:
            return RowProblem("deputy", fault.message, row)
    return problem
