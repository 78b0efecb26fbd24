"""The walk over the XML of a Word file that its readers share."""

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OMITTED: Final = {
    f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText", "drawing", "pict")
}
_CHARACTERS: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def parse(data: bytes) -> Any:
    """The root element; entities stay unresolved, no DTD is loaded. Errors: etree.XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    return etree.fromstring(data, parser)


def walk(element: Any) -> Iterator[Any]:
    """Elements below, in reading order: inserted text is read, deleted text, properties and drawings are not."""
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _OMITTED:
            yield child
            yield from walk(child)


def characters(element: Any) -> str:
    """The characters one element stands for: text, tab, line break or hyphen; empty for any other."""
    return element.text or "" if element.tag == f"{W}t" else _CHARACTERS.get(element.tag, "")
