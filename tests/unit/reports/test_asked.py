"""What no record can say is asked of the office: guiding thought, the year in one sentence, leadership, cases."""

import pytest

from services.reports.compiler import compile_report
from services.reports.domain import Finding, Report, Severity, Wording
from services.reports.narrative import outline, presets
from tests.fixtures.book import Book
from tests.fixtures.example import example

CASE = {"raised": "路灯不亮。", "done": "换了线路。", "effect": "路灯亮了。", "in_report": True}


def report(book: Book, **words: object) -> Report:
    return compile_report(book.year(as_of="2020-12-07"), [], Wording.model_validate(words), id="report")


def asked(book: Book, rule: str = "text.unwritten", **words: object) -> list[Finding]:
    return [finding for finding in report(book, **words).findings if finding.rule == rule]


@pytest.mark.parametrize("preset", presets())
def test_every_section_of_the_offices_own_asks_with_three_prompts(preset: str) -> None:
    sections = [section for section in outline(preset).sections if section.prompts]
    assert {"plans"} < {section.id for section in sections}
    assert all(len(section.prompts) == 3 for section in sections)
    found = asked(example(), outline=preset)
    assert len(found) == len(sections)
    for finding in found:
        assert finding.severity is Severity.INFO
        assert all(f"{n}是" in finding.message for n in "一二三")


def test_what_is_written_is_asked_no_more_and_stands_in_its_place() -> None:
    own = {"opening": ["坚持以人民为中心。"], "leadership": ["向镇党委请示汇报。"]}
    ids = {finding.id for finding in asked(example(), paragraphs=own)}
    assert ids == {"text.unwritten:supervision", "text.unwritten:building", "text.unwritten:plans"}
    opening, leadership = report(example(), paragraphs=own).sections[:2]
    assert [p.id for p in opening.paragraphs] == ["opening", "opening.own.1", "opening_plan"]
    assert leadership.paragraphs[-1].text == "向镇党委请示汇报。"


@pytest.mark.parametrize(("chosen", "told"), [(0, True), (1, True), (2, False), (3, False), (4, True)])
def test_two_or_three_cases_are_asked_for(chosen: int, *, told: bool) -> None:
    book = example()
    for n in range(4):
        case = {**CASE, "in_report": n < chosen}
        book.add("activity", kind="group_activity", title="路灯", held_on=f"2020-05-{n + 1:02}", case=case)
    found = asked(book, "text.cases")
    assert bool(found) is told
    assert all(f"整理了案例4个，选入总结{chosen}个" in finding.message for finding in found)
    assert "案例" not in "".join(p.text for s in report(example()).sections for p in s.paragraphs)


def test_a_period_of_which_nothing_is_recorded_is_not_asked_for_words() -> None:
    assert asked(Book()) == []
    assert asked(Book(), "text.cases") == []
