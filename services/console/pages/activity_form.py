"""The form of an activity: its fields by kind, the attendance sheet, what it becomes as a record."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.forms import Field, Form, Rows
from services.console.menu import LEADER, OFFICE
from services.console.pages import attendance, scanning
from services.console.pages.activity_fields import KIND_OPTIONS, MORE, SHOWN_FOR, UNITS, questions
from services.console.pages.records import people_of, removed
from services.console.visit import Done, Visit, action, page
from services.console.words import ACTIVITY_KINDS


class Around:
    """What the form of an activity offers: groups, stations, items of the plan, deputies, earlier titles and places."""

    def __init__(self) -> None:
        self.groups: list[Any] = []
        self.stations: list[Any] = []
        self.items: list[tuple[str, str]] = []
        self.people: list[tuple[str, str]] = []
        self.titles: list[str] = []
        self.places: list[str] = []
        self.recorded = False
        self.led: frozenset[str] | None = None
        """Groups of which a leader enters activities; None for the office, which enters any."""

    @classmethod
    async def of(cls, visit: Visit, record: Mapping[str, Any] | None) -> "Around":
        around, activities = cls(), visit.at("activities", "activities")
        groups, stations, plans, people, earlier = await asyncio.gather(
            part(visit.api.all(visit.at("roster", "groups")), LATE_SECONDS),
            part(visit.api.all(visit.at("roster", "stations")), LATE_SECONDS),
            part(visit.api.all(visit.at("activities", "plans"), year=visit.year), LATE_SECONDS),
            people_of(visit, record),
            part(visit.api.get(activities, order="-held_on", limit=40), LATE_SECONDS),
        )
        around.groups, around.stations = groups or [], stations or []
        if not visit.may("office"):
            own = visit.session.account.get("deputyship_id")
            around.led = frozenset(g["id"] for g in around.groups if g["leader_deputyship_id"] == own)
        planned = (record or {}).get("plan_item_id")
        around.recorded = record is not None
        around.items = [
            (item["id"], f"{item['title']}{'（' + item['due_on'] + '）' if item['due_on'] else ''}")
            for plan in plans or []
            for item in plan["items"]
            if item["state"] == "planned" or item["id"] == planned
        ]
        around.people = people
        held = (earlier or {"items": []})["items"]
        around.titles = list(dict.fromkeys(one["title"] for one in held))
        around.places = list(dict.fromkeys(one["place"] for one in held if one["place"]))
        return around

    def fields(self) -> tuple[Field | Rows, ...]:
        stations = [(one["id"], one["name"]) for one in self.stations]
        return (
            Field("kind", "种类", "select", required=True, options=KIND_OPTIONS, width=2),
            Field("held_on", "日期", "date", required=True, width=2),
            Field("title", "名称", hint="不填用种类的名称", suggest=self.titles[:12], width=3),
            Field("place", "地点", suggest=self.places[:12], width=3, empty=""),
            Field("who", "应到范围", "select", required=True, options=self.invited, width=2),
            Field("group_ids", "联合的小组", "checks", options=self.named, width=12),
            *attendance.FIELDS,
            Field("plan_item_id", "对应计划项", "select", options=self.items, width=6),
            Field("station_id", "阵地", "select", options=stations, width=3),
            *MORE,
            UNITS,
            questions(self.people),
        )

    @property
    def named(self) -> list[tuple[str, str]]:
        return [(group["id"], group["name"] or f"第{group['number']}小组") for group in self.groups]

    @property
    def invited(self) -> list[tuple[str, str]]:
        """Who may be expected: of a leader's entry the own groups, also together with others."""
        groups = self.named
        joint = [("groups:", "几个小组联合")] if len(groups) > 1 else []
        if self.led is not None:
            return [*((f"group:{id}", label) for id, label in groups if id in self.led), *joint]
        return [
            *((("named:", "登记过的人"),) if self.recorded else ()),
            ("level:town", "全体乡镇代表"),
            *((f"group:{id}", label) for id, label in groups),
            *joint,
            *((f"station:{one['id']}", f"{one['name']}联系的代表") for one in self.stations),
            *((f"level:{level}", label) for level, label in (("county", "县级代表"), ("city", "市级代表"))),
        ]


def who(record: Mapping[str, Any]) -> str:
    if record["group_ids"]:
        return "groups:"
    if record["group_id"]:
        return f"group:{record['group_id']}"
    return "named:" if attendance.states_of(record["attendance"]) else "level:town"


def _typed(body: dict[str, Any], form: Form) -> dict[str, Any]:
    """The body with the groups that the scope says; the scope itself is not recorded."""
    body.pop("who", None)
    chosen = attendance.scope(form).get("group_ids", [])
    body["group_id"], body["group_ids"] = (chosen[0] if chosen else None), chosen if len(chosen) > 1 else []
    return body


