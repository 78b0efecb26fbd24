"""Mutations of the text's own part that show, hide or turn something the plain text does not tell."""

from copy import deepcopy
from typing import Final

from tests.unit.recount.mutations.word import (
    Mutation,
    W,
    Word,
    after,
    before,
    paragraph,
    run,
    text_of,
    xml,
)

_BOX: Final = "<w:txbxContent><w:p><w:r><w:t>另有38件</w:t></w:r></w:p></w:txbxContent>"
_SHAPE: Final = (
    '<w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="77" name="x"/><a:graphic>'
    '<a:graphicData uri="u">{}</a:graphicData></a:graphic></wp:inline></w:drawing>'
)
_WPS: Final = _SHAPE.format(f"<wps:wsp><wps:txbx>{_BOX}</wps:txbx><wps:bodyPr/></wps:wsp>")
_VML: Final = f'<w:pict><v:shape id="s"><v:textbox>{_BOX}</v:textbox></v:shape></w:pict>'
_RUN: Final = "<w:r><w:t>另有38件</w:t></w:r>"
_CHOICE: Final = (
    '<mc:AlternateContent><mc:Choice Requires="wps">{}</mc:Choice><mc:Fallback>{}</mc:Fallback>'
    "</mc:AlternateContent>"
)
_FIELD: Final = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
    "<w:r><w:instrText>{}</w:instrText></w:r>",
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
    "<w:r><w:t>许多</w:t></w:r>",
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
)

_ADDED: Final = {
    "a text box of DrawingML": f"<w:r>{_WPS}</w:r>",
    "a text box of VML": f"<w:r>{_VML}</w:r>",
    "WordArt": '<w:r><w:pict><v:shape><v:textpath string="另有38件"/></v:shape></w:pict></w:r>',
    "text of a shape": f"<w:r>{_SHAPE.format('<a:t>另有38件</a:t>')}</w:r>",
    "alternative text of a shape": '<w:r><w:pict><v:shape alt="另有38件"/></w:pict></w:r>',
    "the first alternative": f"<w:r>{_CHOICE.format(_VML, '')}</w:r>",
    "the fallback": f"<w:r>{_CHOICE.format('', _VML)}</w:r>",
    "alternatives around runs": _CHOICE.format("", _RUN),
    "a ruby base": "<w:r><w:ruby><w:rubyPr/><w:rt/><w:rubyBase><w:r><w:t>38件</w:t></w:r></w:rubyBase></w:ruby></w:r>",
    "a ruby text": "<w:r><w:ruby><w:rubyPr/><w:rt><w:r><w:t>38件</w:t></w:r></w:rt><w:rubyBase/></w:ruby></w:r>",
    "an equation": "<m:oMath><m:r><m:t>38</m:t></m:r></m:oMath>",
    "a fraction": "<m:oMathPara><m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num></m:f></m:oMath></m:oMathPara>",
    "an insertion": f'<w:ins w:id="9" w:author="x">{_RUN}</w:ins>',
    "a moved text": f'<w:moveTo w:id="9" w:author="x">{_RUN}</w:moveTo>',
    "a link": f'<w:hyperlink w:anchor="x">{_RUN}</w:hyperlink>',
    "a smart tag": f'<w:smartTag w:element="x">{_RUN}</w:smartTag>',
    "custom XML": f'<w:customXml w:element="x">{_RUN}</w:customXml>',
    "a control without a tag": f"<w:sdt><w:sdtPr/><w:sdtContent>{_RUN}</w:sdtContent></w:sdt>",
    "a placeholder": f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{_RUN}</w:sdtContent></w:sdt>",
    "a choice of a list": f"<w:sdt><w:sdtPr><w:dropDownList/></w:sdtPr><w:sdtContent>{_RUN}</w:sdtContent></w:sdt>",
    "data binding": "<w:sdt><w:sdtPr><w:dataBinding w:xpath='/a' w:storeItemID='{1}'/></w:sdtPr>"
    "<w:sdtContent><w:r><w:t>许多</w:t></w:r></w:sdtContent></w:sdt>",
    "a field of Word": "".join(_FIELD).format(" QUOTE 另有38件 "),
    "the number of the page in the text": "".join(_FIELD).format(" PAGE "),
    "a formula of Word": "".join(_FIELD).format(" = 19 * 2 "),
    "a simple field": '<w:fldSimple w:instr=" DOCPROPERTY x "><w:r><w:t>许多</w:t></w:r></w:fldSimple>',
    "a symbol": '<w:r><w:sym w:font="Wingdings" w:char="F08C"/></w:r>',
    "turned text": '<w:bdo w:val="rtl"><w:r><w:t>多许</w:t></w:r></w:bdo>',
    "the date of today": "<w:r><w:yearLong/></w:r>",
    "an embedded object": '<w:r><w:object><v:shape id="o"/><o:OLEObject Type="Embed" ProgID="x"/></w:object></w:r>',
    "an unknown element": "<x:shows>38件</x:shows>",
    "an unknown element of Word": "<w:shows><w:t>38件</w:t></w:shows>",
    "visible by vanish=0": '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>另有38件</w:t></w:r>',
    "visible by vanish=false": '<w:r><w:rPr><w:vanish w:val="false"/></w:rPr><w:t>另有38件</w:t></w:r>',
    "a tab between digits": "<w:r><w:t>3</w:t><w:tab/><w:t>8件</w:t></w:r>",
    "runs of one digit each": "<w:r><w:t>另有3</w:t></w:r><w:r><w:t>8</w:t></w:r><w:r><w:t>件</w:t></w:r>",
    "deletion and insertion": '<w:del w:id="8"><w:r><w:delText>无</w:delText></w:r></w:del>'
    f'<w:ins w:id="9">{_RUN}</w:ins>',
    "ink": '<w:r><w:contentPart r:id="x"/></w:r>',
    "an ActiveX control": '<w:r><w:object><w:control r:id="x" w:name="c"/></w:object></w:r>',
}
"""Elements at the end of a paragraph."""


