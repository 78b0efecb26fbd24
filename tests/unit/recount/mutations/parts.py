"""Mutations in other parts of the package: headers, notes, charts, pictures, and which part is the text."""

from typing import Any, Final

from lxml import etree

from tests.fixtures.pictures import PNG
from tests.unit.recount.mutations.word import (
    DECLARED,
    Mutation,
    W,
    Word,
    run,
    xml,
)

_CHART: Final = "word/charts/chart1.xml"
_NOTE: Final = '<w:{0}s {1}><w:{0} w:id="5"><w:p><w:r><w:t>另有38件</w:t></w:r></w:p></w:{0}></w:{0}s>'


def _story(kind: str, content: str) -> Mutation:
    """A part that belongs to the text."""

    def mutate(word: Word) -> None:
        word.parts[f"word/{kind}9.xml"] = content.encode()
        word.relate(kind, f"{kind}9.xml")

    return mutate


def _head(kind: str, text: str) -> Mutation:
    def mutate(word: Word) -> None:
        _story(kind, f"<w:hdr {DECLARED}>{text}</w:hdr>")(word)
        reference = f'<w:headerReference w:type="default" r:id="{word.relate(kind, f"{kind}9.xml")}"/>'
        next(word.root.iter(f"{W}sectPr")).insert(0, xml(reference))

    return mutate


def _footer(word: Word) -> None:
    root = word.parsed("word/footer1.xml")
    next(root.iter(f"{W}p")).append(run("共38件"))
    word.part("word/footer1.xml", root)


def _footer_field(word: Word) -> None:
    root = word.parsed("word/footer1.xml")
    next(root.iter(f"{W}instrText")).text = " QUOTE 38 "
    word.part("word/footer1.xml", root)


def _noted(kind: str) -> Mutation:
    def mutate(word: Word) -> None:
        _story(f"{kind}s", _NOTE.format(kind, DECLARED))(word)
        word.paragraph().append(xml(f'<w:r><w:{kind}Reference w:id="5"/></w:r>'))

    return mutate


def _chart(change: Any) -> Mutation:
    def mutate(word: Word) -> None:
        root = word.parsed(_CHART)
        change(root)
        word.part(_CHART, root)

    return mutate


def _named(root: Any, name: str) -> list[Any]:
    return [e for e in root.iter() if str(e.tag).endswith(f"}}{name}")]


def _value(root: Any) -> None:
    _named(_named(root, "val")[0], "v")[0].text = "38"


def _label(root: Any) -> None:
    labels = _named(_named(root, "cat")[0], "v")
    labels[0].text, labels[1].text = labels[1].text, labels[0].text


def _caption(root: Any) -> None:
    _named(_named(root, "tx")[0], "v")[0].text = "各类活动场次"


def _written(root: Any) -> None:
    """A label of a bar in words of its own."""
    _named(root, "dLbls")[0].insert(
        0,
        xml(
            '<c:dLbl><c:idx val="0"/><c:tx><c:rich><a:p><a:r><a:t>38</a:t></a:r></a:p></c:rich></c:tx></c:dLbl>'
        ),
    )


def _format(root: Any) -> None:
    _named(root, "formatCode")[0].text = '"1"0'


def _format_of_labels(root: Any) -> None:
    _named(root, "dLbls")[0].insert(0, xml('<c:numFmt formatCode="0&quot;00&quot;" sourceLinked="0"/>'))


def _thousands(root: Any) -> None:
    _named(root, "valAx")[0].append(xml('<c:dispUnits><c:builtInUnit val="thousands"/></c:dispUnits>'))


def _bar_more(root: Any) -> None:
    for name in ("cat", "val"):
        points = _named(_named(root, name)[0], "pt")
        points[-1].addnext(xml(f'<c:pt idx="{len(points)}"><c:v>38</c:v></c:pt>'))


def _series_more(root: Any) -> None:
    series = _named(root, "ser")[0]
    series.addnext(etree.fromstring(etree.tostring(series)))


def _headline(root: Any) -> None:
    _named(root, "chart")[0].insert(
        0, xml("<c:title><c:tx><c:rich><a:p><a:r><a:t>共38次</a:t></a:r></a:p></c:rich></c:tx></c:title>")
    )


def _picture(where: str, *, outside: bool = False) -> Mutation:
    """A picture, which may show any number."""

    def mutate(word: Word) -> None:
        word.parts["word/media/new.png"] = PNG
        id = word.relate("image", where, outside=outside)
        blip = f'<pic:pic><pic:blipFill><a:blip r:{"link" if outside else "embed"}="{id}"/></pic:blipFill></pic:pic>'
        word.paragraph().append(
            xml(
                f'<w:r><w:drawing><wp:inline><wp:docPr id="9" name="p"/><a:graphic><a:graphicData uri="u">{blip}'
                "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
            )
        )

    return mutate


def _vml_picture(word: Word) -> None:
    word.parts["word/media/new.png"] = PNG
    id = word.relate("image", "media/new.png")
    word.paragraph().append(xml(f'<w:r><w:pict><v:shape><v:imagedata r:id="{id}"/></v:shape></w:pict></w:r>'))


