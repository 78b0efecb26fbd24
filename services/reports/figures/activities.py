"""Figures of activities: supervision, training, groups. An activity counts in one series only."""

from collections import Counter
from collections.abc import Callable

from services.reports.domain.periods import PeriodKind
from services.reports.events_in import Activity, Group
from services.reports.figures import attendance
from services.reports.figures.definition import (
    Definition,
    FigureKind,
    Measured,
    count,
    ordered,
    rate,
    refs,
    total,
)
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year
from services.reports.names import KINDS

SUPERVISION = ("inspection", "research", "law_check", "review", "inquiry")


def activities_of(*kinds: str) -> attendance.Select:
    return lambda year: year.activities(*kinds)


def coverage(year: Year) -> Measured:
    """Share of persons with a town mandate on `as_of` who attended at least one training."""
    trainings = year.activities("training")
    if not attendance.recorded(trainings):
        return Measured.missing(refs(trainings))
    serving = year.serving("town")
    persons = year.persons(fact.data.id for fact in serving)
    trained = persons & attendance.attendees(year, trainings)
    return rate(len(trained), len(persons), ordered([*refs(serving), *refs(trainings)]))


def _answered(year: Year) -> Measured:
    """Opinions of activities that the government answered by `as_of`."""

    def amount(activity: Activity) -> int | None:
        on = activity.follow_up.fed_back_on
        return activity.opinions_count if on is not None and on <= year.as_of else 0

    return total(year.activities(*SUPERVISION), amount)


def _laws(year: Year) -> Measured:
    held = year.activities("law_check")
    named = {law for fact in held for law in fact.data.laws}
    return Measured.missing(refs(held)) if held and not named else Measured(len(named), refs(held))


def _units(year: Year, keep: Callable[[str], bool], *, graded: bool = False) -> Measured:
    """Reviewed units by name with their last result. `graded`: missing where no result is recorded."""
    held = year.activities("review")
    results: dict[str, str] = {}
    for fact in held:
        results |= {unit.name.strip(): unit.result.strip() for unit in fact.data.units}
    known = any(results.values()) if graded else bool(results)
    if held and not known:
        return Measured.missing(refs(held))
    return Measured(sum(map(keep, results.values())), refs(held))


def required_activities(year: Year) -> int:
    """Activities required of each group in the period; 0 unless it is a calendar year, because the rule is annual."""
    return year.rules.group_activities_per_year if year.period.kind is PeriodKind.YEAR else 0


def _groups_met(year: Year) -> Measured:
    return Measured(len(met_often(year)), refs([*year.groups, *year.activities("group_activity")]))


def met_often(year: Year) -> list[LedgerFact[Group]]:
    """Groups of the town with as many activities as the rule pack requires."""
    least = year.rules.group_activities_per_year
    held = Counter(id for fact in year.activities("group_activity") for id in fact.data.groups)
    return [g for g in year.groups if g.data.level == "town" and held[g.data.id] >= least]


def _tagged(year: Year) -> list[LedgerFact[Activity]]:
    return [fact for fact in year.all_activities if fact.data.served]


def _several_days(activity: Activity) -> bool:
    held_on, ended_on = activity.held_on, activity.ended_on
    return held_on is not None and ended_on is not None and ended_on > held_on


def beside(year: Year, *kinds: str) -> list[LedgerFact[Activity]]:
    """Activities of other kinds that took the form of one of these."""
    forms = {KINDS[kind] for kind in kinds}
    return [f for f in year.all_activities if f.data.kind not in kinds and not forms.isdisjoint(f.data.forms)]


def number(id: str, label: str, unit: str, kind: str, words: str) -> Definition:
    return Definition(
        id,
        label,
        f"统计期内举行的{words}次数，以举行日期为准，已作废的不计。",
        unit,
        FigureKind.COUNT,
        lambda y: count(y.activities(kind)),
    )


