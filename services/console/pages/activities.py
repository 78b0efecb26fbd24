"""Activities: the list, one record, what is done to it, its photographs."""

import asyncio
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.forms import Faulty, Field, Form
from services.console.menu import DEPUTY, LEADER, OFFICE, READERS
from services.console.pages import attendance
from services.console.pages.records import PAGE, bars, following
from services.console.visit import Done, Visit, action, page
from services.console.words import ACTIVITY_KINDS
from shared.chinese.numerals import whole

VOID: Final = (Field("reason", "作废的原因", required=True, width=8),)
PICTURE: Final = (
    Field(
        "file",
        "照片或扫描件",
        "file",
        hint="JPEG、PNG、HEIC 或 PDF，不超过 32 MB；图片去掉拍摄地点和设备，PDF 原样留存",
        width=8,
    ),
)
SIMILAR_SHOWN: Final = 5


@page("/activities", roles=READERS | DEPUTY)
async def list_activities(visit: Visit) -> web.Response:
    kind, group, words = visit.asked("kind"), visit.asked("group"), visit.asked("q").strip()
    month = whole(visit.asked("month")) or 0
    month = month if month <= 12 else 0
    span = {"from": f"{visit.year}-{month:02}-01", "to": _last_day(visit.year, month)} if month else {}
    asked = {"year": visit.year, "kind": kind, "group_id": group, "q": words, **span}
    held, months, groups, repeated, waiting = await asyncio.gather(
        part(
            visit.api.get(
                visit.at("activities", "activities"),
                **asked, order="-held_on", total=True, limit=PAGE, cursor=visit.asked("cursor"),
            ),
            LATE_SECONDS,
        ),
        part(
            visit.api.get(visit.at("activities", "activities:months"), year=visit.year, kind=kind, group_id=group),
            LATE_SECONDS,
        ),
        part(visit.api.all(visit.at("roster", "groups")), LATE_SECONDS),
        _for(visit, OFFICE, "duplicates", year=visit.year),
        _for(visit, OFFICE | LEADER, "activities/drafts", state="pending"),
    )  # fmt: skip
    return visit.html(
        "activities.html",
        held=held,
        bars=bars(months["items"]) if months else None,
        groups=groups or [],
        kinds=ACTIVITY_KINDS,
        chosen={"kind": kind, "group": group, "month": month, "q": words},
        following=following(visit, held["next_cursor"] if held else None),
        repeated=len(repeated["items"]) if repeated else 0,
        waiting=waiting["items"] if waiting else [],
    )


async def _for(visit: Visit, roles: frozenset[str], path: str, **query: Any) -> Any:
    """What only some roles are told, or None."""
    return (
        await part(visit.api.get(visit.at("activities", path), **query), LATE_SECONDS)
        if visit.may(*roles)
        else None
    )


def _last_day(year: int, month: int) -> str:
    days = 31 if month in (1, 3, 5, 7, 8, 10, 12) else 30
    leap = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return f"{year}-{month:02}-{leap if month == 2 else days}"


@page("/activities/similar", roles=OFFICE)
async def list_similar(visit: Visit) -> web.Response:
    """What was recorded that day, of that kind, and may be the same: for the form's script."""
    names = ("held_on", "kind", "group_id", "title", "place")
    asked = {name: visit.asked(name) for name in names if visit.asked(name)}
    found = await part(visit.api.get(visit.at("activities", "activities:similar"), **asked), LATE_SECONDS)
    return web.json_response({"items": (found or {"items": []})["items"][:SIMILAR_SHOWN]})


@page("/activities/{id}", roles=READERS | DEPUTY)
async def show_activity(visit: Visit) -> web.Response:
    return await _record(visit, Form(VOID), Form(PICTURE))


