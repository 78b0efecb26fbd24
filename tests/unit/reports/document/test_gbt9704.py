"""The checker passes what we write and sees every breakage planted in it."""

import pytest

from services.reports.document import check, render_docx
from services.reports.document.gbt9704 import Unreadable
from tests.unit.reports.document.opened import repacked
from tests.unit.reports.document.sample import report

LONG = "无为市示例镇人民代表大会主席团关于2020年度工作情况的报告"
HEAD = {"document_number": "示例镇人发〔2020〕18号", "signer": "王示例01"}
DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"

# what is broken: (part, pattern, replacement, clause that must be named)
BROKEN = {
    "paper": (DOCUMENT, 'w:w="11906"', 'w:w="12240"', "5.2.1"),
    "top margin": (DOCUMENT, 'w:top="2098"', 'w:top="1440"', "5.2.1"),
    "left margin": (DOCUMENT, 'w:left="1588"', 'w:left="1800"', "5.2.1"),
    "gutter": (DOCUMENT, 'w:gutter="0"', 'w:gutter="284"', "5.2.1"),
    "grid": (DOCUMENT, 'w:linePitch="579"', 'w:linePitch="312"', "5.2.3"),
    "line pitch": (STYLES, 'w:line="579"', 'w:line="600"', "5.2.3"),
    "line rule": (STYLES, 'w:lineRule="exact"', 'w:lineRule="auto"', "5.2.3"),
    "character pitch": (STYLES, '<w:spacing w:val="-5"/>', "", "5.2.3"),
    "theme font": (STYLES, '<w:rFonts w:ascii="Times New Roman"', r'\g<0> w:eastAsiaTheme="minorEastAsia"', "5.2.2"),
    "body font": (STYLES, "仿宋_GB2312", "宋体", "5.2.2"),
    "latin font": (STYLES, "Times New Roman", "Calibri", "5.2.2"),
    "body size": (STYLES, '<w:sz w:val="32"/>', '<w:sz w:val="28"/>', "5.2.2"),
    "colour": (STYLES, 'w:val="000000"/><w:spacing', 'w:val="FF0000"/><w:spacing', "5.2.2"),
    "font of one run": (
        DOCUMENT, r"<w:r>(<w:t [^>]*>2020年，)", r'<w:r><w:rPr><w:rFonts w:eastAsia="宋体"/></w:rPr>\1', "5.2.2",
    ),
    "title font": (STYLES, "方正小标宋简体", "黑体", "7.3.1"),
    "title at the left": (STYLES, r'(w:styleId="Title".*?)w:val="center"', r'\1w:val="left"', "7.3.1"),
    "title in one line": (DOCUMENT, r"主席团</w:t><w:br/><w:t [^>]*>关于2020", "主席团关于2020", "7.3.1"),
    "addressee indented": (
        DOCUMENT, r'<w:pStyle w:val="Addressee"/>', r'\g<0><w:ind w:firstLineChars="200" w:firstLine="640"/>', "7.3.2",
    ),
    "heading font": (STYLES, r'(w:styleId="Heading2".*?)楷体_GB2312', r"\1仿宋_GB2312", "7.3.3"),
    "heading number left out": (DOCUMENT, "二、按季", "三、按季", "7.3.3"),
    "heading without number": (DOCUMENT, "（二）执法检查", "执法检查", "7.3.3"),
    "heading as plain text": (DOCUMENT, '<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="BodyOfficial"/>', "7.3.3"),
    "heading with a stop": (DOCUMENT, "一、依法召开镇人民代表大会会议", r"\g<0>。", "7.3.3"),
    "no indent": (STYLES, r'w:firstLineChars="200" w:firstLine="640"', 'w:firstLine="0"', "7.3.3"),
    "indent of one": (STYLES, r'w:firstLineChars="200"', 'w:firstLineChars="100"', "7.3.3"),
    "same page numbers": (SETTINGS, "<w:evenAndOddHeaders/>", "", "7.5"),
    "number without dashes": ("word/footer1.xml", "— ", "", "7.5"),
    "number in the middle": ("word/footer2.xml", '<w:jc w:val="left"/>', '<w:jc w:val="center"/>', "7.5"),
    "number at the edge": ("word/footer1.xml", r'w:rightChars="100" w:right="280"', 'w:right="0"', "7.5"),
    "number not a field": ("word/footer1.xml", r" PAGE ", " DATE ", "7.5"),
    "number font": (STYLES, r'(w:styleId="Footer".*?)w:val="28"', r'\1w:val="18"', "7.5"),
    "first page apart": (DOCUMENT, "<w:cols ", "<w:titlePg/><w:cols ", "7.5"),
    "date with zeros": (DOCUMENT, "2020年12月7日</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=.AnnexLabel",
                        '2020年12月07日</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="AnnexLabel', "7.3.5.4"),
    "no such day": (DOCUMENT, "2020年12月7日</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val=.AnnexLabel",
                    '2020年11月31日</w:t></w:r></w:p><w:p><w:pPr><w:pStyle w:val="AnnexLabel', "7.3.5.4"),
    "name at the margin": (DOCUMENT, r'w:rightChars="200" w:right="640"', 'w:right="0"', "7.3.5.2"),
    "date under the name": (DOCUMENT, r'<w:ind w:left="5064"', '<w:ind w:left="4434"', "7.3.5.2"),
    "no blank line": (STYLES, r'(w:styleId="SignedBy".*?)w:before="579"', r'\1w:before="0"', "7.3.5.2"),
    "annex on the same page": (STYLES, "<w:pageBreakBefore/>", "", "7.3.7"),
    "annex font": (STYLES, r'(w:styleId="AnnexLabel".*?)黑体', r"\1仿宋_GB2312", "7.3.7"),
    "annex misnumbered": (DOCUMENT, ">附件3<", ">附件4<", "7.3.7"),
    "annex not listed": (DOCUMENT, r"(2\.</w:t><w:tab/><w:t [^>]*>)镇人大代表出席", r"\1代表出席", "7.3.4"),
    "mark in black": (STYLES, "FF0000", "000000", "7.2.4"),
    "mark font": (STYLES, r'(w:styleId="IssuerMark".*?)方正小标宋简体', r"\1黑体", "7.2.4"),
    "mark at the left": (STYLES, r'(w:styleId="IssuerMark".*?)w:val="center"', r'\1w:val="left"', "7.2.4"),
    "mark too high": (DOCUMENT, r'(<w:pStyle w:val="IssuerMark"/><w:spacing w:before=)"\d+"', r'\1"1700"', "7.2.4"),
    "mark wider than the page": (DOCUMENT, r'(<w:rPr><w:sz w:val=)"\d+"', r'\1"88"', "7.2.4"),
    "no mark": (DOCUMENT, r"<w:body><w:p>.*?</w:p>", "<w:body>", "7.2.4"),
    "number right under the mark": (
        STYLES, r'(w:styleId="DocumentNumber".*?)w:before="1158"', r'\1w:before="579"', "7.2.5",
    ),
    "number in other brackets": (DOCUMENT, "〔2020〕18", "〔2020〕第18", "7.2.5"),
    "nobody signed": (DOCUMENT, "签发人：", "", "7.2.5"),
    "name in the label's font": (DOCUMENT, r"(签发人：</w:t></w:r><w:r>)<w:rPr>.*?</w:rPr>", r"\1", "7.2.6"),
    "document number at the edge": (DOCUMENT, r'(<w:tab w:val="left" w:pos=)"315"/>', r'\1"0"/>', "7.2.6"),
    "signer at the edge": (DOCUMENT, r'<w:tab w:val="right" w:pos="\d+"/>', "", "7.2.6"),
    "no red line": (DOCUMENT, r"<w:pBdr>.*?</w:pBdr>", "", "7.2.7"),
    "black line": (DOCUMENT, r"(<w:pBdr>.*?)FF0000", r"\g<1>000000", "7.2.7"),
    "line too near": (DOCUMENT, r'(<w:pBdr>.*?)w:space="9"', r'\1w:space="1"', "7.2.7"),
    "line narrower than the text": (DOCUMENT, "</w:pBdr><w:tabs>.*?</w:tabs>", r'\g<0><w:ind w:left="315"/>', "7.2.7"),
    "title right under the line": (DOCUMENT, r'(w:val="Title"/>)<w:spacing w:before="1158"/>', r"\1", "7.3.1"),
    "table head once": (DOCUMENT, "<w:tblHeader/>", "", "8"),
    "names out of order": (DOCUMENT, ">丁示例01<", ">魏示例01<", "姓氏笔画"),
}  # fmt: skip


