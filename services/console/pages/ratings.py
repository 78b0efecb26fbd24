"""Rating meetings: their list, the form of one, its page with every step."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.forms import Field, Form
from services.console.menu import DEPUTY, OFFICE, READERS, TELLER
from services.console.pages import rating_facts as facts
from services.console.pages.rating_facts import Meeting, meeting_of
from services.console.visit import Done, Visit, action, page
from services.console.words import RATING_METHODS
from shared.chinese.percent import percent

WIDTH: Final = 600
"""Units of a bar of the chart."""
PRESET: Final = "preset:"
FIXED: Final = ("held_on", "scheme_id", "method", "deputyship_ids")
"""Fields of a draft; what the ballot says cannot change once voting has begun."""
_NULLS: Final = frozenset({"invited", "present", "plan_item_id"})
"""Fields that are null where nobody said; texts are empty."""
CALLED: Final = READERS | DEPUTY | TELLER
CLASSES: Final = ("okay", "act", "pale", "warned", "soft")
"""Of the parts of a bar, in the order of the options; 弃权 is grey, 划错 white."""


@page("/ratings", roles=READERS | DEPUTY)
async def list_meetings(visit: Visit) -> web.Response:
    meetings = await part(visit.api.all(visit.at("ratings", "meetings"), year=visit.year), LATE_SECONDS)
    rows = sorted(meetings or (), key=lambda meeting: str(meeting["held_on"]))
    return visit.html("ratings.html", meetings=None if meetings is None else rows)


@page("/ratings/new", roles=OFFICE)
async def new_meeting(visit: Visit) -> web.Response:
    fields = await _fields(visit)
    return await _form_page(visit, Form.of(fields, {"method": "paper"}))


@action("/ratings/new", roles=OFFICE)
async def add_meeting(visit: Visit) -> web.Response:
    fields = await _fields(visit)

    async def send(form: Form) -> Done:
        body = form.body(visit.today, visit.year)
        await _adopt(visit, body)
        added = await visit.api.post(visit.at("ratings", "meetings"), body, key=visit.key)
        return Done(f"/ratings/{added['id']}", "已登记测评会。下面是要办的各步")

    return await visit.submit(fields, send, lambda form, status: _form_page(visit, form, status))


@page("/ratings/{id}/edit", roles=OFFICE)
async def edit_meeting(visit: Visit) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    form = Form.of(await _fields(visit, meeting), meeting.record)
    return await _form_page(visit, form, meeting=meeting, version=meeting.version)


@action("/ratings/{id}/edit", roles=OFFICE)
async def change_meeting(visit: Visit) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    fields = await _fields(visit, meeting)

    async def current() -> tuple[Mapping[str, Any], str]:
        return meeting.record, meeting.version

    async def send(form: Form) -> Done:
        patch = form.changes(meeting.record, visit.today, visit.year)
        patch |= {name: "" for name, value in patch.items() if value is None and name not in _NULLS}
        await _adopt(visit, patch)
        if patch:
            await visit.api.patch(visit.at("ratings", f"meetings/{meeting.id}"), patch, version=visit.version)
        return Done(meeting.path, "已保存")

    async def again(form: Form, status: int) -> web.Response:
        return await _form_page(visit, form, status, meeting=meeting, version=visit.version)

    return await visit.submit(fields, send, again, current=current)


@page("/ratings/{id}", roles=CALLED)
async def show_meeting(visit: Visit) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    counts, reports, results = await asyncio.gather(
        _counts(visit, meeting), _reports(visit, meeting), _results(visit, meeting)
    )
    return visit.html(
        "rating.html",
        meeting=meeting,
        record=meeting.record,
        counts=counts,
        progress=_progress(meeting, counts),
        differences=facts.differences(meeting, counts),
        reports=reports,
        results=results,
        bars=_bars(results),
        leads=meeting.led_by(visit),
        counts_here=meeting.counted_by(visit),
        slips=meeting.record["method"] in facts.SLIPS,
        paper=meeting.record["method"] in facts.ON_PAPER,
        base_url=visit.voters_url,
        key=visit.key,
    )


async def _counts(visit: Visit, meeting: Meeting) -> Any:
    """How far printing and the count are; the office and tellers see it. None where it is late."""
    begun = meeting.record["state"] != "draft" or meeting.record["method"] in facts.SLIPS
    if not visit.may("office", "teller") or not begun:
        return None
    return await part(visit.api.get(visit.at("ratings", f"meetings/{meeting.id}/counts")), LATE_SECONDS)


async def _reports(visit: Visit, meeting: Meeting) -> Any:
    """Duty reports by deputy; None where they are late, or not for this role."""
    if not visit.may("office", "leader", "deputy", "county", "auditor"):
        return None
    found = await part(
        visit.api.all(visit.at("ratings", "duty_reports"), meeting_id=meeting.id), LATE_SECONDS
    )
    return None if found is None else {report["deputyship_id"]: report for report in found}


async def _results(visit: Visit, meeting: Meeting) -> Any:
    if meeting.record["state"] != "published":
        return None
    return await part(visit.api.get(visit.at("ratings", f"meetings/{meeting.id}/results")), LATE_SECONDS)


def _progress(meeting: Meeting, counts: Any) -> list[tuple[int, str, dict[int, str]]]:
    """(number, name, tellers by entry) of each count sheet."""
    keyed: dict[tuple[str, str], dict[int, str]] = {}
    for sheet in counts["sheets"] if counts else ():
        place = sheet["dimension"], sheet["group"]
        keyed.setdefault(place, {})[sheet["entry"]] = meeting.person(sheet["teller"])
    return [
        (number, facts.sheet_name(place), keyed.get(place, {}))
        for number, place in enumerate(meeting.sheets, 1)
    ]


def _bars(results: Any) -> list[dict[str, Any]]:
    """One bar a deputy, in the order of the meeting: (x, width, class, label, number) of each part."""
    if results is None or results["suppressed"] or not results["valid"]:
        return []
    labels = {option["code"]: option["label"] for option in results["scheme"]["options"]}
    lines = []
    for row in results["deputies"]:
        numbers = [(labels[code], number) for code, number in row["counts"].items()]
        classes = [*CLASSES[: len(numbers)], *[CLASSES[-1]] * (len(numbers) - len(CLASSES)), "none", "blank"]
        numbers += [("弃权", row["abstain"]), ("划错", row["spoiled"])]
        parts, x = [], 0.0
        for kind, (label, number) in zip(classes, numbers, strict=True):
            width = WIDTH * number / results["valid"]
            parts.append((round(x, 1), round(width, 1), kind, label, number))
            x += width
        rate = row["rate"]
        shown = percent(rate["numerator"], rate["denominator"]) if rate else "—"
        grade = labels.get(row["grade"], row["grade"]) if row["grade"] else ""
        lines.append({**row, "parts": parts, "rate_shown": shown, "grade_shown": grade})
    return lines


async def _fields(visit: Visit, meeting: Meeting | None = None) -> tuple[Field, ...]:
    """The form; of a meeting that has begun without what its ballots say."""
    record: Mapping[str, Any] = meeting.record if meeting else {}
    day = str(record.get("held_on") or min(visit.today.isoformat(), f"{visit.year}-12-31"))
    schemes, presets, deputies, accounts, plans = await asyncio.gather(
        part(visit.api.all(visit.at("ratings", "schemes")), LATE_SECONDS),
        part(visit.api.get(visit.at("ratings", "scheme_presets")), LATE_SECONDS),
        facts.deputies_on(visit, day),
        facts.tellers(visit),
        part(visit.api.all(visit.at("activities", "plans"), year=visit.year), LATE_SECONDS),
    )
    subjects, items = _subjects(accounts, record), _items(plans or (), record)
    fields = (
        Field("held_on", "开会日期", "due", required=True, hint="如 1203", width=3),
        Field("constituency", "选区", hint="写在票上和结果上", suggest=_constituencies(deputies), width=5),
        Field("invited", "应到选民代表", "number", hint="人", width=2),
        Field("present", "实到选民代表", "number", hint="人，会后填", width=2),
        Field(
            "deputyship_ids", "述职代表", "names", width=12, options=_people(deputies, meeting),
            hint="按印在票上的次序写，用顿号隔开",
        ),
        Field("scheme_id", "评议办法", "select", required=True, options=_schemes(schemes, presets), width=6),
        Field(
            "method", "用什么票", "radio", required=True, options=tuple(RATING_METHODS.items()), width=6,
            hint="有扫码票的，要有一位主持计票人",
        ),
        Field(
            "tellers", "计票人", "names", options=subjects, width=4,
            hint="两名计票员账号的姓名；先在“账号”里建好",
        ),
        Field(
            "presiding", "主持计票人", "name", options=subjects, width=4,
            hint="只在有扫码票时填；不印票，也不计票",
        ),
        Field("scrutineers", "监票人", "lines", hint="每行一人，印在计票表上", width=4, rows=2),
        Field("plan_item_id", "对应计划项", "select", options=items, width=6),
    )  # fmt: skip
    begun = record.get("state", "draft") != "draft"
    return tuple(field for field in fields if not (begun and field.name in FIXED))


def _schemes(schemes: Any, presets: Any) -> list[tuple[str, str]]:
    """The town's own, and those in common use that it has not taken over yet."""
    own = [(scheme["id"], scheme["name"]) for scheme in schemes or ()]
    usual = [
        (PRESET + preset["preset"], f"{preset['name']}（通行办法，照样采用）")
        for preset in (presets["items"] if presets else ())
        if preset["name"] not in dict(own).values()
    ]
    return [*own, *usual]