async def _record(visit: Visit, form: Form, picture: Form, status: int = 200) -> web.Response:
    record, version = await visit.api.current(visit.at("activities", f"activities/{visit.id()}"))
    groups, stations, files, names = await asyncio.gather(
        part(visit.api.all(visit.at("roster", "groups")), LATE_SECONDS),
        part(visit.api.all(visit.at("roster", "stations")), LATE_SECONDS),
        part(visit.api.all(visit.at("activities", "evidence"), activity_id=record["id"]), LATE_SECONDS),
        attendance.names(visit, record),
    )
    labels = {group["id"]: group["name"] or f"第{group['number']}小组" for group in groups or []}
    labels |= {station["id"]: station["name"] for station in stations or []}
    return await visit.form_page(
        "activity.html",
        form,
        draft="",
        status=status,
        a=record,
        version=version,
        labels=labels,
        names=names,
        files=files,
        picture=picture,
        paper=[name for name in record["evidence"] if name not in record["evidence_sha256"]],
    )


@action("/activities/{id}/void", roles=OFFICE)
async def void_activity(visit: Visit) -> web.Response:
    path = visit.at("activities", f"activities/{visit.id()}:void")

    async def send(form: Form) -> Done:
        await visit.api.post(path, form.body(visit.today, visit.year), key=visit.key, version=visit.version)
        return Done(f"/activities/{visit.id()}", "已作废；记录保留原样，不再计数")

    return await visit.submit(VOID, send, lambda form, status: _record(visit, form, Form(PICTURE), status))


@action("/activities/{id}/pictures", roles=OFFICE, files=True)
async def add_picture(visit: Visit) -> web.Response:
    """Keep a file and name it in the activity; sent twice, it is one file and named once."""
    sent, path = visit.sent.get("file"), visit.at("activities", f"activities/{visit.id()}")

    async def send(form: Form) -> Done:
        if not isinstance(sent, web.FileField) or not sent.filename:
            form.faults["file"] = "请先选一张照片或者一个 PDF 文件"
            raise Faulty(form)
        answer = await visit.api.upload(
            visit.at("activities", "evidence"),
            sent.file.read(),
            sent.filename,
            kind=sent.content_type,
            key=visit.key,
        )
        record, version = await visit.api.current(path)
        if answer.body["id"] not in record["evidence"]:
            await visit.api.patch(
                path, {"evidence": [*record["evidence"], answer.body["id"]]}, version=version
            )
        return Done(f"/activities/{visit.id()}", f"已存：{answer.body['filename']}")

    return await visit.submit(PICTURE, send, lambda form, status: _record(visit, Form(VOID), form, status))


@action("/activities/{id}/pictures/{file}/void", roles=OFFICE)
async def void_picture(visit: Visit) -> web.Response:
    path = visit.at("activities", f"evidence/{visit.id('file')}:void")

    async def send(form: Form) -> Done:
        await visit.api.post(path, form.body(visit.today, visit.year), key=visit.key)
        return Done(f"/activities/{visit.id()}", "照片已作废，不再提供")

    return await visit.submit(VOID, send, lambda form, status: _record(visit, form, Form(PICTURE), status))


@page("/activities/pictures/{file}", roles=READERS | DEPUTY)
async def show_picture(visit: Visit) -> web.StreamResponse:
    return await visit.hand_on(visit.at("activities", f"evidence/{visit.id('file')}"))


@page("/activities/{id}/sheet", roles=OFFICE)
async def print_record(visit: Visit) -> web.StreamResponse:
    """The record as a sheet to file, as PDF."""
    path = visit.at("activities", f"activities/{visit.id()}/sheet")
    return await visit.hand_on(path, accept="application/pdf")


@page("/sign-in-sheet", roles=OFFICE | LEADER)
async def print_sheet(visit: Visit) -> web.StreamResponse:
    """The sheet to be signed, of a day and a scope, as PDF."""
    asked: dict[str, Any] = {
        name: visit.asked(name) for name in ("of", "held_on", "title", "group_id", "station_id")
    }
    asked["held_on"] = asked["held_on"] or visit.today.isoformat()
    path = visit.at("activities", "sign_in_sheet")
    return await visit.hand_on(path, accept="application/pdf", **asked)


PAGES: Final = (
    list_activities,
    list_similar,
    show_activity,
    void_activity,
    add_picture,
    void_picture,
    show_picture,
    print_record,
    print_sheet,
)
