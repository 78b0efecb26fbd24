"""The elements of Word files that are known: what is walked, what shows nothing, what shows something unreadable."""

from typing import Final

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKUP: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
RELATIONS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MATHS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

WALKED = frozenset(
    f"{W}{name}"
    for name in (
        *("hyperlink", "ins", "moveTo", "smartTag", "customXml", "ruby", "rubyBase", "rt", "txbxContent"),
        *("pict", "object", "drawing", "sdtContent", "body", "footnote", "endnote", "comment"),
    )
)
WALKED |= {f"{MARKUP}{name}" for name in ("AlternateContent", "Choice", "Fallback")}
"""Containers of what is shown."""

SILENT: Final = frozenset(
    f"{W}{name}"
    for name in (
        *("del", "moveFrom", "delText", "delInstrText", "proofErr", "permStart", "permEnd", "softHyphen"),
        *("commentRangeStart", "commentRangeEnd", "commentReference", "lastRenderedPageBreak", "rubyPr"),
        *("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "customXmlPr"),
        *("footnoteReference", "endnoteReference", "footnoteRef", "endnoteRef", "annotationRef"),
        *("separator", "continuationSeparator", "smartTagPr", "sdtEndPr", "tblGrid", "tblPrEx", "sectPr"),
        *("fldData", "sdtPr", "pPr", "rPr", "tblPr", "trPr", "tcPr"),
    )
)
"""Elements that show no text, and numbers of notes and comments."""

SIGNS: Final = {
    f"{W}tab": " ",
    f"{W}br": " ",
    f"{W}cr": " ",
    f"{W}ptab": " ",
    f"{W}noBreakHyphen": "-",
}

STRANGE: Final = {
    f"{W}altChunk": "嵌入的另一份文件（altChunk）",
    f"{W}subDoc": "引用的子文档",
    f"{W}bdo": "改变方向的文字",
    f"{W}dir": "改变方向的文字",
    f"{W}sym": "符号字体的字符",
    f"{W}control": "控件（ActiveX）",
    f"{W}contentPart": "墨迹",
    f"{W}pgNum": "自动页码",
    **{f"{W}{part}{form}": "自动日期" for part in ("day", "month", "year") for form in ("Short", "Long")},
    "{urn:schemas-microsoft-com:office:office}OLEObject": "嵌入的对象",
}
"""Elements that Word shows and that cannot be read as text."""

GRAPHIC: Final = frozenset(
    (
        DRAWING,
        CHART,
        MATHS,
        MARKUP,
        *(
            f"{{http://schemas.openxmlformats.org/drawingml/2006/{name}}}"
            for name in ("picture", "wordprocessingDrawing", "diagram")
        ),
        *(
            f"{{http://schemas.microsoft.com/office/word/2010/wordprocessing{name}}}"
            for name in ("Shape", "Group", "Canvas", "Drawing")
        ),
        "{http://schemas.microsoft.com/office/word/2010/wordml}",
        "{http://schemas.microsoft.com/office/drawing/2010/main}",
        "{http://schemas.microsoft.com/office/drawing/2014/main}",
        "{urn:schemas-microsoft-com:vml}",
        "{urn:schemas-microsoft-com:office:office}",
        "{urn:schemas-microsoft-com:office:word}",
    )
)
"""Namespaces of drawings and equations."""

TEXTS: Final = frozenset((f"{DRAWING}t", f"{MATHS}t"))
MEASURES: Final = ("posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset")
"""Elements of drawings whose text is a measure."""

DESCRIBED: Final = ("descr", "title", "alt")
"""Attributes with alternative text."""


def namespace(tag: str) -> str:
    return tag[: tag.find("}") + 1]


def local(tag: str) -> str:
    return tag[tag.find("}") + 1 :]