def _appended(text: str) -> Mutation:
    def mutate(word: Word) -> None:
        target = word.paragraph()
        for element in xml(f"<w:x>{text}</w:x>"):
            target.append(element)

    return mutate


def _formatted(properties: str) -> Mutation:
    """The run of a number with other properties."""

    def mutate(word: Word) -> None:
        own = next(word.control().iter(f"{W}r"))
        for old in own.findall(f"{W}rPr"):
            own.remove(old)
        own.insert(0, xml(f"<w:rPr>{properties}</w:rPr>"))

    return mutate


def _styled(properties: str) -> Mutation:
    """The style of the text with other properties."""

    def mutate(word: Word) -> None:
        used = word.paragraph().find(f"{W}pPr/{W}pStyle").get(f"{W}val")
        root = word.parsed("word/styles.xml")
        style = next(s for s in root.iter(f"{W}style") if s.get(f"{W}styleId") == used)
        style.find(f"{W}rPr").append(xml(properties))
        word.part("word/styles.xml", root)

    return mutate


def _struck(word: Word) -> None:
    """A deletion that nobody accepted, of a number."""
    control = word.control()
    content = control.find(f"{W}sdtContent")
    gone = xml('<w:del w:id="7" w:author="x"/>')
    for element in list(content):
        gone.append(element)
    for text in gone.iter(f"{W}t"):
        text.tag = f"{W}delText"
    content.append(gone)


def _hidden_sentence(word: Word) -> None:
    """A sentence hidden word by word."""
    for own in word.paragraph().iter(f"{W}r"):
        own.insert(0, xml("<w:rPr><w:vanish/></w:rPr>"))


def _hidden_number(word: Word) -> None:
    """A number hidden, and another one in its place."""
    control = word.control()
    next(control.iter(f"{W}r")).insert(0, xml("<w:rPr><w:vanish/></w:rPr>"))
    after(control, run("38"))


