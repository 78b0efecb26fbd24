"""The two sheets of suggestions: one row each, and one row per step where the handling does not fit in it."""

from typing import Final

from services.activities.domain.intake import GROUND_LABELS
from services.activities.domain.steps import ACTION_LABELS, Action
from services.activities.sheets.voiding import VOID_REASON
from shared.workbook import Column, Sheet

RAISED_AT: Final = {"大会期间": "session", "闭会期间": "between"}
CLASSES: Final = {"A类": "a", "B类": "b", "C类": "c", "D类": "d"}
GROUNDS: Final = {label: ground.value for ground, label in GROUND_LABELS.items()}
ACTIONS: Final = {label: action.value for action, label in ACTION_LABELS.items()}
INTAKE: Final = {
    "one_matter": "一事一议",
    "specific": "内容具体",
    "not_own_affair": "不涉个人事务",
    "not_passed_on_letter": "不是转递信件",
    "not_promotion": "不是产品推介",
    "not_court_case": "不涉在审案件",
    "not_tender": "不涉招投标",
    "seconders_informed": "附议人知情",
}
SATISFACTION: Final = {"满意": "satisfied", "基本满意": "basically_satisfied", "不满意": "dissatisfied"}

CASE: Final = (
    Column("案例：问题", "case_raised", note="提出了什么问题，最多两句话；不写选民姓名"),
    Column("案例：做法", "case_done", note="做了什么，最多两句话"),
    Column("案例：效果", "case_effect", note="取得什么效果，最多两句话"),
    Column("案例写入总结", "case_in_report", "flag", note="选入年终总结的写“是”，前三栏要写全"),
)
"""Columns of case material, of activities and suggestions alike."""

SUGGESTIONS: Final = Sheet(
    "代表建议",
    (
        Column("年度", "year", "integer", required=True),
        Column("编号", "number", "number", required=True, note="当年第几号，或文号"),
        Column("提出日期", "raised_on", "date", required=True),
        Column("提出时间", "raised_at", "choice", choices=RAISED_AT),
        Column("领衔代表", "lead"),
        Column("附议代表", "co", "names"),
        Column("标题", "title", required=True),
        Column("内容", "text"),
        Column("类别", "category"),
        Column("承办单位", "unit", note="主办的一个单位"),
        Column("交办日期", "assigned_on", "date"),
        Column("答复日期", "replied_on", "date"),
        Column("办理结果", "class", "choice", choices=CLASSES),
        Column("当面沟通", "interviewed", "flag"),
        Column("对过程的评价", "process", "choice", choices=SATISFACTION),
        Column("对结果的评价", "result", "choice", choices=SATISFACTION),
        Column("评价日期", "rated_on", "date"),
        Column("重新办理日期", "redone_on", "date"),
        Column("再次答复日期", "replied_again_on", "date"),
        Column("再次办理结果", "class_again", "choice", choices=CLASSES),
        Column("再次当面沟通", "interviewed_again", "flag"),
        Column("对过程的再次评价", "process_again", "choice", choices=SATISFACTION),
        Column("对结果的再次评价", "result_again", "choice", choices=SATISFACTION),
        Column("再次评价日期", "rated_again_on", "date"),
        Column("办结日期", "closed_on", "date"),
        Column("延期日期", "extended_on", "date"),
        Column("延期原因", "extended_for"),
        Column("同意延期的机关", "consent_by"),
        Column("转县日期", "forwarded_on", "date"),
        Column("转交的县级单位", "forwarded_to"),
        Column("县级答复日期", "answered_on", "date"),
        Column("县级办理结果", "county_class", "choice", choices=CLASSES),
        Column("县级答复内容", "county_answer"),
        Column("不予受理日期", "rejected_on", "date"),
        Column("不予受理原因", "rejected_for", "choice", choices=GROUNDS),
        Column("退回日期", "returned_on", "date", note="承办单位退回，重新交办的写在后面两栏"),
        Column("退回原因", "returned_for"),
        Column("重新交办日期", "reassigned_on", "date"),
        Column("重新承办单位", "unit_again"),
        Column("所属会议", "session", note="如：人代会17-7；大会期间提出的空着则按提出日期认定"),
        *(Column(f"审查：{label}", name, "flag") for name, label in INTAKE.items()),
        Column("会办单位", "co_units", "names", note="与主办单位共同办理的单位，用顿号隔开"),
        Column("重新会办单位", "co_units_again", "names"),
        Column("重点督办", "key", "flag", note="确定为重点督办的建议写“是”"),
        Column("督办领导", "supervised_by", note="如：镇人大主席"),
        Column("不予公开", "withheld_for", note="建议和答复不予公开的，写明理由；照常计件，总结只列编号"),
        *CASE,
        VOID_REASON,
        Column("原编号", "previous_number", note="年度或编号登记错的，填系统中现在的年度和编号，如：2020-3"),
    ),
    key=("year", "number"),
)

HANDLING: Final = Sheet(
    "建议办理过程",
    (
        Column("年度", "year", "integer", required=True),
        Column("编号", "number", "number", required=True, note="“代表建议”表中的编号"),
        Column("第几步", "step", "integer", required=True, note="从1起，每一步一行"),
        Column("办理", "action", "choice", required=True, choices=ACTIONS),
        Column("日期", "on", "date"),
        Column("承办单位", "unit", note="交办：主办的一个单位"),
        Column("转交的县级单位", "to", note="转县"),
        Column("县级文号", "reference", note="转县、登记县级答复"),
        Column("原因", "reason", note="退回、延期须写明；转县、不予受理可作说明"),
        Column("同意延期的机关", "consent_by"),
        Column("办理结果", "class", "choice", choices=CLASSES, note="答复、登记县级答复"),
        Column("当面沟通", "interviewed", "flag", note="答复"),
        Column("答复内容", "text", note="登记县级答复"),
        Column("对过程的评价", "process", "choice", choices=SATISFACTION),
        Column("对结果的评价", "result", "choice", choices=SATISFACTION),
        Column("不予受理原因", "ground", "choice", choices=GROUNDS),
        Column("会办单位", "co_units", "names", note="交办：用顿号隔开"),
    ),
    key=("year", "number", "step"),
)

STEPS: Final[tuple[tuple[Action, str, tuple[tuple[str, str], ...]], ...]] = (
    (Action.ASSIGNED, "assigned_on", (("unit", "unit"), ("co_units", "co_units"))),
    (Action.RETURNED, "returned_on", (("reason", "returned_for"),)),
    (Action.ASSIGNED, "reassigned_on", (("unit", "unit_again"), ("co_units", "co_units_again"))),
    (Action.EXTENDED, "extended_on", (("reason", "extended_for"), ("consent_by", "consent_by"))),
    (Action.FORWARDED, "forwarded_on", (("to", "forwarded_to"),)),
    (Action.ANSWERED, "answered_on", (("class", "county_class"), ("text", "county_answer"))),
    (Action.REPLIED, "replied_on", (("class", "class"), ("interviewed", "interviewed"))),
    (Action.RATED, "rated_on", (("process", "process"), ("result", "result"))),
    (Action.REDONE, "redone_on", ()),
    (Action.REPLIED, "replied_again_on", (("class", "class_again"), ("interviewed", "interviewed_again"))),
    (Action.RATED, "rated_again_on", (("process", "process_again"), ("result", "result_again"))),
    (Action.CLOSED, "closed_on", ()),
    (Action.REJECTED, "rejected_on", (("ground", "rejected_for"),)),
)
"""The usual steps of a suggestion, in its own row: action, column of the date, and further columns (name in the
request, column). Any other sequence of steps has one row per step in a sheet of its own."""
