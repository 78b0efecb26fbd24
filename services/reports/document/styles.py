"""Styles, fonts and settings of an official document (GB/T 9704-2012) as constant WordprocessingML parts.

Fonts are named and not embedded; no style refers to a theme font.
"""

from dataclasses import dataclass
from functools import cache

from services.reports.document import wml

FANGSONG, HEITI, KAITI, XIAOBIAOSONG, SONGTI = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
LATIN = "Times New Roman"

# Twips. 22 lines of 28.95 pt and 28 characters of 16 pt − 0.25 pt fill 225 × 156 mm.
PAGE = (11906, 16838)
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1588, 1474
TEXT_WIDTH = PAGE[0] - LEFT - RIGHT
LINE, TITLE_LINE, CELL_LINE = 579, 700, 320
CHARACTER, CELL_CHARACTER, SMALL_CHARACTER = 315, 210, 180  # 16 pt − 0.25 pt, 10.5 pt, 9 pt
SQUEEZE = -5
CELL_MARGIN = 20
FOOTER = 1437  # the dashes of the page number stand 7 mm below the type area

MARK_TOP = 1984  # 35 mm from the top of the type area
RED = "FF0000"

NORMAL, TITLE, SUBTITLE, ADDRESSEE, BODY = "Normal", "Title", "Subtitle", "Addressee", "BodyOfficial"
MARK, NUMBER = "IssuerMark", "DocumentNumber"
ANNEX_NOTE, SIGNATURE, DATE = "AnnexNote", "SignedBy", "SignedOn"
ANNEX_LABEL, ANNEX_TITLE, CAPTION = "AnnexLabel", "AnnexTitle", "GridCaption"
CELL, CELL_PROSE, CELL_NOTE, CELL_SMALL, CELL_HEAD, END = (
    "CellText",
    "CellProse",
    "CellNote",
    "CellSmall",
    "CellHead",
    "End",
)
LEGEND, HEAD_SMALL = "GridLegend", "CellHeadSmall"
FOOTER_STYLE, GRID = "Footer", "TableGrid"

# Substitutes of fonts that are not installed.
_ALTERNATIVES = {
    FANGSONG: "仿宋,FangSong,STFangsong,FandolFang R",
    HEITI: "SimHei,STHeiti,Noto Sans CJK SC",
    KAITI: "楷体,KaiTi,STKaiti,AR PL UKai CN",
    XIAOBIAOSONG: "FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,Noto Serif CJK SC",
    SONGTI: "SimSun,STSong,Noto Serif CJK SC",
}


@dataclass(frozen=True)
class Style:
    """A paragraph style; sizes in points, spacing and lines in twips, indents in characters."""

    id: str
    name: str
    font: str = FANGSONG
    size: float = 16
    bold: bool = False
    align: str = "both"
    first: float = 0
    line: int = LINE
    before: int = 0
    after: int = 0
    keep: bool = False
    new_page: bool = False
    outline: int | None = None
    latin: str = LATIN
    following: str = ""
    squeeze: int = SQUEEZE
    break_words: bool = False
    colour: str = "000000"
    grid: bool = True


STYLES = (
    Style(NORMAL, "Normal"),
    Style(
        TITLE, "Title", XIAOBIAOSONG, 22, align="center", line=TITLE_LINE, after=2 * LINE - TITLE_LINE, keep=True,
        grid=False, following=BODY,
    ),
    Style(
        MARK, "发文机关标志", XIAOBIAOSONG, 36, align="center", line=720, before=MARK_TOP, keep=True, squeeze=0,
        grid=False, following=NUMBER, colour=RED,
    ),
    Style(NUMBER, "发文字号", align="left", line=400, before=2 * LINE, keep=True, grid=False, following=TITLE),
    Style(SUBTITLE, "Subtitle", KAITI, align="center", keep=True, following=BODY),
    Style("Heading1", "heading 1", HEITI, first=2, keep=True, outline=0, following=BODY),
    Style("Heading2", "heading 2", KAITI, first=2, keep=True, outline=1, following=BODY),
    Style("Heading3", "heading 3", first=2, keep=True, outline=2, following=BODY),
    Style("Heading4", "heading 4", first=2, keep=True, outline=3, following=BODY),
    Style(ADDRESSEE, "主送机关", align="left", following=BODY),
    Style(BODY, "公文正文", first=2),
    Style(ANNEX_NOTE, "附件说明", align="left"),
    Style(SIGNATURE, "发文机关署名", align="right", before=LINE, keep=True, following=DATE),
    Style(DATE, "成文日期", align="left"),
    Style(ANNEX_LABEL, "附件", HEITI, align="left", keep=True, new_page=True, following=ANNEX_TITLE),
    Style(
        ANNEX_TITLE, "附件标题", XIAOBIAOSONG, 22, align="center", line=TITLE_LINE, before=LINE, after=LINE // 2,
        keep=True, grid=False, following=BODY,
    ),
    Style(CAPTION, "图表标题", HEITI, 14, align="center", line=440, before=200, after=80, keep=True, grid=False),
    Style(CELL, "表格文字", size=10.5, align="center", line=CELL_LINE, squeeze=0, grid=False, break_words=True),
    Style(CELL_PROSE, "表格说明文字", size=10.5, align="left", line=CELL_LINE, squeeze=0, grid=False, break_words=True),
    Style(CELL_NOTE, "表格口径", size=9, align="left", line=250, squeeze=0, grid=False),
    Style(CELL_SMALL, "表格小字", size=9, align="center", line=280, squeeze=0, grid=False, break_words=True),
    Style(LEGEND, "表注", size=9, align="left", line=280, before=60, squeeze=0, grid=False),
    Style(CELL_HEAD, "表头", HEITI, 10.5, align="center", line=CELL_LINE, squeeze=0, grid=False, keep=True),
    Style(HEAD_SMALL, "表头小字", HEITI, 9, align="center", line=280, squeeze=0, grid=False, keep=True),
    Style(FOOTER_STYLE, "footer", SONGTI, 14, align="left", line=320, latin=SONGTI, squeeze=0, grid=False),
    Style(END, "文末", size=1, line=20, squeeze=0, grid=False),
)  # fmt: skip