async def entered(visit: Visit, form: Form, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The body of a new entry, with the attendance of its sheet. Errors: Faulty."""
    body = form.body(visit.today, visit.year)
    body["attendance"] = await attendance.read(visit, body["kind"], form, body, before)
    body["evidence"] = scanning.kept(form)
    return {name: value for name, value in _typed(body, form).items() if value not in (None, [])}


@page("/activities/new", roles=OFFICE | LEADER)
async def new_activity(visit: Visit) -> web.Response:
    around = await Around.of(visit, None)
    group, kind = (
        visit.asked("group"),
        visit.asked("kind") or ("group_activity" if visit.asked("group") else ""),
    )
    given = {
        "kind": kind,
        "who": f"group:{group}" if group else next(iter(around.invited), ("", ""))[0],
        "plan_item_id": visit.asked("plan_item"),
    }
    given |= {
        name: visit.asked(name) for name in ("title", "held_on", "place", "station_id") if visit.asked(name)
    }
    return await form_page(visit, Form.of(around.fields(), given), around)


@action("/activities/new", roles=OFFICE | LEADER, files=True)
async def hold_activity(visit: Visit) -> web.Response:
    around = await Around.of(visit, None)
    if attendance.redrawn(visit):
        return await form_page(visit, Form.sent(around.fields(), visit.sent), around)

    async def send(form: Form) -> Done:
        body = await entered(visit, form)
        if not visit.may("office"):
            draft = await visit.api.post(visit.at("activities", "activities/drafts"), body, key=visit.key)
            return Done(
                f"/activities/drafts/{draft['id']}", f"已交人大办确认：{draft['title']}。确认以后才计数"
            )
        held = await visit.api.post(visit.at("activities", "activities"), body, key=visit.key)
        told = attendance.told(held["attendance"], len(held["expected"]))
        following = [(f"/activities/{held['id']}/change", "改"), ("/activities/new", "登记下一条")]
        words = f"已保存：{held['title']}。{told}。{attendance.left_out(form, held)}"
        return Done(f"/activities/{held['id']}", words, following)

    return await visit.submit(
        around.fields(), send, lambda form, status: form_page(visit, form, around, status)
    )


@page("/activities/{id}/change", roles=OFFICE)
async def show_form(visit: Visit) -> web.Response:
    answer = await visit.api.answer("GET", visit.at("activities", f"activities/{visit.id()}"))
    around = await Around.of(visit, answer.body)
    form = Form.of(around.fields(), {**answer.body, "who": who(answer.body)})
    return await form_page(visit, form, around, record=answer.body, version=answer.version)


@action("/activities/{id}/change", roles=OFFICE, files=True)
async def change_activity(visit: Visit) -> web.Response:
    path = visit.at("activities", f"activities/{visit.id()}")
    record, _ = await visit.api.current(path)
    around = await Around.of(visit, record)

    async def send(form: Form) -> Done:
        now = {**record, "who": who(record)}
        patch = form.changes(now, visit.today, visit.year)
        body = form.body(visit.today, visit.year)
        came = await attendance.read(visit, body["kind"], form, body, record["attendance"])
        patch = removed(patch, attendance.OWN)
        if "title" in patch:  # emptied: called by its kind, as an entry without a name is
            patch["title"] = patch["title"] or ACTIVITY_KINDS[body["kind"]]
        if {"who", "group_ids"} & set(patch):
            patch = _typed(patch, form)
        if attendance.states_of(came) != attendance.states_of(record["attendance"]):
            patch["attendance"] = came
        if photos := scanning.kept(form):
            patch["evidence"] = [*record["evidence"], *photos]
        after = await visit.api.patch(path, patch, version=visit.version) if patch else record
        words = f"已保存。{attendance.left_out(form, after)}" if "attendance" in patch else "已保存"
        return Done(f"/activities/{visit.id()}", words)

    async def again(form: Form, status: int) -> web.Response:
        return await form_page(visit, form, around, status, record=record, version=visit.version)

    async def current() -> tuple[Mapping[str, Any], str]:
        now, version = await visit.api.current(path)
        return {**now, "who": who(now)}, version

    if attendance.redrawn(visit):
        return await again(Form.sent(around.fields(), visit.sent), 200)
    return await visit.submit(around.fields(), send, again, current=current)


async def form_page(
    visit: Visit,
    form: Form,
    around: Around,
    status: int = 200,
    *,
    record: Any = None,
    version: str | None = None,
    draft: str = "",
) -> web.Response:
    return await attendance.form_page(
        visit,
        "activity_form.html",
        form,
        of=str(form.value("kind") or "other"),
        draft=draft or (f"activities/{record['id']}/change" if record else "activities/new"),
        status=status,
        record=record,
        version=version,
        shown_for=SHOWN_FOR,
        around=around,
    )


PAGES: Final = (new_activity, hold_activity, show_form, change_activity)
