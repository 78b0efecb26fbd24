"""The Chinese of codes, as people see them; one table a kind. The codes are those of the HTTP contract."""

from collections.abc import Mapping
from typing import Final

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
PROPOSED_BY: Final = {"deputies": "代表联名", "presidium": "主席团", "government": "镇人民政府"}
NOMINATED_BY: Final = {"presidium": "主席团", "deputies": "代表联名"}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "role": ROLES,
    "activity_kind": ACTIVITY_KINDS,
    "report_kind": REPORT_KINDS,
    "proposed_by": PROPOSED_BY,
    "nominated_by": NOMINATED_BY,
    "question_kind": {"inquiry": "询问", "interpellation": "质询案"},
    "severity": {"block": "须先处理", "warn": "提醒", "info": "说明"},
    "account_state": {"invited": "待设口令", "active": "在用", "disabled": "已停用"},
}