DEFINITIONS = (
    number("supervision.inspections", "视察次数", "次", "inspection", "代表视察"),
    number("supervision.research", "专题调研次数", "次", "research", "专题调研"),
    number("supervision.law_checks", "执法检查次数", "次", "law_check", "执法检查"),
    number("supervision.reviews", "工作评议次数", "次", "review", "工作评议"),
    Definition(
        "supervision.person_times",
        "监督活动参加人次",
        "统计期内视察、专题调研、执法检查、工作评议、专题询问的到会代表之和，每人每场计一次。",
        "人次",
        FigureKind.SUM,
        attendance.times(activities_of(*SUPERVISION), lambda t: t.attended),
    ),
    Definition(
        "supervision.opinions",
        "监督活动提出意见",
        "统计期内视察、专题调研、执法检查、工作评议、专题询问登记的意见条数之和；均未登记的为缺数据。",
        "条",
        FigureKind.SUM,
        lambda y: total(y.activities(*SUPERVISION), lambda a: a.opinions_count),
    ),
    Definition(
        "supervision.sites",
        "视察检查点位",
        "统计期内视察、专题调研、执法检查、工作评议、专题询问登记的点位数之和；均未登记的为缺数据。",
        "处",
        FigureKind.SUM,
        lambda y: total(y.activities(*SUPERVISION), lambda a: a.sites_count),
    ),
    Definition(
        "supervision.reports",
        "调研报告",
        "统计期内专题调研登记的调研报告篇数之和；均未登记的为缺数据。",
        "篇",
        FigureKind.SUM,
        lambda y: total(y.activities("research"), lambda a: a.reports_count),
    ),
    Definition(
        "supervision.laws",
        "检查的法律法规",
        "统计期内执法检查涉及的法律法规部数，同一部只计一次；有执法检查而均未登记的为缺数据。",
        "部",
        FigureKind.COUNT,
        _laws,
    ),
    Definition(
        "supervision.opinions_answered",
        "已反馈的监督意见",
        "监督活动提出的意见中，截止日（含）以前已登记反馈研究处理情况的条数。",
        "条",
        FigureKind.SUM,
        _answered,
    ),
    Definition(
        "supervision.units_reviewed",
        "被评议的站所单位",
        "统计期内工作评议登记的单位家数，同一单位只计一次；有评议而均未登记单位的为缺数据。",
        "家",
        FigureKind.COUNT,
        lambda y: _units(y, lambda _: True),
    ),
    Definition(
        "supervision.units_satisfied",
        "评为满意的站所单位",
        "统计期内被评议的单位中，最近一次结果登记为“满意”的家数；均未登记结果的为缺数据。",
        "家",
        FigureKind.COUNT,
        lambda y: _units(y, lambda result: result == "满意", graded=True),
    ),
    Definition(
        "supervision.beside",
        "其他活动结合的监督",
        "视察、专题调研、执法检查、工作评议以外的各类活动中，形式写明视察、专题调研、执法检查或者工作评议的次数；"
        "已按种类计入各自次数，此处另列，不再相加。",
        "次",
        FigureKind.COUNT,
        lambda y: count(beside(y, *SUPERVISION)),
    ),
    Definition(
        "training.beside",
        "其他活动结合的学习",
        "学习培训以外的各类活动中，形式写明学习培训的次数；已按种类计入各自次数，此处另列，不再相加。",
        "次",
        FigureKind.COUNT,
        lambda y: count(beside(y, "training")),
    ),
    number("training.times", "培训次数", "次", "training", "代表学习培训"),
    Definition(
        "training.person_times",
        "培训人次",
        "统计期内各次培训的到会代表之和，每人每场计一次。",
        "人次",
        FigureKind.SUM,
        attendance.times(activities_of("training"), lambda t: t.attended),
    ),
    Definition(
        "training.people",
        "参加培训人数",
        "统计期内至少参加一次培训的人数，一人只计一次。",
        "人",
        FigureKind.COUNT,
        attendance.people(activities_of("training")),
    ),
    Definition(
        "training.coverage_rate",
        "镇代表培训覆盖率",
        "截止日在任的镇人大代表中，统计期内至少参加一次培训的人数÷全部在任镇人大代表人数。",
        "",
        FigureKind.RATE,
        coverage,
    ),
    number("group_activities.times", "小组活动次数", "次", "group_activity", "代表小组活动"),
    Definition(
        "group_activities.joint",
        "小组联合开展的活动",
        "小组活动中由几个代表小组联合开展的次数；只计一次，参加的各组各计一次。",
        "次",
        FigureKind.COUNT,
        lambda y: count([f for f in y.activities("group_activity") if len(f.data.groups) > 1]),
    ),
    Definition(
        "group_activities.person_times",
        "小组活动参加人次",
        "统计期内各次小组活动的到会代表之和，每人每场计一次。",
        "人次",
        FigureKind.SUM,
        attendance.times(activities_of("group_activity"), lambda t: t.attended),
    ),
    Definition(
        "group_activities.attendance_rate",
        "小组活动参加率",
        "各次小组活动实到之和÷应到之和。登记了小组的，应到为当日该组在任代表，几个小组联合开展的为各组在任代表，一人只计一次；未登记小组的，应到为记录所列人员；"
        "请假的仍在应到之内，分子只计应到者。",
        "",
        FigureKind.RATE,
        attendance.attendance_rate(activities_of("group_activity")),
    ),
    Definition(
        "group_activities.groups_met",
        "达到活动次数的镇代表小组",
        "统计期内开展小组活动达到规则包规定的每年次数的镇代表小组个数；联合开展的，参加的各组都计。",
        "个",
        FigureKind.COUNT,
        _groups_met,
    ),
    Definition(
        "group_activities.opinions",
        "小组活动提出意见",
        "统计期内各次小组活动登记的意见条数之和；均未登记的为缺数据。",
        "条",
        FigureKind.SUM,
        lambda y: total(y.activities("group_activity"), lambda a: a.opinions_count),
    ),
    Definition(
        "activities.several_days",
        "持续两天以上的活动",
        "统计期内举行的各类代表活动中，结束日期晚于举行日期的次数；每次按举行（开始）日期计一次，跨月、跨年度的不重复计。",
        "次",
        FigureKind.COUNT,
        lambda y: count([f for f in y.all_activities if _several_days(f.data)]),
    ),
    Definition(
        "activities.online_times",
        "线上参加活动人次",
        "统计期内各类代表活动的到会代表中线上参加的人次；已计入各类活动的人次，不再相加。",
        "人次",
        FigureKind.SUM,
        attendance.times(lambda y: y.all_activities, lambda t: t.online),
    ),
    Definition(
        "activities.half_day_times",
        "参加部分时间的人次",
        "统计期内各类代表活动的到会代表中只参加半天或者部分时间的人次；仍各计一次，已计入各类活动的人次，不再相加。",
        "人次",
        FigureKind.SUM,
        attendance.times(lambda y: y.all_activities, lambda t: t.half_day),
    ),
    Definition(
        "tagged.times",
        "围绕中心工作的活动",
        "统计期内写明了中心工作主题的代表活动次数（视察、座谈等形式不是主题）；这些活动已按种类计入各自次数，此处另列，不再相加。",
        "次",
        FigureKind.COUNT,
        lambda y: count(_tagged(y)),
    ),
    Definition(
        "tagged.person_times",
        "围绕中心工作的活动参加人次",
        "标注了中心工作主题的代表活动的到会代表之和，每人每场计一次；另列，不再相加。",
        "人次",
        FigureKind.SUM,
        attendance.times(_tagged, lambda t: t.attended),
    ),
)
