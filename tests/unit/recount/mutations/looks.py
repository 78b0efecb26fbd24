"""Mutations of properties and parts by which Word shows something else than is written."""

from typing import Final

from recount.elements import CHART, DRAWING, local
from tests.unit.recount.mutations.word import DECLARED, Mutation, R, W, Word, after, before, run, xml

_FILL: Final = (
    '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">{}</w14:textFill>'
)
_OF_RUNS: Final = {
    "a number a hundredth wide": '<w:w w:val="1"/>',
    "digits on each other": '<w:spacing w:val="-200"/>',
    "a number moved to another line": '<w:position w:val="60"/>',
    "an almost white number": '<w:color w:val="F5F5F5"/>',
    "a number in the colour of the page": '<w:color w:val="000000" w:themeColor="background1"/>',
    "a number on black": '<w:shd w:val="clear" w:fill="000000"/>',
    "a number under a pattern": '<w:shd w:val="solid" w:color="000000"/>',
    "a number marked in black": '<w:highlight w:val="black"/>',
    "a number that fits in nothing": '<w:fitText w:val="1"/>',
    "two digits in one": '<w:eastAsianLayout w:combine="1"/>',
    "an embossed number": "<w:emboss/>",
    "a number without a fill": _FILL.format("<w14:noFill/>"),
    "a property for some programs": '<mc:AlternateContent><mc:Choice Requires="w14"><w:vanish/></mc:Choice>'
    "</mc:AlternateContent>",
    "a size of no whole number": '<w:sz w:val="1pt"/>',
    "a number in Marlett": '<w:rFonts w:ascii="Marlett" w:hAnsi="Marlett"/>',
    "a number in an unknown font": '<w:rFonts w:ascii="Turned" w:hAnsi="Turned"/>',
    "a number in a font of pictograms": '<w:rFonts w:ascii="MS Outlook" w:hAnsi="MS Outlook"/>',
    "a number in a font of bars": '<w:rFonts w:ascii="Free 3 of 9" w:hAnsi="Free 3 of 9"/>',
    "an unknown property": "<w:shows/>",
    "a number hidden, and not on the web": '<w:vanish/><w:webHidden w:val="0"/>',
    "a number struck out once, and not twice": '<w:strike/><w:dstrike w:val="0"/>',
    "a white number on a plain ground": '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="auto"/>',
    "a narrow number that is given twice": '<w:w w:val="1"/><w:w w:val="100"/>',
}
_OF_PARAGRAPHS: Final = {
    "lines of nothing": '<w:spacing w:line="1" w:lineRule="exact"/>',
    "a paragraph left of the page": '<w:ind w:left="-20000"/>',
    "a paragraph right of the page": '<w:ind w:leftChars="9000"/>',
    "a paragraph in a frame": '<w:framePr w:w="100" w:hRule="exact" w:h="10"/>',
    "a paragraph from right to left": "<w:bidi/>",
    "a number of a list for some programs": '<mc:AlternateContent><mc:Choice Requires="w14"><w:numPr>'
    '<w:numId w:val="3"/></w:numPr></mc:Choice></mc:AlternateContent>',
    "a section with numbers of lines": '<w:sectPr><w:lnNumType w:countBy="1"/></w:sectPr>',
}
_ROW: Final = "<w:tr><w:tc><w:p><w:r><w:t>另有38件</w:t></w:r></w:p></w:tc></w:tr>"
_OF_TABLES: Final = {
    "a row of no height": ("w:trPr", '<w:trHeight w:val="1" w:hRule="exact"/>'),
    "a row that its text is spaced out of": ("w:trPr", '<w:trHeight w:val="260" w:hRule="exact"/>'),
    "cells shifted to other columns": ("w:trPr", '<w:gridBefore w:val="1"/>'),
    "a cell over two columns": ("w:tc/w:tcPr", '<w:gridSpan w:val="2"/>'),
    "a cell that squeezes": ("w:tc/w:tcPr", "<w:tcFitText/>"),
    "a cell of no width": ("w:tc/w:tcPr", '<w:tcMar><w:left w:w="9000" w:type="dxa"/></w:tcMar>'),
    "a black cell": ("w:tc/w:tcPr", '<w:shd w:val="clear" w:fill="000000"/>'),
    "a table over the text": ("../w:tblPr", '<w:tblpPr w:tblpX="9" w:tblpY="9"/>'),
    "a table beside the page": ("../w:tblPr", '<w:tblInd w:w="-20000" w:type="dxa"/>'),
    "a row for some programs": ("..", f"<mc:AlternateContent><mc:Choice>{_ROW}</mc:Choice></mc:AlternateContent>"),
    "a row in an unknown element": ("..", f"<w:shows>{_ROW}</w:shows>"),
    "a paragraph between rows": ("..", "<w:p><w:r><w:t>另有38件</w:t></w:r></w:p>"),
}  # fmt: skip
_FLOATING: Final = (
    '<w:r><w:drawing><wp:anchor behindDoc="0"><wp:docPr id="78" name="x"/><a:graphic><a:graphicData uri="u">'
    "<wps:wsp><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
)
_FIELD: Final = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
_FINDING: Final = (
    "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:p><w:r><w:t>内容</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p>"
    '<w:sdt><w:sdtPr><w:tag w:val="finding"/></w:sdtPr><w:sdtContent><w:r><w:t>另有38件</w:t></w:r></w:sdtContent>'
    "</w:sdt></w:p></w:tc></w:tr></w:tbl>"
)


