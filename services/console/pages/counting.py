"""The tellers' pages: their meetings, one count sheet as on paper, slips that came in filled in by hand."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.errors import NoPage
from services.console.forms import Field, Form
from services.console.menu import TELLER
from services.console.pages import count_scanning
from services.console.pages import rating_facts as facts
from services.console.pages.count_scanning import CountScan
from services.console.pages.rating_facts import Meeting, meeting_of, subject
from services.console.pages.scanning import PHOTOS, refuse_unread
from services.console.visit import Done, Visit, action, page
from shared.documents import numbers

OVER: Final = "published"
TOTALS: Final = (
    Field("issued", "发出", "number", required=True),
    Field("returned", "收回", "number", required=True),
    Field("void", "废票", "number"),
)
MARKS: Final = (("abstain", "弃权"), ("spoiled", "划错"))
ENTRY: Final = Field("entry", "第几遍", "radio", required=True, options=(("1", "第一遍"), ("2", "第二遍")))
CODES: Final = (
    Field("codes", "票号", "lines", required=True, rows=8, width=6, hint="每行一个，照票面上的写"),
)


@page("/counting", roles=TELLER)
async def list_sheets(visit: Visit) -> web.Response:
    """The meetings of whoever counts or presides, and how far each is."""
    meetings = await visit.api.all(visit.at("ratings", "meetings"), voided=False)
    own = [meeting for meeting in meetings if _concerns(visit, meeting) and meeting["state"] != OVER]
    held = await asyncio.gather(*(meeting_of(visit, meeting["id"]) for meeting in own))
    states = await asyncio.gather(*(_state(visit, meeting) for meeting in held))
    cards = [
        {
            "meeting": meeting,
            "presides": meeting.record["presiding"] == subject(visit),
            "sheets": _sheets(visit, meeting, state),
            "state": state,
        }
        for meeting, state in zip(held, states, strict=True)
    ]
    done = [meeting for meeting in meetings if _concerns(visit, meeting) and meeting["state"] == OVER]
    return visit.html("counting.html", cards=cards, done=done)


def _concerns(visit: Visit, meeting: facts.Record) -> bool:
    """An account of one meeting has duties at no other; one of none has them where it is named."""
    if bound := visit.session.account.get("meeting_id"):
        return bool(meeting["id"] == bound)
    return subject(visit) in (*meeting["tellers"], meeting["presiding"])


async def _state(visit: Visit, meeting: Meeting) -> Any:
    return await part(visit.api.get(visit.at("ratings", f"meetings/{meeting.id}/counts")), LATE_SECONDS)


def _sheets(visit: Visit, meeting: Meeting, state: Any) -> list[dict[str, Any]]:
    """Each sheet: which entry is one's own, and whether the other is there; no number of either."""
    sheets = []
    for number, place in enumerate(meeting.sheets, 1):
        keyed = _keyed(state, place)
        own = next((entry for entry, teller in keyed.items() if teller == subject(visit)), None)
        others = len(keyed) - (own is not None)
        name = facts.sheet_name(place)
        differs = bool(state) and state["quarantined"] and _differed(state, place)
        sheets.append({"number": number, "name": name, "own": own, "others": others, "differs": differs})
    return sheets


def _keyed(state: Any, place: tuple[str, str]) -> dict[int, str]:
    sheets = state["sheets"] if state else ()
    return {s["entry"]: s["teller"] for s in sheets if (s["dimension"], s["group"]) == place}


def _differed(state: Any, place: tuple[str, str]) -> bool:
    """Whether the entries of a sheet differed when it was keyed last."""
    tries = [t for t in state["tries"] if (t["dimension"], t["group"]) == place]
    return bool(tries) and bool(max(tries, key=lambda t: str(t["at"]))["differs"])


@page("/counting/{id}/{number}", roles=TELLER)
async def show_sheet(visit: Visit) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    place = facts.sheet_at(meeting, visit.id("number"))
    state = await _state(visit, meeting)
    form = Form.of(_fields(meeting), {"entry": _entry(visit, meeting, state, place)})
    return await _page(visit, meeting, place, form)


@action("/counting/{id}/{number}", roles=TELLER, files=True)
async def enter_sheet(visit: Visit) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    place = facts.sheet_at(meeting, visit.id("number"))
    if PHOTOS in visit.sent:
        form = Form.sent(_fields(meeting), visit.sent)
        scan = await count_scanning.read(visit, meeting.id, place, form)
        return await _page(visit, meeting, place, form, scan=scan)

    async def send(form: Form) -> Done:
        refuse_unread(visit, form)
        body = _body(form, visit, meeting) | {"dimension": place[0] or None, "group": place[1] or None}
        path = visit.at("ratings", f"meetings/{meeting.id}/counts")
        entered = await visit.api.post(path, body, key=visit.key)
        told = f"第{'一二'[entered['entry'] - 1]}遍已录入：{facts.sheet_name(place)}，有效票 {entered['valid']} 张。"
        if entered["quarantined"]:
            told += "这一张两遍不一致，请照原票再核。"
        return Done("/counting", told, _next(meeting, visit))

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, meeting, place, form, status)

    return await visit.submit(_fields(meeting), send, again)


