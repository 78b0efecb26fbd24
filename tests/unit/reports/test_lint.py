"""What is wrong with the words: found in computed and staff's text, by paragraph, without repeating what is private."""

from datetime import date

import pytest

from services.reports.compiler import compile_report
from services.reports.domain import Finding, Paragraph, Run, Section, Severity, Wording
from services.reports.narrative.lint import lint
from services.reports.narrative.template import BUNDLED
from tests.fixtures.book import Book, result
from tests.fixtures.example import example

DAY = date(2020, 12, 7)


def rules(*texts: str, signed_on: date = DAY, edited: bool = True) -> list[str]:
    paragraphs = tuple(Paragraph(id=f"p{n}", text=text, edited=edited) for n, text in enumerate(texts))
    section = Section(id="plans", heading="打算", level=1, paragraphs=paragraphs)
    return [draft.rule for draft in lint(Book().year(), [section], signed_on)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("代表用心行使职权。", "text.spun"),
        ("调动代表的用心性。", "text.spun"),
        ("会上提出了推荐3条。", "text.spun"),
        ("透过学习，代表有了提高。", "text.spun"),
        ("提升代表履职潜力。", "text.spun"),
        ("听取预算执行状况的报告。", "text.spun"),
        ("为代表带给保障。", "text.spun"),
        ("会议构成共识。", "text.spun"),
        ("镇人大常委会组织视察。", "text.standing_committee"),
        ("全镇人民代表大会及其常务委员会", "text.standing_committee"),
        ("电话13912345678。", "text.private"),
        ("电话0553-1234567。", "text.private"),
        ("身份证34028119700101123X。", "text.private"),
        ("第17届人民代表大会", "text.numerals"),
        ("于2020.6.9召开会议。", "text.numerals"),
        ("开展活动二十三次。", "text.numerals"),
        ("收到意见45件。", "text.units"),
        ("提出建议32条。", "text.units"),
        ("接待选民166人。", "text.units"),
        ("培训代表80人。", "text.units"),
    ],
)
def test_what_is_found(text: str, rule: str) -> None:
    assert rule in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "了解村民健康状况和家庭经济状况。",
        "代表构成合理。",
        "透过现象看本质。",
        "无为市人大常委会指导，芜湖市人民代表大会常务委员会支持。",
        "第十七届人民代表大会第七次会议于6月9日举行。",
        "接待选民166人次，收到意见45条，提出建议32件，培训代表80人次。",
        "编号20201207123456789012。",
        "每季度至少召开一次会议。",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert rules(text) == []


def test_this_year_is_unclear_only_when_signed_in_the_next() -> None:
    assert rules("今年重点做好三件事。") == []
    assert rules("今年重点做好三件事。", signed_on=date(2021, 1, 15)) == ["text.relative_year"]


def test_one_word_of_praise_without_a_number_is_enough_for_a_section() -> None:
    assert rules("工作成效显著。") == []
    assert rules("工作成效显著。", "水平明显提高。") == ["text.adjectives"]
    assert rules("工作成效显著，办结率98%。", "水平明显提高。") == []


def test_one_thing_is_counted_by_one_measure_word() -> None:
    assert rules("举办培训3次。", "另有培训2期。") == ["text.mixed_units"]
    assert rules("举办培训3次。", "接待选民2场。") == []


def test_a_bound_numeral_has_the_unit_of_its_figure() -> None:
    runs = (Run(text="参加"), Run(text="80", figure="training.person_times"), Run(text="人。"))
    paragraph = Paragraph(id="training", text="参加80人。", runs=runs)
    section = Section(id="activities", heading="培训", level=1, paragraphs=(paragraph,))
    [draft] = lint(Book().year(), [section], DAY)
    assert (draft.rule, draft.paragraph) == ("text.units", "training")
    assert "以“人次”计，文中写作“人”" in draft.message


def test_who_was_rated_by_too_few_is_not_named_beside_ratings() -> None:
    book = Book()
    one, other = book.deputy("白示例1"), book.deputy("黄示例2")
    book.meeting([one], result=result({}, issued=8, returned=6) | {"suppressed": True})
    book.meeting([other], result=result({other: (30, 5, 0)}, issued=40, returned=40))
    texts = ("白示例1测评结果满意。", "白示例1任组长。", "黄示例2测评结果满意。")
    paragraphs = tuple(Paragraph(id=f"p{n}", text=text) for n, text in enumerate(texts))
    drafts = list(lint(book.year(), [Section(id="x", heading="", level=0, paragraphs=paragraphs)], DAY))
    assert [(draft.rule, draft.paragraph) for draft in drafts] == [("text.hidden_rating", "p0")]
    assert "白示例1" not in drafts[0].message


ASKED = ("text.unwritten", "text.cases")


def findings(**words: object) -> list[Finding]:
    made = compile_report(example().year(as_of="2020-12-07"), [], Wording.model_validate(words), id="report")
    return [
        finding for finding in made.findings if finding.rule.startswith("text.") and finding.rule not in ASKED
    ]


def test_the_computed_text_of_every_outline_has_nothing_to_find() -> None:
    for outline in "ACDET":
        assert findings(outline=outline, theme="疫情防控", campaign_label="两联一述") == []
    templates = [path.read_text("utf-8") for path in BUNDLED.glob("*.toml")]
    assert rules(*templates, edited=False) == []


def test_staffs_own_and_reworded_paragraphs_are_looked_at_and_block_where_they_must() -> None:
    found = findings(
        paragraphs={"plans": ["联系人电话13912345678。"]},
        edited={"training": "用心参加学习培训23次，参加940人次。"},
    )
    assert [(f.rule, f.paragraph, f.severity) for f in found] == [
        ("text.private", "plans.own.1", Severity.BLOCK),
        ("text.spun", "training", Severity.WARN),
    ]
    assert "139" not in found[0].message
