"""Rules for tables: as wide as the type area, thin black lines, a head on every page, nothing shaded or floating."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.reports.document.gbt9704.measures import SLACK, Deviation
from services.reports.document.gbt9704.parts import Parts
from services.reports.document.gbt9704.properties import Properties, is_on
from services.reports.document.gbt9704.reading import Cell, Row, Table
from services.reports.document.reading import W

_EDGES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")
_TABLE: Final = {
    *(
        "tblStyle",
        "tblW",
        "jc",
        "tblLayout",
        "tblBorders",
        "tblCellMar",
        "tblLook",
        "tblInd",
        "shd",
        "tblCaption",
    ),
    *("tblDescription", "tblStyleRowBandSize", "tblStyleColBandSize", "tblOverlap"),
}
_ROW: Final = {
    "cantSplit",
    "tblHeader",
    "jc",
    "cnfStyle",
    "trHeight",
    "wBefore",
    "wAfter",
    "hidden",
    "tblCellSpacing",
}
_CELL: Final = {
    *(
        "tcW",
        "gridSpan",
        "vMerge",
        "vAlign",
        "tcBorders",
        "shd",
        "noWrap",
        "tcMar",
        "cnfStyle",
        "hideMark",
        "hMerge",
    ),
}
_NAMES: Final = {
    "tblpPr": "浮动表格", "bidiVisual": "从右向左", "tblCellSpacing": "单元格间距", "conditional": "表格样式的条件格式",
    "tblPrChange": "未接受的格式修订", "trPrChange": "未接受的格式修订", "tcPrChange": "未接受的格式修订",
    "textDirection": "文字方向", "tcFitText": "调整宽度", "ins": "未接受的插入行", "del": "未接受的删除行",
    "cellIns": "未接受的插入", "cellDel": "未接受的删除", "cellMerge": "未接受的合并", "hidden": "隐藏的行",
}  # fmt: skip

Difference = tuple[str, str]
_BLOCKS: Final = {f"{W}p", f"{W}tbl", f"{W}sdt"}


def tables(parts: Parts) -> Iterator[Deviation]:
    for table in parts.document.tables:
        for place, expected, actual in _table(table, parts.width):
            yield Deviation("8", f"第{table.number}个表格", expected, actual, place)
    yield from _apart(parts.document.roots["word/document.xml"])


def _apart(root: Any) -> Iterator[Deviation]:
    """A table has its title between it and the one before, with which Word joins it otherwise; none is in a cell."""
    for number, table in enumerate(root.iter(f"{W}tbl"), 1):
        before = next((e for e in table.itersiblings(preceding=True) if e.tag in _BLOCKS), None)
        if before is not None and before.tag == f"{W}tbl":
            yield Deviation("8", f"第{number}个表格", "与上一个表格隔着图表标题", "紧接上一个表格")
        if next(table.iterancestors(f"{W}tbl"), None) is not None:
            yield Deviation("8", f"第{number}个表格", "单元格中无表格", "在单元格中")


def _table(table: Table, width: float) -> Iterator[tuple[str, str, str]]:
    for expected, actual in (*_frame(table, width), *_lines(table.properties)):
        yield "", expected, actual
    for number, row in enumerate(table.rows, 1):
        for expected, actual in _row(row):
            yield f"第{number}行", expected, actual
        for across, cell in enumerate(row.cells, 1):
            for expected, actual in _cell(cell):
                yield f"第{number}行第{across}列", expected, actual


def _frame(table: Table, width: float) -> Iterator[Difference]:
    if not table.rows or not table.rows[0].head:
        yield "表头每页重复", "不重复"
    properties = table.properties
    wide, indent = properties.get("tblW", {}), float(properties.get("tblInd", {}).get("w", 0))
    if wide.get("type") != "dxa" or abs(float(wide.get("w", 0)) - width) > SLACK:
        yield "与版心等宽", f"{wide.get('w')} {wide.get('type')}"
    for row in table.rows:
        columns = sum(float(cell.properties.get("tcW", {}).get("w", 0)) for cell in row.cells)
        if abs(columns - width) > SLACK * len(row.cells):
            yield "各列合计与版心等宽", f"{columns:g}"
    if abs(indent) > 120 or properties.get("jc", {}).get("val", "center") not in {"center", "left", "start"}:
        yield "居中", properties.get("jc", {}).get("val") or f"缩进{indent:g}"
    yield from _shade(properties)
    yield from _unknown(properties, _TABLE)


def _lines(properties: Properties) -> Iterator[Difference]:
    for edge in _EDGES:
        border = properties.get(f"tblBorders.{edge}", {})
        if not _thin(border):
            yield (
                "黑色细实线",
                f"{edge} {border.get('val', '无')} {border.get('sz', '')} {border.get('color', '')}",
            )


def _thin(border: Mapping[str, str]) -> bool:
    """A single black line of a quarter to a half of a millimetre at most."""
    colour = border.get("color", "auto")
    return (
        border.get("val") == "single"
        and 2 <= float(border.get("sz", 0)) <= 8
        and colour in {"auto", "000000"}
        and "themeColor" not in border
        and not is_on(border.get("shadow", "0"))
    )


def _row(row: Row) -> Iterator[Difference]:
    height = row.properties.get("trHeight", {})
    if height.get("hRule") == "exact":
        yield "行高随内容", f"固定{float(height.get('val', 0)) / 20:g}磅"
    if "cantSplit" not in row.properties or not is_on(row.properties["cantSplit"].get("val")):
        yield "一行不跨页", "可以跨页"
    if "hidden" in row.properties and is_on(row.properties["hidden"].get("val")):
        yield "无隐藏的行", "有"
    if "tblCellSpacing" in row.properties:
        yield "单元格相接", "有间距"
    yield from _unknown(row.properties, _ROW)


def _cell(cell: Cell) -> Iterator[Difference]:
    for edge in _EDGES:
        border = cell.properties.get(f"tcBorders.{edge}")
        if border is not None and not _thin(border):
            yield (
                "黑色细实线",
                f"{edge} {border.get('val', '无')} {border.get('sz', '')} {border.get('color', '')}",
            )
    for name in cell.properties:
        if name.startswith("tcBorders.") and name.partition(".")[2] not in _EDGES:
            yield "无斜线", name.partition(".")[2]
    if cell.properties.get("vAlign", {}).get("val", "top") != "center":
        yield "上下居中", cell.properties.get("vAlign", {}).get("val", "top")
    yield from _shade(cell.properties)
    yield from _unknown(cell.properties, _CELL)


def _shade(properties: Properties) -> Iterator[Difference]:
    shade = properties.get("shd", {})
    fill = shade.get("fill", "auto")
    if (
        shade.get("val", "clear") not in {"clear", "nil"}
        or fill not in {"auto", "FFFFFF"}
        or "themeFill" in shade
    ):
        yield "无底纹", shade.get("themeFill") or fill


def _unknown(properties: Properties, known: set[str]) -> Iterator[Difference]:
    for name in properties:
        if name.partition(".")[0] not in known:
            yield "无其他表格格式", _NAMES.get(name, name)
