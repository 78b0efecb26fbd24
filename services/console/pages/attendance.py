"""The attendance sheet on a form: the roll of a day, what is marked and typed, what the service makes of it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web

from services.console.api import LATE_SECONDS, part
from services.console.errors import Away, Refused
from services.console.forms import Faulty, Field, Form, day
from services.console.menu import LEADER, OFFICE
from services.console.pages import scanning
from services.console.pages.records import LEVELS
from services.console.visit import Visit, action

OTHERS: Final = (("present", "其余都到"), ("not_recorded", "只记写到的"))
STATES: Final = {
    "present": "出席",
    "online": "线上",
    "half_day": "半天",
    "morning": "上午",
    "afternoon": "下午",
    "part": "部分时间",
    "leave": "请假",
    "leave_illness": "病假",
    "leave_official_duty": "公务",
    "leave_family": "家事",
    "leave_other": "其他",
    "absent": "缺席",
    "not_recorded": "未登记",
}
FIELDS: Final = (
    Field("others", "没写到的", "radio", options=OTHERS, width=6),
    Field("marks", "没到的", "textarea", rows=1, width=6),
)
OWN: Final = ("others", "marks")
APPROVAL: Final = ("approved_on", "approved_by")
"""Of all leave on the sheet, where it was one decision."""
SUMMARY: Final = "attendance_text"
"""What was recorded when the form was opened, in words: what somebody else recorded meanwhile is told beside it."""
LEFT_OUT: Final = "left_out"
"""How many on the roll nobody recorded."""
NOBODY: Final[dict[str, Any]] = {"present": [], "on_leave": [], "absent": []}
MARKED, SEEN, REDRAW = "marked", "seen", "_roll"


@dataclass
class Sheet:
    """`lines`: those expected; `states`: by deputyship, of those marked; `seen`: which roll the numbers are of."""

    of: str
    held_on: str
    lines: Sequence[Mapping[str, Any]] = ()
    guests: Sequence[Mapping[str, Any]] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    others: str = "present"
    needed: Mapping[str, Any] = field(default_factory=dict)
    late: bool = False
    scan: scanning.Scan = field(default_factory=scanning.Scan)
    choices: Sequence[str] = scanning.CHOICES

    @property
    def seen(self) -> str:
        return fingerprint(self.lines)

    @property
    def marked(self) -> str:
        return " ".join(f"{id}:{state}" for id, state in self.states.items())


def fingerprint(lines: Sequence[Mapping[str, Any]]) -> str:
    ids = " ".join(line["deputyship_id"] for line in lines)
    return hashlib.sha256(ids.encode()).hexdigest()[:12]


def scope(form: Form) -> dict[str, Any]:
    """Who is invited, as the body of `attendance:resolve` has it: groups, a station's, a level's, or who is marked."""
    who = str(form.value("who") or "")
    kind, _, id = who.partition(":")
    if kind == "group":
        return {"group_ids": [id]}
    if kind == "groups":
        chosen = form.value("group_ids")
        return {"group_ids": chosen if isinstance(chosen, list) else [chosen] if chosen else []}
    if kind == "station":
        return {"invited": {"station_ids": [id]}}
    if kind == "named":
        ids = [mark["deputyship_id"] for mark in _marks(form)]
        return {"invited": {"deputyship_ids": ids}}
    return {"invited": {"levels": [id]}} if kind == "level" and id else {}


def redrawn(visit: Visit) -> bool:
    """Whether the form was sent to be shown again: with another roll, or with what its photographs say."""
    return REDRAW in visit.sent or scanning.PHOTOS in visit.sent


def marks_of(text: str) -> list[dict[str, str]]:
    """The hidden field of marks as JSON; whatever is not one is left out."""
    pairs = (pair.partition(":") for pair in text.split())
    return [{"deputyship_id": id, "state": state} for id, _, state in pairs if state in STATES]


def _marks(form: Form) -> list[dict[str, str]]:
    """What is marked, and the answers to lines in doubt of people who were not marked otherwise."""
    states = _answers(form) | _marked(form)
    return [{"deputyship_id": id, "state": state} for id, state in states.items()]


def _marked(form: Form) -> dict[str, str]:
    return {mark["deputyship_id"]: mark["state"] for mark in marks_of(str(form.value(MARKED)))}


def _answers(form: Form) -> dict[str, str]:
    return {id: state for id, state in scanning.answered(form).items() if state in STATES}


def _printed(form: Form) -> dict[str, Any]:
    """Who is invited, as the query of the printed sheet has it."""
    asked = scope(form)
    invited = asked.pop("invited", {})
    names = (("station_ids", "station_id"), ("levels", "level"))
    return asked | {one: invited[several][0] for several, one in names if invited.get(several)}


def states_of(attendance: Mapping[str, Any]) -> dict[str, str]:
    """A record's attendance as marks."""
    states = dict.fromkeys(attendance["present"], "present")
    states |= dict.fromkeys(attendance.get("online", ()), "online")
    states |= {
        half["deputyship_id"]: half.get("portion") or "half_day" for half in attendance.get("half_day", ())
    }
    for leave in attendance["on_leave"]:
        states[leave["deputyship_id"]] = f"leave_{leave['reason']}" if leave["reason"] else "leave"
    return states | dict.fromkeys(attendance["absent"], "absent")