def _subjects(accounts: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Accounts of tellers, and whoever is named already."""
    subjects = [(account["id"], account["display_name"]) for account in accounts]
    named = [*record.get("tellers", ()), *filter(None, [record.get("presiding", "")])]
    return [*subjects, *((name, name) for name in named if name not in dict(subjects))]


def _items(plans: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Items of the year's plans that a rating meeting may finish."""
    return [
        (item["id"], item["title"])
        for plan in plans
        for item in plan["items"]
        if item["id"] == record.get("plan_item_id")
        or (item["kind"] == "rating_meeting" and item["state"] == "planned")
    ]


def _constituencies(deputies: Sequence[Mapping[str, Any]]) -> list[str]:
    return sorted({row["constituency"] for row in deputies if row["level"] == "town" and row["constituency"]})


def _people(deputies: Sequence[Mapping[str, Any]], meeting: Meeting | None) -> list[tuple[str, str]]:
    """Deputies of the town first; a person who is one of a higher level too is found under the town's mandate."""
    options: dict[str, str] = {}
    ordered = sorted(deputies, key=lambda row: row["level"] != "town")
    for row in ordered:
        if row["printed_name"] not in options.values():
            options[row["deputyship_id"]] = row["printed_name"]
    for id in meeting.record["deputyship_ids"] if meeting else ():
        options.setdefault(id, meeting.names.get(id, id) if meeting else id)
    return list(options.items())


async def _adopt(visit: Visit, body: dict[str, Any]) -> None:
    """A usual scheme that was chosen becomes one of the town's."""
    chosen = str(body.get("scheme_id", ""))
    if not chosen.startswith(PRESET):
        return
    presets = await visit.api.get(visit.at("ratings", "scheme_presets"))
    preset = next(one for one in presets["items"] if one["preset"] == chosen.removeprefix(PRESET))
    rules = {name: value for name, value in preset.items() if name not in ("preset", "formula_label")}
    adopted = await visit.api.post(visit.at("ratings", "schemes"), rules, key=f"{visit.key}.scheme")
    body["scheme_id"] = adopted["id"]


async def _form_page(
    visit: Visit, form: Form, status: int = 200, *, meeting: Meeting | None = None, version: str = ""
) -> web.Response:
    draft = f"ratings/{meeting.id}/edit" if meeting else "ratings/new"
    return await visit.form_page(
        "rating_form.html", form, draft=draft, status=status, meeting=meeting, version=version
    )


PAGES: Final = (list_meetings, new_meeting, add_meeting, edit_meeting, change_meeting, show_meeting)
