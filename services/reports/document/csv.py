"""Figures of the towns of an area as CSV (RFC 4180), and what its columns are (CSV on the Web)."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Final, NamedTuple

from services.reports.domain.board import Board, BoardRow, TownFigure
from services.reports.notation import period_text


class Column(NamedTuple):
    name: str
    titles: str
    english: str
    datatype: str
    description: str


COLUMNS: Final = (
    Column("town", "乡镇代码", "Town", "string", "乡镇的区划代码（GB/T 10114），9 位"),
    Column("status", "总结状态", "Status", "string", "none 没有封账，其余同总结的 status"),
    Column("edition", "版次", "Edition", "integer", "总结的第几版；没有总结为空"),
    Column("as_of", "统计截至", "As of", "date", "数字截至的日期"),
    Column("figure", "指标", "Figure", "string", "指标的编号；没有总结的乡镇只有一行，为空"),
    Column("label", "指标名称", "Label", "string", "指标的中文名称"),
    Column("value", "数值", "Value", "number", "缺数据或者不适用为空；比率在 0 和 1 之间"),
    Column("numerator", "分子", "Numerator", "integer", "比率的分子"),
    Column("denominator", "分母", "Denominator", "integer", "比率的分母"),
    Column("unit", "单位", "Unit", "string", "数值的单位"),
    Column("figure_status", "数的情况", "Figure status", "string", "value、zero、missing、not_applicable"),
)


def render_board_csv(board: Board) -> str:
    """A line for each town and figure; a town without a report has one line without a figure."""
    text = StringIO()
    written = csv.writer(text, lineterminator="\r\n")
    written.writerow(column.name for column in COLUMNS)
    written.writerows(line for row in board.towns for line in _lines(row))
    return text.getvalue()


def _lines(row: BoardRow) -> Iterator[tuple[object, ...]]:
    about = (row.town, row.status, row.version, row.as_of)
    for figure in row.figures:
        yield (*about, *_figure(figure))
    if not row.figures:
        yield (*about, *(None,) * (len(COLUMNS) - len(about)))


def _figure(figure: TownFigure) -> tuple[object, ...]:
    amount = (figure.value, figure.numerator, figure.denominator)
    return figure.id, figure.label, *amount, figure.unit, figure.status


def board_csv_metadata(board: Board, url: str) -> str:
    """The table description that CSV on the Web looks for beside the file."""
    columns = [
        {
            "name": column.name,
            "titles": {"zh": column.titles, "en": column.english},
            "datatype": column.datatype,
            "dc:description": {"@value": column.description, "@language": "zh"},
            **({"required": True} if column.name in ("town", "status") else {}),
        }
        for column in COLUMNS
    ]
    content = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": url,
        "dc:title": f"{board.area} 各乡镇{period_text(board.period)}人大工作指标",
        "dialect": {"header": True, "encoding": "utf-8", "lineTerminators": ["\r\n"]},
        "tableSchema": {"columns": columns},
    }
    return json.dumps(content, ensure_ascii=False, indent=2)
