"""The fields of a suggestion, in the order of the paper form (代表建议登记表)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from services.console import choices
from services.console.forms import Field
from services.console.visit import Visit
from services.console.words import WORDS

CASE: Final = "case"
YES_NO: Final = (("True", "是"), ("False", "否"))
INTAKE: Final = (
    ("one_matter", "一事一议"),
    ("specific", "内容具体"),
    ("not_own_affair", "不涉个人事务"),
    ("not_passed_on_letter", "不是转递信件"),
    ("not_promotion", "不是产品推介"),
    ("not_court_case", "不涉在审案件"),
    ("not_tender", "不涉招投标"),
    ("seconders_informed", "附议人知情"),
)
IN_DETAIL: Final = frozenset({"co_deputyship_ids", "key", "supervised_by", "withheld_for"})


async def fields(visit: Visit, record: Mapping[str, Any] | None = None) -> list[Field]:
    """`record`: the suggestion that is corrected; who was a deputy when it was raised may be chosen."""
    days = {choices.day_of(visit), date(visit.year, 1, 1)}
    if record is not None:
        days.add(date.fromisoformat(record["raised_on"]))
    people = choices.deputies(await choices.rows(visit, *sorted(days)))
    listed = await visit.api.get(visit.at("activities", "suggestions:handling"), year=visit.year)
    return [
        Field("number", "编号", required=True, width=2),
        Field("raised_on", "提出日期", "date", required=True, hint="如 0612", width=3),
        Field("lead_deputyship_id", "领衔代表", "name", hint="写姓名", options=people, width=3),
        Field("category", "类别", hint="如 道路交通", suggest=listed["categories"], width=4, empty=""),
        Field("title", "题目", required=True, width=12),
        Field("text", "内容", "textarea", rows=5, width=12, empty=""),
        Field("raised_at", "提出时间", "radio", options=tuple(WORDS["raised_at"].items()), width=4),
        Field("session_id", "哪次会议", "select", options=await choices.sessions(visit), width=4),
        Field("co_deputyship_ids", "附议代表", "names", hint="用顿号隔开", options=people, width=12),
        Field("key", "重点督办", "check", width=3, empty=False),
        Field("supervised_by", "督办领导", hint="如 镇人大主席", width=4, empty=""),
        Field(
            "withheld_for", "不予公开的理由", hint="公开的不填；填了，题目和内容不出现在总结和公开页", width=5
        ),
        *(Field(f"intake.{name}", label, "select", options=YES_NO, width=3) for name, label in INTAKE),
        Field("case.raised", "提出的问题", "textarea", hint="最多两句话", rows=2, width=12),
        Field("case.done", "办理的经过", "textarea", rows=2, width=12),
        Field("case.effect", "取得的效果", "textarea", rows=2, width=12),
        Field("case.in_report", "写入年度总结", "check", width=6),
    ]