def _run(properties: str) -> Mutation:
    def mutate(word: Word) -> None:
        own = next(word.control().iter(f"{W}r"))
        for old in own.findall(f"{W}rPr"):
            own.remove(old)
        own.insert(0, xml(f"<w:rPr>{properties}</w:rPr>"))

    return mutate


def _paragraph(properties: str) -> Mutation:
    return lambda word: word.paragraph().find(f"{W}pPr").append(xml(properties))


def _table(where: str, properties: str) -> Mutation:
    def mutate(word: Word) -> None:
        row = word.chance.choice(word.rows())
        row.find(where, {"w": W[1:-1]}).append(xml(properties)) if where != ".." else row.addnext(
            xml(properties)
        )

    return mutate


def _added(content: str) -> Mutation:
    def mutate(word: Word) -> None:
        word.paragraph().append(xml(content))

    return mutate


def _style(where: str, properties: str, kind: str = "paragraph") -> Mutation:
    """Every style of a kind with other properties."""

    def mutate(word: Word) -> None:
        root = word.parsed("word/styles.xml")
        for style in root.iter(f"{W}style"):
            if style.get(f"{W}type") == kind:
                target = style.find(f"{W}{where}") if where else style
                if target is not None:
                    target.append(xml(properties))
        word.part("word/styles.xml", root)

    return mutate


def _usual_style(word: Word) -> None:
    """The style of the paragraphs that name none strikes out."""
    _style("rPr", "<w:strike/>")(word)
    root = word.parsed("word/styles.xml")
    for style in root.iter(f"{W}style"):
        if style.get(f"{W}default") != "1":
            for struck in list(style.iter(f"{W}strike")):
                struck.getparent().remove(struck)
    word.part("word/styles.xml", root)
    for named in list(word.root.iter(f"{W}pStyle")):
        named.getparent().remove(named)


def _in_a_code(word: Word) -> None:
    """A number that Word does not show, because it stands in the code of a field."""
    control = word.control()
    before(control, xml(_FIELD.format("begin")))
    before(control, xml('<w:r><w:instrText> HYPERLINK "x" </w:instrText></w:r>'))
    after(control, xml(_FIELD.format("end")))
    after(control, xml(_FIELD.format("separate")))


def _without_end(word: Word) -> None:
    for element in (_FIELD.format("begin"), "<w:r><w:instrText> QUOTE 38 </w:instrText></w:r>"):
        word.paragraph().append(xml(element))


def _page_with_words(word: Word) -> None:
    root = word.parsed("word/footer1.xml")
    next(root.iter(f"{W}instrText")).text = " PAGE \\# \"'共38件'0\" "
    word.part("word/footer1.xml", root)


def _note_of_full_size(word: Word) -> None:
    """The number of a note as large as the text."""
    note = '<w:endnote w:id="5"><w:p><w:r><w:t>见附件</w:t></w:r></w:p></w:endnote>'
    word.parts["word/endnotes.xml"] = f"<w:endnotes {DECLARED}>{note}</w:endnotes>".encode()
    word.relate("endnotes", "endnotes.xml")
    for element in (run("另有"), xml('<w:r><w:endnoteReference w:id="5"/></w:r>'), run("件")):
        word.paragraph().append(element)


def _chart(parent: str, content: str) -> Mutation:
    def mutate(word: Word) -> None:
        root = word.parsed("word/charts/chart1.xml")
        next(e for e in root.iter() if local(e.tag) == parent).append(xml(content))
        word.part("word/charts/chart1.xml", root)

    return mutate


def _labels_off(word: Word) -> None:
    root = word.parsed("word/charts/chart1.xml")
    for show in root.iter(f"{CHART}showVal"):
        show.set("val", "0")
    word.part("word/charts/chart1.xml", root)


def _bars_unseen(word: Word) -> None:
    root = word.parsed("word/charts/chart1.xml")
    next(root.iter(f"{DRAWING}srgbClr")).set("val", "FFFFFF")
    word.part("word/charts/chart1.xml", root)


def _floating_chart(word: Word) -> None:
    inline = next(e for e in word.root.iter() if str(e.tag).endswith("}inline"))
    inline.tag = inline.tag.replace("inline", "anchor")


def _tiny_chart(word: Word) -> None:
    next(e for e in word.root.iter() if str(e.tag).endswith("}extent")).set("cx", "1")


def _related(kind: str, part: str, content: bytes) -> Mutation:
    def mutate(word: Word) -> None:
        word.parts[f"word/{part}"] = content
        word.relate(kind, part)

    return mutate


def _font(content: str) -> Mutation:
    def mutate(word: Word) -> None:
        root = word.parsed("word/fontTable.xml")
        root[-1].append(xml(content))
        word.part("word/fontTable.xml", root)

    return mutate