def _next(meeting: Meeting, visit: Visit) -> list[tuple[str, str]]:
    following = int(visit.id("number")) + 1
    more = following <= len(meeting.sheets)
    return [(f"/counting/{meeting.id}/{following}", "录下一张")] if more else []


def _entry(visit: Visit, meeting: Meeting, state: Any, place: tuple[str, str]) -> int:
    """Which entry is one's own: the one keyed before, else by the order of the tellers, else the one that is free."""
    own, sheets = subject(visit), state["sheets"] if state else ()
    before = [sheet["entry"] for sheet in sheets if sheet["teller"] == own]
    if before:
        return int(before[0])
    named: Sequence[str] = meeting.record["tellers"]
    first = list(named).index(own) + 1 if own in named[:2] else 1
    return 3 - first if first in _keyed(state, place) else first


def _columns(meeting: Meeting) -> list[tuple[str, str]]:
    options = [(option["code"], option["label"]) for option in meeting.record["scheme"]["options"]]
    return [*options, *MARKS]


def _cells(meeting: Meeting) -> list[tuple[str, str, list[Field]]]:
    """(place of the row in the body, name, its cells)."""
    return [
        (
            f"counts.{id}",
            name,
            [Field(f"counts.{id}.{code}", f"{name}，{label}", "number") for code, label in _columns(meeting)],
        )
        for id, name in meeting.deputies
    ]


def _fields(meeting: Meeting) -> tuple[Field, ...]:
    """Every cell, and each row as the place of what is wrong with it as a whole."""
    rows = [field for row, name, cells in _cells(meeting) for field in (Field(row, name), *cells)]
    return (ENTRY, *TOTALS, *rows)


def _body(form: Form, visit: Visit, meeting: Meeting) -> dict[str, Any]:
    """The sheet as keyed: an empty cell is none. Errors: Faulty."""
    body = form.body(visit.today, visit.year)
    counts = body.get("counts", {})
    return {
        "entry": int(body["entry"]),
        "issued": body["issued"],
        "returned": body["returned"],
        "void": body.get("void", 0),
        "counts": {id: counts.get(id, {}) for id, _ in meeting.deputies},
    }


def _draft(visit: Visit, meeting: Meeting) -> str:
    return f"counting/{meeting.id}/{visit.id('number')}"


async def _page(
    visit: Visit,
    meeting: Meeting,
    place: tuple[str, str],
    form: Form,
    status: int = 200,
    scan: CountScan | None = None,
) -> web.Response:
    state = await _state(visit, meeting)
    return await visit.form_page(
        "count_sheet.html",
        form,
        draft=_draft(visit, meeting),
        status=status,
        meeting=meeting,
        name=facts.sheet_name(place),
        entry=ENTRY,
        totals=TOTALS,
        labels=[label for _, label in _columns(meeting)],
        rows=_cells(meeting),
        scan=scan,
        most=numbers.MOST,
        both=bool(state) and len(state["sheets"]) >= 2 * len(meeting.sheets),
    )


@page("/counting/{id}/slips", roles=TELLER)
async def show_slips(visit: Visit) -> web.Response:
    return await _slips_page(visit, Form(CODES))


@action("/counting/{id}/slips", roles=TELLER)
async def take_slips(visit: Visit) -> web.Response:
    """Slips that were filled in by hand and handed in as paper: they cannot vote any more."""
    path = visit.at("ratings", f"meetings/{visit.id()}/paper_slips")

    async def send(form: Form) -> Done:
        codes = form.body(visit.today, visit.year)["codes"]
        taken = await visit.api.post(path, {"codes": codes}, key=visit.key)
        told = f"已登记 {taken['accepted']} 张，计在计票表里"
        if taken["known"]:
            told += f"；{taken['known']} 张以前登记过"
        if taken["voted"]:
            lines = "、".join(str(place + 1) for place in taken["voted"])
            told += f"；第 {lines} 行的票已经扫码投过，那张纸质票作废"
        return Done("/counting", told)

    return await visit.submit(CODES, send, lambda form, status: _slips_page(visit, form, status))


async def _slips_page(visit: Visit, form: Form, status: int = 200) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    if meeting.record["method"] != "mixed":
        raise NoPage("这场测评没有扫码票")
    # No draft: nothing keeps the codes of slips.
    return await visit.form_page("paper_slips.html", form, draft="", status=status, meeting=meeting)


PAGES: Final = (list_sheets, show_slips, take_slips, show_sheet, enter_sheet)
