"""Edits of every kind: words stay in their order, what is no text is named, nothing is removed that is there."""

from collections.abc import Callable
from typing import Any

import pytest

from services.reports.document import edited, render_docx
from services.reports.document.edited import Change, Reworded
from services.reports.domain import Report
from services.reports.handlers.uploaded_text import worded
from tests.fixtures.documents import W, changed
from tests.unit.reports.document import edits
from tests.unit.reports.document.staff import text_of
from tests.unit.reports.document.test_edited import FILE, GIVEN, NOTHING, REPORT, again

HEADINGS = [section.heading for section in REPORT.sections if section.heading]


def matched(change: Callable[[Any], None]) -> Reworded:
    return edited.matched(REPORT, edited.read(changed(FILE, change)).lines, GIVEN)


def compiled(found: Reworded) -> Report:
    return again(worded(NOTHING, REPORT, found))


def texts(report: Report) -> list[str]:
    return [line for s in report.sections for p in s.paragraphs for line in p.text.split("\n")]


def printed(report: Report) -> list[str]:
    """The text with its headings as the file shows it."""
    lines = edited.read(render_docx(report)).lines
    return [line.text for line in lines if line.text]


@pytest.mark.parametrize("kind", edits.ASIDE)
def test_what_is_no_text_is_named_and_ends_nothing(kind: str) -> None:
    xml, told = edits.ASIDE[kind]
    found = matched(lambda root: edits.whole(root)[2].addnext(edits.element(xml)))
    assert {match.change for match in found.matches} == {Change.KEPT}
    assert [text for text in found.ignored if told in text]
    assert texts(compiled(found)) == texts(REPORT)


@pytest.mark.parametrize("kind", edits.INSIDE)
def test_what_is_no_plain_word_of_a_paragraph_is_named(kind: str) -> None:
    xml, told, gained = edits.INSIDE[kind]
    found = matched(lambda root: edits.whole(root)[2].append(edits.element(xml)))
    third = [match for match in found.matches if match.before != match.after]
    assert [match.after.removeprefix(match.before) for match in third] == ([gained] if gained else [])
    assert [text for text in found.ignored if told in text] if told else found.ignored == []
    assert found.removals == []


@pytest.mark.parametrize("kind", edits.HARMLESS)
def test_nothing_is_removed_that_is_there(kind: str) -> None:
    found = matched(edits.HARMLESS[kind])
    assert found.removals == []
    assert not [match for match in found.matches if match.moved]
    made = "".join(texts(compiled(found)))
    assert [text for text in texts(REPORT) if text not in made] == []


def test_a_heading_over_no_text_is_named_because_it_is_not_printed() -> None:
    section = next(s for s in REPORT.sections if s.heading and s.level == 1 and len(s.paragraphs) == 2)

    def change(root: Any) -> None:
        for p in text_of(root):
            if edits.said(p) in {one.text for one in section.paragraphs}:
                p.getparent().remove(p)

    found = matched(change)
    assert found.ignored == [f"标题“{section.heading}”下没有文字，不再印出"]
    assert section.heading not in "".join(printed(compiled(found)))


@pytest.mark.parametrize("style", ["Heading1", "Heading2", "BodyOfficial"])
@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_new_heading_stays_one_and_the_rest_is_numbered_anew(style: str, n: int) -> None:
    number = "（九）" if style == "Heading2" else "九、"

    def change(root: Any) -> None:
        new = edits.paragraph(number + edits.HEADING, style)
        edits.heading(root, n).addprevious(new)
        new.addnext(edits.paragraph(edits.OWN))

    found = matched(change)
    report = compiled(found)
    assert [heading.text for heading in found.headings] == [edits.HEADING]
    assert found.removals == []
    level = 2 if style == "Heading2" else 1
    [section] = [section for section in report.sections if section.heading == edits.HEADING]
    assert (section.level, [p.text for p in section.paragraphs]) == (level, [edits.OWN])
    assert [s.heading for s in report.sections if s.heading and s.heading != edits.HEADING] == HEADINGS
    file = edited.read(render_docx(report)).lines
    second = edited.matched(report, file, file)
    assert ({match.change for match in second.matches}, second.headings) == ({Change.KEPT}, found.headings)
    assert (second.ignored, second.placed, second.added) == ([], {}, {})


def test_a_new_heading_amid_a_section_takes_what_stands_under_it() -> None:
    def change(root: Any) -> None:
        edits.whole(root)[4].addprevious(edits.paragraph("（一）" + edits.HEADING, "Heading2"))

    found = matched(change)
    assert found.removals == []
    made = printed(compiled(found))
    at = next(n for n, text in enumerate(made) if text.endswith(edits.HEADING))
    assert made[at + 1] == [p for s in REPORT.sections for p in s.paragraphs][4].text


@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("to", [0, 3, 5, 8])
def test_a_half_of_a_paragraph_that_was_moved_stands_where_it_was_moved_to(half: int, to: int) -> None:
    def change(root: Any) -> None:
        edits.split_and_moved(root, half=half, to=to)

    found = matched(change)
    file = [line.text for line in edited.read(changed(FILE, change)).lines if line.text]
    made = printed(compiled(found))
    assert [text for text in made if not _is_heading(text)] == [
        text for text in file if not _is_heading(text)
    ]


