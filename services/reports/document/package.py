"""Package of a Word document: parts, relationships, properties; the same parts give the same bytes."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape

from services.reports.document import styles, wml
from services.reports.document.manifest import NAMESPACE, PART
from services.reports.document.photographs import Media
from services.reports.document.theme import theme_part

ODD_FOOTER, EVEN_FOOTER = "rId4", "rId5"

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time of the format, so that bytes do not depend on the clock
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = {  # relationship id: kind of relationship, target, content type
    "rId1": ("styles", "styles.xml", f"{_WORD}.styles+xml"),
    "rId2": ("settings", "settings.xml", f"{_WORD}.settings+xml"),
    "rId3": ("fontTable", "fontTable.xml", f"{_WORD}.fontTable+xml"),
    ODD_FOOTER: ("footer", "footer1.xml", f"{_WORD}.footer+xml"),
    EVEN_FOOTER: ("footer", "footer2.xml", f"{_WORD}.footer+xml"),
    "rId6": ("theme", "theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml"),
}
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_CUSTOM = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="jpeg" ContentType="image/jpeg"/><Default Extension="png" ContentType="image/png"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    + "".join(
        f'<Override PartName="/word/{name}" ContentType="{kind}"/>' for _, name, kind in _PARTS.values()
    )
    + f'<Override PartName="/docProps/core.xml" ContentType="{_CORE}"/>'
    f'<Override PartName="/docProps/custom.xml" ContentType="{_CUSTOM}"/>'
)
_PROOF_ID = "{5E1B9C0A-6D1F-4E55-9B0C-1F2A7C3D4E5F}"
_PROOF_PROPERTIES = (
    '<Override PartName="/customXml/itemProps1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.customXmlProperties+xml"/>'
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_PACKAGE_RELS = (
    f'<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/metadata/core-properties" '
    'Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELATIONS}/custom-properties" Target="docProps/custom.xml"/></Relationships>'
)
_DOCUMENT_RELS = f'<Relationships xmlns="{_PACKAGE}">' + "".join(
    f'<Relationship Id="{id}" Type="{_RELATIONS}/{kind}" Target="{name}"/>'
    for id, (kind, name, _) in _PARTS.items()
)


def chart_relation(number: int) -> str:
    """The relationship of the `number`th chart, from 1."""
    return f"rIdChart{number}"


def pack(
    body: str,
    *,
    title: str,
    author: str,
    day: date,
    about: Mapping[str, str] | None = None,
    charts: Sequence[str] = (),
    media: Sequence[Media] = (),
    proof: str = "",
    look: str = "",
) -> bytes:
    """A .docx with `body` in its w:body; its properties name only the author and `day`.

    `about`: custom properties, which word processors keep. `charts`: chart parts in the order of their relationships;
    `media`: files of pictures; `proof`: a custom XML part, which word processors keep and do not show;
    `look`: word/styles.xml, where it is another than that of today.
    """
    drawn = {f"charts/chart{n}.xml": (chart_relation(n), part) for n, part in enumerate(charts, 1)}
    kinds = "".join(f'<Override PartName="/word/{name}" ContentType="{_CHART}"/>' for name in drawn)
    relations = "".join(_relation(id, "chart", name) for name, (id, _) in drawn.items())
    relations += "".join(_relation(picture.relation, "image", picture.name) for picture in media)
    kinds += _PROOF_PROPERTIES if proof else ""
    relations += _relation("rIdProof", "customXml", "../customXml/item1.xml") if proof else ""
    section = styles.section_properties(ODD_FOOTER, EVEN_FOOTER)
    parts = {
        "[Content_Types].xml": f"{_CONTENT_TYPES}{kinds}</Types>",
        "_rels/.rels": _PACKAGE_RELS,
        "docProps/core.xml": _core(title, author, day),
        "docProps/custom.xml": _custom(about or {}),
        "word/document.xml": f"<w:document {wml.NAMESPACES}><w:body>{body}{section}</w:body></w:document>",
        "word/_rels/document.xml.rels": f"{_DOCUMENT_RELS}{relations}</Relationships>",
        "word/styles.xml": look or styles.styles_part(),
        "word/settings.xml": styles.settings_part(),
        "word/fontTable.xml": styles.font_table_part(),
        "word/theme/theme1.xml": theme_part(styles.LATIN, styles.FANGSONG),
        "word/footer1.xml": styles.footer_part(even=False),
        "word/footer2.xml": styles.footer_part(even=True),
        **{f"word/{name}": part for name, (_, part) in drawn.items()},
        **(_proof_parts(proof) if proof else {}),
    }
    return _archived(parts, media)


def _archived(parts: Mapping[str, str], media: Sequence[Media]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in parts.items():
            archive.writestr(_entry(name, zipfile.ZIP_DEFLATED), _XML + text, compresslevel=6)
        for picture in media:
            archive.writestr(_entry(f"word/{picture.name}", zipfile.ZIP_STORED), picture.content)
    return target.getvalue()


def _proof_parts(proof: str) -> dict[str, str]:
    """The item with its properties, without which Word does not keep it."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
    return {
        PART: proof,
        "customXml/itemProps1.xml": f'<ds:datastoreItem ds:itemID="{_PROOF_ID}" xmlns:ds="{space}">'
        f'<ds:schemaRefs><ds:schemaRef ds:uri="{NAMESPACE}"/></ds:schemaRefs></ds:datastoreItem>',
        "customXml/_rels/item1.xml.rels": f'<Relationships xmlns="{_PACKAGE}">'
        f"{_relation('rId1', 'customXmlProps', 'itemProps1.xml')}</Relationships>",
    }


def _relation(id: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{id}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'


def _entry(name: str, compression: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = compression
    entry.create_system = 0  # the same on every platform
    return entry


def _core(title: str, author: str, day: date) -> str:
    instant = f"{day.isoformat()}T00:00:00Z"
    name, heading = escape(wml.legal(author)), escape(wml.legal(title))
    return (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{heading}</dc:title><dc:creator>{name}</dc:creator><cp:lastModifiedBy>{name}</cp:lastModifiedBy>"
        f'<cp:revision>1</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">{instant}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{instant}</dcterms:modified><dc:language>zh-CN</dc:language>'
        "</cp:coreProperties>"
    )


def _custom(about: Mapping[str, str]) -> str:
    properties = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{pid}" name={wml.attribute(name)}>'
        f"<vt:lpwstr>{escape(wml.legal(value))}</vt:lpwstr></property>"
        for pid, (name, value) in enumerate(about.items(), 2)  # 0 and 1 are reserved
    )
    return (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{properties}</Properties>"
    )
