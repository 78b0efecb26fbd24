"""Proposals of what the sheets and columns of an office's own ledger are, from their headers and contents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from shared.chinese.numerals import NUMERALS, number_of
from shared.workbook.cells import CellError, blank, plain, value_of
from shared.workbook.headers import Vocabulary, folded, is_remark, upper_lines
from shared.workbook.model import Column, Page, Sheet
from shared.workbook.survey import area

SAMPLE: Final = 40
"""Records whose contents are looked at."""
LEAST: Final = 0.3
"""Likeness from which a column is proposed."""
CALLED: Final = 0.85
"""Likeness of a header that is another word for a column."""
PART: Final = 0.5
"""Likeness of a header that is a part of its name."""
BY_DAY: Final = "（按日期）"
BY_TITLE: Final = "（按标题）"
BY_NAME: Final = "（按名称）"
NUMBERED: Final = "（自动编号）"
ASKED: Final = "（请填写）"
"""Instead of a value that is the same in all rows: the year of the record's day, a number in the titles above, the
word that its name holds, a number of its own; or what only the office knows."""

_TYPED: Final = ("date", "integer", "choice", "flag")
_TITLE_BONUS: Final = 1.5
_ASKED_PENALTY: Final = 0.6


@dataclass(frozen=True)
class Into:
    """Which sheet a page fills. `columns`: the page's header by the sheet's; `fixed`: a value, or a rule, by header."""

    sheet: str
    columns: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    score: float = 0.0

    @property
    def asked(self) -> tuple[str, ...]:
        """Headers for which only the office knows a value."""
        return tuple(header for header, value in self.fixed.items() if value == ASKED)


@dataclass(frozen=True)
class Layout:
    """A page as it is laid out: the row of its headers, from 1, and these by column, from 1."""

    row: int
    headers: Mapping[int, str]

    @property
    def fingerprint(self) -> str:
        """Equal for ledgers of one make: a digest of the headers, whatever the rows above and below."""
        text = "\n".join(map(folded, self.headers.values()))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def layout_of(page: Page, sheets: Sequence[Sheet], vocabulary: Vocabulary) -> Layout:
    """The row among the first ABOVE in which the most cells name a column; else in which the most have text."""
    known = {folded(column.header) for sheet in sheets for column in sheet.columns}
    known |= {folded(w) for s in sheets for c in s.columns for w in vocabulary.headers_of(c)}
    lines = upper_lines(page)
    best, row = (-1, -1), 1
    for number, line in enumerate(lines, start=1):
        texts = [str(raw) for raw in line if isinstance(raw, str) and not blank(raw)]
        named = sum(folded(text) in known or is_remark(text) for text in texts)
        if (named, len(set(texts))) > best:
            best, row = (named, len(set(texts))), number
    line = lines[row - 1] if lines else []
    headers = {index: str(raw).strip() for index, raw in enumerate(line, start=1) if not blank(raw)}
    return Layout(row, headers)


def propose(
    page: Page, layout: Layout, sheets: Sequence[Sheet], vocabulary: Vocabulary, *, named: str = ""
) -> list[Into]:
    """The sheets that a page fills, the likeliest first, those that one ledger fills in the order in which they are
    imported; none where it is nothing known. `named`: the file's name."""
    titles = plain("".join([named, page.title, *_titles(page, layout)]))
    private, known = _private(layout, sheets, vocabulary), _known(layout, sheets, vocabulary)
    found = [
        into
        for sheet in sheets
        if (into := _into(page, layout, sheet, vocabulary, titles=titles, private=private, known=known))
        is not None
    ]
    found.sort(key=lambda into: -into.score)
    together = next((pair for pair in vocabulary.together if found and found[0].sheet in pair), ())
    if not together:
        return found[:1]
    return sorted((into for into in found if into.sheet in together), key=lambda i: together.index(i.sheet))


def _private(layout: Layout, sheets: Sequence[Sheet], vocabulary: Vocabulary) -> dict[str, float]:
    """How much a header is called like what is never shown: no column is filled from it that is called so less."""
    columns = [column for sheet in sheets for column in sheet.columns if column.private]
    return {
        header: max((_named_alike(column, header, vocabulary) for column in columns), default=0.0)
        for header in layout.headers.values()
    }


def _known(layout: Layout, sheets: Sequence[Sheet], vocabulary: Vocabulary) -> set[str]:
    """Headers that a column is called by: they are not taken for a part of the name of another one."""
    columns = [column for sheet in sheets for column in sheet.columns]
    return {
        header
        for header in layout.headers.values()
        if any(_named_alike(column, header, vocabulary) >= CALLED for column in columns)
    }


def records(page: Page, layout: Layout) -> list[tuple[int, list[Any]]]:
    """(row, cells) below the headers, a merged cell standing in each of its rows; totals and blank rows included."""
    lines = filled_down(page)
    return [(number, line) for number, line in enumerate(lines[layout.row :], start=layout.row + 1)]