def told(attendance: Mapping[str, Any], expected: int) -> str:
    """`应到63，实到57，请假4，缺席2`; what nobody recorded of them is said too: `未登记1`."""
    present, on_leave, absent = (len(attendance[part]) for part in ("present", "on_leave", "absent"))
    missing = expected - present - on_leave - absent
    return f"应到{expected}，实到{present}，请假{on_leave}，缺席{absent}" + (
        f"，未登记{missing}" if missing > 0 else ""
    )


def left_out(form: Form, held: Mapping[str, Any]) -> str:
    """What is told of those on the roll whom nobody recorded: where no group says who is expected, they are not."""
    number = int(str(form.value(LEFT_OUT) or 0))
    of_groups = held["group_id"] or held["group_ids"]
    return f"名单上另有 {number} 人没有登记到没到，没有算在应到里。" if number and not of_groups else ""


async def form_page(
    visit: Visit,
    template: str,
    form: Form,
    *,
    of: str,
    draft: str,
    status: int = 200,
    record: Mapping[str, Any] | None = None,
    version: str | None = None,
    **context: Any,
) -> web.Response:
    """The page of a form with a sheet on it; `of`: what the sheet is of, as `attendance:resolve` names it."""
    if record is not None:
        form.values.setdefault(SUMMARY, told(record["attendance"], len(record["expected"])))
    sheet = await show(visit, of, form, record)
    shown = {"record": record, "version": version, "sheet": sheet, "states": STATES, **context}
    return await visit.form_page(template, form, draft=draft, status=status, **shown)


async def show(visit: Visit, of: str, form: Form, record: Mapping[str, Any] | None = None) -> Sheet:
    """The sheet of a form. Where the day cannot be read yet, the roll is that of today."""
    try:
        held_on = day(str(form.value("held_on")), visit.today).isoformat()
    except ValueError:
        held_on = visit.today.isoformat()
    others = str(form.value("others") or "present")
    if record is not None and MARKED not in form.values:
        form.values[MARKED] = " ".join(":".join(mark) for mark in states_of(record["attendance"]).items())
        others = "not_recorded"
    scan = scanning.Scan()
    if scanning.PHOTOS in visit.sent:
        scan = await scanning.read(visit, {"of": of, "held_on": held_on, **_printed(form)}, form)
        if scan.files:  # also where none could be read: nobody said that all came
            others = "not_recorded"
    states = scan.hold(_marked(form), _answers(form))
    sheet = Sheet(of, held_on, states=states, others=others, scan=scan)
    marked = [{"deputyship_id": id, "state": state} for id, state in states.items()]
    asked = {"of": of, "held_on": held_on, "others": others, "marked": marked, **scope(form)}
    try:
        answer = await visit.api.post(visit.at("activities", "attendance:resolve"), asked)
    except (Refused, Away) as problem:
        sheet.late = isinstance(problem, Away)
        return sheet
    sheet.lines, sheet.guests, sheet.needed = answer["roll"], answer["guests"], answer
    scan.name(sheet.lines)
    return sheet