def fonts(east: str, latin: str = LATIN) -> str:
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east}" w:cs="{latin}"/>'


def _run_properties(style: Style) -> str:
    bold = "<w:b/><w:bCs/>" if style.bold else ""
    half = round(style.size * 2)
    look = f'<w:color w:val="{style.colour}"/><w:spacing w:val="{style.squeeze}"/>'
    return (
        f"<w:rPr>{fonts(style.font, style.latin)}{bold}{look}"
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    )


def _paragraph_properties(style: Style) -> str:
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    return "".join((
        "<w:pPr>",
        "<w:keepNext/>" if style.keep else "",
        "<w:pageBreakBefore/>" if style.new_page else "",
        '<w:widowControl w:val="0"/>',  # 22 lines per page
        '<w:wordWrap w:val="0"/>' if style.break_words else "",
        # The default of Word, stated because LibreOffice 7 has the opposite; and digits are on the grid
        # without extra space.
        '<w:overflowPunct w:val="1"/><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>',
        "" if style.grid else '<w:snapToGrid w:val="0"/>',
        f'<w:spacing w:before="{style.before}" w:after="{style.after}" w:line="{style.line}" w:lineRule="exact"/>',
        wml.indent(first=style.first),
        f'<w:jc w:val="{style.align}"/>',
        outline,
        "</w:pPr>",
    ))  # fmt: skip


def _style(style: Style) -> str:
    default = ' w:default="1"' if style.id == NORMAL else ""
    base = "" if style.id == NORMAL else f'<w:basedOn w:val="{NORMAL}"/>'
    following = f'<w:next w:val="{style.following}"/>' if style.following else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{style.id}"><w:name w:val="{style.name}"/>{base}{following}'
        f"<w:qFormat/>{_paragraph_properties(style)}{_run_properties(style)}</w:style>"
    )


@cache
def styles_part(written: tuple[Style, ...] = STYLES, cell_margin: int = CELL_MARGIN) -> str:
    """word/styles.xml"""
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    return (
        f"<w:styles {wml.NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{fonts(FANGSONG)}"
        '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr>'
        f"</w:rPrDefault><w:pPrDefault/></w:docDefaults>{''.join(map(_style, written))}"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        f'<w:top w:w="{cell_margin}" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
        f'<w:bottom w:w="{cell_margin}" w:type="dxa"/>'
        '<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        f'<w:style w:type="table" w:styleId="{GRID}"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr></w:style></w:styles>"
    )


@cache
def font_table_part() -> str:
    """word/fontTable.xml: fonts and their substitutes."""
    chinese = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{alternatives}"/><w:charset w:val="86"/>'
        '<w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, alternatives in _ALTERNATIVES.items()
    )
    return (
        f'<w:fonts {wml.NAMESPACES}>{chinese}<w:font w:name="{LATIN}"><w:altName w:val="Liberation Serif"/>'
        '<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


@cache
def settings_part() -> str:
    """word/settings.xml: page numbers differ on odd and even pages; punctuation is as wide as a character."""
    return (
        f'<w:settings {wml.NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="640"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


@cache
def footer_part(*, even: bool) -> str:
    """— 1 —, one character in from the outer edge: right on odd pages, left on even ones (7.5)."""
    side = wml.indent(left=1, unit=280) if even else wml.indent(right=1, unit=280)
    properties = f'{side}<w:jc w:val="{"left" if even else "right"}"/>'
    content = wml.run("— ") + wml.field("PAGE", "2" if even else "1") + wml.run(" —")
    return f"<w:ftr {wml.NAMESPACES}>{wml.paragraph(FOOTER_STYLE, content, properties)}</w:ftr>"


def section_properties(odd: str, even: str) -> str:
    """w:sectPr of the only section; `odd` and `even` are the relationship ids of the footers."""
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{odd}"/><w:footerReference w:type="even" r:id="{even}"/>'
        f'<w:pgSz w:w="{PAGE[0]}" w:h="{PAGE[1]}"/>'
        f'<w:pgMar w:top="{TOP}" w:right="{RIGHT}" w:bottom="{BOTTOM}" w:left="{LEFT}" w:header="850" '
        f'w:footer="{FOOTER}" w:gutter="0"/><w:pgNumType w:fmt="decimal" w:start="1"/><w:cols w:space="720"/>'
        # Not linesAndChars: LibreOffice doubles the pitch then.
        f'<w:docGrid w:type="lines" w:linePitch="{LINE}"/></w:sectPr>'
    )
