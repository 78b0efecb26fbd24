"""The Word file: what goes in comes out, numerals carry their figures, equal reports give equal bytes."""

import hashlib
import re
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from openxml_audit import FileFormat, OpenXmlValidator

from services.reports.document import bookmark_name, render_check_docx, render_docx, render_html
from services.reports.domain import Paragraph, Report, Run, Section, Source, Table
from tests.unit.reports.document.opened import body, bookmarks, controls, kept, paragraphs, parts, text
from tests.unit.reports.document.sample import report

# Everything XML can hold; a carriage return is a line end by its own rules.
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30)
LINES = st.lists(TEXT, min_size=1, max_size=3).map("\n".join)


def _one(runs: tuple[Run, ...]) -> Report:
    paragraph = Paragraph(id="p_one", text="".join(run.text for run in runs), runs=runs)
    return report(sections=(Section(id="opening", heading="", level=0, paragraphs=(paragraph,)),))


def test_the_text_reads_as_the_report() -> None:
    whole = report(addressee="无为市人大常委会")
    found = paragraphs(render_docx(whole))
    assert found[:2] == [whole.title, "无为市人大常委会："]
    written = [p.text for section in whole.sections for p in section.paragraphs]
    assert [line for line in found if line in set(written)] == written
    assert [line for line in found if line[:1] in "一二三四五六" and "、" in line[:2]] == [
        "一、依法召开镇人民代表大会会议",
        "二、按季召开主席团会议",
        "三、依法开展监督",
        "四、做好代表工作",
        "五、存在的问题",
        "六、下一年工作打算",
    ]
    signed = found.index("示例镇人民代表大会主席团")
    assert found[signed + 1] == "2020年12月7日"


@pytest.mark.parametrize("lacking", ["document_number", "signer", ""])
def test_a_letterhead_stands_over_the_title_where_both_its_parts_are_known(lacking: str) -> None:
    head = {"document_number": "示例镇人发〔2020〕18号", "signer": "王示例01"}
    whole = report(**{name: text for name, text in head.items() if name != lacking})
    found, page = paragraphs(render_docx(whole)), render_html(whole)
    if lacking:
        assert found[0] == whole.title
        assert 'class="letterhead"' not in page
    else:
        mark = "示例镇人民代表大会主席团文件"
        assert [line.strip() for line in found[:3]] == [
            mark,
            "示例镇人发〔2020〕18号\t签发人：王示例01",
            whole.title,
        ]
        assert re.search(f'class="letterhead">.*{mark}.*〔2020〕18号.*王示例01.*<h1>', page, re.DOTALL)


@given(st.lists(st.builds(Run, text=LINES, figure=st.sampled_from([None, "congress.present"])), max_size=4))
def test_every_text_that_goes_in_comes_out(runs: list[Run]) -> None:
    whole = _one(tuple(runs))
    data = render_docx(whole)
    assert bookmarks(data)["p_one"] == kept(whole.sections[0].paragraphs[0].text).replace("\n", "")
    lines = [line for run in runs if run.figure for line in kept(run.text).split("\n")]
    bound = [line.strip("+-%") for line in lines if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?%?", line)]
    assert [shown for tag, _, shown in controls(data) if tag == "congress.present"][: len(bound)] == bound


@given(LINES, TEXT, LINES)
def test_titles_names_and_cells_come_out_too(title: str, name: str, cell: str) -> None:
    table = Table(id="t", caption="表", header=("甲", "乙"), rows=((cell, "乙"), ("丙",)))
    document = Document(BytesIO(render_docx(report(title=title, signature=name, tables=(table,)))))
    assert document.core_properties.title == kept(title)
    assert document.core_properties.author == kept(name)
    assert text(document.element.body.findall(f".//{qn('w:tbl')}")[1].findall(f".//{qn('w:tc')}")[2]) == kept(
        cell
    )
    assert "".join(document.paragraphs[0].text.split("\n")) == kept(title).replace("\n", "")


def test_what_xml_cannot_hold_is_shown_as_missing() -> None:
    data = render_docx(_one((Run(text="甲\x00乙\ud800丙"),)))
    assert bookmarks(data)["p_one"] == "甲\ufffd乙\ufffd丙"


def test_every_numeral_stands_in_a_control_and_a_bookmark_that_name_its_figure() -> None:
    whole = report()
    data = render_docx(whole)
    labels = {figure.id: figure.label for figure in whole.figures}
    runs = [r for s in whole.sections for p in s.paragraphs for r in p.runs if r.figure]
    found = controls(data)
    numbers = [(r.figure, r.text.strip("+-%")) for r in runs]
    assert [(tag, shown) for tag, _, shown in found][: len(runs)] == numbers
    bare = [(re.split("[#@]", tag)[0], alias) for tag, alias, _ in found]
    assert all(alias == labels[id] for id, alias in bare if id in labels)
    marked = [shown for name, shown in bookmarks(data).items() if name.startswith("f_")]
    assert sorted(
        shown.strip("+-%") for shown in marked if re.match("[+-]?[0-9]", shown) and shown.isascii()
    ) == sorted(shown for _, _, shown in found)


def test_controls_hold_digits_alone_because_libreoffice_would_write_others_twice() -> None:
    data = render_check_docx(report())
    marked = {shown for name, shown in bookmarks(data).items() if name.startswith("f_")}
    assert "缺数据" in marked
    assert any(shown.endswith("%") for shown in marked)
    held = [shown for file in (data, render_docx(report())) for _, _, shown in controls(file)]
    assert all(re.fullmatch(r"[0-9]+(\.[0-9]+)?", shown) for shown in held)


def test_ids_and_names_are_unlike_and_short_enough() -> None:
    data = render_docx(report())
    root = body(data)
    starts = list(root.iter(qn("w:bookmarkStart")))
    names = [e.get(qn("w:name")).casefold() for e in starts]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 40 for name in names)
    for elements in (starts, [s.find(f"{qn('w:sdtPr')}/{qn('w:id')}") for s in root.iter(qn("w:sdt"))]):
        ids = [e.get(qn("w:id")) or e.get(qn("w:val")) for e in elements]
        assert len(set(ids)) == len(ids)


