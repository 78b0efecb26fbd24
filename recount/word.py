"""Reader of Word files: everything Word shows, and a word about everything it shows that cannot be read.

Pending insertions are read, pending deletions are not. Of alternate contents every alternative is read.
"""

from typing import Final

from recount import looks, parts
from recount.elements import RELATIONS, W
from recount.model import BODY, Document, Strange
from recount.package import NotReadable, Package
from recount.reader import Reader

_CUSTOM: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
_REFERENCES: Final = (f"{W}headerReference", f"{W}footerReference")
_MOST_PARAGRAPHS: Final = 200_000
_STORIES: Final = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}


def read(data: bytes) -> Document:
    """Errors: NotReadable."""
    package = Package(data)
    document = Document()
    relations = package.relations(package.main)
    styles = next((r.target for r in relations if r.kind == "styles" and not r.outside), "")
    reader = Reader(document, package, looks.Styles(package.xml(styles) if styles else None))
    document.strange += (Strange("文件", what) for what in parts.strange(package, relations))
    root = package.xml(package.main)
    if root.tag != f"{W}document":
        raise NotReadable("不认识的文件格式，请在 Word 或 WPS 中另存为 docx")
    on_pages = {element.get(f"{RELATIONS}id") for element in root.iter(*_REFERENCES)}
    try:
        reader.story(root, package.main, BODY)
        for relation in relations:
            if relation.kind in _STORIES and not relation.outside:
                before = len(document.beside)
                reader.story(package.xml(relation.target), relation.target, _STORIES[relation.kind])
                document.pages += document.beside[before:] if relation.id in on_pages else ()
            elif relation.kind == "customXml" and not relation.outside:
                reader.proof(package.xml(relation.target))
    except RecursionError as error:
        raise NotReadable("文件的结构过深，不像一份总结") from error
    if len(document.paragraphs) > _MOST_PARAGRAPHS:
        raise NotReadable("文件的段落过多，不像一份总结")
    document.properties = _properties(package)
    return document


def _properties(package: Package) -> dict[str, str]:
    parts = [relation.target for relation in package.relations("") if relation.kind == "custom-properties"]
    return {
        str(element.get("name")): "".join(element.itertext())
        for part in parts
        if package.has(part)
        for element in package.xml(part)
        if element.tag == f"{_CUSTOM}property"
    }
