"""A summary that staff edited and handed back says, once compiled again, what they made it say."""

import zipfile
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pytest

from services.reports.document import edited, render_docx, render_html
from services.reports.document.edited import Change, Means
from services.reports.document.edited.differences import differences
from services.reports.domain import Flag, Report, Section
from services.reports.errors import DocumentUnfit
from services.reports.handlers.uploaded_text import handed_out, worded
from services.reports.narrative.binding import reworded
from services.reports.narrative.own import own
from services.reports.repository import WordingRecord
from tests.fixtures.documents import W, changed, controls, town_report, unwrap, write
from tests.sampling import sampled
from tests.unit.reports.document.staff import Staff, text_of

WHOLE = town_report()
REPORT = WHOLE.model_copy(update={"tables": WHOLE.tables[:1], "findings": (), "figures": ()})
FILE = render_docx(REPORT)
GIVEN = handed_out(REPORT)
NOTHING = WordingRecord(id="town:2020", town=REPORT.town, period="2020")


def again(wording: WordingRecord) -> Report:
    """The report compiled anew with the office's words."""
    written = [
        s.model_copy(update={"paragraphs": (*s.paragraphs, *own(s.id, wording))}) for s in REPORT.sections
    ]
    sections: Sequence[Section] = reworded(written, wording)
    return REPORT.model_copy(update={"sections": tuple(sections)})


def said(file: bytes) -> list[str]:
    """The text as it reads, without title, headings and annexes; insertions in, deletions out."""
    kept: list[str] = []

    def collect(root: object) -> None:
        for p in root.find(f"{W}body").iterchildren(f"{W}p"):  # type: ignore[attr-defined]
            text = "".join(t.text or "" for t in p.iter(f"{W}t")).strip()
            if text.startswith("附件"):
                break
            kept.append(text)

    changed(file, collect)
    headings = {s.heading for s in REPORT.sections if s.heading}
    return [t for t in kept[1:] if t and not any(t.endswith(h) and len(t) < len(h) + 5 for h in headings)]


@pytest.mark.parametrize("block", sampled(range(10), every=10))
def test_twenty_edits_are_each_kept_whole(block: int) -> None:
    for seed in range(20 * block, 20 * block + 20):
        staff = Staff(seed)
        file = staff.edit(FILE)
        found = edited.matched(REPORT, edited.read(file).lines, GIVEN)
        report = again(worded(NOTHING, REPORT, found))
        made = render_docx(report)
        ignored = [told for told in found.ignored if "下没有文字" not in told]
        assert (said(made), ignored) == (said(file), []), seed
        paragraphs = [p for s in report.sections for p in s.paragraphs if p.computed]
        assert {flag.text.rstrip("%") for p in paragraphs for flag in p.flags} == {
            number for number in staff.typed if any(number in p.text for p in paragraphs)
        }, seed
        second = edited.matched(report, edited.read(made).lines, edited.read(made).lines)
        assert {match.change for match in second.matches} <= {Change.KEPT}
        assert second.placed == {}


def test_a_paragraph_is_known_by_its_bookmark_then_by_its_numbers_then_by_its_text() -> None:
    def change(root: Any) -> None:
        second, third = [p for p in text_of(root) if controls(p)][1:3]
        for p in (second, third):
            for mark in p.findall(f"{W}bookmarkStart"):
                if mark.get(f"{W}name").startswith("p_"):
                    p.remove(mark)
        for one in controls(third):
            unwrap(one)
        for mark in list(third.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd")):
            mark.getparent().remove(mark)

    found = edited.matched(REPORT, edited.read(changed(FILE, change)).lines, GIVEN)
    means = [match.means for match in found.matches if any(c.isdecimal() for c in match.before)]
    assert {match.change for match in found.matches} == {Change.KEPT}
    assert Counter(means)[Means.CONTROL] == Counter(means)[Means.TEXT] == 1
    assert means[0] is Means.BOOKMARK


def test_differences_cut_no_number_and_make_both_texts() -> None:
    pieces = differences("召开会议14次，审议3项。", "全年召开会议15次，审议3项。")
    assert "".join(p.text for p in pieces if p.kind != "new") == "召开会议14次，审议3项。"
    assert "".join(p.text for p in pieces if p.kind != "gone") == "全年召开会议15次，审议3项。"
    assert ("gone", "14") in pieces
    assert ("new", "15") in pieces


def test_a_number_written_over_names_the_figure_whose_place_it_took() -> None:
    file = changed(FILE, lambda root: write(controls(root, "congress.sessions")[0], "5"))
    report = again(worded(NOTHING, REPORT, edited.matched(REPORT, edited.read(file).lines, GIVEN)))
    flags = [flag for s in report.sections for p in s.paragraphs for flag in p.flags]
    assert flags == [Flag(text="5", figure="congress.sessions", wanted="1")]
    page = render_html(report)
    assert "<del>1</del><ins>5</ins>" in page
    assert "为1，请核对" in page


def packed(**parts: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(FILE)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        names = {name.replace("__", "/").replace("_DOT_", "."): content for name, content in parts.items()}
        for name in old.namelist():
            new.writestr(name, names.pop(name, old.read(name)))
        for name, content in names.items():
            new.writestr(name, content)
    return target.getvalue()


EXTERNAL = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship
Id="rId9" TargetMode="External" Target="http://example.com/t.dotm"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>"""
ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xx">]><a>&x;</a>'
UNFIT = {
    "不是 Word 文件": b"not a file of Word",
    "已经损坏": FILE[: len(FILE) // 2],
    "旧版 doc": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "带有宏": packed(word__vbaProject_DOT_bin=b"macro"),
    "过大": packed(word__media__a_DOT_png=b"\0" * (101 << 20)),
    "外部内容": packed(word___rels__settings_DOT_xml_DOT_rels=EXTERNAL),
    "DTD": packed(word__document_DOT_xml=ENTITIES),
    "损坏": packed(word__document_DOT_xml=b"<w:document"),
}


@pytest.mark.parametrize("why", UNFIT)
def test_a_file_that_is_no_summary_or_may_do_harm_is_refused_with_the_reason(why: str) -> None:
    with pytest.raises(DocumentUnfit, match=why):
        edited.read(UNFIT[why])
