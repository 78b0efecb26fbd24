"""Headers: in which row of a page they stand, and which column each one names, whatever words an office uses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from shared.workbook.cells import blank, plain
from shared.workbook.model import ABOVE, Column, Page, Sheet
from shared.workbook.survey import area

_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "日期": ("时间", "举行日期", "举办日期", "开展日期", "活动日期", "召开日期", "年月日", "日 期"),
    "召开日期": ("会议日期", "举行日期", "开会日期", "日期", "召开时间"),
    "姓名": ("名字", "姓名（签字）"),
    "手机号": ("手机", "手机号码", "电话", "联系电话", "联系方式", "电话号码"),
    "身份证号": ("身份证", "身份证号码", "公民身份号码", "证件号码"),
    "出生年份": ("出生年",),
    "学历": ("文化程度", "文化", "最高学历"),
    "政治面貌": ("党派", "政治面目"),
    "职业": ("工作单位及职务", "单位及职务", "工作单位和职务", "身份"),
    "地点": ("活动地点", "地址", "举行地点", "举办地点", "会议地点"),
    "地址": ("地点", "详细地址"),
    "名称": ("活动名称", "活动主题", "主题", "题目", "活动内容"),
    "标题": ("题目", "事由", "案由", "名称"),
    "内容": ("主要内容", "具体内容", "详细内容", "反映问题", "反映事项", "反映内容", "意见内容", "问题"),
    "类型": ("类别", "活动类型", "活动形式", "种类", "形式"),
    "类别": ("分类", "类型"),
    "编号": ("序号", "号码", "顺序号"),
    "小组": ("组别", "所在小组", "所属小组", "组"),
    "组号": ("小组编号", "小组号", "组别"),
    "出席": ("参加人员", "出席人员", "到会人员", "参会人员", "实到人员", "到会", "参加"),
    "请假": ("请假人员", "请假情况"),
    "缺席": ("缺席人员", "无故缺席", "未请假缺席"),
}
"""Other headers for a column, by the column's own; compared folded. A service adds the words of its field."""
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {"男": ("男性", "先生"), "女": ("女性", "女士")}

_REMARKS: Final = frozenset({"备注", "说明", "备考", "附注", "序号", "行号", "序"})
_BRACKETS: Final = re.compile(r"[（(\[【][^（()）\]】]*[)）\]】]")
_DAY: Final = re.compile(r"(时间|日期|年月日)$")
_ODDS: Final = str.maketrans("", "", "*＊★☆:：·、，,。.")


@dataclass(frozen=True)
class Vocabulary:
    """Words that offices use beside those of the sheets: for titles of sheets, headers, and words to choose from, each
    by the word of the sheets.

    For ledgers of another make: `usual` is what required columns hold that such ledgers lack; `together` are sheets
    that one ledger fills.
    """

    sheets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)
    together: tuple[tuple[str, ...], ...] = ()

    def headers_of(self, column: Column) -> tuple[str, ...]:
        words = (*_HEADERS.get(column.header, ()), *self.headers.get(column.header, ()))
        return words if column.kind != "text" else tuple(word for word in words if not is_remark(word))

    def taught(self, column: Column) -> Column:
        """The column, which now takes these words too."""
        others = {
            other: code
            for word, code in column.choices.items()
            for other in (*_WORDS.get(word, ()), *self.words.get(word, ()))
        }
        return replace(column, former={**others, **column.former}) if others else column


@dataclass(frozen=True)
class Headers:
    """The headers of a page. `row`: the last of their rows, from 1; `columns` by number, from 1; `others`: headers that
    name no column; `renamed`: those that name a column by another word."""

    row: int
    columns: Mapping[int, Column]
    others: Mapping[int, str]
    twice: Mapping[int, Column]
    renamed: Mapping[int, str]

    @property
    def fields(self) -> set[str]:
        return {column.field for column in self.columns.values()}


@lru_cache(maxsize=2_048)  # each header of a page is compared with each column of each sheet
def folded(header: str) -> str:
    """A header for comparison: without blanks, brackets and marks; 任职时间 is 任职日期."""
    text = plain(header)
    bare = _BRACKETS.sub("", text).translate(_ODDS)
    return _DAY.sub("日期", bare or text)


def is_remark(header: str) -> bool:
    """Whether a column of this header holds nothing for the records, such as 备注 or 序号."""
    return folded(header) in _REMARKS


def find_headers(page: Page, sheet: Sheet, vocabulary: Vocabulary) -> Headers:
    """The headers in the row that names the most columns, among the first ABOVE; the first row where none does."""
    lines = upper_lines(page)
    found = [_headers(number, line, sheet, vocabulary) for number, line in enumerate(lines, start=1)]
    first = Headers(1, {}, {}, {}, {})
    return max(found, key=lambda headers: (len(headers.columns), -headers.row), default=first)


def upper_lines(page: Page) -> list[list[Any]]:
    """The first ABOVE rows; a cell that is merged downwards stands in all of its rows."""
    lines = [list(line) for line in page.cells[:ABOVE]]
    for merged in page.merged:
        top, left, bottom, _ = area(merged)
        if bottom > len(lines) or top == bottom or left > len(lines[top - 1]):
            continue
        value = lines[top - 1][left - 1]
        for row in range(top, bottom):
            lines[row] = [*lines[row], *[""] * (left - len(lines[row]))]
            lines[row][left - 1] = value
    return lines


def _headers(number: int, line: Sequence[Any], sheet: Sheet, vocabulary: Vocabulary) -> Headers:
    written = {index: str(raw) for index, raw in enumerate(line, start=1) if not blank(raw)}
    columns: dict[int, Column] = {}
    twice: dict[int, Column] = {}
    for names in (_exact, _folded, _synonyms):
        for index, text in written.items():
            if index in columns or index in twice:
                continue
            matching = [column for column in sheet.columns if names(column, text, vocabulary)]
            free = [column for column in matching if column not in columns.values()]
            if len(free) == 1:
                columns[index] = free[0]
            elif matching and not free and names is _exact:
                twice[index] = matching[0]
    others = {index: text for index, text in written.items() if index not in columns and index not in twice}
    renamed = {i: written[i] for i, column in columns.items() if not _exact(column, written[i], vocabulary)}
    return Headers(number, dict(sorted(columns.items())), others, twice, renamed)


def _exact(column: Column, text: str, _: Vocabulary) -> bool:
    return plain(column.header) == plain(text)


def _folded(column: Column, text: str, _: Vocabulary) -> bool:
    return folded(column.header) == folded(text)


def _synonyms(column: Column, text: str, vocabulary: Vocabulary) -> bool:
    return folded(text) in map(folded, vocabulary.headers_of(column))