async def read(
    visit: Visit, of: str, form: Form, body: dict[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The attendance as the service reads the sheet; leave that stays keeps its approval. Errors: Faulty, where
    something on it is in doubt."""
    scanning.refuse_unread(visit, form)
    marks, seen = str(body.pop("marks", "") or ""), str(form.value(SEEN))
    others, marked = body.pop("others", "present"), _marks(form)
    approval = {name: body.pop(name) for name in APPROVAL if name in body}
    if not marks and not marked and others == "not_recorded":
        return dict(NOBODY)
    asked = {"of": of, "held_on": body["held_on"], "others": others, "marks": marks, "marked": marked}
    asked |= scope(form) | approval
    answer: dict[str, Any] = await visit.api.post(visit.at("activities", "attendance:resolve"), asked)
    form.values[LEFT_OUT] = str(len(answer["not_recorded"]))
    if any(c.isdigit() for c in marks) and seen and seen != fingerprint(answer["roll"]):
        form.faults["marks"] = "日期或范围改了，名单和序号也变了。请对照下面的名单核对序号，再保存"
        form.values[SEEN] = fingerprint(answer["roll"])
    elif answer["attendance"] is None:
        form.faults["marks"] = "；".join(
            f"“{doubt['written']}”：{doubt['message']}" for doubt in answer["doubts"]
        )
    if form.faults:
        raise Faulty(form)
    read: dict[str, Any] = answer["attendance"]
    known = {(leave["deputyship_id"], leave["reason"]): leave for leave in (before or NOBODY)["on_leave"]}
    read["on_leave"] = [
        {
            name: value
            for name, value in known.get((leave["deputyship_id"], leave["reason"]), leave).items()
            if value
        }
        for leave in read["on_leave"]
    ]
    return read


@dataclass(frozen=True)
class Names:
    """Who was where at a meeting or activity, by name in stroke order."""

    record: Mapping[str, Any]
    known: Mapping[str, Mapping[str, Any]]

    def _sorted(self, ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=lambda id: (self.known.get(id, {}).get("number") or 1000, id))

    def name(self, id: str) -> str:
        return str(self.known.get(id, {}).get("name", id))

    def of(self, label: str) -> list[str]:
        attendance = self.record["attendance"]
        states = states_of(attendance)
        part_of = {"实到": "present", "请假": "on_leave", "缺席": "absent"}[label]
        ids = attendance[part_of]
        if part_of == "on_leave":
            ids = [leave["deputyship_id"] for leave in ids]
        return [self._noted(id, states[id]) for id in self._sorted(ids)]

    def _noted(self, id: str, state: str) -> str:
        level = LEVELS.get(self.known.get(id, {}).get("level", ""), "")
        notes = [
            note for note in (level, "" if state in ("present", "absent", "leave") else STATES[state]) if note
        ]
        return self.name(id) + (f"（{'，'.join(notes)}）" if notes else "")

    @property
    def missing(self) -> list[str]:
        named = states_of(self.record["attendance"])
        return [self.name(id) for id in self._sorted(id for id in self.record["expected"] if id not in named)]


async def names(visit: Visit, record: Mapping[str, Any]) -> Names:
    """The names of those that a record has, as of its day."""
    rows = await part(visit.api.get(visit.at("roster", "deputies"), as_of=record["held_on"]), LATE_SECONDS)
    found = (rows or {"items": ()})["items"]
    return Names(record, {row["deputyship_id"]: {**row, "number": n} for n, row in enumerate(found, 1)})


@action("/attendance/read", roles=OFFICE | LEADER)
async def read_sheet(visit: Visit) -> web.Response:
    """The roll of a day and what a text on it means, for the sheet's script."""
    form = Form.sent((), visit.sent)
    try:
        held_on = day(str(form.value("held_on")), visit.today).isoformat()
    except ValueError:
        held_on = visit.today.isoformat()
    asked = {
        "of": str(form.value("of")) or "other",
        "held_on": held_on,
        "others": str(form.value("others") or "present"),
        "marks": str(form.value("marks")),
        "marked": [] if form.value("only") else marks_of(str(form.value(MARKED))),
        **scope(form),
    }
    try:
        answer = await visit.api.post(visit.at("activities", "attendance:resolve"), asked)
    except Refused as refused:
        return web.json_response({"title": refused.detail or refused.title}, status=422)
    shown = ("roll", "marked", "guests", "doubts", "base", "quorum", "majority")
    return web.json_response(
        {name: answer[name] for name in shown} | {"seen": fingerprint(answer["roll"]), "held_on": held_on}
    )


PAGES: Final = (read_sheet,)
