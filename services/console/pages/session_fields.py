"""The form of a session of the congress: its fields, rows of business, and what they become as a record."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from services.console.forms import Field, Rows
from services.console.pages import attendance
from services.console.pages.activity_fields import questions
from services.console.words import APPROVERS, NOMINATED_BY, PROPOSED_BY, REPORT_KINDS

YES_NO: Final = (("yes", "是"), ("no", "否"))
_FLAGS: Final = (
    ("reports", "adopted"),
    ("motions", "on_agenda"),
    ("removals", "passed"),
    ("livelihood_projects", "chosen"),
)
"""Answers of yes, no or not recorded, in rows."""
_VOTES: Final = (
    Field("votes", "赞成", "number", width=1),
    Field("against", "反对", "number", width=1),
    Field("abstained", "弃权", "number", width=1),
)
_BALLOTS: Final = (
    Field("issued", "发出", "number", width=1),
    Field("returned", "收回", "number", width=1),
    Field("valid", "有效", "number", width=1),
)


_FIRST: Final = (
    Field("congress_number", "第几届", "number", required=True, width=2),
    Field("session_number", "第几次会议", "number", required=True, width=2),
    Field("held_on", "开会日期", "date", required=True, width=2),
    Field("ended_on", "闭会日期", "date", width=2),
    Field("notice_on", "通知代表日期", "date", width=2),
    Field("papers_on", "发文件日期", "date", width=2),
    *attendance.FIELDS,
    Field("approved_on", "请假批准日期", "date", width=3),
    Field("approved_by", "请假由谁批准", "select", options=tuple(APPROVERS.items()), width=3),
    Field("observers", "列席人数", "number", width=3),
    Field("agenda", "议程", "lines", hint="每行一项", width=12),
)
_REPORTS: Final = Rows("reports", "听取和审议的报告", (
    Field("title", "报告", required=True, width=6),
    Field("kind", "类型", "select", options=tuple(REPORT_KINDS.items()), width=2),
    Field("adopted", "通过", "select", options=YES_NO, width=1),
    *_VOTES,
    Field("published_on", "公开日期", "date", width=2),
))  # fmt: skip
_RESOLUTIONS: Final = Rows(
    "resolutions", "决议", (Field("title", "决议、决定", required=True, width=8), *_VOTES)
)
_RESIGNATIONS: Final = Rows("resignations_accepted", "接受辞职", (
    Field("post", "职务", required=True, width=3),
    Field("name", "姓名", required=True, width=2),
    Field("requested_on", "提出日期", "date", width=2),
    *_VOTES,
))  # fmt: skip
_LIVELIHOOD: Final = (
    Field("livelihood_vote.to_choose", "民生实事应选几项", "number", width=3),
    Field("livelihood_vote.issued", "票决发出", "number", width=3),
    Field("livelihood_vote.returned", "票决收回", "number", width=3),
    Field("livelihood_vote.valid", "票决有效", "number", width=3),
    Rows("livelihood_projects", "民生实事候选项目", (
        Field("title", "项目", required=True, width=6),
        Field("year", "哪一年办", "number", width=1),
        Field("votes", "得票", "number", width=1),
        Field("chosen", "选定", "select", options=YES_NO, width=1),
        Field("unit", "承办单位", width=3),
    )),
)  # fmt: skip
_LAST: Final = (
    Rows("observer_kinds", "列席人员", (
        Field("kind", "哪些人", required=True, width=4),
        Field("count", "人数", "number", required=True, width=2),
    )),
    Field("planned_on", "原定日期", "date", width=3),
    Field("postponed_reason", "推迟的原因", width=9),
)  # fmt: skip


def fields(people: Sequence[tuple[str, str]]) -> tuple[Field | Rows, ...]:
    """All of the form. `people`: deputies who nominate, move and ask."""
    elections = Rows("elections", "选举", (
        Field("post", "职务", required=True, width=3),
        Field("name", "当选人", required=True, width=2),
        Field("candidates", "候选人数", "number", width=1),
        *_BALLOTS, *_VOTES,
        Field("others", "另选他人", "number", width=1),
        Field("nominated_by", "提名", "select", options=tuple(NOMINATED_BY.items()), width=2),
        Field("nominators", "联名代表", "names", options=people, width=3),
    ))  # fmt: skip
    motions = Rows("motions", "议案", (
        Field("title", "议案", required=True, width=6),
        Field("proposed_by", "谁提出", "select", options=tuple(PROPOSED_BY.items()), width=2),
        Field("proposers", "领衔和附议", "names", options=people, width=4),
        Field("on_agenda", "列入议程", "select", options=YES_NO, width=1),
    ))  # fmt: skip
    removals = Rows("removals", "罢免案", (
        Field("post", "职务", required=True, width=3),
        Field("name", "姓名", required=True, width=2),
        Field("proposed_by", "谁提出", "select", options=tuple(NOMINATED_BY.items()), width=2),
        Field("proposers", "联名代表", "names", options=people, width=3),
        Field("passed", "通过", "select", options=YES_NO, width=1),
        *_BALLOTS, *_VOTES,
    ))  # fmt: skip
    business = (_REPORTS, _RESOLUTIONS, elections, motions, _RESIGNATIONS, removals)
    return (*_FIRST, *business, questions(people, kinds=True), *_LIVELIHOOD, *_LAST)


def recorded(body: dict[str, Any], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Answers as true and false; of projects, what was told of them later is kept."""
    for rows, name in _FLAGS:
        for row in body.get(rows) or ():
            if name in row:
                row[name] = row[name] == "yes"
    known = {project["title"]: project for project in (before or {}).get("livelihood_projects", ())}
    for project in body.get("livelihood_projects") or ():
        later = {name: value for name, value in known.get(project["title"], {}).items() if value is not None}
        project.update({name: value for name, value in later.items() if name not in _TYPED})
    return body


_TYPED: Final = ("title", "year", "votes", "chosen", "unit")


def typed(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the form has it."""
    shown = dict(record)
    for rows, name in _FLAGS:
        words = {True: "yes", False: "no", None: ""}
        shown[rows] = [{**row, name: words[row.get(name)]} for row in record[rows]]
    leave: Mapping[str, Any] = next(iter(record["attendance"]["on_leave"]), {})
    return shown | {name: leave.get(name) for name in ("approved_on", "approved_by")}
