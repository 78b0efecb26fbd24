"""The words: every fact of the example is stated, misses are not covered up, templates that err are named."""

import re
from datetime import date
from pathlib import Path

import pytest

from services.reports.app import build
from services.reports.compiler import compile_report
from services.reports.document import check, render_docx, render_html
from services.reports.domain import Form, Report, Run, Wording
from services.reports.errors import TemplateFaulty
from services.reports.narrative import check as check_templates
from services.reports.narrative import outline
from services.reports.narrative.binding import bind, flags
from services.reports.narrative.numerals import amounts
from services.reports.narrative.predicates import parse
from services.reports.narrative.template import BUNDLED, presets
from services.reports.settings import Settings
from tests.fixtures.book import Book, attendance
from tests.fixtures.example import example

WORDS = Wording(theme="疫情防控和脱贫攻坚", campaign_label="两联一述")
SPUN = (
    "用心行使",
    "用心性",
    "推荐",
    "透过",
    "履职潜力",
    "状况",
    "带给",
    "构成",
    "成效显著",
    "人大及其常委会",
    "余次",
    "今年",
)


def report(book: Book, as_of: str = "2020-12-07", wording: Wording = WORDS) -> Report:
    return compile_report(book.year(2020, as_of), [], wording, id="report")


def text_of(made: Report, *sections: str) -> str:
    chosen = [section for section in made.sections if not sections or section.id in sections]
    return "\n".join(p.text for section in chosen for p in section.paragraphs)


@pytest.fixture(scope="module")
def seed() -> Report:
    return report(example())


@pytest.mark.parametrize(
    ("section", "stated"),
    [
        (
            "opening",
            ["示例镇", "2020年", "截至12月7日", "无为市人大常委会", "示例镇党委", "疫情防控和脱贫攻坚"],
        ),
        ("congress", ["新冠肺炎疫情", "原定3月", "推迟", "6月9日", "第十七届人民代表大会第七次会议"]),
        (
            "congress",
            ["政府工作报告", "主席团工作报告", "2019年预算执行情况和2020年预算草案", "报告3项", "决议3项"],
        ),
        ("presidium", ["每个季度至少召开一次", "共召开4次", "民生", "法治", "专项工作报告", "均已落实"]),
        (
            "campaign",
            ["12月", "无为市代表2名", "镇代表6名", "原选区", "测评会2场", "发出测评票100张", "85.1%"],
        ),
        (
            "organisation",
            ["芜湖市代表2名", "无为市代表14名", "镇代表63名", "上级代表小组1个", "镇代表小组4个", "组长"],
        ),
        ("rooms", ["第一代表小组使用的活动阵地为新城村部，联系五洲村、太白村和新城村"]),
        (
            "rooms",
            ["第二代表小组和第五代表小组共用", "镇政府三楼镇人大活动中心", "集镇社区、机关单位和上级代表"],
        ),
        ("rooms", ["瑞康公司，联系吴大村和南都村", "供电所三楼会议室，联系南湖村、飞雁村和部分企业"]),
        ("rooms", ["小组活动制度", "联系选民制度", "上墙"]),
        ("activities", ["每个小组", "活动计划", "主题有环境整治", "学习培训23次"]),
    ],
)
def test_every_fact_of_the_example_is_stated(seed: Report, section: str, stated: list[str]) -> None:
    words = text_of(seed, section)
    assert [fact for fact in stated if fact not in words] == [], words


def test_title_signature_and_day(seed: Report) -> None:
    assert (seed.title, seed.signature) == ("示例镇2020年人大工作总结", "示例镇人民代表大会主席团")
    assert seed.signed_on == date(2020, 12, 7)
    assert seed.sections[0].id == "opening"


def test_headings_have_levels_and_no_numbers(seed: Report) -> None:
    assert [section.level for section in seed.sections] == [0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 1, 1]
    assert "深化“两联一述”活动" in [section.heading for section in seed.sections]
    assert not any(re.match("[一二三四（(1]", section.heading) for section in seed.sections)


