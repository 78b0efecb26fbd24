"""Rules of findings as data: basis, dates of effect, severity.

`block`: the act would be invalid, the report cannot be approved; `warn`: a duty or deadline at risk; `info`: practice.
Rules concern records and bodies, never persons.
"""

from datetime import date
from typing import Final

from shared.norms import Norm, Norms

BLOCK: Final = "block"
WARN: Final = "warn"
INFO: Final = "info"

_ORGANIC_LAW = "地方组织法"
_DEPUTIES_LAW = "代表法"
_ABSENT = f"{_DEPUTIES_LAW}（2025）第六十二条第三项（2015年文本第四十九条第三项）"
_LEAVE = f"{_DEPUTIES_LAW}（2025）第十三条；由谁批准各地有别，由规则包规定"
_LOCAL_CONGRESS = "省级乡镇人大工作条例和议事规则（各地有别，由规则包规定）："
_LOCAL_ANSWERS = "省级代表建议办理规定（各地有别，乡镇参照）："

RULES: Final = Norms(
    Norm("congress.none", f"{_ORGANIC_LAW}（2022）第十四条", WARN),
    Norm("congress.once", f"{_ORGANIC_LAW}（2022）第十四条", INFO, effective_from=date(2022, 3, 12)),
    Norm("congress.quorum", f"{_ORGANIC_LAW}（2022）第十四条", BLOCK),
    Norm("congress.majority", f"{_ORGANIC_LAW}（2022）第二十五条", BLOCK),
    Norm("congress.number_gap", "会议次序在一届内连续编号", WARN),
    Norm("congress.absent_once", _ABSENT, WARN),
    Norm("congress.absent_twice", _ABSENT, WARN),
    Norm("congress.motion", f"{_ORGANIC_LAW}（2022）第二十二条", WARN),
    Norm("congress.ballots", "发出不少于收回，收回不少于有效，有效不少于赞成", BLOCK, "practice"),
    Norm("congress.notice", f"{_LOCAL_CONGRESS}会前通知的天数", WARN, "province"),
    Norm("congress.papers", f"{_LOCAL_CONGRESS}会前送达材料的天数", WARN, "province"),
    Norm("congress.timing", f"{_LOCAL_CONGRESS}每年举行会议的时间", WARN, "province"),
    Norm("congress.postponed", f"{_ORGANIC_LAW}（2022）第十四条", INFO),
    Norm("congress.observers", "列席人数等于各类列席人员之和", INFO, "practice"),
    Norm("attendance.not_recorded", f"{_DEPUTIES_LAW}（2025）第五十八条", WARN),
    Norm("attendance.expected_differs", "应到以封账时的名册为准", WARN),
    Norm("attendance.unexpected", "出席者应在应到之内", INFO),
    Norm("attendance.leave_unapproved", _LEAVE, WARN),
    Norm("attendance.leave_late", _LEAVE, WARN, "province"),
    Norm("attendance.leave_approver", _LEAVE, WARN, "province"),
    Norm("presidium.quarter", "省级乡镇人大工作条例（各地有别，由规则包规定）", WARN, "province"),
    Norm("presidium.quarter_few", "省级乡镇人大工作条例（各地有别，由规则包规定）", WARN, "province"),
    Norm("presidium.decision_open", f"{_ORGANIC_LAW}（2022）第十九条", INFO),
    Norm("supervision.none", f"{_ORGANIC_LAW}（2022）第十九条", WARN),
    Norm("activities.facts", "各类活动应有的要素", INFO, "practice"),
    Norm("activities.feedback", f"{_DEPUTIES_LAW}（2025）第三十一条；反馈期限各地有别，由规则包规定", WARN),
    Norm("stations.receptions", "公布的接待日；规则包规定的每年接待场数（各地有别）", INFO, "province"),
    Norm("stations.notice", "规则包规定的接待公告天数（各地有别）", INFO, "practice"),
    Norm("group.small", f"{_ORGANIC_LAW}（2022）第四十三条", WARN),
    Norm("group.leader", "每个代表小组有组长", WARN, "practice"),
    Norm("group.activities", "省级代表法实施办法（各地有别，由规则包规定）", WARN, "province"),
    Norm("group.plan", "各代表小组年初有活动计划", INFO, "practice"),
    Norm("deputies.ungrouped", "在任代表均应编组", INFO, "practice"),
    Norm(
        "deputies.contacts",
        "省级代表法实施办法（各地有别，由规则包规定）：代表每年联系选民的次数",
        INFO,
        "province",
    ),
    Norm("deputies.over_quota", "选举法第十二条至第十四条", WARN),
    Norm("deputies.quota_unknown", "选举法第十二条至第十四条", INFO),
    Norm("deputies.quota_population", "选举法第十二条（2020年10月17日前基数四十名，其后四十五名）", WARN),
    Norm("constituency.seats", "选举法（2020）第二十五条", WARN),
    Norm("constituency.sum", "选举法（2020）第十五条", WARN),
    Norm("deputies.resignation_pending", "选举法（2020）第五十五条", INFO),
    Norm("deputies.resignation_unaccepted", "选举法（2020）第五十五条", WARN),
    Norm("deputies.resignation_between_sessions", "选举法（2020）第五十五条", WARN),
    Norm("tasks.open", f"{_DEPUTIES_LAW}（2025）第六十三条", WARN),
    Norm("by_election.incomplete", "选举法（2020）第四十五条", INFO),
    Norm("by_election.short", "选举法（2020）第五十七条", INFO),
    Norm("by_election.unnamed", "选举法（2020）第五十七条", INFO),
    Norm("terms.first_session", f"{_ORGANIC_LAW}（2022）第九条", WARN),
    Norm("terms.over", f"{_ORGANIC_LAW}（2022）第九条", WARN),
    Norm("office.overspent", f"{_DEPUTIES_LAW}（2025）第四十二条：专款专用", INFO),
    Norm("training.none", f"{_DEPUTIES_LAW}（2025）第四十七条", WARN),
    Norm("training.uncovered", f"{_DEPUTIES_LAW}（2025）第四十七条", INFO),
    Norm("plan.open", "年度计划按期完成", WARN, "practice"),
    Norm("plan.postponed", "推迟的计划项目说明原因", INFO, "practice"),
    Norm("plan.cancelled", "取消的计划项目说明原因", INFO, "practice"),
    Norm("opinions.open", "选民意见件件有回音", WARN, "practice"),
    Norm("suggestions.unassigned", f"{_DEPUTIES_LAW}（2025）第五十一条", WARN),
    Norm("suggestions.overdue", f"{_DEPUTIES_LAW}（2025）第五十一条", WARN),
    Norm("suggestions.replied_late", f"{_DEPUTIES_LAW}（2025）第五十一条", INFO),
    Norm("suggestions.returned_late", f"{_LOCAL_ANSWERS}退回期限由规则包规定", INFO, "province"),
    Norm("suggestions.extended", f"{_LOCAL_ANSWERS}延期须经交办机关同意", INFO, "province"),
    Norm("suggestions.not_redone", f"{_LOCAL_ANSWERS}不满意的应当重新办理", WARN, "province"),
    Norm("suggestions.redo_overdue", f"{_LOCAL_ANSWERS}重办期限由规则包规定", WARN, "province"),
    Norm("suggestions.unrated", f"{_LOCAL_ANSWERS}代表评价的期限由规则包规定", INFO, "province"),
    Norm(
        "suggestions.intake", f"{_LOCAL_ANSWERS}一事一议、内容具体、不涉个人事务和在审案件", WARN, "province"
    ),
    Norm("suggestions.intake_missing", f"{_LOCAL_ANSWERS}受理时逐项审查", INFO, "province"),
    Norm("suggestions.dissatisfied", f"{_DEPUTIES_LAW}（2025）第五十一条", INFO),
    Norm("suggestions.unreported", f"{_DEPUTIES_LAW}（2025）第五十一条第三款", WARN),
    Norm("ratings.none", f"{_DEPUTIES_LAW}（2025）第五十八条（2015年文本第四十五条）", WARN),
    Norm("ratings.few_raters", "测评方案规定的最低参评人数", WARN, "practice"),
    Norm("ratings.unstated", "扫码投票的有效票不多于到会人数和发出票数", WARN, "practice"),
    Norm("ratings.suppressed", "测评方案规定的最低公布票数", INFO, "practice"),
    Norm("ratings.unpublished", "测评结果应当公布", INFO, "practice"),
    Norm("ratings.uneven", "有效票＝各选项＋弃权＋划错", BLOCK, "practice"),
    Norm("ratings.uncovered", f"{_DEPUTIES_LAW}（2025）第五十八条", INFO),
    Norm(
        "files.objected",
        "省级代表法实施办法（各地有别，参照上海第五十一条）：对履职登记的异议经核实更正",
        WARN,
        "province",
    ),
    Norm("records.no_town", "总结写明是哪个镇的", BLOCK, "practice"),
    Norm("records.none", "没有记录的时段没有可以总结的内容", BLOCK, "practice"),
    Norm("records.none_of_source", "名册、履职、测评三方面的记录齐全", WARN, "practice"),
    Norm("records.voided", "作废的记录不计入，须写明原因", INFO, "practice"),
    Norm("records.name_voided", "记录不写已作废的代表资格", WARN, "practice"),
    Norm("identity.congress", "应到＝实到＋请假＋缺席＋未登记", BLOCK, "practice"),
    Norm("identity.quota", "名额＝在任＋暂停＋缺额", BLOCK, "practice"),
    Norm("identity.suggestions", "已交办＝已答复＋在办", BLOCK, "practice"),
    Norm("identity.classes", "已答复＝各类答复之和", WARN, "practice"),
    Norm("identity.people", "代表职务数＝人数＋兼任重复的职务数", BLOCK, "practice"),
    Norm("identity.opinions", "收到＝办结＋未办结", BLOCK, "practice"),
    Norm("identity.rated", "已评价＝满意＋基本满意＋不满意", WARN, "practice"),
    Norm("identity.raised", "代表建议＝大会期间＋闭会期间", WARN, "practice"),
    Norm("identity.stations", "活动阵地＝活动室＋联络站", INFO, "practice"),
    Norm("identity.ballots", "收回＝有效＋无效，发出不少于收回", BLOCK, "practice"),
    Norm("proof.accounting", "每条记录或计入、或注明不计入的原因", BLOCK, "practice"),
    Norm("events.parked", "每件事件都得到处理，或者注明原因放弃", WARN, "practice"),
    Norm("photographs.missing", "选定的照片都在附件中", WARN, "practice"),
    Norm("wording.unbound", "人工修改的文字不写系统没有算出的数字", WARN, "practice"),
    Norm("wording.outdated", "人工修改的文字与现有数据一致", WARN, "practice"),
    Norm("text.private", "个人信息保护法第六条、第二十八条", BLOCK),
    Norm("text.hidden_rating", "测评方案规定的最低公布票数", BLOCK, "practice"),
    Norm("text.standing_committee", f"{_ORGANIC_LAW}（2022）第十八条、第十九条", WARN),
    Norm("text.relative_year", "跨年的文件写明年份", WARN, "practice"),
    Norm("text.units", "指标规定的计量单位", WARN, "practice"),
    Norm("text.mixed_units", "同一事项用同一计量单位", WARN, "practice"),
    Norm("text.spun", "通行用语", WARN, "practice"),
    Norm("text.numerals", "GB/T 15835—2011《出版物上数字用法》", INFO, "practice"),
    Norm("text.adjectives", "评价应有数据", INFO, "practice"),
    Norm("report.letterhead", "GB/T 9704—2012 7.2.5、7.2.6：上行文有发文字号，标注签发人", INFO, "practice"),
    Norm("report.changed", "核准后的变动另行列明", WARN, "practice"),
)
IDS: Final = tuple(dict.fromkeys(norm.id for norm in RULES.all))