@pytest.fixture(scope="module")
def good() -> bytes:
    return render_docx(report(title=LONG, addressee="无为市人大常委会", **HEAD))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": LONG, "addressee": "无为市人大常委会"},
        {"title": LONG, "addressee": "无为市人大常委会", **HEAD},
        {"signature": "某镇人大"},
        {"signature": "乌兰察布市察哈尔右翼后旗示例镇人民代表大会主席团", **HEAD},
        {"tables": (), "findings": (), "figures": ()},
    ],
    ids=["summary", "report", "report with its head", "short name", "long mark", "single annex"],
)
def test_what_we_write_conforms(changes: dict[str, object]) -> None:
    assert check(render_docx(report(**changes))) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_breakage_is_seen_and_named_by_its_clause(name: str, good: bytes) -> None:
    part, pattern, replacement, clause = BROKEN[name]
    found = check(repacked(good, part, pattern, replacement))
    assert clause in {deviation.clause for deviation in found}


def test_a_file_without_text_or_signature_is_told_so(good: bytes) -> None:
    empty = repacked(good, DOCUMENT, r"<w:body>.*(<w:sectPr>)", r"<w:body><w:p/>\1")
    assert {"7.3.1", "7.3.3", "7.3.5.4"} <= {deviation.clause for deviation in check(empty)}


@pytest.mark.parametrize("data", [b"", b"PK\x05\x06" + bytes(18), b"not a file"])
def test_what_is_no_word_file_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        check(data)