def test_numerals_are_bound_to_figures_and_runs_join_to_the_text(seed: Report) -> None:
    for section in seed.sections:
        for paragraph in section.paragraphs:
            assert "".join(run.text for run in paragraph.runs) == paragraph.text
            assert set(paragraph.figures) == {run.figure for run in paragraph.runs if run.figure}
    counted = re.compile(r"\d+(?:\.\d+)?%|\d+(?=[次名项人个件条张票场处])")
    loose = [
        run.text
        for s in seed.sections
        for p in s.paragraphs
        for run in p.runs
        if not run.figure and counted.search(run.text)
    ]
    assert loose == []


def test_no_spun_words_and_no_hedges(seed: Report) -> None:
    assert [word for word in SPUN if word in text_of(seed)] == []
    templates = "".join(path.read_text("utf-8") for path in BUNDLED.glob("*.toml"))
    assert [word for word in SPUN if word in templates] == []


def test_problems_follow_from_the_records(seed: Report) -> None:
    problems = text_of(seed, "problems")
    assert problems.startswith("对照法律规定和代表的要求，工作中还有以下不足：意见建议的办理还要抓紧，")
    assert "还有1条没有办结" in problems
    assert "1件逾期没有答复" in problems


def test_without_words_of_the_office_those_sentences_are_left_out() -> None:
    made = report(example(), wording=Wording())
    assert "围绕" not in text_of(made)
    assert "“" not in "".join(section.heading for section in made.sections)


def test_the_whole_year_has_no_as_of_in_the_opening() -> None:
    assert "截至" not in text_of(report(example(), "2020-12-31"), "opening")


def test_a_miss_is_never_told_as_done() -> None:
    book = example()
    book.town_(name="示例镇", county_name="无为市", rules={"group_activities_per_year": 6})
    words = text_of(report(book), "problems")
    assert "第一代表小组、第二代表小组、第三代表小组和第四代表小组的活动次数没有达到规定" in words


def test_a_quarter_without_a_meeting_is_named() -> None:
    book = Book()
    book.town_(name="示例镇")
    for day in ("2020-02-01", "2020-05-01", "2020-11-01"):
        book.add("presidium_meeting", held_on=day)
    words = text_of(report(book), "presidium", "problems")
    assert "第三季度没有召开" in words
    assert "每个季度至少召开一次" not in words


def test_all_is_said_only_on_equality() -> None:
    book = Book()
    ids = book.deputies(1000)
    book.add("session", held_on="2020-06-09", attendance=attendance(ids[:999], absent=ids[999:]))
    words = text_of(report(book), "congress")
    assert "99.9%" in words
    assert "全部到会" not in words
    full = Book()
    ids = full.deputies(3)
    full.add("session", held_on="2020-06-09", attendance=attendance(ids))
    assert "应到代表3名，全部到会" in text_of(report(full), "congress")


def test_of_one_thing_nobody_says_that_all_of_it_is() -> None:
    book = Book()
    steps = [
        {"action": "assigned", "on": "2020-06-12", "unit": "镇水利站", "due_on": "2020-09-12"},
        {"action": "replied", "on": "2020-08-01", "class": "a"},
    ]
    book.add("suggestion", number=1, raised_on="2020-06-09", raised_at="session", title="修桥", steps=steps)
    book.add("opinion", verb="received", received_on="2020-05-01", channel="letter", text="路灯")
    words = "".join(p.text for section in report(book).sections for p in section.paragraphs)
    assert "1件建议交有关单位办理" in words
    assert "1件已答复" in words
    assert "按收到的渠道" not in words
    assert not re.search("全部|均", words)


def test_missing_figures_are_not_said_as_zero() -> None:
    book = Book()
    book.add("activity", kind="training", title="学习", held_on="2020-03-01")
    assert text_of(report(book), "activities") == "举办学习培训1次。学习内容有学习。"


def test_an_empty_year_says_nothing() -> None:
    made = report(Book(), wording=Wording())
    assert text_of(made) == ""
    assert [section.id for section in made.sections] == ["opening"]


def test_the_form_of_a_report_has_an_addressee_and_ends_as_one() -> None:
    made = report(example(), wording=WORDS.model_copy(update={"form": Form.REPORT}))
    assert made.addressee == "无为市人大常委会"
    assert made.sections[-1].paragraphs[-1].text == "特此报告。"
    assert made.title == "示例镇人大主席团关于2020年工作情况的报告"


