"""The entry of a reception, a visit or another contact with the opinions received at it, in one request."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from services.console import choices
from services.console.api import LATE_SECONDS, part
from services.console.forms import Faulty, Field, Form, Rows, day
from services.console.menu import OFFICE
from services.console.pages import scanning
from services.console.visit import Done, Visit, action, page
from services.console.words import WORDS

NAMES: Final = "activity.attendance"
HELD_ON, STATION, VOTERS = "activity.held_on", "activity.station_id", "activity.voters_count"
LEVELS: Final = ("town", "county", "city", "province")
DRAFT: Final = "receptions/new"
ANSWERED: Final = "answered"
FORWARDED: Final = "forwarded"
HOW: Final = ((ANSWERED, "当场答复"), (FORWARDED, "转交"))
CATEGORIES: Final = ("道路交通", "农田水利", "环境卫生", "教育医疗", "社会保障", "村务社区", "其他")
_LETTERS: Final = re.compile(r"[A-Za-z]{2,8}")


async def _parts(visit: Visit) -> list[Field | Rows]:
    stations, items = await asyncio.gather(choices.stations(visit), _plan_items(visit))
    opinion = (
        Field("category", "类别", suggest=CATEGORIES, width=2),
        Field("text", "内容", required=True, width=6),
        Field("how", "处理", "select", options=HOW, width=2),
        Field("words", "答复的内容，或者转交的单位", width=4),
    )
    return [
        Field(
            "activity.kind",
            "种类",
            "radio",
            required=True,
            options=tuple(WORDS["contact_kind"].items()),
            width=4,
        ),
        Field(HELD_ON, "日期", "date", required=True, hint="如 0612", width=2),
        Field(STATION, "站点", "select", options=stations, width=3),
        Field(VOTERS, "接待人次", "number", hint="没有数的不填", width=3),
        Field(NAMES, "代表", hint="姓名，或者姓名的拼音首字母，用空格、顿号隔开", width=6),
        Field("activity.place", "地点", hint="不在站点的写明", width=3, empty=""),
        Field("activity.plan_item_id", "对应计划项", "select", options=items, width=3),
        Rows(
            "opinions",
            "收到的意见",
            opinion,
            blank=3,
            hint="没有处理的，“处理”留空；选民的姓名电话不要写在这里，登记后在意见页另填。",
        ),
    ]


async def _plan_items(visit: Visit) -> choices.Choices:
    """Items of the year's plans that are not done."""
    plans = await part(visit.api.all(visit.at("activities", "plans"), year=visit.year), LATE_SECONDS)
    return [
        (item["id"], item["title"])
        for plan in plans or ()
        for item in plan["items"]
        if item["state"] == "planned"
    ]


@page("/receptions/new", roles=OFFICE)
async def new_reception(visit: Visit) -> web.Response:
    values = {"activity.kind": "reception", "activity.plan_item_id": visit.asked("plan_item")}
    return await _page(visit, Form(await _parts(visit), values))


@page("/receptions/register", roles=OFFICE)
async def print_register(visit: Visit) -> web.StreamResponse:
    """The register to be filled in at a reception, as PDF."""
    asked = {name: visit.asked(name) for name in ("held_on", "station_id")}
    path = visit.at("activities", "reception_register")
    return await visit.hand_on(path, accept="application/pdf", **asked)


@action("/receptions/new", roles=OFFICE, files=True)
async def add_reception(visit: Visit) -> web.Response:
    parts = await _parts(visit)
    if scanning.PHOTOS in visit.sent:
        form = Form.sent(parts, visit.sent)
        return await _page(visit, form, scan=await _scan(visit, form))

    async def send(form: Form) -> Done:
        scanning.refuse_unread(visit, form)
        body = form.body(visit.today, visit.year)
        activity: dict[str, Any] = body["activity"]
        if names := activity.pop("attendance", ""):
            activity["attendance"] = await _attendance(visit, form, activity, names)
        rows = body.get("opinions", [])
        body["opinions"] = [_opinion(row, activity["held_on"]) for row in rows]
        made = await visit.api.post(visit.at("activities", "receptions"), body, key=visit.key)
        return _done(made)

    return await visit.submit(parts, send, lambda form, status: _page(visit, form, status))


