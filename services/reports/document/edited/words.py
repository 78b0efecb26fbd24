"""The words of a paragraph as a reader of the page sees them, and by name what of it is no plain text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from services.reports.document.gbt9704.properties import Styles, is_on, local
from services.reports.document.reading import W, characters
from shared.chinese.numerals import whole

_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED: Final = {
    *(
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "instrText",
        "delText",
        "delInstrText",
        "rt",
        "rubyPr",
        "fldData",
    ),
}
_NOTES: Final = {
    "footnoteReference": ("脚注", "footnotes", "footnote"),
    "endnoteReference": ("尾注", "endnotes", "endnote"),
    "commentReference": ("批注", "comments", "comment"),
}
_LOOKS: Final = {
    "strike": "删除线",
    "dstrike": "删除线",
    "vertAlign": "上下标",
    "em": "着重号",
    "u": "下划线",
}
_TINY: Final = 4  # half-points
_SHOWN: Final = 40


@dataclass
class Said:
    """Words of a paragraph. `aside`: what is no text; `elements`: those passed, for bookmarks and tags."""

    text: str = ""
    aside: list[str] = field(default_factory=list)
    elements: list[Any] = field(default_factory=list)


class Words:
    """Reader of paragraphs of one file. `parts`: the XML of its parts by name."""

    def __init__(self, parts: Mapping[str, Any]) -> None:
        self._parts = parts
        styles = parts.get("word/styles.xml")
        self.styles = Styles(styles if styles is not None else etree.Element(f"{W}styles"))

    def of(self, paragraph: Any) -> Said:
        style, properties = self.styles.of_paragraph(paragraph.find(f"{W}pPr"))
        said = Said()
        hidden: dict[str, str] = {}
        for element in self._walk(paragraph, said):
            said.elements.append(element)
            if element.tag == f"{W}r":
                self._run(element, style, said, hidden)
        if properties.get("numPr.numId", {}).get("val", "0") != "0":
            said.aside.append("自动编号（编号不在文字里，没有采用）")
        said.aside += [f"{look}“{_short(text)}”" for look, text in hidden.items()]
        return said

    def _walk(self, element: Any, said: Said) -> Iterator[Any]:
        """Elements in reading order; what is no text is named in `said`."""
        for child in element:
            if not isinstance(child.tag, str):
                continue
            name = local(child)
            if name == "AlternateContent":
                yield from self._walk(chosen(child), said)
            elif name in {"drawing", "pict", "object"}:
                said.aside += list(_drawn(child))
            elif child.tag.startswith(_MATH):
                said.aside.append(f"公式“{_short(''.join(child.itertext()))}”")
            elif name == "sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
                yield child
            elif name not in _SKIPPED:
                yield child
                if name == "ruby":
                    said.aside.append(f"拼音“{_short(''.join(child.find(f'{W}rt').itertext()))}”")
                if name in _NOTES:
                    said.aside += self._note(name, str(child.get(f"{W}id")))
                yield from self._walk(child, said)

    def _run(self, run: Any, style: str, said: Said, hidden: dict[str, str]) -> None:
        text = _characters(run)
        if next(run.iter(f"{W}sym"), None) is not None:
            said.aside.append("符号字体的字符")
        if not text:
            return
        properties = self.styles.of_run(style, run.find(f"{W}rPr"))
        if _is_hidden(properties):
            hidden["隐藏文字"] = hidden.get("隐藏文字", "") + text
            return
        said.text += text
        for name, look in _LOOKS.items():
            if name in properties and properties[name].get("val") not in {
                "0",
                "false",
                "off",
                "none",
                "baseline",
            }:
                key = f"{look}（文字照用）"
                hidden[key] = hidden.get(key, "") + text

    def _note(self, name: str, id: str) -> Iterator[str]:
        label, part, kind = _NOTES[name]
        root = self._parts.get(f"word/{part}.xml")
        for note in root.iter(f"{W}{kind}") if root is not None else ():
            if note.get(f"{W}id") == id:
                yield f"{label}“{_short(''.join(t.text or '' for t in note.iter(f'{W}t')))}”"
                return
        yield label


def _characters(run: Any) -> str:
    """Those of a run; a break of a page or a column is none of them."""
    text = ""
    for child in run:
        if not isinstance(child.tag, str):
            continue
        if local(child) == "AlternateContent":
            text += _characters(chosen(child))
        elif child.tag == f"{W}ptab":
            text += "\t"
        elif child.tag != f"{W}br" or child.get(f"{W}type") in {None, "textWrapping"}:
            text += characters(child)
    return text


def _is_hidden(properties: Mapping[str, Mapping[str, str]]) -> bool:
    """Hidden, or white, or too small to be seen."""
    if any(name in properties and is_on(properties[name].get("val")) for name in ("vanish", "specVanish")):
        return True
    size = whole(properties.get("sz", {}).get("val", ""))
    return properties.get("color", {}).get("val", "").upper() == "FFFFFF" or (
        size is not None and size <= _TINY
    )


def chosen(alternatives: Any) -> Any:
    """The alternative that is shown: the first choice, or what falls back."""
    return next((child for child in alternatives if isinstance(child.tag, str)), ())


def _drawn(element: Any) -> Iterator[str]:
    boxes = list(element.iter(f"{W}txbxContent"))
    for box in boxes[:1]:
        yield f"文本框“{_short(''.join(t.text or '' for t in box.iter(f'{W}t')))}”"
    if not boxes:
        yield "嵌入的对象" if local(element) == "object" else "图片"


def _short(text: str) -> str:
    plain = text.strip()
    return plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
