"""What the standard prescribes for each place of a document: fonts, sizes, position, line pitch, gaps."""

from dataclasses import dataclass
from typing import Final

FANGSONG, HEITI, KAITI, XIAOBIAOSONG, SONGTI = (
    frozenset({"仿宋_GB2312", "仿宋"}), frozenset({"黑体"}), frozenset({"楷体_GB2312", "楷体"}),
    frozenset({"方正小标宋简体", "方正小标宋_GBK"}), frozenset({"宋体"}),
)  # fmt: skip
ROMAN: Final = frozenset({"Times New Roman"})
BLACK, RED = "000000", "FF0000"
LINE: Final = 579  # twips, a twenty-second of the type area
TITLE_LINE: Final = 700

Range = tuple[float, float]
_PITCH: Final = (575, 583)  # 22 lines fill the type area
_BLANK: Final = (LINE - 16, LINE + 16)
_NONE: Final = (0, 0)


@dataclass(frozen=True)
class Role:
    """What is prescribed for a paragraph of one kind.

    `points`: allowed sizes, () = any; `first`, `left`, `right`: indents in characters of its size, None where the place
    decides; `line`: exact pitch in twips, () = automatic; `squeeze`: letter spacing in twentieths of a point;
    `free`: properties that only this kind may have; `outline`: level of a heading.
    """

    name: str
    clause: str
    fonts: frozenset[str] = FANGSONG
    points: tuple[float, ...] = (16,)
    latin: frozenset[str] = ROMAN
    colour: str = BLACK
    align: frozenset[str] = frozenset({"both"})
    first: float | None = 0
    left: float | None = 0
    right: float | None = 0
    line: Range | tuple[()] = _PITCH
    before: Range | None = _NONE
    after: Range | None = _NONE
    squeeze: Range = (-10, -5)
    free: frozenset[str] = frozenset()
    outline: int | None = None
    indent_clause: str = ""
    pitch_clause: str = ""
    blank: bool = False  # it has no text
    breaks: bool = False  # its lines may be broken by hand


_LEFT: Final = frozenset({"left", "start"})
_CENTRE: Final = frozenset({"center"})
_LOOSE: Final = (-10, 0)

MARK: Final = Role(
    "发文机关标志", "7.2.4", XIAOBIAOSONG, (), colour=RED, align=_CENTRE, line=(600, 1400), before=None,
    squeeze=_LOOSE, breaks=True,
)  # fmt: skip
NUMBER: Final = Role(
    "发文字号", "7.2.5", FANGSONG | KAITI, align=_LEFT, line=(320, 583), before=None,
    free=frozenset({"tabs", "pBdr"}), indent_clause="7.2.7",
)  # fmt: skip
TITLE: Final = Role(
    "标题", "7.3.1", XIAOBIAOSONG, (22,), align=_CENTRE, line=(TITLE_LINE, TITLE_LINE), before=None, after=None,
    breaks=True,
)  # fmt: skip
SUBTITLE: Final = Role("副标题", "7.3.1", KAITI, align=_CENTRE, after=None, breaks=True)
ADDRESSEE: Final = Role("主送机关", "7.3.2", align=_LEFT)
BODY: Final = Role(
    "正文", "5.2.2", first=2, indent_clause="7.3.3", pitch_clause="5.2.3",
)  # fmt: skip
HEADINGS: Final = {
    level: Role(f"第{level}层标题", "7.3.3", fonts, first=2, outline=level - 1, pitch_clause="5.2.3")
    for level, fonts in ((1, HEITI), (2, KAITI), (3, FANGSONG), (4, FANGSONG))
}
NOTE: Final = Role(
    "附件说明", "7.3.4", align=_LEFT | {"both"}, first=None, left=None, before=None,
    free=frozenset({"tabs"}),
)  # fmt: skip
SIGNATURE: Final = Role(
    "发文机关署名", "7.3.5.2", align=frozenset({"right", "end"}), right=None, before=(0, LINE + 16)
)
DATE: Final = Role("成文日期", "7.3.5.4", align=_LEFT | {"right", "end"}, left=None, right=None)
LABEL: Final = Role("附件序号", "7.3.7", HEITI, align=_LEFT, free=frozenset({"pageBreakBefore"}))
HEADLINE: Final = Role(
    "附件标题", "7.3.7", XIAOBIAOSONG, (22,), align=_CENTRE, line=(TITLE_LINE, TITLE_LINE), before=_BLANK,
    after=(0, LINE), breaks=True,
)  # fmt: skip
CAPTION: Final = Role(
    "图表标题", "7.3.7", HEITI, (14,), align=_CENTRE, line=(400, 583), before=(0, 240), after=(0, 160)
)
PICTURE: Final = Role(
    "图片", "7.3.7", FANGSONG | HEITI, (), align=_CENTRE, line=(), before=(0, 240), after=(0, 160)
)
FOOTER: Final = Role(
    "页码", "7.5", SONGTI, (14,), SONGTI, align=_LEFT | {"right", "end"}, left=None, right=None, line=(280, 340),
    squeeze=_NONE,
)  # fmt: skip
HEAD: Final = Role("表头", "8", HEITI, (9, 10.5), align=_CENTRE, line=(200, 360), squeeze=_NONE, breaks=True)
CELL: Final = Role(
    "表格文字", "8", points=(9, 10.5), align=_CENTRE | _LEFT | {"both", "right"}, line=(200, 360), squeeze=_NONE,
    breaks=True, free=frozenset({"wordWrap"}),
)  # fmt: skip
TABLE_NOTE: Final = Role(
    "表注", "8", points=(9, 10.5), align=_LEFT | {"both"}, line=(200, 360), before=(0, 80), squeeze=_NONE
)
BLANK_LINE: Final = Role(
    "空行", "5.2.3", points=(), fonts=frozenset(), align=frozenset({"left", "both", "center", "start"}), first=None,
    blank=True,
)  # fmt: skip
END: Final = Role("文末", "5.2.3", points=(), fonts=frozenset(), line=(0, 583), squeeze=_LOOSE, blank=True)