def _is_heading(text: str) -> bool:
    return any(text.endswith(heading) and len(text) < len(heading) + 5 for heading in HEADINGS)


def test_a_copied_paragraph_stands_twice() -> None:
    found = matched(edits.copied)
    second = [p for s in REPORT.sections for p in s.paragraphs][1].text
    assert texts(compiled(found)).count(second) == 2


def test_a_moved_paragraph_is_told() -> None:
    ids = [p.id for s in REPORT.sections for p in s.paragraphs]
    found = matched(lambda root: edits.whole(root)[6].addnext(edits.whole(root)[1]))
    assert [match.id for match in found.matches if match.moved] == [ids[1]]
    assert found.removals == []


def test_a_paragraph_drawn_into_another_is_no_removal() -> None:
    def change(root: Any) -> None:
        one, other = edits.whole(root)[1:3]
        one.extend([child for child in other if child.tag != f"{W}pPr"])
        other.getparent().remove(other)

    found = matched(change)
    assert [bool(match.joined) for match in found.matches if match.change is Change.REMOVED] == [True]
    assert found.removals == []


@pytest.mark.parametrize(
    ("style", "text", "told"),
    [
        ("Title", "示例镇人大2020年工作情况", "示例镇人大2020年工作情况"),
        ("Title", "本年要事", "本年要事"),
        ("SignedBy", "示例镇人大办公室", "示例镇人大办公室"),
        ("SignedOn", "2020年12月31日", "2020年12月31日"),
        ("AnnexTitle", "来源说明", "来源说明"),
        ("AnnexNote", "附件：来源说明", "来源说明"),
    ],
)
def test_a_change_around_the_text_is_told(style: str, text: str, told: str) -> None:
    def change(root: Any) -> None:
        p = edits.first(root, style)
        texts_ = list(p.iter(f"{W}t"))
        for piece in texts_[1:]:
            piece.getparent().remove(piece)
        texts_[0].text = text

    found = matched(change)
    assert [line for line in found.ignored if told in line]
    assert {match.change for match in found.matches} == {Change.KEPT}
    assert found.added == {}


def test_a_change_of_a_cell_of_an_annex_is_told_with_its_place() -> None:
    def change(root: Any) -> None:
        next(list(root.iter(f"{W}tr"))[2].iter(f"{W}t")).text = "改过的格"

    found = matched(change)
    assert [text for text in found.ignored if "附件" in text and "第3行" in text and "改为“改过的格”" in text]


def test_a_removed_title_is_told() -> None:
    def change(root: Any) -> None:
        title = edits.first(root, "Title")
        title.getparent().remove(title)

    found = matched(change)
    assert [text for text in found.ignored if REPORT.title in text and "仍为" in text]
    assert found.headings == ()
    assert found.removals == []


def test_a_removed_section_is_a_removal_under_its_heading() -> None:
    section = next(s for s in REPORT.sections if s.level == 1 and len(s.paragraphs) > 1)

    def change(root: Any) -> None:
        gone = {p.text for p in section.paragraphs}
        for p in list(root.iter(f"{W}p")):
            if edits.said(p) in gone or edits.said(p).endswith(section.heading):
                p.getparent().remove(p)

    found = matched(change)
    assert [match.id for match in found.removals] == [p.id for p in section.paragraphs]
    assert {match.section for match in found.removals} == {section.id}
    assert section.heading not in [s.heading for s in compiled(found).sections]


@pytest.mark.parametrize("ending", ["。", "：", ""])
def test_a_heading_is_one_by_its_style_whatever_ends_it(ending: str) -> None:
    words = "探索代表工作的新路子，" * 6

    def change(root: Any) -> None:
        next(edits.heading(root, 1).iter(f"{W}t")).text += ending
        edits.heading(root, 2).addprevious(edits.paragraph(words + ending, "Heading1"))

    found = matched(change)
    assert [heading.text for heading in found.headings] == [words.rstrip("，")]
    assert {match.change for match in found.matches} == {Change.KEPT}
    assert found.ignored == []


@pytest.mark.parametrize("ending", ["。", ""])
def test_numbered_paragraphs_at_the_end_are_text_and_no_list_of_annexes(ending: str) -> None:
    own = [f"{n}.办好第{n}件事情{ending}" for n in (1, 2, 3)]

    def change(root: Any) -> None:
        for text in reversed(own):
            edits.whole(root)[-1].addnext(edits.paragraph(text))

    for habit in ("runs cut", "as another program saves"):
        file = changed(changed(FILE, change), edits.HARMLESS[habit])
        found = edited.matched(REPORT, edited.read(file).lines, GIVEN)
        assert texts(compiled(found))[-3:] == own
        assert found.ignored == []


def test_a_line_among_those_behind_the_text_is_told_and_the_text_ends_before_them() -> None:
    found = matched(lambda root: edits.first(root, "SignedBy").addprevious(edits.paragraph("抄送：县委")))
    assert {match.change for match in found.matches} == {Change.KEPT}
    assert found.ignored == ["新添“抄送：县委”"]


def test_another_level_of_a_heading_is_told() -> None:
    def change(root: Any) -> None:
        edits.heading(root, 1).find(f"{W}pPr/{W}pStyle").set(f"{W}val", "Heading2")

    found = matched(change)
    assert [text for text in found.ignored if "层次" in text]
    assert found.headings == ()
