"""Chinese labels of codes in foreign facts; an unknown code is shown as it is."""

from collections.abc import Mapping
from typing import Final

Names = Mapping[str, str]

SERVICES: Final[Names] = {
    "roster": "代表名册", "activities": "履职活动", "ratings": "述职评议", "reports": "工作总结",
}  # fmt: skip
LEVELS: Final[Names] = {"town": "镇级", "county": "县级", "city": "市级", "province": "省级"}
GENDERS: Final[Names] = {"m": "男", "f": "女"}
STARTED_BY: Final[Names] = {"election": "选举", "by_election": "补选"}
ROLES: Final[Names] = {
    "chair": "主席", "vice_chair": "副主席", "presidium": "主席团成员", "group_leader": "组长",
}  # fmt: skip
END_REASONS: Final[Names] = {
    "moved_away": "迁出或者调离", "moved_out": "迁出", "transferred": "调离",
    "resigned": "辞职", "ordered_resignation": "责令辞职",
    "absent_twice": "未经批准两次不出席会议", "recalled": "罢免", "lost_nationality": "丧失国籍",
    "deprived_of_rights": "剥夺政治权利", "lost_capacity": "丧失行为能力", "died": "去世", "term_over": "任期届满",
    "area_abolished": "区划调整",
}  # fmt: skip
LEFT: Final = "离开本行政区域"
"""What both 迁出 and 调离 are, where the record does not say which."""
CHANGES: Final[Names] = {
    "started": "任职", "ended": "资格终止", "suspended": "暂停执行职务", "resumed": "恢复执行职务",
    "group_joined": "编入小组", "group_left": "离开小组", "role_taken": "担任", "role_left": "不再担任",
}  # fmt: skip
KINDS: Final[Names] = {
    "session": "人代会", "presidium_meeting": "主席团会议", "group_activity": "小组活动", "inspection": "视察",
    "research": "专题调研", "law_check": "执法检查", "review": "工作评议", "inquiry": "专题询问",
    "training": "学习培训",
    "reception": "接待选民", "visit": "走访", "contact": "联系群众", "good_deed": "办实事", "other": "其他活动",
    "rating_meeting": "述职测评",
}  # fmt: skip
ATTENDANCE: Final[Names] = {
    "present": "出席", "on_leave": "请假", "absent": "缺席", "not_recorded": "未登记", "not_expected": "不在应到之列",
}  # fmt: skip
LEAVES: Final[Names] = {"illness": "病假", "official_duty": "公务", "family": "家事", "other": "其他"}
PORTIONS: Final[Names] = {"half_day": "半天", "morning": "上午", "afternoon": "下午", "part": "部分时间"}
APPROVERS: Final[Names] = {"presidium": "主席团", "chair": "主席", "vice_chair": "副主席", "other": "其他人"}
RAISED_AT: Final[Names] = {"session": "大会期间", "between": "闭会期间"}
PARTS: Final[Names] = {"lead": "领衔", "co": "附议"}
CLASSES: Final[Names] = {"a": "A类", "b": "B类", "c": "C类", "d": "D类"}
CLASS_MEANINGS: Final[Names] = {
    "a": "已经解决或者基本解决",
    "b": "正在解决",
    "c": "列入计划逐步解决",
    "d": "留作参考",
}
SATISFACTION: Final[Names] = {
    "satisfied": "满意",
    "basically_satisfied": "基本满意",
    "dissatisfied": "不满意",
}
OPINION_STATES: Final[Names] = {
    "received": "已收到", "answered": "已答复", "forwarded": "已转交", "converted": "已转建议", "closed": "已办结",
}  # fmt: skip
FORMS: Final[Names] = {"oral": "口头述职", "written": "书面述职"}
ITEM_STATES: Final[Names] = {"planned": "未完成", "done": "已完成", "cancelled": "已取消"}
TASKS: Final[Names] = {"resignation": "辞职", "absent_twice": "两次未经批准不出席"}
OBJECTION_STATES: Final[Names] = {"open": "待答复", "settled": "已答复", "withdrawn": "已撤回"}
OUTCOMES: Final[Names] = {"corrected": "已更正", "kept": "维持原记录"}


STATUSES: Final[Names] = {
    "compiling": "正在编制", "incomplete": "未齐全", "draft": "草稿", "approved": "已核准", "submitted": "已上报",
    "accepted": "已接收", "returned": "已退回",
}  # fmt: skip


def named(names: Names, code: str) -> str:
    return names.get(code, code)


def reason_of(code: str) -> str:
    """Why a mandate ended, in a text: the actual reason, and where the record leaves two open what is true of both."""
    return LEFT if code == "moved_away" else named(END_REASONS, code)
