"""Figures of contact with voters: receptions, visits, good deeds, opinions."""

from datetime import date
from typing import Final

from services.reports.events_in import Opinion
from services.reports.figures import attendance
from services.reports.figures.activities import activities_of, number
from services.reports.figures.definition import Definition, FigureKind, count, rate, refs, total
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year


def closed(year: Year) -> list[LedgerFact[Opinion]]:
    """Whether an opinion was closed by `as_of`; a closed one without a day counts."""
    return [
        fact
        for fact in year.opinions
        if fact.data.state == "closed" and (fact.data.closed_on is None or fact.data.closed_on <= year.as_of)
    ]


def still_open(year: Year) -> list[LedgerFact[Opinion]]:
    done = {fact.data.id for fact in closed(year)}
    return [fact for fact in year.opinions if fact.data.id not in done]


def _at(year: Year, state: str) -> list[LedgerFact[Opinion]]:
    """Opinions that reached a state by `as_of`: by its day, or by the current state where no day is recorded."""
    there = []
    for fact in year.opinions:
        on: date | None = getattr(fact.data, f"{state}_on")
        if (on <= year.as_of) if on else fact.data.state == state:
            there.append(fact)
    return there


def _by_channel(code: str, words: str) -> Definition:
    return Definition(
        f"opinions.channel.{code or 'unknown'}",
        f"{words}的选民意见",
        f"统计期内收到的选民意见中，渠道为{words}的条数。"
        if code
        else f"统计期内收到的选民意见中，{words}的条数。",
        "条",
        FigureKind.COUNT,
        lambda y: count([f for f in y.opinions if f.data.channel == code]),
    )


CHANNELS: Final = {
    "reception": "接待选民",
    "slip": "意见单",
    "visit": "走访",
    "letter": "来信",
    "phone": "电话",
    "wechat": "微信",
    "web": "网上",
    "hotline": "政务热线",
    "": "未登记渠道",
}
"""Channels besides the code of a station, which `opinions.by_code` counts; the last is that of none recorded."""

DEFINITIONS = (
    number("contact.receptions", "接待选民场次", "场", "reception", "代表接待选民活动"),
    Definition(
        "contact.deputy_times",
        "接待选民代表人次",
        "统计期内各场接待的到场代表之和，每人每场计一次。",
        "人次",
        FigureKind.SUM,
        attendance.times(activities_of("reception"), lambda t: t.attended),
    ),
    Definition(
        "contact.voter_times",
        "接待选民人次",
        "统计期内各场接待登记的选民人数之和；均未登记的为缺数据。",
        "人次",
        FigureKind.SUM,
        lambda y: total(y.activities("reception"), lambda a: a.voters_count),
    ),
    number("contact.visits", "走访次数", "次", "visit", "代表走访选民"),
    number("contact.contacts", "联系活动次数", "次", "contact", "主席团联系代表、代表联系选民的其他活动"),
    number("contact.good_deeds", "为民办实事件数", "件", "good_deed", "代表为民办实事"),
    Definition(
        "contact.households",
        "走访户数",
        "统计期内各次走访登记的户数之和；均未登记的为缺数据。",
        "户",
        FigureKind.SUM,
        lambda y: total(y.activities("visit"), lambda a: a.households_count),
    ),
    Definition(
        "contact.visit_voter_times",
        "走访选民人次",
        "统计期内各次走访登记的选民人数之和；均未登记的为缺数据。",
        "人次",
        FigureKind.SUM,
        lambda y: total(y.activities("visit"), lambda a: a.voters_count),
    ),
    Definition(
        "contact.beneficiaries",
        "实事受益人次",
        "统计期内代表为民办实事登记的受益人数之和；均未登记的为缺数据。",
        "人次",
        FigureKind.SUM,
        lambda y: total(y.activities("good_deed"), lambda a: a.beneficiaries_count),
    ),
    Definition(
        "contact.amount_yuan",
        "实事投入金额",
        "统计期内代表为民办实事登记的金额之和；均未登记的为缺数据。",
        "元",
        FigureKind.SUM,
        lambda y: total(y.activities("good_deed"), lambda a: a.amount_yuan),
    ),
    number("activities.other", "其他活动次数", "次", "other", "其他代表活动"),
    Definition(
        "opinions.received",
        "收到选民意见",
        "收到日期在统计期内的选民意见条数。",
        "条",
        FigureKind.COUNT,
        lambda y: count(y.opinions),
    ),
    Definition(
        "opinions.closed",
        "办结选民意见",
        "统计期内收到的选民意见中，截止日（含）以前办结的条数。",
        "条",
        FigureKind.COUNT,
        lambda y: count(closed(y)),
    ),
    Definition(
        "opinions.open",
        "未办结选民意见",
        "统计期内收到的选民意见中，截止日（含）以前尚未办结的条数。",
        "条",
        FigureKind.COUNT,
        lambda y: count(still_open(y)),
    ),
    Definition(
        "opinions.closed_rate",
        "选民意见办结率",
        "统计期内收到的选民意见中截止日以前办结的条数÷收到的条数。",
        "",
        FigureKind.RATE,
        lambda y: rate(len(closed(y)), len(y.opinions), refs(y.opinions)),
    ),
    Definition(
        "opinions.answered",
        "当面或直接答复的选民意见",
        "统计期内收到的选民意见中，截止日（含）以前登记了答复的条数。",
        "条",
        FigureKind.COUNT,
        lambda y: count(_at(y, "answered")),
    ),
    Definition(
        "opinions.forwarded",
        "转交办理的选民意见",
        "统计期内收到的选民意见中，截止日（含）以前转交有关单位的条数。",
        "条",
        FigureKind.COUNT,
        lambda y: count(_at(y, "forwarded")),
    ),
    Definition(
        "opinions.converted",
        "转为代表建议的选民意见",
        "统计期内收到的选民意见中，截止日（含）以前整理为代表建议的条数。",
        "条",
        FigureKind.COUNT,
        lambda y: count(_at(y, "converted")),
    ),
    Definition(
        "opinions.by_code",
        "扫码提出的选民意见",
        "统计期内收到的选民意见中，选民扫码提出的条数。",
        "条",
        FigureKind.COUNT,
        lambda y: count([f for f in y.opinions if f.data.channel == "qr"]),
    ),
    *(_by_channel(code, words) for code, words in CHANNELS.items()),
)
