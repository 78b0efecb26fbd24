"""The rules findings measure against, as data: where each comes from, when it applies, how grave a breach is.

`block` would make an act invalid and keeps a report from being approved; `warn` is a duty or a deadline at risk; `info`
is practice. A rule speaks of records and bodies; it never acts on a person.
"""

from dataclasses import dataclass
from datetime import date

from services.reports.domain import Severity

BLOCK, WARN, INFO = Severity.BLOCK, Severity.WARN, Severity.INFO


@dataclass(frozen=True)
class Rule:
    """`basis` names the law or practice; an empty bound of `effective_*` is open, both days included."""

    id: str
    basis: str
    severity: Severity
    scope: str = "national"
    effective_from: date | None = None
    effective_to: date | None = None

    def applies(self, day: date) -> bool:
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)


_ORGANIC_LAW = "地方组织法"
_DEPUTIES_LAW = "代表法"
_ABSENT = f"{_DEPUTIES_LAW}（2025）第六十二条第三项（2015年文本第四十九条第三项）"
_LEAVE = f"{_DEPUTIES_LAW}（2025）第十三条；由谁批准各地有别，由规则包规定"
_LOCAL_CONGRESS = "省级乡镇人大工作条例和议事规则（各地有别，由规则包规定）："
_LOCAL_ANSWERS = "省级代表建议办理规定（各地有别，乡镇参照）："

