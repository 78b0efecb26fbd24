"""What deputies did between sessions: supervision, training, groups, voters. One event, one series."""

from services.reports.events_in import Opinion
from services.reports.figures import attendance
from services.reports.figures.definition import Definition, Kind, Measured, count, ordered, rate, refs, total
from services.reports.figures.ledger import Fact
from services.reports.figures.year import Year

SUPERVISION = ("inspection", "research", "law_check", "review")


def _of(*kinds: str) -> attendance.Select:
    return lambda year: year.activities(*kinds)


def coverage(year: Year) -> Measured:
    """Persons with a serving town mandate on `as_of` who came to at least one training, over all of them."""
    trainings = year.activities("training")
    if not attendance.recorded(trainings):
        return Measured.missing(refs(trainings))
    serving = year.serving("town")
    persons = year.persons(fact.data.id for fact in serving)
    trained = persons & attendance.attendees(year, trainings)
    return rate(len(trained), len(persons), ordered([*refs(serving), *refs(trainings)]))


def closed(year: Year) -> list[Fact[Opinion]]:
    """Closed by `as_of`; a closed one whose day nobody wrote down counts."""
    return [
        fact
        for fact in year.opinions
        if fact.data.state == "closed" and (fact.data.closed_on is None or fact.data.closed_on <= year.as_of)
    ]


def still_open(year: Year) -> list[Fact[Opinion]]:
    done = {fact.data.id for fact in closed(year)}
    return [fact for fact in year.opinions if fact.data.id not in done]


def _number(id: str, label: str, unit: str, kind: str, words: str) -> Definition:
    return Definition(
        id,
        label,
        f"统计期内举行的{words}次数，以举行日期为准，已作废的不计。",
        unit,
        Kind.COUNT,
        lambda y: count(y.activities(kind)),
    )


DEFINITIONS = (
    _number("supervision.inspections", "视察次数", "次", "inspection", "代表视察"),
    _number("supervision.research", "专题调研次数", "次", "research", "专题调研"),
    _number("supervision.law_checks", "执法检查次数", "次", "law_check", "执法检查"),
    _number("supervision.reviews", "工作评议次数", "次", "review", "工作评议"),
    Definition(
        "supervision.person_times",
        "监督活动参加人次",
        "统计期内视察、调研、执法检查、工作评议的到会代表之和，每人每场计一次。",
        "人次",
        Kind.SUM,
        attendance.times(_of(*SUPERVISION), lambda t: t.attended),
    ),
    Definition(
        "supervision.opinions",
        "监督活动提出意见",
        "统计期内视察、调研、执法检查、工作评议登记的意见条数之和；均未登记的为缺数据。",
        "条",
        Kind.SUM,
        lambda y: total(y.activities(*SUPERVISION), lambda a: a.opinions_count),
    ),
    Definition(
        "supervision.sites",
        "视察检查点位",
        "统计期内视察、调研、执法检查、工作评议登记的点位数之和；均未登记的为缺数据。",
        "处",
        Kind.SUM,
        lambda y: total(y.activities(*SUPERVISION), lambda a: a.sites_count),
    ),
    _number("training.times", "培训次数", "次", "training", "代表学习培训"),
    Definition(
        "training.person_times",
        "培训人次",
        "统计期内各次培训的到会代表之和，每人每场计一次。",
        "人次",
        Kind.SUM,
        attendance.times(_of("training"), lambda t: t.attended),
    ),
    Definition(
        "training.people",
        "参加培训人数",
        "统计期内至少参加一次培训的人数，一人只计一次。",
        "人",
        Kind.COUNT,
        attendance.people(_of("training")),
    ),
    Definition(
        "training.coverage_rate",
        "镇代表培训覆盖率",
        "截止日在任的镇人大代表中，统计期内至少参加一次培训的人数÷全部在任镇人大代表人数。",
        "",
        Kind.RATE,
        coverage,
    ),
    _number("group_activities.times", "小组活动次数", "次", "group_activity", "代表小组活动"),
    Definition(
        "group_activities.person_times",
        "小组活动参加人次",
        "统计期内各次小组活动的到会代表之和，每人每场计一次。",
        "人次",
        Kind.SUM,
        attendance.times(_of("group_activity"), lambda t: t.attended),
    ),
    Definition(
        "group_activities.attendance_rate",
        "小组活动参加率",
        "各次小组活动实到之和÷应到之和。登记了小组的，应到为当日该组在任代表；未登记小组的，应到为记录所列人员；"
        "请假的仍在应到之内，分子只计应到者。",
        "",
        Kind.RATE,
        attendance.attendance_rate(_of("group_activity")),
    ),
    _number("contact.receptions", "接待选民场次", "场", "reception", "代表接待选民活动"),
    Definition(
        "contact.deputy_times",
        "接待选民代表人次",
        "统计期内各场接待的到场代表之和，每人每场计一次。",
        "人次",
        Kind.SUM,
        attendance.times(_of("reception"), lambda t: t.attended),
    ),
    Definition(
        "contact.voter_times",
        "接待选民人次",
        "统计期内各场接待登记的选民人数之和；均未登记的为缺数据。",
        "人次",
        Kind.SUM,
        lambda y: total(y.activities("reception"), lambda a: a.voters_count),
    ),
    _number("contact.visits", "走访次数", "次", "visit", "代表走访选民"),
    _number("contact.contacts", "联系活动次数", "次", "contact", "主席团联系代表、代表联系选民的其他活动"),
    _number("contact.good_deeds", "为民办实事件数", "件", "good_deed", "代表为民办实事"),
    _number("activities.other", "其他活动次数", "次", "other", "其他代表活动"),
    Definition(
        "opinions.received",
        "收到选民意见",
        "收到日期在统计期内的选民意见条数。",
        "条",
        Kind.COUNT,
        lambda y: count(y.opinions),
    ),
    Definition(
        "opinions.closed",
        "办结选民意见",
        "统计期内收到的选民意见中，截止日（含）以前办结的条数。",
        "条",
        Kind.COUNT,
        lambda y: count(closed(y)),
    ),
    Definition(
        "opinions.open",
        "未办结选民意见",
        "统计期内收到的选民意见中，截止日（含）以前尚未办结的条数。",
        "条",
        Kind.COUNT,
        lambda y: count(still_open(y)),
    ),
    Definition(
        "opinions.closed_rate",
        "选民意见办结率",
        "统计期内收到的选民意见中截止日以前办结的条数÷收到的条数。",
        "",
        Kind.RATE,
        lambda y: rate(len(closed(y)), len(y.opinions), refs(y.opinions)),
    ),
)
