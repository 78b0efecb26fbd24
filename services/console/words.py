"""The Chinese of codes, as people see them; one table a kind. The codes are those of the HTTP contract."""

from collections.abc import Mapping
from typing import Final

from services.console import words_roster

RATING_METHODS: Final = {"paper": "纸质票", "online": "扫码票", "mixed": "纸质和扫码并用"}
DUTY_FORMS: Final = {"oral": "口头述职", "written": "书面述职"}
RATING_FORMULAS: Final = {
    "satisfied_over_options": "满意票 ÷ 各选项票数之和",
    "satisfied_or_basically_over_options": "（满意票＋基本满意票）÷ 各选项票数之和",
    "satisfied_over_valid": "满意票 ÷ 有效票",
    "thresholds": "首选项票 ÷ 有效票，按等次线评定",
    "weighted": "各选项分值加权得分 ÷ 满分",
    "most_voted": "得票最多的选项定等次，其票数 ÷ 有效票",
}
OPTION_CODES: Final = {
    "满意": "satisfied",
    "基本满意": "basically_satisfied",
    "不满意": "dissatisfied",
    "不了解": "unknown",
    "优秀": "excellent",
    "称职": "competent",
    "基本称职": "basically_competent",
    "不称职": "incompetent",
}

ROLES: Final = {
    "office": "人大办",
    "leader": "小组组长",
    "deputy": "代表",
    "teller": "计票员",
    "county": "县级",
    "auditor": "审计",
}

ACTIVITY_KINDS: Final = {
    "group_activity": "小组活动",
    "inspection": "视察",
    "research": "专题调研",
    "law_check": "执法检查",
    "review": "工作评议",
    "inquiry": "专题询问",
    "training": "学习培训",
    "reception": "接待选民",
    "visit": "走访",
    "contact": "联系群众",
    "good_deed": "办实事",
    "other": "其他活动",
}
_FORMS: Final = (*list(ACTIVITY_KINDS.values())[:-1], "座谈", "联组活动", "现场会", "线上活动")
FORMS_OF_ACTIVITY: Final = tuple((form, form) for form in _FORMS)