RULES = (
    Rule("congress.none", f"{_ORGANIC_LAW}（2022）第十四条", WARN),
    Rule("congress.once", f"{_ORGANIC_LAW}（2022）第十四条", INFO, effective_from=date(2022, 3, 12)),
    Rule("congress.quorum", f"{_ORGANIC_LAW}（2022）第十四条", BLOCK),
    Rule("congress.majority", f"{_ORGANIC_LAW}（2022）第二十五条", BLOCK),
    Rule("congress.number_gap", "会议次序在一届内连续编号", WARN),
    Rule("congress.absent_once", _ABSENT, WARN),
    Rule("congress.absent_twice", _ABSENT, WARN),
    Rule("congress.motion", f"{_ORGANIC_LAW}（2022）第二十二条", WARN),
    Rule("congress.ballots", "发出不少于收回，收回不少于有效，有效不少于赞成", BLOCK, "practice"),
    Rule("congress.notice", f"{_LOCAL_CONGRESS}会前通知的天数", WARN, "province"),
    Rule("congress.papers", f"{_LOCAL_CONGRESS}会前送达材料的天数", WARN, "province"),
    Rule("congress.postponed", f"{_ORGANIC_LAW}（2022）第十四条", INFO),
    Rule("congress.observers", "列席人数等于各类列席人员之和", INFO, "practice"),
    Rule("attendance.not_recorded", f"{_DEPUTIES_LAW}（2025）第五十八条", WARN),
    Rule("attendance.expected_differs", "应到以封账时的名册为准", WARN),
    Rule("attendance.unexpected", "出席者应在应到之内", INFO),
    Rule("attendance.leave_unapproved", _LEAVE, WARN),
    Rule("attendance.leave_late", _LEAVE, WARN, "province"),
    Rule("attendance.leave_approver", _LEAVE, WARN, "province"),
    Rule("presidium.quarter", "省级乡镇人大工作条例（各地有别，由规则包规定）", WARN, "province"),
    Rule("presidium.quarter_few", "省级乡镇人大工作条例（各地有别，由规则包规定）", WARN, "province"),
    Rule("presidium.decision_open", f"{_ORGANIC_LAW}（2022）第十九条", INFO),
    Rule("supervision.none", f"{_ORGANIC_LAW}（2022）第十九条", WARN),
    Rule("activities.facts", "各类活动应有的要素", INFO, "practice"),
    Rule("activities.feedback", f"{_DEPUTIES_LAW}（2025）第三十一条；反馈期限各地有别，由规则包规定", WARN),
    Rule("group.small", f"{_ORGANIC_LAW}（2022）第四十三条", WARN),
    Rule("group.leader", "每个代表小组有组长", WARN, "practice"),
    Rule("group.activities", "省级代表法实施办法（各地有别，由规则包规定）", WARN, "province"),
    Rule("group.plan", "各代表小组年初有活动计划", INFO, "practice"),
    Rule("deputies.ungrouped", "在任代表均应编组", INFO, "practice"),
    Rule("deputies.over_quota", "选举法第十二条至第十四条", WARN),
    Rule("deputies.quota_unknown", "选举法第十二条至第十四条", INFO),
    Rule("deputies.quota_population", "选举法第十二条（2020年10月17日前基数四十名，其后四十五名）", WARN),
    Rule("constituency.seats", "选举法（2020）第二十五条", WARN),
    Rule("constituency.sum", "选举法（2020）第十五条", WARN),
    Rule("deputies.resignation_pending", "选举法（2020）第五十五条", INFO),
    Rule("deputies.resignation_unaccepted", "选举法（2020）第五十五条", WARN),
    Rule("deputies.resignation_between_sessions", "选举法（2020）第五十五条", WARN),
    Rule("tasks.open", f"{_DEPUTIES_LAW}（2025）第六十三条", WARN),
    Rule("by_election.incomplete", "选举法（2020）第四十五条", INFO),
    Rule("by_election.short", "选举法（2020）第五十七条", INFO),
    Rule("by_election.unnamed", "选举法（2020）第五十七条", INFO),
    Rule("terms.first_session", f"{_ORGANIC_LAW}（2022）第九条", WARN),
    Rule("terms.over", f"{_ORGANIC_LAW}（2022）第九条", WARN),
    Rule("office.overspent", f"{_DEPUTIES_LAW}（2025）第四十二条：专款专用", INFO),
    Rule("training.none", f"{_DEPUTIES_LAW}（2025）第四十七条", WARN),
    Rule("training.uncovered", f"{_DEPUTIES_LAW}（2025）第四十七条", INFO),
    Rule("plan.open", "年度计划按期完成", WARN, "practice"),
    Rule("plan.postponed", "推迟的计划项目说明原因", INFO, "practice"),
    Rule("plan.cancelled", "取消的计划项目说明原因", INFO, "practice"),
    Rule("opinions.open", "选民意见件件有回音", WARN, "practice"),
    Rule("suggestions.unassigned", f"{_DEPUTIES_LAW}（2025）第五十一条", WARN),
    Rule("suggestions.overdue", f"{_DEPUTIES_LAW}（2025）第五十一条", WARN),
    Rule("suggestions.replied_late", f"{_DEPUTIES_LAW}（2025）第五十一条", INFO),
    Rule("suggestions.returned_late", f"{_LOCAL_ANSWERS}退回期限由规则包规定", INFO, "province"),
    Rule("suggestions.extended", f"{_LOCAL_ANSWERS}延期须经交办机关同意", INFO, "province"),
    Rule("suggestions.not_redone", f"{_LOCAL_ANSWERS}不满意的应当重新办理", WARN, "province"),
    Rule("suggestions.redo_overdue", f"{_LOCAL_ANSWERS}重办期限由规则包规定", WARN, "province"),
    Rule(
        "suggestions.intake", f"{_LOCAL_ANSWERS}一事一议、内容具体、不涉个人事务和在审案件", WARN, "province"
    ),
    Rule("suggestions.intake_missing", f"{_LOCAL_ANSWERS}受理时逐项审查", INFO, "province"),
    Rule("suggestions.dissatisfied", f"{_DEPUTIES_LAW}（2025）第五十一条", INFO),
    Rule("suggestions.unreported", f"{_DEPUTIES_LAW}（2025）第五十一条第三款", WARN),
    Rule("ratings.few_raters", "测评方案规定的最低参评人数", WARN, "practice"),
    Rule("ratings.suppressed", "测评方案规定的最低公布票数", INFO, "practice"),
    Rule("ratings.unpublished", "测评结果应当公布", INFO, "practice"),
    Rule("ratings.uneven", "有效票＝各选项＋弃权＋划错", BLOCK, "practice"),
    Rule("ratings.uncovered", f"{_DEPUTIES_LAW}（2025）第五十八条", INFO),
    Rule(
        "files.objected",
        "省级代表法实施办法（各地有别，参照上海第五十一条）：对履职登记的异议经核实更正",
        WARN,
        "province",
    ),
    Rule("records.voided", "作废的记录不计入，须写明原因", INFO, "practice"),
    Rule("identity.congress", "应到＝实到＋请假＋缺席＋未登记", BLOCK, "practice"),
    Rule("identity.quota", "名额＝在任＋暂停＋缺额", BLOCK, "practice"),
    Rule("identity.suggestions", "已交办＝已答复＋在办", BLOCK, "practice"),
    Rule("identity.classes", "已答复＝各类答复之和", WARN, "practice"),
    Rule("identity.people", "代表职务数＝人数＋兼任重复的职务数", BLOCK, "practice"),
    Rule("identity.opinions", "收到＝办结＋未办结", BLOCK, "practice"),
    Rule("identity.rated", "已评价＝满意＋基本满意＋不满意", WARN, "practice"),
    Rule("identity.raised", "代表建议＝大会期间＋闭会期间", WARN, "practice"),
    Rule("identity.stations", "活动阵地＝活动室＋联络站", INFO, "practice"),
    Rule("identity.ballots", "收回＝有效＋无效，发出不少于收回", BLOCK, "practice"),
    Rule("proof.accounting", "每条记录或计入、或注明不计入的原因", BLOCK, "practice"),
    Rule("events.parked", "每件事件都得到处理，或者注明原因放弃", WARN, "practice"),
    Rule("wording.unbound", "人工修改的文字不写系统没有算出的数字", WARN, "practice"),
    Rule("wording.outdated", "人工修改的文字与现有数据一致", WARN, "practice"),
    Rule("text.private", "个人信息保护法第六条、第二十八条", BLOCK),
    Rule("text.hidden_rating", "测评方案规定的最低公布票数", BLOCK, "practice"),
    Rule("text.standing_committee", f"{_ORGANIC_LAW}（2022）第十八条、第十九条", WARN),
    Rule("text.relative_year", "跨年的文件写明年份", WARN, "practice"),
    Rule("text.units", "指标规定的计量单位", WARN, "practice"),
    Rule("text.mixed_units", "同一事项用同一计量单位", WARN, "practice"),
    Rule("text.spun", "通行用语", WARN, "practice"),
    Rule("text.numerals", "GB/T 15835—2011《出版物上数字用法》", INFO, "practice"),
    Rule("text.adjectives", "评价应有数据", INFO, "practice"),
    Rule("report.changed", "核准后的变动另行列明", WARN, "practice"),
)
BY_ID = {rule.id: rule for rule in RULES}