def test_own_paragraphs_follow_the_computed_ones() -> None:
    own = {"problems": ("经费偏紧。",), "plans": ("办好代表建议。",)}
    made = report(example(), wording=WORDS.model_copy(update={"paragraphs": own}))
    assert text_of(made, "problems").endswith("经费偏紧。")
    assert [s.heading for s in made.sections if s.id == "plans"] == ["2021年工作打算"]


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (('text = "特此报告。"', 'text = "特此{nothing}。"'), "nothing"),
        (('when = "county"', 'when = "counties"'), "counties"),
        (("{session.date}", "{session.day}"), "day"),
        (('when = "county"', 'when = "county and ("'), "条件写法有误"),
        (("[[opening_plan]]", "[[other]]"), "opening_plan"),
        (('when = "county"', 'whan = "county"'), "opening"),
        (('when = "county"', "when = 3"), "[opening]：when 应为文字"),
        (('when = "county"', 'when = "county + "'), "sentences.toml [opening]"),
        (('each = "session in sessions"', 'each = "session in gatherings"'), "不认识的列表 gatherings"),
        (('text = "以上报告，请予审议。"', 'text = "以上报告[，请予审议]。"'), "方括号内没有指标"),
        (("视察{supervision.inspections}次", "视察{supervision.inspections]次"), "方括号不成对"),
        (("现将有关情况报告如下。", "现将{year}年有关情况报告如下。"), "各句的指标和名称应与 text 相同"),
        (('series = "listed"', 'series = "rows"'), "series 应为"),
        (("prompts = [", "prompts = [3, "), "prompts 应为文字的列表"),
        (('text = "特此报告。"', 'text = "特此报告}。"'), "方括号不成对"),
        (('text = "特此报告。"', 'text = "特此报告。'), "不合 TOML：第"),
        (('id = "congress"', 'heading_ = "x"\nid = "congress"'), "不认识的项 heading_"),
        (('id = "presidium"', 'id = "congress"'), "部分 congress 出现了两次"),
    ],
)
def test_a_template_that_errs_is_named(tmp_path: Path, edit: tuple[str, str], named: str) -> None:
    for path in BUNDLED.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8").replace(*edit), "utf-8")
    with pytest.raises(TemplateFaulty) as refusal:
        outline("A", tmp_path)
    assert named in refusal.value.detail


def test_a_file_saved_in_another_encoding_is_named(tmp_path: Path) -> None:
    for path in BUNDLED.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "gb18030")
    with pytest.raises(TemplateFaulty) as refusal:
        check_templates(tmp_path)
    assert "sentences.toml 不是 UTF-8 编码" in refusal.value.detail
    with pytest.raises(TemplateFaulty, match="没有提纲"):
        check_templates(tmp_path / "elsewhere")


def test_a_service_with_faulty_templates_says_so_instead_of_starting(tmp_path: Path) -> None:
    for path in BUNDLED.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    assert build(Settings(templates_dir=tmp_path)).name == "reports"
    outline_t = tmp_path / "outline_t.toml"
    outline_t.write_text(
        outline_t.read_text("utf-8").replace('paragraphs = ["', 'paragraphs = ["nowhere", "', 1)
    )
    with pytest.raises(SystemExit, match=r"文字模板有误：outline_t.toml \[.*没有段落 nowhere"):
        build(Settings(templates_dir=tmp_path))


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(TemplateFaulty):
        outline("Z")


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a.b > 2", True),
        ("a.b >= 3 and not c", True),
        ("a.b < 3 or c", False),
        ("missing < 3", False),
        ("missing == missing", False),
        ("(a.b == 3 or c) and d", True),
        ("a.b == e", True),
        ("d >= 3", False),
        ("a.b + e == 6", True),
        ("2 * a.b >= 6 and 2 * a.b + 1 == 7", True),
        ("a.b + missing == 3", False),
        ("a.b + d == 3", False),
    ],
)
def test_predicates(text: str, *, holds: bool) -> None:
    scope = {"a.b": 3, "c": "", "d": "text", "e": 3.0}
    assert parse(text).holds(scope) is holds


