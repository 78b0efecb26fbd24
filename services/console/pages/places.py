"""What the roster has besides people: groups, stations, constituencies, by-elections, terms, the office."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.forms import Field, Form, Rows
from services.console.menu import OFFICE, READERS
from services.console.numbers import whole_or_text
from services.console.pages import people
from services.console.visit import Done, Visit, action, page
from services.console.words import options

Parts = Sequence[Field | Rows]


@dataclass(frozen=True)
class Kind:
    """`path`: of the API. `page`: the list it stands in. `changed`: fields that only a change has."""

    title: str
    path: str
    page: str
    fields: Callable[[Visit], Awaitable[Parts]]
    name: Callable[[Mapping[str, Any]], str]
    changed: Parts = ()


async def _group(visit: Visit) -> Parts:
    rows, stations = await asyncio.gather(people.deputies(visit), _stations(visit))
    return (
        Field("number", "编号", "number", required=True, width=2),
        Field("name", "名称", hint="不填写作“第几代表小组”", width=4),
        Field("level", "层级", "select", options=options("group_level"), width=3),
        Field(
            "leader_deputyship_id",
            "组长",
            "name",
            hint="写姓名",
            options=people.told_apart(rows, "deputyship_id"),
            width=3,
        ),
        Field(
            "station_id", "阵地", "select", options=[(one["id"], one["name"]) for one in stations], width=4
        ),
        Field("formed_on", "成立日期", "date", width=3),
        Field("dissolved_on", "撤销日期", "date", width=3),
        Field("rules", "制度", "lines", hint="每行一项，如 学习制度", width=6),
    )


async def _station(_: Visit) -> Parts:
    return (
        Field("name", "名称", required=True, width=6),
        Field("kind", "类别", "select", options=options("station_kind"), width=3),
        Field("reception_day", "接待日", hint="每月几日，或者写明，如 每周三上午", width=3),
        Field("address", "地址", width=6),
        Field("opened_on", "启用日期", "date", width=3),
        Field("closed_on", "停用日期", "date", width=3),
        Field("serves", "服务范围", "lines", hint="每行一个村、社区", width=6),
        Field("rules", "上墙制度", "lines", hint="每行一项", width=6),
    )


async def _constituency(_: Visit) -> Parts:
    return (
        Field("name", "名称", required=True, hint="如 太白村第一选区", width=6),
        Field("seats", "应选名额", "number", width=3),
        Field("voters", "选民数", "number", width=3),
        Field("villages", "包括的村、社区、单位", "lines", hint="每行一个", width=6),
    )


async def _by_election(visit: Visit) -> Parts:
    drawn, persons = await asyncio.gather(
        visit.api.all(visit.at("roster", "constituencies"), limit=200), people.everybody(visit)
    )
    known = people.told_apart(list(persons.values()), "id")
    votes = (
        Field("name", "姓名", required=True, width=3),
        Field("votes", "得票", "number", width=2),
        Field("person_id", "名册中的人", "name", options=known, width=3),
    )
    return (
        Field("constituency", "选区", required=True, suggest=[one["name"] for one in drawn], width=4),
        Field("held_on", "投票日", "date", required=True, width=3),
        Field("congress_number", "届次", "number", width=2),
        Field("seats", "应选名额", "number", width=3),
        Field("voters", "选民数", "number", width=3),
        Field("votes_cast", "投票人数", "number", width=3),
        Field("rerun", "另行选举", "check", width=3),
        Rows(
            "candidates",
            "得票的人",
            votes,
            blank=2,
            hint="正式候选人和另选他人的都写；当选后登记到名册的，写明是谁",
        ),
        Field("elected", "当选", "lines", hint="每行一个姓名，须在上面", width=6),
    )


async def _term(_: Visit) -> Parts:
    return (
        Field("congress_number", "第几届", "number", required=True, width=3),
        Field("started_on", "本届第一次会议第一天", "date", required=True, width=3),
        Field("ended_on", "下一届第一次会议第一天", "date", hint="还没换届的不填", width=3),
        Field("quota", "代表名额", "number", width=3),
        Field("population", "人口", "number", width=3),
    )


async def _office(_: Visit) -> Parts:
    return (
        Field("year", "年度", "number", required=True, width=3),
        Field("staff", "工作人员", "number", width=3),
        Field("full_time_staff", "其中专职", "number", width=3),
        Field("funds_budgeted", "预算经费（元）", "number", width=3),
        Field("funds_spent", "支出经费（元）", "number", width=3),
    )


KINDS: Final[Mapping[str, Kind]] = {
    "groups": Kind(
        "小组",
        "groups",
        "/groups",
        _group,
        people.group_name,
        (Field("on", "换组长从哪天起", "date", hint="不填就是今天", width=3),),
    ),
    "stations": Kind("阵地", "stations", "/groups", _station, lambda one: str(one["name"])),
    "constituencies": Kind(
        "选区", "constituencies", "/constituencies", _constituency, lambda one: str(one["name"])
    ),
    "by-elections": Kind(
        "补选",
        "by_elections",
        "/constituencies",
        _by_election,
        lambda one: f"{one['constituency']} {one['held_on']}",
    ),
    "terms": Kind("届次", "terms", "/terms", _term, lambda one: f"第{one['congress_number']}届"),
    "offices": Kind("人大办情况", "office", "/terms", _office, lambda one: f"{one['year']}年人大办"),
}
_NOUNS: Final = "|".join(KINDS)


async def _stations(visit: Visit) -> list[dict[str, Any]]:
    return await visit.api.all(visit.at("roster", "stations"), limit=200)


@page("/groups", roles=READERS)
async def list_places(visit: Visit) -> web.Response:
    groups, stations, composition, rows = await asyncio.gather(
        part(people.groups(visit), LATE_SECONDS),
        part(_stations(visit), LATE_SECONDS),
        part(_composition(visit), LATE_SECONDS),
        part(people.deputies(visit), LATE_SECONDS),
    )
    return visit.html(
        "places.html",
        groups=groups,
        stations=stations,
        station_names={one["id"]: one["name"] for one in stations or []},
        members=None if composition is None else {g["group_id"]: g["members"] for g in composition["groups"]},
        names={row["deputyship_id"]: row["name"] for row in rows or []},
    )


@page("/constituencies", roles=READERS)
async def list_constituencies(visit: Visit) -> web.Response:
    drawn, composition, held = await asyncio.gather(
        part(visit.api.all(visit.at("roster", "constituencies"), limit=200), LATE_SECONDS),
        part(_composition(visit), LATE_SECONDS),
        part(visit.api.all(visit.at("roster", "by_elections"), limit=200), LATE_SECONDS),
    )
    return visit.html(
        "constituencies.html",
        drawn=None if drawn is None else {one["name"]: one for one in drawn},
        composition=composition,
        held=None if held is None else sorted(held, key=lambda one: str(one["held_on"]), reverse=True),
    )


@page("/terms", roles=READERS)
async def list_terms(visit: Visit) -> web.Response:
    terms, offices = await asyncio.gather(
        part(visit.api.all(visit.at("roster", "terms"), limit=200), LATE_SECONDS),
        part(visit.api.all(visit.at("roster", "office"), limit=200), LATE_SECONDS),
    )
    return visit.html(
        "terms.html",
        terms=None if terms is None else sorted(terms, key=lambda one: -int(one["congress_number"])),
        offices=None if offices is None else sorted(offices, key=lambda one: -int(one["year"])),
    )


async def _composition(visit: Visit) -> Any:
    return await visit.api.get(visit.at("roster", "composition"), as_of=visit.today.isoformat())


@page(f"/{{kind:{_NOUNS}}}/new", roles=OFFICE)
async def new_place(visit: Visit) -> web.Response:
    form = Form.of(
        await KINDS[visit.id("kind")].fields(visit), {"year": visit.year, "constituency": visit.asked("of")}
    )
    return await _page(visit, form)


@action(f"/{{kind:{_NOUNS}}}/new", roles=OFFICE)
async def add_place(visit: Visit) -> web.Response:
    noun = visit.id("kind")
    kind = KINDS[noun]

    async def send(form: Form) -> Done:
        body = _sent(form.body(visit.today, visit.year))
        added = await visit.api.post(visit.at("roster", kind.path), body, key=visit.key)
        return Done(kind.page, f"已登记{kind.title}：{kind.name(added)}", [(f"/{noun}/new", "再登记一个")])

    return await visit.submit(await kind.fields(visit), send, lambda form, status: _page(visit, form, status))


@page(f"/{{kind:{_NOUNS}}}/{{id}}", roles=READERS)
async def show_place(visit: Visit) -> web.Response:
    kind = KINDS[visit.id("kind")]
    answer = await visit.api.answer("GET", visit.at("roster", f"{kind.path}/{visit.id()}"))
    form = Form.of((*await kind.fields(visit), *kind.changed), answer.body)
    return await _page(visit, form, record=answer.body, version=answer.version)


@action(f"/{{kind:{_NOUNS}}}/{{id}}", roles=OFFICE)
async def change_place(visit: Visit) -> web.Response:
    kind = KINDS[visit.id("kind")]
    path = visit.at("roster", f"{kind.path}/{visit.id()}")
    fields = (*await kind.fields(visit), *kind.changed)

    async def send(form: Form) -> Done:
        record, _ = await visit.api.current(path)
        patch = _sent(form.changes(record, visit.today, visit.year))
        if patch:
            await visit.api.patch(path, patch, version=visit.version)
        return Done(kind.page, f"已保存：{kind.name(record)}")

    async def again(form: Form, status: int) -> web.Response:
        record, _ = await visit.api.current(path)
        return await _page(visit, form, status, record=record, version=visit.version)

    return await visit.submit(fields, send, again, current=lambda: visit.api.current(path))


def _sent(body: dict[str, Any]) -> dict[str, Any]:
    """A reception day that is a number is a day of each month."""
    day = body.get("reception_day")
    return {**body, "reception_day": whole_or_text(day)} if isinstance(day, str) else body


async def _page(
    visit: Visit, form: Form, status: int = 200, *, record: Any = None, version: str | None = None
) -> web.Response:
    noun = visit.id("kind")
    kind = KINDS[noun]
    members = None
    if noun == "groups" and record is not None:
        rows = await part(people.deputies(visit), LATE_SECONDS)
        members = None if rows is None else [row for row in rows if row["group_id"] == record["id"]]
    writes = visit.may("office")
    return await visit.form_page(
        "place.html",
        form,
        draft=f"{noun}/{record['id'] if record else 'new'}" if writes else "",
        status=status,
        title=kind.title,
        list_page=kind.page,
        name=kind.name(record) if record else "",
        record=record,
        version=version,
        kind=noun,
        members=members,
    )


PAGES: Final = (
    list_places,
    list_constituencies,
    list_terms,
    new_place,
    add_place,
    show_place,
    change_place,
)