def _diagram(word: Word) -> None:
    word.parts["word/diagrams/data1.xml"] = (
        f"<dgm:dataModel {DECLARED}><dgm:pt><dgm:t><a:p><a:r><a:t>38</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>"
    ).encode()
    id = word.relate("diagramData", "diagrams/data1.xml")
    word.paragraph().append(
        xml(
            '<w:r><w:drawing><wp:inline><wp:docPr id="9" name="d"/><a:graphic><a:graphicData uri="u">'
            f'<dgm:relIds r:dm="{id}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )
    )


def _chunk(word: Word) -> None:
    word.parts["word/chunk.html"] = "<p>另有38件</p>".encode()
    id = word.relate("aFChunk", "chunk.html")
    word.paragraph().addnext(xml(f'<w:altChunk r:id="{id}"/>'))


def _subdocument(word: Word) -> None:
    id = word.relate("subDocument", "file:///other.docx", outside=True)
    word.paragraph().addnext(xml(f'<w:subDoc r:id="{id}"/>'))


def _other_text(word: Word) -> None:
    """The relationships name another part as the text; the known one is left as it was."""
    kept = word.parts["word/document.xml"]
    control = word.control()
    next(control.iter(f"{W}t")).text = "38"
    word.part("word/text.xml", word.root)
    word.parts["word/_rels/text.xml.rels"] = word.parts["word/_rels/document.xml.rels"]
    word.root = etree.fromstring(kept)
    rels = word.parts["_rels/.rels"].replace(b"word/document.xml", b"word/text.xml")
    word.parts["_rels/.rels"] = rels
    types = word.parts["[Content_Types].xml"].replace(b"/word/document.xml", b"/word/text.xml")
    word.parts["[Content_Types].xml"] = types


def _other_footer(word: Word) -> None:
    root = word.parsed("word/footer1.xml")
    next(root.iter(f"{W}p")).append(run("共38件"))
    word.part("word/foot.xml", root)
    rels = word.parts["word/_rels/document.xml.rels"].replace(b'"footer1.xml"', b'"foot.xml"')
    word.parts["word/_rels/document.xml.rels"] = rels


def _twice(word: Word) -> None:
    """Two parts of one name, of which programs read either."""
    changed = word.parts["word/document.xml"].replace("实到".encode(), "未到".encode())
    word.twice.append(("word/Document.xml", changed))


def _entity(word: Word) -> None:
    text = word.parts["word/document.xml"].decode()
    text = text.replace('standalone="yes"?>', 'standalone="yes"?><!DOCTYPE x [<!ENTITY n "38件">]>', 1)
    word.parts["word/document.xml"] = text.replace("次。", "次&n;。", 1).encode()
    word.root = None
    word.bytes = lambda: _packed(word)  # type: ignore[method-assign]


def _packed(word: Word) -> bytes:
    import zipfile
    from io import BytesIO

    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in word.parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _numbering(word: Word) -> None:
    """Headings that Word numbers with a text of any kind."""
    level = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="38件 %1"/></w:lvl>'
    word.parts["word/numbering.xml"] = (
        f'<w:numbering {DECLARED}><w:abstractNum w:abstractNumId="0">{level}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    ).encode()
    word.relate("numbering", "numbering.xml")
    root = word.parsed("word/styles.xml")
    style = next(s for s in root.iter(f"{W}style") if s.get(f"{W}styleId") == "Heading1")
    style.find(f"{W}pPr").append(xml('<w:numPr><w:numId w:val="1"/></w:numPr>'))
    word.part("word/styles.xml", root)


MUTATIONS: Final[dict[str, Mutation]] = {
    "a header with a number": _head("header", "<w:p><w:r><w:t>共38件</w:t></w:r></w:p>"),
    "a watermark": _head(
        "header", '<w:p><w:r><w:pict><v:shape><v:textpath string="38件"/></v:shape></w:pict></w:r></w:p>'
    ),
    "a number in the footer": _footer,
    "a field in the footer": _footer_field,
    "a footnote": _noted("footnote"),
    "an endnote": _noted("endnote"),
    "a comment": _noted("comment"),
    "another value in a chart": _chart(_value),
    "labels of a chart exchanged": _chart(_label),
    "another caption of a chart": _chart(_caption),
    "a label of a bar typed": _chart(_written),
    "a format that adds a digit": _chart(_format),
    "a format of labels that adds digits": _chart(_format_of_labels),
    "a chart in thousands": _chart(_thousands),
    "a bar more": _chart(_bar_more),
    "a series more": _chart(_series_more),
    "a headline of a chart": _chart(_headline),
    "a picture": _picture("media/new.png"),
    "a picture from elsewhere": _picture("https://example.org/38.png", outside=True),
    "a picture of VML": _vml_picture,
    "a diagram": _diagram,
    "an embedded document": _chunk,
    "a subdocument": _subdocument,
    "another part as the text": _other_text,
    "another part as the footer": _other_footer,
    "two parts of one name": _twice,
    "an entity": _entity,
    "numbered headings": _numbering,
}