def filled_down(page: Page) -> list[list[Any]]:
    """The rows, a cell that is merged downwards standing in all of its rows."""
    lines = [list(line) for line in page.cells]
    for merged in page.merged:
        top, left, bottom, _ = area(merged)
        if top == bottom or top > len(lines) or left > len(lines[top - 1]):
            continue
        value = lines[top - 1][left - 1]
        for row in range(top, min(bottom, len(lines))):
            lines[row] = [*lines[row], *[""] * (left - len(lines[row]))]
            lines[row][left - 1] = value
    return lines


def title_number(text: str, counter: str) -> int | None:
    """The number before a counter in a title: 17 of 第十七届, 2020 of 2020年度. None where there is none."""
    match = re.search(rf"([0-9]+|[{NUMERALS}]+)\s*{counter}", text)
    return number_of(match[1]) if match else None


def titles_of(page: Page, layout: Layout, *, named: str = "") -> str:
    """The texts above the headers, the page's title and the file's name, in one."""
    return "　".join([*_titles(page, layout), page.title, named])


def _titles(page: Page, layout: Layout) -> list[str]:
    return [str(raw) for line in page.cells[: layout.row - 1] for raw in line if isinstance(raw, str)]


def _into(
    page: Page,
    layout: Layout,
    sheet: Sheet,
    vocabulary: Vocabulary,
    *,
    titles: str,
    private: Mapping[str, float],
    known: Container[str],
) -> Into | None:
    columns = _matched(page, layout, sheet, vocabulary, private, known)
    fixed = {
        column.header: vocabulary.usual.get(column.header, ASKED)
        for column in sheet.columns
        if column.required and column.field not in columns
    }
    own = [column for column in sheet.columns if column.required and column.field in columns]
    if len(columns) < 2 or not own:
        return None
    words = (sheet.name, *vocabulary.sheets.get(sheet.name, ()))
    bonus = _TITLE_BONUS if any(plain(word) in titles for word in words) else 0.0
    score = sum(likeness for _, likeness in columns.values()) + bonus
    score -= _ASKED_PENALTY * sum(value == ASKED for value in fixed.values())
    headers = {sheet.column(name).header: header for name, (header, _) in columns.items()}
    return Into(sheet.name, headers, fixed, score)


def _matched(
    page: Page,
    layout: Layout,
    sheet: Sheet,
    vocabulary: Vocabulary,
    private: Mapping[str, float],
    known: Container[str],
) -> dict[str, tuple[str, float]]:
    """(header of the page, likeness) by field: the likeliest pairs, each header and each field once."""
    samples = [line for _, line in records(page, layout)[:SAMPLE]]
    pairs = []
    for index, header in layout.headers.items():
        values = [line[index - 1] for line in samples if index <= len(line) and not blank(line[index - 1])]
        for order, column in enumerate(sheet.columns):
            alike = _named_alike(column, header, vocabulary)
            if (not column.private and alike < private[header]) or (0 < alike <= PART and header in known):
                continue
            likeness = _likeness(vocabulary.taught(column), header, values, vocabulary)
            if likeness >= LEAST:
                pairs.append((likeness, -order, -index, column.field, header))
    found: dict[str, tuple[str, float]] = {}
    for likeness, _, _, name, header in sorted(pairs, reverse=True):
        if name not in found and header not in [taken for taken, _ in found.values()]:
            found[name] = header, likeness
    return {column.field: found[column.field] for column in sheet.columns if column.field in found}


def _likeness(column: Column, header: str, values: Sequence[Any], vocabulary: Vocabulary) -> float:
    by_name = _named_alike(column, header, vocabulary)
    if not by_name and column.kind != "choice":
        return 0.0
    fit = _fit(column, values)
    if by_name and not (column.choices and values and fit == 0):
        return by_name * (0.4 + 0.6 * fit)
    words = {plain(str(value)) for value in values}
    return 0.4 if column.kind == "choice" and fit >= 0.8 and len(words) > 1 else 0.0


def _named_alike(column: Column, header: str, vocabulary: Vocabulary) -> float:
    text, own = folded(header), folded(column.header)
    others = [folded(other) for other in vocabulary.headers_of(column)]
    if plain(header) == plain(column.header):
        return 1.0
    if text == own:
        return 0.95
    if text in others:
        return CALLED
    if any(len(name) > 1 and name in text for name in (own, *others)):
        return 0.6
    return PART if len(text) > 1 and text in own else 0.0


def _fit(column: Column, values: Sequence[Any]) -> float:
    """The share of values that belong in the column; 0.7 where anything may."""
    if not (column.kind in _TYPED or column.choices) or not values:
        return 0.7
    return sum(_belongs(column, value) for value in values) / len(values)


def _belongs(column: Column, value: Any) -> bool:
    with suppress(CellError):
        value_of(column, value, year=2020)
        return True
    return year_of(value) is not None if "年" in column.header and column.kind == "integer" else False


def year_of(raw: Any) -> int | None:
    """The year of a day or a month, as in 1975.03 or 1975年3月; None where there is none."""
    if hasattr(raw, "year"):
        return int(raw.year)
    match = re.match(r"((?:19|20)[0-9]{2})(?![0-9]{5,})", plain(str(raw)))
    return int(match[1]) if match else None


def unused(layout: Layout, into: Iterable[Into]) -> list[str]:
    """Headers of a page that nothing is read from."""
    used = {header for one in into for header in one.columns.values()}
    return [header for header in layout.headers.values() if header not in used]
