"""Edits of a summary as Word, WPS and LibreOffice leave them in the XML, each by name."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Final

from lxml import etree

from tests.fixtures.documents import W, controls, split_runs, unwrap, without_bookmarks
from tests.unit.reports.document.deviating import SPACES
from tests.unit.reports.document.staff import text_of

OWN: Final = "镇人大还配合做好其他各项工作。"
HEADING: Final = "探索代表工作新做法"


def element(xml: str) -> Any:
    return etree.fromstring(f"<x {SPACES}>{xml}</x>")[0]


def paragraph(text: str, style: str = "BodyOfficial") -> Any:
    return element(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>')


def table(rows: int = 2, columns: int = 2, text: str = "自制表格") -> Any:
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{text}{n}</w:t></w:r></w:p></w:tc>" for n in range(columns))
    return element(f"<w:tbl><w:tblPr/>{f'<w:tr>{cells}</w:tr>' * rows}</w:tbl>")


def whole(root: Any) -> list[Any]:
    """Paragraphs of the text that have a bookmark from beginning to end."""
    return [p for p in text_of(root) if _has(p, "bookmarkStart") and _has(p, "bookmarkEnd")]


def _has(p: Any, name: str) -> bool:
    return p.find(f"{W}{name}") is not None


def said(p: Any) -> str:
    return "".join(t.text or "" for t in p.iter(f"{W}t"))


def heading(root: Any, n: int) -> Any:
    """The nth heading of the first level."""
    return [p for p in root.iter(f"{W}p") if _style(p) == "Heading1"][n]


def _style(p: Any) -> str:
    style = p.find(f"{W}pPr/{W}pStyle")
    return str(style.get(f"{W}val")) if style is not None else ""


def first(root: Any, style: str) -> Any:
    return next(p for p in root.iter(f"{W}p") if _style(p) == style)


# What is put after the third paragraph of the text and is no text of the summary, with what is told of it.
ASIDE: Final[dict[str, tuple[str, str]]] = {
    "a text box": (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:anchor><w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>框里的话</w:t></w:r></w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>",
        "框里的话",
    ),
    "a text box of old": (
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>旧框里的话</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>",
        "旧框里的话",
    ),
    "a picture": ("<w:p><w:r><w:drawing><wp:inline/></w:drawing></w:r></w:p>", "图片"),
    "a floating picture": ("<w:p><w:r><w:drawing><wp:anchor/></w:drawing></w:r></w:p>", "图片"),
    "an object": ("<w:p><w:r><w:object/></w:r></w:p>", "嵌入的对象"),
    "a formula": ("<w:p><m:oMathPara><m:oMath><m:r><m:t>x=2</m:t></m:r></m:oMath></m:oMathPara></w:p>", "x=2"),
    "a document": ("<w:altChunk/>", "嵌入的文档"),
    "hidden words": ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏起来的话</w:t></w:r></w:p>", "藏起来的话"),
    "white words": ('<w:p><w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>白色的话</w:t></w:r></w:p>', "白色的话"),
    "tiny words": ('<w:p><w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t>很小的话</w:t></w:r></w:p>', "很小的话"),
}  # fmt: skip


def _alternatives(choice: str, fallback: str) -> str:
    content = f"<mc:Choice>{choice}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback>"
    return f"<mc:AlternateContent>{content}</mc:AlternateContent>"


# Runs put at the end of the third paragraph that are no plain words, with what is told and what the text gains.
INSIDE: Final[dict[str, tuple[str, str, str]]] = {
    "a footnote": ('<w:r><w:footnoteReference w:id="7"/></w:r>', "脚注", ""),
    "an endnote": ('<w:r><w:endnoteReference w:id="7"/></w:r>', "尾注", ""),
    "a comment": ('<w:r><w:commentReference w:id="7"/></w:r>', "批注", ""),
    "hidden words inside": ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗语</w:t></w:r>", "暗语", ""),
    "struck words": ("<w:r><w:rPr><w:strike/></w:rPr><w:t>划掉的话</w:t></w:r>", "删除线", "划掉的话"),
    "a superscript": ('<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>注</w:t></w:r>', "上下标", "注"),
    "a symbol": ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "符号字体", ""),
    "phonetic guide": (
        "<w:r><w:ruby><w:rt><w:r><w:t>yīn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>音</w:t></w:r></w:rubyBase></w:ruby></w:r>",
        "yīn", "音",
    ),
    "an empty control": (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处输入文字。</w:t></w:r></w:sdtContent></w:sdt>",
        "", "",
    ),
    "a link": ('<w:hyperlink w:anchor="x"><w:r><w:t>链接</w:t></w:r></w:hyperlink>', "", "链接"),
    "a field": ('<w:fldSimple w:instr="DATE"><w:r><w:t>今天</w:t></w:r></w:fldSimple>', "", "今天"),
    "a smart tag": ("<w:smartTag><w:r><w:t>标记</w:t></w:r></w:smartTag>", "", "标记"),
    "an insertion": ('<w:ins w:id="9" w:author="a"><w:r><w:t>插入</w:t></w:r></w:ins>', "", "插入"),
    "a deletion": ('<w:del w:id="9" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>', "", ""),
    "a page break": ('<w:r><w:br w:type="page"/></w:r>', "", ""),
    "visible, of a size beyond any": (
        f'<w:r><w:rPr><w:sz w:val="{"9" * 5_000}"/></w:rPr><w:t>看得见</w:t></w:r>',
        "",
        "看得见",
    ),
    "visible, said so": ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>看得见</w:t></w:r>', "", "看得见"),
    "alternatives": (
        f"<w:r>{_alternatives('<w:t>新</w:t>', '<w:t>旧</w:t>')}</w:r>",
        "", "新",
    ),
    "a control of their own": (
        "<w:sdt><w:sdtPr/><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", "", "控件",
    ),
}  # fmt: skip


def _wps(root: Any) -> None:
    """As a word processor saves that knows neither controls nor bookmarks: styles have other ids, runs are cut."""
    for control in controls(root):
        unwrap(control)
    without_bookmarks(root)
    split_runs(root)


def _table_around(root: Any) -> None:
    """A paragraph of the text put into a table of one cell."""
    p = whole(root)[3]
    box = table(1, 1)
    p.addprevious(box)
    cell = next(box.iter(f"{W}tc"))
    cell.remove(cell[0])
    cell.append(p)


def _control_around(root: Any) -> None:
    control = element("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
    first = next(p for p in whole(root) if p.getnext() in whole(root))
    second = first.getnext()
    first.addprevious(control)
    control[1].extend([first, second])


def _custom_around(root: Any) -> None:
    custom = element("<w:customXml/>")
    p = whole(root)[2]
    p.addprevious(custom)
    custom.append(p)


def _mark_deleted(root: Any) -> None:
    """The end of an own paragraph, which is deleted, joins it to the next."""
    own = paragraph("各村")
    own.find(f"{W}pPr").append(element('<w:rPr><w:del w:id="9" w:author="a"/></w:rPr>'))
    whole(root)[2].addprevious(own)


def _controls_gone(root: Any) -> None:
    for control in controls(root):
        unwrap(control)


def _notes_gone(root: Any) -> None:
    for p in list(root.iter(f"{W}p")):
        if _style(p) == "AnnexNote":
            p.getparent().remove(p)


# Changes of the XML after which every paragraph is still there.
HARMLESS: Final[dict[str, Callable[[Any], None]]] = {
    "as another program saves": _wps,
    "a paragraph in a table": _table_around,
    "paragraphs in a control": _control_around,
    "a paragraph in custom XML": _custom_around,
    "the end of a paragraph deleted": _mark_deleted,
    "runs cut": split_runs,
    "bookmarks gone": without_bookmarks,
    "controls gone": _controls_gone,
    "a word like the annexes": lambda root: whole(root)[1].addnext(paragraph("附件所列事项均已办结。")),
    "a line that is the name": lambda root: whole(root)[1].addnext(paragraph("示例镇人民代表大会主席团")),
    "a line that is a date": lambda root: whole(root)[1].addnext(paragraph("2020年12月7日")),
    "a line that is 附件": lambda root: whole(root)[1].addnext(paragraph("附件1")),
    "a table at the very beginning": lambda root: root.find(f"{W}body").insert(0, table()),
    "a table at the end of the text": lambda root: whole(root)[-1].addnext(table()),
    "a break of sections": lambda root: whole(root)[2].find(f"{W}pPr").append(element("<w:sectPr/>")),
    "no signature": lambda root: first(root, "SignedBy").getparent().remove(first(root, "SignedBy")),
    "no date": lambda root: first(root, "SignedOn").getparent().remove(first(root, "SignedOn")),
    "no list of annexes": _notes_gone,
}  # fmt: skip


def split_and_moved(root: Any, *, half: int, to: int) -> None:
    """Enter in the middle of a paragraph, and one half moved behind another paragraph."""
    ps = whole(root)
    p = next(p for p in ps[1:] if len(p.findall(f"{W}r")) > 2)
    after = etree.Element(f"{W}p")
    runs = [child for child in p if child.tag != f"{W}pPr"]
    after.extend(runs[len(runs) // 2 :])
    p.addnext(after)
    ps[to].addnext((p, after)[half])


def copied(root: Any) -> None:
    """A paragraph copied with its bookmarks behind another."""
    ps = whole(root)
    ps[4].addnext(deepcopy(ps[1]))