APPROVERS: Final = {"presidium": "主席团", "chair": "主席", "vice_chair": "副主席", "other": "其他人"}
REPORT_KINDS: Final = {
    "government": "政府工作报告",
    "presidium": "主席团工作报告",
    "budget": "财政预算报告",
    "other": "其他",
}
PROPOSED_BY: Final = {"deputies": "代表联名", "presidium": "主席团", "government": "乡镇人民政府"}
NOMINATED_BY: Final = {"presidium": "主席团", "deputies": "代表联名"}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    **words_roster.WORDS,
    "role": ROLES,
    "activity_kind": ACTIVITY_KINDS,
    "report_kind": REPORT_KINDS,
    "proposed_by": PROPOSED_BY,
    "nominated_by": NOMINATED_BY,
    "question_kind": {"inquiry": "询问", "interpellation": "质询案"},
    "severity": {"block": "须先处理", "warn": "提醒", "info": "说明"},
    "report_status": {
        "none": "没有封账",
        "unsealed": "未封账",
        "compiling": "正在编制",
        "incomplete": "未齐全",
        "draft": "草稿",
        "approved": "已核准",
        "submitted": "已上报",
        "accepted": "已接收",
        "returned": "已退回",
    },
    "report_status_tag": {
        "unsealed": "warn",
        "none": "bad",
        "incomplete": "warn",
        "draft": "",
        "approved": "info",
        "submitted": "info",
        "accepted": "ok",
        "returned": "bad",
        "compiling": "",
    },
    "service": {
        "roster": "代表名册",
        "activities": "履职活动",
        "ratings": "述职评议",
        "reports": "工作总结",
        "accounts": "账号",
    },
    "source_state": {"sealed": "已封存", "waiting": "等待中"},
    "account_state": {"invited": "待设口令", "active": "在用", "disabled": "已停用"},
    "suggestion_state": {
        "raised": "待交办",
        "assigned": "办理中",
        "returned": "已退回",
        "forwarded": "已转县",
        "replied": "已答复",
        "rated": "已评价",
        "redo": "重新办理中",
        "closed": "已办结",
        "rejected": "不予受理",
    },
    "suggestion_step": {
        "assigned": "交办",
        "extended": "延期",
        "returned": "退回",
        "forwarded": "转县",
        "answered": "县级答复",
        "replied": "答复",
        "rated": "代表评价",
        "redone": "退回重办",
        "closed": "办结",
        "rejected": "不予受理",
    },
    "suggestion_act": {
        "assign": "交办",
        "answer": "登记县级答复",
        "reply": "登记答复",
        "extend": "延期",
        "return": "单位退回",
        "forward": "转县",
        "reject": "不予受理",
        "rate": "登记评价",
        "close": "办结",
        "redo": "退回重办",
    },
    "raised_at": {"session": "大会期间", "between": "闭会期间"},
    "result_class": {"a": "A类 已经解决", "b": "B类 正在解决", "c": "C类 列入计划", "d": "D类 留作参考"},
    "satisfaction": {"satisfied": "满意", "basically_satisfied": "基本满意", "dissatisfied": "不满意"},
    "rejection_ground": {
        "own_affair": "本人或亲属的个人事务",
        "passed_on_letter": "转递信件、案件材料",
        "promotion": "学术探讨、产品推介",
        "empty": "没有实质内容",
        "court_case": "正在审理的案件",
        "tender": "正在进行的招投标",
        "other": "其他",
    },
    "opinion_state": {
        "received": "待处理",
        "answered": "已答复",
        "forwarded": "已转交",
        "converted": "已转为建议",
        "closed": "已办结",
    },
    "opinion_channel": {
        "reception": "接待选民",
        "slip": "意见单",
        "qr": "扫码",
        "visit": "走访",
        "letter": "来信",
        "phone": "电话",
        "wechat": "微信",
        "web": "网上",
        "hotline": "政务热线（12345）",
    },
    "contact_kind": {"reception": "接待选民", "visit": "走访", "contact": "联系群众"},
    "plan_kind": {
        **ACTIVITY_KINDS,
        "session": "人代会",
        "presidium_meeting": "主席团会议",
        "rating_meeting": "述职测评",
    },
    "plan_state": {"planned": "未完成", "done": "已完成", "cancelled": "已取消"},
    "plan_standing": {
        "done": "按时完成",
        "late": "逾期完成",
        "open": "到期未完成",
        "ahead": "提前完成",
        "coming": "未到期",
        "cancelled": "已取消",
    },
    "rating_method": RATING_METHODS,
    "rating_state": {
        "draft": "筹备中",
        "open": "测评中",
        "closed": "已结束，待公布",
        "published": "已公布",
        "revoked": "已撤回，待重新计票",
    },
    "duty_form": DUTY_FORMS,
    "rating_formula": RATING_FORMULAS,
    "file_level": {"town": "镇级", "county": "县级", "city": "市级", "province": "省级", "upper": "上级"},
    "file_gender": {"m": "男", "f": "女"},
    "file_start": {"election": "选举", "by_election": "补选"},
    "file_change": {
        "started": "任职",
        "ended": "资格终止",
        "suspended": "暂停执行职务",
        "resumed": "恢复执行职务",
        "group_joined": "编入小组",
        "group_left": "离开小组",
        "role_taken": "担任",
        "role_left": "不再担任",
    },
    "file_attendance": {
        "present": "出席",
        "on_leave": "请假",
        "absent": "缺席",
        "not_recorded": "没有记录",
        "not_expected": "不在应到之列",
    },
    "file_leave": {"illness": "病假", "official_duty": "公务", "family": "家事", "other": "其他"},
    "file_portion": {"half_day": "半天", "morning": "上午", "afternoon": "下午", "part": "部分时间"},
    "file_reply": {"a": "A类答复", "b": "B类答复", "c": "C类答复", "d": "D类答复"},
    "file_item": {"planned": "未完成", "done": "已完成", "cancelled": "已取消", "postponed": "已推迟"},
    "objection_state": {"open": "待答复", "settled": "已答复", "withdrawn": "已撤回"},
    "objection_outcome": {"corrected": "已更正", "kept": "维持原记录"},
    "line_change": {"added": "新增", "changed": "有变动", "removed": "去掉"},
}


def options(kind: str, *without: str) -> tuple[tuple[str, str], ...]:
    """(code, Chinese) pairs, as a field to choose from wants them."""
    return tuple((code, word) for code, word in WORDS[kind].items() if code not in without)
