"""Lint of the text of a report, computed or by staff: findings by paragraph; the text is not changed.

A finding never repeats a number or name that must not be printed.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from services.reports.checks.draft import Draft
from services.reports.domain import Paragraph, Section
from services.reports.events_in import Person
from services.reports.figures import BY_ID
from services.reports.figures.year import Year


@dataclass(frozen=True)
class Place:
    """A paragraph with the data its rules need."""

    section: Section
    paragraph: Paragraph
    stale_year: bool
    hidden: frozenset[str]

    @property
    def text(self) -> str:
        return self.paragraph.text


Faults = Iterator[tuple[str, str]]
"""Rule and message, before the paragraph is named."""

SPUN: Final[tuple[tuple[str, str], ...]] = (
    (r"用心性", "积极性"),
    (r"用心(?=行使|参加|参与|开展|组织|履行|履职|投身|建言|发挥|配合|做好|推进|探索|争取)", "积极"),
    (r"提出(?:了|的)?(?:\d+[条件])?推荐", "提出建议"),
    (r"推荐(?=\d+[条件]|意见)", "建议"),
    (r"透过(?!现象)", "通过"),
    (r"履职潜力|工作潜力|监督潜力", "履职能力"),
    (r"(?<!健康)(?<!身体)(?<!经济)(?<!财务)(?<!家庭)(?<!生活)(?<!资产)状况", "情况"),
    (r"带给(?=了?(?:服务|保障|支持|帮助|便利|依据|平台))", "提供"),
    (r"构成(?=了?(?:共识|合力|意见|报告|决议|制度|机制|氛围|格局))", "形成"),
    (r"好处(?=重大|深远)", "意义"),
)
"""Words put by article spinning, with the usual ones."""

ADJECTIVES: Final = re.compile(
    r"成效显著|效果显著|显著(?:提高|提升|增强|成效)|明显(?:提高|提升|增强|改善|成效)|效果明显|大幅|圆满|空前|"
    r"极大|广泛好评|一致好评|高度评价|充分肯定|前所未有"
)
STANDING_COMMITTEE: Final = re.compile(r"[镇乡](?:人大|人民代表大会)(?:及其|的)?常(?:务委员会|委会)")
RELATIVE_YEAR: Final = re.compile(r"今年|去年|明年|本年(?!度)")
PRIVATE: Final = (
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), "手机号码"),
    (re.compile(r"(?<!\d)0\d{2,3}[-－]\d{7,8}(?!\d)"), "电话号码"),
    (
        re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)"),
        "身份证号码",
    ),
)
RATED: Final = re.compile(r"测评|评议|满意|称职|得票|选票|票数")
NUMBERED_TERM: Final = re.compile(r"第\d+(?=届|次会议|季度)")
DOTTED_DATE: Final = re.compile(r"(?<!\d)20\d\d[.\-/]\d{1,2}[.\-/]\d{1,2}(?!\d)")
SPELT_COUNT: Final = re.compile(
    r"(?<![第一二三四五六七八九])[二三四五六七八九]?十[一二三四五六七八九]?(?=[次场期件条名])"
)

ALIKE: Final = (frozenset({"次", "场", "期"}), frozenset({"人", "人次", "名"}), frozenset({"件", "条"}))
"""Measure words that are confused with each other."""

_MEASURE: Final = re.compile(r"人次|[次场期人名件条]")
_WRONG_WORD: Final = (
    (re.compile(r"(?:选民)?意见\d+件"), "意见以“条”计"),
    (re.compile(r"(?<!政策)(?<!工作)(?:代表)?建议\d+条"), "代表建议以“件”计"),
    (re.compile(r"(?:接待|走访)(?:选民|群众)\d+[人名](?!次)"), "接待、走访选民以“人次”计"),
    (re.compile(r"培训(?:代表)?\d+(?:名|人(?!次))"), "培训以“人次”计"),
)
_COUNTED: Final = re.compile(r"(培训|接待|视察|调研|测评会|主席团会议)[^，。；、\d]{0,8}\d+(次|场|期)")


def lint(year: Year, sections: Sequence[Section], signed_on: date) -> Iterator[Draft]:
    """Findings of all paragraphs, in order. `signed_on`: date under the text."""
    stale, hidden = signed_on.year > year.as_of.year, _hidden(year)
    for section in sections:
        for paragraph in section.paragraphs:
            place = Place(section, paragraph, stale, hidden)
            for rule in RULES:
                for name, message in rule(place):
                    yield _draft(name, section, paragraph, message)
        yield from _adjectives(section)
    yield from _mixed(sections)


def _draft(rule: str, section: Section, paragraph: Paragraph, message: str) -> Draft:
    where = section.heading or "开头"
    return Draft(rule, f"“{where}”：{message}", key=paragraph.id, paragraph=paragraph.id)


def _spun(place: Place) -> Faults:
    for pattern, usual in SPUN:
        match = re.search(pattern, place.text)
        if match:
            yield "text.spun", f"“{match[0]}”疑为误用，通常写作“{usual}”。"


def _bodies(place: Place) -> Faults:
    if STANDING_COMMITTEE.search(place.text):
        yield "text.standing_committee", "本级人民代表大会不设常务委员会，应写“主席团”。"


def _years(place: Place) -> Faults:
    match = RELATIVE_YEAR.search(place.text)
    if match and place.stale_year:
        yield "text.relative_year", f"落款在次年，“{match[0]}”所指不明，请写明年份。"


def _private(place: Place) -> Faults:
    for pattern, what in PRIVATE:
        if pattern.search(place.text):
            yield "text.private", f"文字中有{what}，不得印出，请删去。"
    if RATED.search(place.text) and any(name in place.text for name in place.hidden):
        yield "text.hidden_rating", "写到了人数不足、不公布结果的述职代表的姓名和测评，请删去。"


def _numerals(place: Place) -> Faults:
    match = NUMBERED_TERM.search(place.text)
    if match:
        yield "text.numerals", f"“{match[0]}”用汉字数字，如“第十七届”“第七次会议”。"
    if DOTTED_DATE.search(place.text):
        yield "text.numerals", "正文日期写作“2020年12月7日”的形式。"
    match = SPELT_COUNT.search(place.text)
    if match:
        yield "text.numerals", f"计数用阿拉伯数字，“{match[0]}”请改写。"


def _bound_units(place: Place) -> Faults:
    """A bound numeral must be followed by the unit of its figure."""
    for run, after in pairwise(place.paragraph.runs):
        figure, measure = BY_ID.get(run.figure or ""), _MEASURE.match(after.text)
        if figure is None or measure is None or measure[0] == figure.unit:
            continue
        at_one_session = figure.id.startswith("congress.") and measure[0] == "名"
        if not at_one_session and any({figure.unit, measure[0]} <= alike for alike in ALIKE):
            yield "text.units", f"“{figure.label}”以“{figure.unit}”计，文中写作“{measure[0]}”。"


def _loose_units(place: Place) -> Faults:
    if not place.paragraph.edited:
        return
    for pattern, message in _WRONG_WORD:
        if pattern.search(place.text):
            yield "text.units", f"{message}。"


RULES: Final[tuple[Callable[[Place], Faults], ...]] = (
    *(_spun, _bodies, _years, _private),
    *(_numerals, _bound_units, _loose_units),
)


def _adjectives(section: Section) -> Iterator[Draft]:
    """More than one praising word without a number in a section."""
    adjectives = [
        (paragraph, match[0])
        for paragraph in section.paragraphs
        for sentence in re.split("[。；]", paragraph.text)
        if not re.search(r"\d", sentence)
        for match in ADJECTIVES.finditer(sentence)
    ]
    for paragraph, word in adjectives[1:2]:
        yield _draft(
            "text.adjectives", section, paragraph, f"“{word}”等形容词没有数据支持，一部分至多用一处。"
        )


def _mixed(sections: Sequence[Section]) -> Iterator[Draft]:
    """Different measure words for one noun."""
    first: dict[str, str] = {}
    for section in sections:
        for paragraph in section.paragraphs:
            for what, measure in _COUNTED.findall(paragraph.text):
                usual = first.setdefault(what, measure)
                if usual != measure:
                    message = f"“{what}”前面以“{usual}”计，此处以“{measure}”计，请统一。"
                    yield _draft("text.mixed_units", section, paragraph, message)


def _hidden(year: Year) -> frozenset[str]:
    """Names of deputies whose ratings are suppressed."""
    ids = [
        id
        for fact in year.rating_meetings
        if fact.data.result is not None and fact.data.result.suppressed
        for id in fact.data.deputyship_ids
    ]
    persons = (year.ledger.get(Person, person) for person in year.persons(ids))
    known = [person for person in persons if person is not None]
    called = {person.name for person in known} | {f.name for person in known for f in person.former_names}
    return frozenset(called - {""})