def test_reworded_text_is_bound_to_its_figures_again() -> None:
    runs = [
        Run(text="举办"),
        Run(text="23", figure="training.times"),
        Run(text="次，"),
        Run(text="3", figure="x"),
    ]
    assert bind("共办23次，其中130人，3场", runs) == (
        Run(text="共办"),
        Run(text="23", figure="training.times"),
        Run(text="次，其中130人，"),
        Run(text="3", figure="x"),
        Run(text="场"),
    )


def test_a_number_is_not_excused_by_one_that_stands_elsewhere_with_other_words() -> None:
    runs = [Run(text="接待选民"), Run(text="16", figure="contact.receptions"), Run(text="场。")]
    others = [[Run(text="第二小组组长蒋示例18，另有120名志愿者。")]]
    [flag] = flags("接待选民18场。", runs, others)
    assert (flag.text, flag.figure, flag.wanted) == ("18", "contact.receptions", "16")
    assert flags("接待选民16场。另有120名志愿者。", runs, others) == ()


def test_of_two_figures_after_the_same_words_the_unit_tells_whose_place_a_number_took() -> None:
    runs = [
        *(Run(text="接待选民"), Run(text="16", figure="contact.receptions"), Run(text="场，接待选民")),
        *(Run(text="166", figure="contact.voter_times"), Run(text="人次。")),
    ]
    found = flags("接待选民18场，接待选民两百余人次。", runs)
    assert [(one.text, one.figure, one.wanted) for one in found] == [
        ("18", "contact.receptions", "16"),
        ("两百", "contact.voter_times", "166"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("接待选民两百余人次", ["两百"]),
        ("帮扶十余户", ["十"]),
        ("走访三十多名老人", ["三十"]),
        ("十分感谢，千家万户", []),
        ("第十余次", []),
        ("走访群众四五百多人，约10多人请假", ["四五百", "10"]),
        ("几十人次，数百件，十几户，三十来场", ["几十", "数百", "十几", "三十来"]),
        ("上百人参加，近千户受益", ["百", "千"]),
        ("办结百分之九十五点五，九成以上满意", ["百分之九十五点五", "九成"]),
        ("十二位代表到五十所学校", ["十二", "五十"]),
        ("壹佰元，廿五件，二〇件", ["壹佰", "廿五", "二〇"]),
        ("⑫件，㈢户，Ⅻ次", ["⑫", "㈢", "Ⅻ"]),
        ("送去一打毛巾、两打雨伞", ["一打", "两打"]),
        ("统一打造、进一步打通、成千上万、百分百、几百年来", []),
        ("一是学习，二是走访；①学习②走访", []),
    ],
)
def test_rounded_amounts_in_words_are_numbers_too(text: str, found: list[str]) -> None:
    assert [number for _, number in amounts(text)] == found


@pytest.mark.parametrize("preset", [preset for preset in presets() if preset != "T"])
def test_every_outline_tells_the_same_facts(preset: str) -> None:
    made = report(example(), wording=WORDS.model_copy(update={"outline": preset}))
    words = text_of(made)
    for fact in (
        "第十七届人民代表大会第七次会议",
        "镇代表63名",
        "学习培训23次",
        "发出测评票100张",
        "1件逾期没有答复",
    ):
        assert fact in words
    assert made.sections[0].id == "opening"


def test_the_report_to_the_congress_addresses_the_deputies() -> None:
    made = report(example(), wording=WORDS.model_copy(update={"outline": "E"}))
    assert made.title == "示例镇人民代表大会主席团工作报告"
    assert made.addressee == "各位代表"
    assert text_of(made, "opening").startswith("我受镇人民代表大会主席团委托")
    assert text_of(made).endswith("请予审议。")


def test_a_report_to_the_congress_says_where_it_was_given_and_by_whom() -> None:
    given = {"outline": "E", "delivered_on": date(2021, 1, 10), "session_number": 8, "speaker": "王梅"}
    made = report(example(), wording=WORDS.model_copy(update=given))
    assert made.subtitle == ("——2021年1月10日在示例镇第十七届人民代表大会第八次会议上", "王　梅")
    assert check(render_docx(made)) == []
    assert f'<p class="subtitle">{made.subtitle[0]}</p>' in render_html(made)
    assert report(example(), wording=WORDS.model_copy(update=given | {"outline": "A"})).subtitle == ()
