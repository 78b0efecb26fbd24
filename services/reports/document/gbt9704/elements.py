"""The closed world of elements: what is neither text nor a table, picture or control we know is a deviation."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.reports.document.gbt9704.measures import Deviation
from services.reports.document.gbt9704.parts import Parts
from services.reports.document.gbt9704.properties import is_on, local
from services.reports.document.reading import W

_CONTENT: Final = {
    *("body", "p", "r", "t", "tab", "br", "sdt", "sdtContent", "bookmarkStart", "bookmarkEnd", "proofErr"),
    *("tbl", "tblGrid", "gridCol", "tr", "tc", "lastRenderedPageBreak", "sdtEndPr"),
}
_PROPERTIES: Final = {"pPr", "rPr", "sectPr", "tblPr", "trPr", "tcPr", "sdtPr", "tblPrEx"}
_IN_FOOTER: Final = {"fldChar", "instrText", "fldSimple"}
_TRACKED: Final = {
    "ins": "未接受的插入", "del": "未接受的删除", "moveFrom": "未接受的移动", "moveTo": "未接受的移动",
    "rPrChange": "未接受的格式修订", "pPrChange": "未接受的格式修订", "numberingChange": "未接受的编号修订",
    "sectPrChange": "未接受的格式修订", "tblPrChange": "未接受的格式修订", "cellIns": "未接受的插入",
    "cellDel": "未接受的删除",
}  # fmt: skip
_NAMES: Final = {
    **_TRACKED,
    "commentRangeStart": "批注", "commentReference": "批注", "footnoteReference": "脚注", "endnoteReference": "尾注",
    "hyperlink": "超链接", "fldChar": "域", "fldSimple": "域", "instrText": "域", "pict": "旧式图形",
    "object": "嵌入对象", "ruby": "拼音", "sym": "符号字体的字符", "altChunk": "嵌入的文档",
    "AlternateContent": "文本框或者图形", "oMath": "公式", "oMathPara": "公式", "noBreakHyphen": "不间断连字符",
    "softHyphen": "可选连字符", "background": "页面背景",
    "smartTag": "智能标记", "ptab": "对齐制表符", "cr": "换行符", "anchor": "浮动图片", "txbxContent": "文本框",
    "commentRangeEnd": "批注", "moveFromRangeStart": "未接受的移动", "moveToRangeStart": "未接受的移动",
}  # fmt: skip
_SETTINGS: Final = {
    *(
        "zoom",
        "defaultTabStop",
        "evenAndOddHeaders",
        "characterSpacingControl",
        "compat",
        "themeFontLang",
        "rsids",
    ),
    *(
        "proofState",
        "mathPr",
        "clrSchemeMapping",
        "decimalSymbol",
        "listSeparator",
        "hdrShapeDefaults",
        "docId",
    ),
    *(
        "shapeDefaults",
        "footnotePr",
        "endnotePr",
        "attachedSchema",
        "hideSpellingErrors",
        "hideGrammaticalErrors",
    ),
    *(
        "drawingGridVerticalSpacing",
        "drawingGridHorizontalSpacing",
        "displayHorizontalDrawingGridEvery",
        "view",
    ),
    *(
        "displayVerticalDrawingGridEvery",
        "chartTrackingRefBased",
        "removePersonalInformation",
        "stylePaneFormatFilter",
    ),
    *("bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter", "embedSystemFonts", "saveSubsetFonts"),
    *(
        "noLineBreaksAfter",
        "noLineBreaksBefore",
        "doNotPromptForConvert",
        "persistentDocumentId",
        "updateFields",
        "docVars",
    ),
}
_SETTING_NAMES: Final = {
    "trackRevisions": "修订状态", "mirrorMargins": "对称页边距", "documentProtection": "文档保护",
    "gutterAtTop": "装订线在上", "autoHyphenation": "自动断字", "displayBackgroundShape": "页面背景",
    "bookFoldPrinting": "书籍折页", "printTwoOnOne": "拼页",
}  # fmt: skip


def elements(parts: Parts) -> Iterator[Deviation]:
    roots = parts.document.roots
    seen: set[tuple[str, str]] = set()
    for part, root in roots.items():
        name = part.removeprefix("word/")
        if not name.startswith(("document", "footer")):
            continue
        places = _places(root)
        for element, above in _walk(root, {*_CONTENT, *(_IN_FOOTER if name.startswith("footer") else ())}):
            what = _NAMES.get(local(element), f"不认识的内容 {local(element)}")
            place = places.get(above, "") or ("页脚" if name.startswith("footer") else "")
            if (place, what) not in seen:
                seen.add((place, what))
                yield Deviation("5.2", what, "只有文字、表格和附件中的图", what, place)
    yield from _headers(roots)


def _walk(element: Any, known: set[str], paragraph: Any = None) -> Iterator[tuple[Any, Any]]:
    """Elements that are not known, with the paragraph they stand in."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name, ours = local(child), child.tag.startswith(W)
        inside = child if ours and name == "p" else paragraph
        if ours and name in _PROPERTIES:
            yield from ((change, inside) for change in child.iter() if _is_change(change))
        elif ours and name == "drawing":
            yield from ((kind, inside) for kind in child if local(kind) != "inline")
            yield from ((box, inside) for box in child.iter(f"{W}txbxContent"))
        elif ours and name == "br" and child.get(f"{W}type") not in {None, "textWrapping"}:
            yield child, inside
        elif ours and name in known:
            yield from _walk(child, known, inside)
        else:
            yield child, inside


def _is_change(element: Any) -> bool:
    return isinstance(element.tag, str) and local(element) in _TRACKED


def _places(root: Any) -> dict[Any, str]:
    outside = (p for p in root.iter(f"{W}p") if next(p.iterancestors(f"{W}tbl"), None) is None)
    places = {p: f"第{n}段" for n, p in enumerate(outside, 1)}
    for number, table in enumerate(root.iter(f"{W}tbl"), 1):
        places |= dict.fromkeys(table.iter(f"{W}p"), f"第{number}个表格")
    return places


def _headers(roots: Mapping[str, Any]) -> Iterator[Deviation]:
    for part, root in roots.items():
        if part.startswith("word/header"):
            text = "".join(root.itertext()).strip()
            if text or next(root.iter(f"{W}drawing", f"{W}pict", f"{W}object"), None) is not None:
                yield Deviation("5.2", "页眉", "无页眉、水印", text[:16] or "图形")
            elif next(root.iter(f"{W}pBdr"), None) is not None:
                yield Deviation("5.2", "页眉", "无页眉线", "有")
        if part == "word/comments.xml" and len(root):
            yield Deviation("5.2", "批注", "无", f"{len(root)}条")


def settings(parts: Parts) -> Iterator[Deviation]:
    """Settings of the file that change how it prints, or that nobody knows."""
    for element in parts.document.roots["word/settings.xml"]:
        if not isinstance(element.tag, str) or not is_on(element.get(f"{W}val")):
            continue
        name = local(element)
        if name not in _SETTINGS:
            yield Deviation("5.2", "文档设置", "无", _SETTING_NAMES.get(name, name))
        if name == "characterSpacingControl" and element.get(f"{W}val") != "doNotCompress":
            yield Deviation("5.2.3", "文档设置", "标点不压缩", str(element.get(f"{W}val")))
