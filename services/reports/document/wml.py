"""WordprocessingML elements as text: escaped, children in schema order."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile("\r\n|[\r\n]|\t")
_LONGEST_TAG = 64


def legal(text: str) -> str:
    """The text with characters illegal in XML replaced by U+FFFD, and without those of the category Cf, which show
    nothing and come with what is pasted: a reader could not tell what they do to the words beside them."""
    if not text.isprintable():
        text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return _ILLEGAL.sub("\ufffd", text)


def attribute(text: str) -> str:
    """A quoted attribute value."""
    return quoteattr(legal(text))


def run(text: str, properties: str = "") -> str:
    """A run; line ends become breaks and tabs become tabs, as Word writes them. `properties`: children of w:rPr."""
    pieces: list[str] = []
    at = 0
    text = legal(text)
    for match in _BREAKS.finditer(text):
        pieces += _text(text[at : match.start()]), "<w:tab/>" if match.group() == "\t" else "<w:br/>"
        at = match.end()
    own = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f"<w:r>{own}{''.join(pieces)}{_text(text[at:])}</w:r>"


def _text(text: str) -> str:
    return f'<w:t xml:space="preserve">{escape(text)}</w:t>' if text else ""


def control(content: str, *, number: int, tag: str, alias: str) -> str:
    """An inline plain-text content control around runs."""
    return (
        f"<w:sdt><w:sdtPr><w:alias w:val={attribute(alias[:_LONGEST_TAG])}/>"
        f'<w:tag w:val={attribute(tag[:_LONGEST_TAG])}/><w:id w:val="{number}"/><w:text/></w:sdtPr>'
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def bookmark(content: str, *, number: int, name: str) -> str:
    start, end = bookmark_ends(number, name)
    return start + content + end


def bookmark_ends(number: int, name: str) -> tuple[str, str]:
    return (
        f'<w:bookmarkStart w:id="{number}" w:name={attribute(name)}/>',
        f'<w:bookmarkEnd w:id="{number}"/>',
    )


def paragraph(style: str, content: str, properties: str = "") -> str:
    """`properties` are further children of w:pPr, in schema order after w:pStyle."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def indent(*, left: float = 0, right: float = 0, first: float = 0, unit: int = 320) -> str:
    """w:ind in characters of `unit` twips; a negative `first` hangs. Word uses characters, others twips."""
    parts: list[str] = []
    for name, chars in (
        ("left", left),
        ("right", right),
        ("firstLine" if first >= 0 else "hanging", abs(first)),
    ):
        if chars:
            parts.append(f'w:{name}Chars="{round(chars * 100)}" w:{name}="{round(chars * unit)}"')
    return f"<w:ind {' '.join(parts)}/>" if parts else '<w:ind w:firstLineChars="0" w:firstLine="0"/>'


def field(instruction: str, shown: str) -> str:
    """A complex field with its last result."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{run(shown)}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def table(style: str, widths: Sequence[int], rows: Iterable[str]) -> str:
    """A table of fixed column widths in twips."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def row(widths: Sequence[int], cells: Iterable[str], *, header: bool = False, columns: int = 1) -> str:
    """A row that is not split across pages; a header row is repeated on every page. `columns`: those of the table that
    each cell goes across."""
    repeated = "<w:tblHeader/>" if header else ""
    across = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    inner = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}<w:vAlign w:val="center"/></w:tcPr>{cell}</w:tc>'
        for width, cell in zip(widths, cells, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inner}</w:tr>"
