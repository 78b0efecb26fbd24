"""The fields of an activity by its kind, and rows of questions, which sessions have too."""

from collections.abc import Mapping, Sequence
from typing import Final

from services.console.forms import Field, Rows
from services.console.words import ACTIVITY_KINDS, FORMS_OF_ACTIVITY

KIND_OPTIONS: Final = tuple(
    (kind, f"{n} {label}") for n, (kind, label) in enumerate(ACTIVITY_KINDS.items(), 1)
)
SHOWN_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "sites_count": ("inspection", "research", "law_check"),
    "opinions_count": (
        "inspection",
        "research",
        "law_check",
        "review",
        "reception",
        "visit",
        "contact",
        "group_activity",
    ),
    "reports_count": ("research", "inspection", "law_check"),
    "laws": ("law_check",),
    "units": ("review",),
    "questions": ("inquiry",),
    "voters_count": ("reception", "visit", "contact"),
    "households_count": ("visit", "contact", "good_deed"),
    "beneficiaries_count": ("good_deed",),
    "amount_yuan": ("good_deed",),
    "station_id": ("reception", "visit", "contact", "group_activity", "good_deed", "other"),
}
"""Kinds whose page shows a field; others hide it while it is empty."""
UNITS: Final = Rows(
    "units",
    "评议的单位",
    (
        Field("name", "单位", required=True, width=4),
        Field("result", "结果", width=2),
        *(
            Field(name, label, "number", width=1)
            for name, label in (
                ("issued", "发出"),
                ("returned", "收回"),
                ("satisfied", "满意"),
                ("basically_satisfied", "基本满意"),
                ("dissatisfied", "不满意"),
                ("abstained", "弃权"),
            )
        ),
    ),
)


def questions(people: Sequence[tuple[str, str]], *, kinds: bool = False) -> Rows:
    """Rows of questions put to units; at a session also interpellations."""
    kind = Field(
        "kind", "类型", "select", options=(("inquiry", "询问"), ("interpellation", "质询案")), width=2
    )
    fields = (
        *((kind,) if kinds else ()),
        Field("unit", "问哪个单位", required=True, width=3),
        Field("text", "问什么", required=True, width=6),
        Field("askers", "提出人", "names", options=people, width=3),
        Field("answer", "怎样答复", width=6),
        Field("answered_on", "答复日期", "date", width=2),
        Field("answered_by", "谁答复", width=2),
        Field("promise", "承诺什么", width=4),
        Field("due_on", "何时落实", "due", width=2),
        Field("done_on", "落实日期", "date", width=2),
    )
    again = (
        Field("dissatisfied", "不满意人数", "number", width=1),
        Field("answered_again_on", "再次答复", "date", width=2),
    )
    return Rows("questions", "质询和询问" if kinds else "询问的问题", fields + (again if kinds else ()))


MORE: Final = (
    Field("ended_on", "结束日期", "date", hint="持续几天的才填", width=3),
    Field("organiser", "组织单位", width=3, empty=""),
    Field("topics", "议题、内容", "lines", hint="每行一项", width=6),
    Field("sites_count", "点位", "number", hint="没有数就空着，空着不是 0", width=2),
    Field("opinions_count", "意见条数", "number", width=2),
    Field("reports_count", "报告篇数", "number", width=2),
    Field("voters_count", "接待选民人次", "number", width=3),
    Field("households_count", "走访户数", "number", width=2),
    Field("beneficiaries_count", "受益人数", "number", width=2),
    Field("amount_yuan", "金额（元）", "number", width=3),
    Field("laws", "检查的法律", "lines", hint="每行一部", width=6),
    Field("themes", "中心工作", "lines", hint="每行一项，如 乡村振兴", rows=2, width=4),
    Field("forms", "形式", "checks", hint="种类以外还是什么活动", options=FORMS_OF_ACTIVITY, width=8),
    Field("follow_up.passed_on", "转交日期", "date", width=2),
    Field("follow_up.passed_to", "转交给", width=3),
    Field("follow_up.fed_back_on", "反馈日期", "date", width=2),
    Field("notice_on", "通知选民日期", "date", width=3),
    Field("case.raised", "案例：提出的问题", "textarea", hint="最多两句话", rows=2, width=4),
    Field("case.done", "案例：办理的经过", "textarea", rows=2, width=4),
    Field("case.effect", "案例：取得的效果", "textarea", rows=2, width=4),
    Field("case.in_report", "写入年度总结", "check", width=4),
)
