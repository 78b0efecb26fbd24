"""The form of an activity: its fields by kind, the attendance sheet, what it becomes as a record."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from services.console.api import part
from services.console.forms import Field, Form, Rows
from services.console.menu import OFFICE
from services.console.pages import attendance
from services.console.pages.records import current_of, removed
from services.console.visit import Done, Visit, action, page
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
    Field("organiser", "组织单位", width=3),
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


class Around:
    """What the form of an activity offers: groups, stations, items of the plan, deputies, earlier titles and places."""

    def __init__(self) -> None:
        self.groups: list[Any] = []
        self.stations: list[Any] = []
        self.items: list[tuple[str, str]] = []
        self.people: list[tuple[str, str]] = []
        self.titles: list[str] = []
        self.places: list[str] = []

    @classmethod
    async def of(cls, visit: Visit, record: Mapping[str, Any] | None) -> "Around":
        around = cls()
        around.groups = await part(visit.api.all(visit.at("roster", "groups")), 5) or []
        around.stations = await part(visit.api.all(visit.at("roster", "stations")), 5) or []
        plans = await part(visit.api.all(visit.at("activities", "plans"), year=visit.year), 5) or []
        own = (record or {}).get("plan_item_id")
        around.items = [
            (item["id"], f"{item['title']}{'（' + item['due_on'] + '）' if item['due_on'] else ''}")
            for plan in plans
            for item in plan["items"]
            if item["state"] == "planned" or item["id"] == own
        ]
        rows = await part(visit.api.get(visit.at("roster", "deputies"), as_of=visit.today.isoformat()), 5)
        around.people = [(row["deputyship_id"], row["name"]) for row in (rows or {"items": []})["items"]]
        earlier = await part(
            visit.api.get(visit.at("activities", "activities"), order="-held_on", limit=40), 5
        )
        for one in (earlier or {"items": []})["items"]:
            around.titles += [one["title"]] if one["title"] not in around.titles else []
            around.places += [one["place"]] if one["place"] and one["place"] not in around.places else []
        return around

    def fields(self) -> tuple[Field | Rows, ...]:
        groups = [(group["id"], group["name"] or f"第{group['number']}小组") for group in self.groups]
        who = [
            ("level:town", "全体镇代表"),
            *((f"group:{id}", label) for id, label in groups),
            *((("groups:", "几个小组联合"),) if len(groups) > 1 else ()),
            *((f"station:{one['id']}", f"{one['name']}联系的代表") for one in self.stations),
            *((f"level:{level}", label) for level, label in (("county", "县级代表"), ("city", "市级代表"))),
        ]
        stations = [(one["id"], one["name"]) for one in self.stations]
        return (
            Field("kind", "种类", "select", required=True, options=KIND_OPTIONS, width=2),
            Field("held_on", "日期", "date", required=True, width=2),
            Field("title", "名称", hint="不填用种类的名称", suggest=self.titles[:12], width=3),
            Field("place", "地点", suggest=self.places[:12], width=3),
            Field("who", "应到范围", "select", required=True, options=who, width=2),
            Field("group_ids", "联合的小组", "checks", options=groups, width=12),
            *attendance.FIELDS,
            Field("plan_item_id", "对应计划项", "select", options=self.items, width=6),
            Field("station_id", "阵地", "select", options=stations, width=3),
            *MORE,
            UNITS,
            questions(self.people),
        )


def _who(record: Mapping[str, Any]) -> str:
    if record["group_ids"]:
        return "groups:"
    return f"group:{record['group_id']}" if record["group_id"] else "level:town"


def _typed(body: dict[str, Any], form: Form) -> dict[str, Any]:
    """The body with the groups that the scope says; the scope itself is not recorded."""
    body.pop("who", None)
    chosen = attendance.scope(form).get("group_ids", [])
    body["group_id"], body["group_ids"] = (chosen[0] if chosen else None), chosen if len(chosen) > 1 else []
    return body


@page("/activities/new", roles=OFFICE)
async def new_activity(visit: Visit) -> web.Response:
    around = await Around.of(visit, None)
    group, kind = (
        visit.asked("group"),
        visit.asked("kind") or ("group_activity" if visit.asked("group") else ""),
    )
    given = {
        "kind": kind,
        "who": f"group:{group}" if group else "level:town",
        "plan_item_id": visit.asked("plan_item"),
    }
    given |= {
        name: visit.asked(name) for name in ("title", "held_on", "place", "station_id") if visit.asked(name)
    }
    return await _page(visit, Form.of(around.fields(), given), around)


@action("/activities/new", roles=OFFICE)
async def hold_activity(visit: Visit) -> web.Response:
    around = await Around.of(visit, None)
    if attendance.REDRAW in visit.sent:
        return await _page(visit, Form.sent(around.fields(), visit.sent), around)

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        body["attendance"] = await attendance.read(visit, body["kind"], form, body)
        body = {name: value for name, value in _typed(body, form).items() if value not in (None, [])}
        held = await visit.api.post(visit.at("activities", "activities"), body, key=visit.key)
        told = attendance.told(held["attendance"], len(held["expected"]))
        following = [(f"/activities/{held['id']}/change", "改"), ("/activities/new", "登记下一条")]
        return Done(f"/activities/{held['id']}", f"已保存：{held['title']}。{told}。", following)

    return await visit.submit(around.fields(), send, lambda form, status: _page(visit, form, around, status))


@page("/activities/{id}/change", roles=OFFICE)
async def show_form(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", visit.at("activities", f"activities/{visit.id()}"))
    around = await Around.of(visit, answer.body)
    form = Form.of(around.fields(), {**answer.body, "who": _who(answer.body)})
    return await _page(visit, form, around, record=answer.body, version=answer.version)


@action("/activities/{id}/change", roles=OFFICE)
async def change_activity(visit: Visit) -> web.Response:
    path = visit.at("activities", f"activities/{visit.id()}")
    record, _ = await current_of(visit, path)
    around = await Around.of(visit, record)

    async def send(form: Form) -> Done:
        now = {**record, "who": _who(record)}
        patch = form.changes(now, visit.today, visit.year)
        body = form.body(visit.today, visit.year)
        came = await attendance.read(visit, body["kind"], form, body, record["attendance"])
        patch = removed(patch, attendance.OWN)
        if {"who", "group_ids"} & set(patch):
            patch = _typed(patch, form)
        if attendance.states_of(came) != attendance.states_of(record["attendance"]):
            patch["attendance"] = came
        if patch:
            await visit.api.patch(path, patch, version=visit.version)
        return Done(f"/activities/{visit.id()}", "已保存")

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, form, around, status, record=record, version=visit.version)

    async def current() -> tuple[Mapping[str, Any], str]:
        now, version = await current_of(visit, path)
        return {**now, "who": _who(now)}, version

    if attendance.REDRAW in visit.sent:
        return await again(Form.sent(around.fields(), visit.sent), 200)
    return await visit.submit(around.fields(), send, again, current=current)


async def _page(
    visit: Visit,
    form: Form,
    around: Around,
    status: int = 200,
    *,
    record: Any = None,
    version: str | None = None,
) -> web.Response:
    if record is not None:
        form.values.setdefault(
            attendance.SUMMARY, attendance.told(record["attendance"], len(record["expected"]))
        )
    sheet = await attendance.show(visit, str(form.value("kind") or "other"), form, record)
    return await visit.form_page(
        "activity_form.html",
        form,
        draft=f"activities/{record['id']}/change" if record else "activities/new",
        status=status,
        record=record,
        version=version,
        sheet=sheet,
        states=attendance.STATES,
        shown_for=SHOWN_FOR,
        around=around,
    )


PAGES: Final = (new_activity, hold_activity, show_form, change_activity)