def _numbered(word: Word) -> None:
    """A paragraph with a number that Word counts."""
    number = xml('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    word.paragraph().find(f"{W}pPr").append(number)


def _row_with(where: str, properties: str) -> Mutation:
    def mutate(word: Word) -> None:
        row = word.chance.choice(word.rows())
        target = row.find(where) if where else row
        target.append(xml(properties))

    return mutate


def _mirrored(word: Word) -> None:
    word.table().find(f"{W}tblPr").append(xml("<w:bidiVisual/>"))


def _nested(word: Word) -> None:
    cell = word.rows()[0].find(f"{W}tc")
    inner = "<w:tr><w:tc><w:p><w:r><w:t>38件</w:t></w:r></w:p></w:tc></w:tr>"
    cell.insert(1, xml(f"<w:tbl><w:tblPr/><w:tblGrid/>{inner}</w:tbl>"))


def _turning(word: Word) -> None:
    before(word.control(), run("\u202e"))


def _joined(word: Word) -> None:
    """A zero-width space in a number."""
    text = next(word.control().iter(f"{W}t"))
    text.text = (text.text or "") + "\u200b"


def _controlled(word: Word) -> None:
    """A paragraph of its own in a control."""
    content = xml("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
    content[1].append(paragraph("另有38件"))
    word.paragraph().addnext(content)


def _row_of_controls(word: Word) -> None:
    row = xml("<w:sdt><w:sdtPr/><w:sdtContent/></w:sdt>")
    row[1].append(deepcopy(word.rows()[0]))
    word.rows()[0].addnext(row)


def _alternative_text(word: Word) -> None:
    """Of a chart, in the drawing."""
    properties = next(e for e in word.root.iter() if str(e.tag).endswith("}docPr"))
    properties.set("descr", "各类活动共38次")


def _titled_chart(word: Word) -> None:
    properties = next(e for e in word.root.iter() if str(e.tag).endswith("}docPr"))
    properties.set("title", "各类活动共38次")


def _chart_gone(word: Word) -> None:
    drawing = next(word.root.iter(f"{W}drawing"))
    drawing.getparent().remove(drawing)


def _charts_exchanged(word: Word) -> None:
    charts = [e for e in word.root.iter() if str(e.tag).endswith("}chart")]
    name = next(name for name in charts[0].attrib if name.endswith("}id"))
    first, second = (chart.get(name) for chart in charts)
    charts[0].set(name, second)
    charts[1].set(name, first)


def _emptied(word: Word) -> None:
    """All text is taken out of the sentences."""
    for found in list(word.body.iterfind(f"{W}p"))[3:12]:
        for text in found.iter(f"{W}t"):
            text.text = "" if text_of(found) else text.text


MUTATIONS: Final[dict[str, Mutation]] = {
    **{f"added: {name}": _appended(text) for name, text in _ADDED.items()},
    "a number struck out": _formatted("<w:strike/>"),
    "a number struck out twice": _formatted('<w:dstrike w:val="1"/>'),
    "a number as an exponent": _formatted('<w:vertAlign w:val="superscript"/>'),
    "a white number": _formatted('<w:color w:val="FFFFFF"/>'),
    "a number of half a point": _formatted('<w:sz w:val="1"/>'),
    "a number in Wingdings": _formatted('<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
    "a number from right to left": _formatted("<w:rtl/>"),
    "a number hidden": _formatted("<w:vanish/>"),
    "a number hidden on the web": _formatted("<w:webHidden/>"),
    "a style that hides": _styled("<w:vanish/>"),
    "a style that strikes out": _styled("<w:strike/>"),
    "a number deleted and not accepted": _struck,
    "a sentence hidden": _hidden_sentence,
    "a number hidden and another beside it": _hidden_number,
    "a paragraph with a number of a list": _numbered,
    "a hidden row": _row_with(f"{W}trPr", "<w:hidden/>"),
    "a merged cell": _row_with(f"{W}tc/{W}tcPr", "<w:vMerge/>"),
    "a deleted row": _row_with(f"{W}trPr", '<w:del w:id="7"/>'),
    "a mirrored table": _mirrored,
    "a table in a cell": _nested,
    "a mark that turns digits": _turning,
    "a mark within a number": _joined,
    "a paragraph in a control": _controlled,
    "a row in a control": _row_of_controls,
    "another alternative text of a chart": _alternative_text,
    "a title of a chart's drawing": _titled_chart,
    "a chart gone": _chart_gone,
    "charts exchanged": _charts_exchanged,
    "sentences emptied": _emptied,
}