def _theme(word: Word) -> None:
    root = word.parsed("word/theme/theme1.xml")
    next(root.iter(f"{DRAWING}latin")).set("typeface", "Wingdings")
    word.part("word/theme/theme1.xml", root)


def _mapped(word: Word) -> None:
    """A number in the colour of text, which is that of the page."""
    root = word.parsed("word/settings.xml")
    root.append(xml('<w:clrSchemeMapping w:bg1="dark1" w:t1="light1"/>'))
    word.part("word/settings.xml", root)
    _run('<w:color w:val="FFFFFF" w:themeColor="text1"/>')(word)


def _hidden_by_two(word: Word) -> None:
    """Words whose two styles hide them, so that Word shows them (ECMA-376 part 1, § 17.7.3)."""
    root = word.parsed("word/styles.xml")
    for id, kind in (("xp", "paragraph"), ("xc", "character")):
        style = f'<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{id}"/><w:rPr><w:vanish/></w:rPr></w:style>'
        root.append(xml(style))
    word.part("word/styles.xml", root)
    words = '<w:r><w:rPr><w:rStyle w:val="xc"/></w:rPr><w:t>另有人被处分。</w:t></w:r>'
    word.paragraph().addnext(xml(f'<w:p><w:pPr><w:pStyle w:val="xp"/></w:pPr>{words}</w:p>'))


def _template(word: Word) -> None:
    root = word.parsed("word/settings.xml")
    root.append(xml("<w:linkStyles/>"))
    word.part("word/settings.xml", root)


def _named(name: str) -> Mutation:
    return lambda word: word.twice.append((name, b"<x/>"))


_WHITE_STYLE: Final = f'<w:styles {DECLARED}><w:style w:type="paragraph" w:default="1"/></w:styles>'.encode()
MUTATIONS: Final[dict[str, Mutation]] = {
    **{name: _run(properties) for name, properties in _OF_RUNS.items()},
    **{name: _paragraph(properties) for name, properties in _OF_PARAGRAPHS.items()},
    **{name: _table(*change) for name, change in _OF_TABLES.items()},
    "words moved away and not accepted": _added(
        '<w:moveFrom w:id="1"><w:r><w:delText>另有38件不属实</w:delText></w:r></w:moveFrom>'
    ),
    "words hidden on the web alone": _added(
        "<w:r><w:rPr><w:webHidden/></w:rPr><w:t>另有人被处分。</w:t></w:r>"
    ),
    "words that two styles hide": _hidden_by_two,
    "colours of the theme exchanged": _mapped,
    "a style of no lines": _style("pPr", '<w:spacing w:line="1" w:lineRule="exact"/>'),
    "a style of tables that strikes out": _style(
        "", '<w:tblStylePr w:type="band1Horz"><w:rPr><w:strike/></w:rPr></w:tblStylePr>', "table"
    ),
    "the usual style strikes out": _usual_style,
    "numbers of lines": lambda word: word.body[-1].append(xml('<w:lnNumType w:countBy="1"/>')),
    "a shape over the text": _added(_FLOATING),
    "a rectangle of VML": _added('<w:r><w:pict><v:rect fillcolor="white"/></w:pict></w:r>'),
    "a chart over the text": _floating_chart,
    "a chart of no size": _tiny_chart,
    "a table with the tag of a finding": lambda word: word.paragraph().addnext(xml(_FINDING)),
    "a number in the code of a field": _in_a_code,
    "a field without an end": _without_end,
    "a number of the page with words": _page_with_words,
    "a number of a note as text": _note_of_full_size,
    "a deletion of what was never there": _added(
        '<w:del w:id="1"><w:r><w:delText>另有38件</w:delText></w:r></w:del>'
    ),
    "an axis that begins elsewhere": _chart("scaling", '<c:min val="10"/>'),
    "a bar of its own look": _chart("ser", '<c:dPt><c:idx val="0"/></c:dPt>'),
    "a headline of a chart by reference": _chart(
        "chart", '<c:title><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>共38件</c:v></c:pt></c:strCache>'
        "</c:strRef></c:tx></c:title>"
    ),
    "a chart without its numbers": _labels_off,
    "white bars": _bars_unseen,
    "macros": _related("vbaProject", "vbaProject.bin", b"x"),
    "an unknown part": _related("shows", "shows.bin", b"x"),
    "two parts of styles": _related("styles", "styles2.xml", _WHITE_STYLE),
    "a page of frames": _related(
        "webSettings", "webSettings.xml", f"<w:webSettings {DECLARED}><w:frameset/></w:webSettings>".encode()
    ),
    "a font in the file": _font(f'<w:embedRegular xmlns:r="{R[1:-1]}" r:id="rId1"/>'),
    "another font in its place": _font('<w:altName w:val="Wingdings"/>'),
    "a theme of symbols": _theme,
    "styles of a template": _template,
    "a part named with a backslash": _named("word\\document.xml"),
    "a part named by another path": _named("word/./document.xml"),
    "a part in pieces": _named("word/document.xml/[0].last.piece"),
}  # fmt: skip