async def _scan(visit: Visit, form: Form) -> scanning.Scan:
    """Read photographs of the register: the number of voters is proposed in its field."""
    form.values = {
        name: value for name, value in form.values.items() if value
    }  # rows that are empty are drawn anew
    try:
        held_on = day(str(form.value(HELD_ON)), visit.today).isoformat()
    except ValueError:
        held_on = ""
    station = str(form.value(STATION) or "")
    if not held_on or not station:
        return scanning.Scan(told=["请先填日期、选站点，再识读那一天的登记表"])
    scan = await scanning.read(visit, {"of": "reception", "held_on": held_on, "station_id": station}, form)
    if scan.register and str(form.value(VOTERS)).strip() not in ("", str(scan.voters)):
        form.title = "请看一眼"
        form.faults[VOTERS] = f"填的和照片上不一样，照片上数出 {scan.voters} 人次"
    elif scan.register:
        form.values[VOTERS] = str(scan.voters)
    return scan


async def _attendance(visit: Visit, form: Form, activity: Mapping[str, Any], names: str) -> Mapping[str, Any]:
    """Who received, read by the service from what was written. Errors: Faulty."""
    found = await visit.api.post(
        visit.at("activities", "attendance:resolve"),
        {
            "of": activity["kind"],
            "held_on": activity["held_on"],
            "present": await _spelled_out(visit, names, activity["held_on"]),
            "invited": {"levels": LEVELS},
            "others": "not_recorded",
        },
    )
    if found["attendance"] is None:
        form.faults[NAMES] = "；".join(_doubt(doubt) for doubt in found["doubts"])
        raise Faulty(form)
    attendance: Mapping[str, Any] = found["attendance"]
    return attendance


def _doubt(doubt: Mapping[str, Any]) -> str:
    several = "、".join(f"{one['name']}（{one['constituency']}）" for one in doubt["candidates"])
    return f"“{doubt['written']}”{doubt['message']}" + (f"：{several}" if several else f"，{doubt['hint']}")


async def _spelled_out(visit: Visit, names: str, held_on: str) -> str:
    """Initials replaced by the name that they are of, where that is one."""
    spelled = names
    for letters in set(_LETTERS.findall(names)):
        answer = await visit.api.get(visit.at("roster", "deputies"), q=letters, as_of=held_on)
        of = {row["name"] for row in answer["items"] if row["initials"].casefold() == letters.casefold()}
        if len(of) == 1:
            spelled = spelled.replace(letters, of.pop())
    return re.sub(r"[ \u3000]+", "、", spelled.strip())


def _opinion(row: Mapping[str, Any], held_on: str) -> dict[str, Any]:
    """An opinion of the request from its row: an answer or a unit stands in the words beside it."""
    opinion = {name: row[name] for name in ("category", "text") if name in row}
    words = row.get("words", "")
    match row.get("how"):
        case "answered":
            opinion |= {"state": ANSWERED, "answered_on": held_on, "answer": words}
        case "forwarded":
            opinion |= {"state": FORWARDED, "forwarded_on": held_on, "forwarded_to": words or None}
    return opinion


def _done(made: Mapping[str, Any]) -> Done:
    activity, opinions = made["activity"], made["opinions"]
    kind = WORDS["contact_kind"].get(activity["kind"], activity["title"])
    came = f"，接待 {activity['voters_count']} 人次" if activity["voters_count"] is not None else ""
    told = f"已登记：{activity['held_on']} {kind}{came}，意见 {len(opinions)} 条"
    ways = [("/receptions/new", "登记下一次"), (f"/activities/{activity['id']}", "看这次接待")]
    return Done("/receptions", told, ways)


async def _page(
    visit: Visit, form: Form, status: int = 200, scan: scanning.Scan | None = None
) -> web.Response:
    _place_faults(form)
    stations = next(field.options for field in form.fields() if field.name == STATION)
    return await visit.form_page(
        "reception.html", form, draft=DRAFT, status=status, scan=scan, stations=stations, on=visit.today
    )


def _place_faults(form: Form) -> None:
    """Nothing of a row is lost where its fault has no field of its own."""
    form.faults = {name.replace(".answer", ".words"): text for name, text in form.faults.items()}


PAGES: Final[Sequence[Any]] = (print_register, new_reception, add_reception)
