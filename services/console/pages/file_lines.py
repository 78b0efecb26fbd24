"""Duty files as people read them: the parts, each line in words, with the record it comes from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.console.view import chinese_date, short_date
from services.console.words import WORDS

Record = Mapping[str, Any]
NOT_RECORDED: Final = "“没有记录”只是没有登记，不等于没有参加；参加了的，请提出异议，写明哪一天、做了什么。"
_TAGS: Final = {"present": "ok", "on_leave": "warn", "absent": "bad"}


@dataclass(frozen=True)
class Line:
    """`on`: the day in front; `detail`: what stands below; `ref`: the record behind the line."""

    text: str
    ref: Record | None
    on: str = ""
    detail: str = ""
    state: str = ""
    mark: str = ""

    @property
    def source(self) -> str:
        """`履职活动第6号`: whose log, and which number in it."""
        if self.ref is None:
            return ""
        service = str(self.ref["source"]).rpartition("/")[2]
        return f"{word('service', service)}第{self.ref['sequence']}号"

    @property
    def key(self) -> str:
        """The record as a form names it."""
        return f"{self.ref['source']} {self.ref['subject']}" if self.ref else ""


@dataclass(frozen=True)
class Part:
    title: str
    lines: Sequence[Line]
    empty: str
    note: str = ""


def word(kind: str, code: Any) -> str:
    return WORDS[kind].get(str(code), str(code))


def parts_of(file: Record) -> list[Part]:
    return _of_deputy(file) if "person_id" in file else _of_group(file)


def lines_of(file: Record) -> Iterator[Line]:
    for part in parts_of(file):
        yield from part.lines


def _of_deputy(file: Record) -> list[Part]:
    opinions = file["opinions"]
    return [
        Part("基本情况", [_person(file["person"])] if file["person"] else [], "名册里没有基本情况。"),
        Part("代表职务", [_mandate(line) for line in file["mandates"]], "没有登记代表职务。"),
        Part("变动", [_change(line) for line in file["changes"]], "今年没有变动。"),
        Part(
            "会议和活动",
            [_event(line) for line in file["events"]],
            "今年没有应到的会议和活动。",
            NOT_RECORDED,
        ),
        Part("代表建议", [_suggestion(line) for line in file["suggestions"]], "今年没有登记建议。"),
        Part("选民意见", [_opinions(opinions)] if opinions["received"] else [], "今年没有登记选民意见。"),
        Part("述职", [_duty_report(line) for line in file["duty_reports"]], "今年没有登记述职。"),
        Part("述职测评", [_rating(line) for line in file["ratings"]], "今年没有公布的测评结果。"),
    ]


def _of_group(file: Record) -> list[Part]:
    station = file["station"]
    own = Line(
        f"{word('file_level', file['level'])}代表小组",
        file["record"],
        detail="制度：" + "、".join(file["rules"]) if file["rules"] else "",
    )
    place = [Line(station["name"], station["record"], detail=station["address"])] if station else []
    return [
        Part("小组基本情况", [own], ""),
        Part("活动阵地", place, "没有登记活动阵地。"),
        Part("成员", [_stay(line, line["constituency"]) for line in file["members"]], "没有登记成员。"),
        Part("组长", [_stay(line, "") for line in file["leaders"]], "没有登记组长。"),
        Part("年度计划", [_plan_item(line) for line in file["plan"]], "没有登记年度计划。"),
        Part(
            "小组活动", [_held(line) for line in file["activities"]], "今年没有登记小组活动。", NOT_RECORDED
        ),
        Part("学习培训", [_held(line) for line in file["trainings"]], "今年没有登记学习培训。"),
        Part("代表大会会议", [_held(line) for line in file["sessions"]], "今年没有登记会议。"),
        Part("代表建议", [_suggestion(line) for line in file["suggestions"]], "今年没有登记建议。"),
    ]


def _person(line: Record) -> Line:
    born = f"{line['born_year']}年生" if line["born_year"] else ""
    said = (word("file_gender", line["gender"]), born, line["ethnicity"], line["party"], line["education"])
    return Line("，".join(filter(None, said)) or line["name"], line["record"], detail=line["occupation"])


def _mandate(line: Record) -> Line:
    term = f"第{line['congress_number']}届" if line["congress_number"] else ""
    roles = "、".join(word("mandate_role", role) for role in line["roles"])
    since = (
        f"{chinese_date(line['started_on'])}{word('file_start', line['started_by'])}"
        if line["started_on"]
        else ""
    )
    over = (
        f"{chinese_date(line['ended_on'])}{word('ended_reason', line['ended_reason'])}"
        if line["ended_on"]
        else ""
    )
    text = f"{word('file_level', line['level'])}{term}代表，{line['constituency'] or '选区没有填'}"
    return Line(text, line["record"], detail="；".join(filter(None, (line["group"], roles, since, over))))


def _change(line: Record) -> Line:
    detail = str(line["detail"])
    for kind in ("mandate_role", "file_start", "ended_reason"):
        detail = WORDS[kind].get(detail, detail)
    return Line(f"{word('file_change', line['what'])}{detail}", line["record"], on=short_date(line["on"]))


def _event(line: Record) -> Line:
    reason = f"（{word('file_leave', line['reason'])}）" if line["reason"] else ""
    ways = ["线上参加"] if line["online"] else []
    ways += [word("file_portion", line["portion"])] if line["portion"] else []
    ended = f"至{short_date(line['ended_on'])}" if line["ended_on"] else ""
    kind = word("plan_kind", line["kind"])
    return Line(
        line["title"] or kind,
        line["record"],
        on=short_date(line["held_on"]),
        detail="，".join(filter(None, (kind if line["title"] else "", ended, line["place"], *ways))),
        state=word("file_attendance", line["state"]) + reason,
        mark=_TAGS.get(line["state"], ""),
    )


def _suggestion(line: Record) -> Line:
    number = f"第{line['number']}号 " if line["number"] else ""
    result = f"评价{word('satisfaction', line['satisfaction'])}" if line["satisfaction"] else ""
    part = "领衔" if line["part"] == "lead" else f"附议，{line['lead']}领衔"
    answered = word("file_reply", line["reply_class"]) if line["reply_class"] else ""
    return Line(
        f"{number}{line['title']}",
        line["record"],
        on=short_date(line["raised_on"]),
        detail="，".join(filter(None, (part, line["unit"], answered, result))),
        state=word("suggestion_state", line["state"]),
    )


def _opinions(line: Record) -> Line:
    states = "，".join(f"{word('opinion_state', state)} {n} 条" for state, n in line["by_state"].items())
    first = line["records"][0] if line["records"] else None
    return Line(f"接待、收到 {line['received']} 条", first, detail=states)


def _duty_report(line: Record) -> Line:
    held = line["constituency"] or "述职测评会"
    return Line(held, line["record"], on=short_date(line["held_on"]), state=word("duty_form", line["form"]))


def _rating(line: Record) -> Line:
    counts = "，".join(f"{line['labels'].get(code, code)} {n}" for code, n in line["counts"].items())
    said = "人数不足，不公布票数" if line["suppressed"] else f"有效票 {line['valid']} 张：{counts}"
    return Line(said, line["record"], on=short_date(line["held_on"]), detail=line["constituency"])


def _stay(line: Record, detail: str) -> Line:
    until = f"，至{chinese_date(line['to_on'])}" if line["to_on"] else ""
    since = f"{chinese_date(line['from_on'])}起{until}" if line["from_on"] else ""
    return Line(line["name"], line["record"], detail="；".join(filter(None, (detail, since))))


def _plan_item(line: Record) -> Line:
    done = f"{short_date(line['done_on'])}完成" if line["done_on"] else ""
    return Line(
        line["title"],
        line["record"],
        on=short_date(line["due_on"]),
        detail="，".join(filter(None, (word("plan_kind", line["kind"]), done))),
        state=word("file_item", line["state"]),
        mark="ok" if line["done"] else "",
    )


def _held(line: Record) -> Line:
    by_state: dict[str, list[str]] = {}
    for member in line["members"]:
        reason = f"（{word('file_leave', member['reason'])}）" if member["reason"] else ""
        by_state.setdefault(member["state"], []).append(f"{member['name']}{reason}")
    said = [
        f"{word('file_attendance', state)}：{'、'.join(names)}"
        for state, names in by_state.items()
        if state != "not_expected"
    ]
    return Line(
        line["title"] or word("plan_kind", line["kind"]),
        line["record"],
        on=short_date(line["held_on"]),
        detail="；".join(filter(None, (line["place"], *said))),
    )


def latest(day: date, year: int) -> str:
    """The last day of a year that is not in the future."""
    return min(day.isoformat(), f"{year}-12-31")