@given(st.text(max_size=60))
def test_a_paragraph_has_a_bookmark_word_accepts(id: str) -> None:
    name = bookmark_name(id)
    assert name.startswith("p_")
    assert len(name) <= 40
    assert name.isascii()
    assert name.replace("_", "a").isalnum()


def test_a_long_id_keeps_apart_from_its_like() -> None:
    assert bookmark_name("p_" + "a" * 60 + "1") != bookmark_name("p_" + "a" * 60 + "2")
    assert bookmark_name("p_congress_held") == "p_congress_held"
    assert bookmark_name("congress_held") == "p_congress_held"


def test_equal_reports_give_equal_bytes_and_no_machine_or_hour_shows() -> None:
    data = render_docx(report())
    assert data == render_docx(report())
    properties = Document(BytesIO(data)).core_properties
    assert properties.created == properties.modified == datetime(2020, 12, 7, tzinfo=UTC)
    assert (properties.language, properties.last_modified_by) == ("zh-CN", "示例镇人民代表大会主席团")


def test_the_summary_tells_no_heads_and_hashes_and_the_check_document_does() -> None:
    whole = report()
    other = tuple(
        Source(
            source=s.source, state=s.state, head=s.head + 7, hash="c" * 64, counts=s.counts, counted=s.counted
        )
        for s in whole.sources
    )
    shown = [paragraphs(render_docx(one)) for one in (whole, report(sources=other))]
    assert shown[0] == shown[1]
    proof = bookmarks(render_check_docx(whole))["proof"]
    for part in ("附件2", "完整性证明", "231", "3f" * 32, "代表职务", "已作废：重复登记"):
        assert part in proof


def test_what_is_not_sent_stands_in_the_check_document_alone() -> None:
    sent, kept = (text(body(made)) for made in (render_docx(report()), render_check_docx(report())))
    for told in (
        "待核事项",
        "完整性证明",
        "3名镇人大代表全年没有学习培训记录",
        report().figures[0].definition,
    ):
        assert told not in sent
        assert told in kept


def test_a_report_compiled_before_there_was_a_check_document_keeps_all_its_annexes() -> None:
    made = render_docx(report(manifest="lvzhi-summary-1"))
    found = paragraphs(made)
    assert found[(at := found.index("附件1")) : at + 2] == ["附件1", "主要数据统计表"]
    assert {"附件7", "待核事项", "完整性证明"} <= set(found)
    assert report().figures[0].definition in text(body(made))


@pytest.mark.parametrize(
    ("manifest", "digest"),
    [
        ("", "9bcd6f4ee39714cc7808fa2f9c76f4709e41095627ac0f73e8546ac1f0772f41"),
        ("lvzhi-summary-1", "448f0570d82fc638d4feb2ea5d0a2a5a57a354931728f60d97486db9dd278be0"),
    ],
)
def test_a_report_of_before_is_the_same_byte_for_byte(manifest: str, digest: str) -> None:
    """The digests are those of what was rendered then."""
    assert hashlib.sha256(render_docx(report(manifest=manifest))).hexdigest() == digest


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {
            "addressee": "无为市人大常委会",
            "title": "无为市示例镇人民代表大会主席团关于2020年度工作情况的报告",
        },
        {"document_number": "示例镇人发〔2020〕18号", "signer": "王示例01", "addressee": "无为市人大常委会"},
        {"figures": (), "tables": (), "findings": (), "sources": (), "sections": (), "signature": ""},
        {"signed_on": date(2021, 1, 1)},
    ],
    ids=["summary", "report", "headed", "bare", "later"],
)
def test_word_would_open_it_without_a_word(changes: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    for made in (render_docx, render_check_docx):
        path.write_bytes(made(report(**changes)))
        result = OpenXmlValidator(file_format=FileFormat.MICROSOFT_365).validate(path)
        assert [str(error) for error in result.errors] == []


def test_a_long_narrow_table_reads_down_its_strips() -> None:
    names = [f"{n:02d}" for n in range(31)]
    table = Table(id="t", caption="名单", header=("姓名", "出席"), rows=tuple((n, "是") for n in names))
    data = render_docx(report(figures=(), findings=(), tables=(table,)))
    rows = [
        [text(c) for c in r.iter(qn("w:tc"))] for r in next(body(data).iter(qn("w:tbl"))).iter(qn("w:tr"))
    ]
    assert rows[0] == ["姓名", "出席"] * 4
    assert [row[column] for column in range(0, 8, 2) for row in rows[1:] if row[column]] == names


def test_no_font_is_shipped_and_no_theme_font_asked_for() -> None:
    found = parts(render_docx(report()))
    assert sorted(found) == sorted([
        "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "docProps/custom.xml",
        "customXml/_rels/item1.xml.rels", "customXml/item1.xml", "customXml/itemProps1.xml",
        "word/_rels/document.xml.rels", "word/charts/chart1.xml", "word/document.xml",
        "word/fontTable.xml", "word/footer1.xml", "word/footer2.xml", "word/settings.xml", "word/styles.xml",
        "word/theme/theme1.xml",
    ])  # fmt: skip
    assert not any(b"Theme=" in content for content in found.values())
