"""A walk through the XML of an .xlsx sheet for what its parser does not report; references of cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat  # limits entity expansion since 2.4.1; declarations are refused anyhow

from shared.workbook.model import TooBig, Unreadable

MAX_ELEMENTS: Final = 1_000_000
"""Limit of XML elements of a sheet; the widest sheet, full, has half as many."""

_CHUNK: Final = 1 << 16
_TRUE: Final = ("1", "true", "on")
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_AREA: Final = re.compile(r"[A-Z]{1,3}[0-9]{1,7}(:[A-Z]{1,3}[0-9]{1,7})?")


@dataclass
class Survey:
    """What the parser does not report, by references of cells.

    `formulas`: with a stored result; `uncomputed`: without one; `errors`: such as #N/A; `too_far`: the first cell
    beyond the limits.
    """

    formulas: set[str] = field(default_factory=set)
    uncomputed: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    too_far: str = ""


def survey(content: bytes, *, max_rows: int, max_columns: int) -> Survey:
    """Read a sheet's XML up to the first cell beyond the limits, because the parser would allocate memory up to it.

    Element names are compared without namespace, as the parser does. Rows and cells must be in order, each once.
    Errors: Unreadable, TooBig.
    """
    walk = _Walk(max_rows, max_columns)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.EndElementHandler = walk.enter, walk.leave
    parser.CharacterDataHandler = walk.text
    try:
        for start in range(0, len(content), _CHUNK):
            parser.Parse(content[start : start + _CHUNK])
            if walk.survey.too_far:
                return walk.survey
        parser.Parse(b"", True)  # noqa: FBT003 - has no name
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unreadable("文件已损坏") from error
    return walk.survey


class _Walk:
    """The expat handlers of a survey and their state."""

    def __init__(self, max_rows: int, max_columns: int) -> None:
        self.limits = max_rows, max_columns
        self.survey = Survey()
        self.seen = self.row = self.column = 0
        self.in_data = self.in_cell = self.in_value = False
        self.has_formula = self.has_result = False

    def enter(self, tag: str, attributes: dict[str, str]) -> None:
        self.seen += 1
        if self.seen > MAX_ELEMENTS:
            raise TooBig("工作表内容过多，未予读取")
        name = _local(tag)
        if self.in_cell:
            self._within_cell(name)
        elif name == "c" and self.in_data:
            self._cell(attributes)
        elif name == "row" and self.in_data:
            before, self.column = self.row, 0
            self.row = _number(attributes.get("r"), before + 1)
            if self.row <= before:
                raise ValueError("rows out of order")
            if attributes.get("hidden") in _TRUE:
                self.survey.hidden_rows.add(self.row)
        elif name == "col" and attributes.get("hidden") in _TRUE:
            first, last = _number(attributes.get("min"), 1), _number(attributes.get("max"), 1)
            self.survey.hidden_columns.update(range(first, min(last, self.limits[1]) + 1))
        elif name == "mergeCell":
            self.survey.merged.append(_area(attributes.get("ref", "")))
        elif name == "sheetData":
            self.in_data = True

    def leave(self, tag: str) -> None:
        name = _local(tag)
        if name == "sheetData":
            self.in_data = False
        elif name == "c" and self.in_cell:
            self.in_cell = False
            if self.has_formula:
                kind = self.survey.formulas if self.has_result else self.survey.uncomputed
                kind.add(address(self.row, self.column))

    def _cell(self, attributes: dict[str, str]) -> None:
        row, column = position(attributes.get("r") or address(self.row, self.column + 1))
        if row != self.row or column <= self.column:
            raise ValueError("cells out of order")
        self.column, self.in_cell = column, True
        self.has_formula, self.in_value = False, False
        self.has_result = attributes.get("t") == "str"  # which may be empty
        if attributes.get("t") == "e":
            self.survey.errors.add(address(row, column))

    def _within_cell(self, name: str) -> None:
        """Handle an element within a cell, which thus has content. Empty formatted cells may be beyond the limits."""
        if (self.row > self.limits[0] or self.column > self.limits[1]) and not self.survey.too_far:
            self.survey.too_far = address(self.row, self.column)
        self.has_formula = self.has_formula or name == "f"
        self.in_value = name == "v"

    def text(self, data: str) -> None:
        self.has_result = self.has_result or (self.in_cell and self.in_value and bool(data.strip()))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _number(written: str | None, default: int) -> int:
    if written is None:
        return default
    if not re.fullmatch("[0-9]{1,7}", written):
        raise ValueError(f"no row has the number {written[:20]}")
    return int(written)


def _area(reference: str) -> str:
    if not _AREA.fullmatch(reference):
        raise ValueError(f"no area is {reference[:20]}")
    return reference


def address(row: int, column: int) -> str:
    """The reference of a cell, row and column counted from 1: `address(7, 2)` is "B7"."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def area(reference: str) -> tuple[int, int, int, int]:
    """(first row, first column, last row, last column) of an area such as "D2:D3". Errors: ValueError."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = position(first), position(last or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def position(reference: str) -> tuple[int, int]:
    """(row, column) of a reference: `position("B7")` is (7, 2). Errors: ValueError."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(f"no cell is {reference[:20]}")
    column = 0
    for character in match[1].upper():
        column = column * 26 + ord(character) - 64
    return int(match[2]), column
