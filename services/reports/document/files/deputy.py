"""The printed file of a deputy, in eight parts."""

from collections.abc import Iterable, Iterator

from services.reports.document.cells import Grid
from services.reports.document.files.booklet import (
    Booklet,
    Part,
    grid,
    part,
    reference,
    span,
    statement_lines,
    suggestions,
    took_part,
)
from services.reports.domain.files import FileChange, FileEvent, FileMandate, FileRating
from services.reports.domain.statements import StatedDutyFile
from services.reports.names import (
    ATTENDANCE,
    CHANGES,
    END_REASONS,
    FORMS,
    GENDERS,
    KINDS,
    LEAVES,
    LEVELS,
    OPINION_STATES,
    ROLES,
    STARTED_BY,
    named,
)
from services.reports.notation import day_text, days_text, full_day_text, numeral, rank_of, ranked
from shared.chinese.standards import EDUCATION, ETHNICITY, PARTY

_MEETINGS = ("session", "presidium_meeting")
_SUPERVISION = ("inspection", "research", "law_check", "review", "inquiry")
_TRAINING, _GROUP = ("training",), ("group_activity",)
_APART = {*_MEETINGS, *_SUPERVISION, *_TRAINING, *_GROUP}
_WORDS = {"role_taken": ROLES, "role_left": ROLES, "started": STARTED_BY, "ended": END_REASONS}
SUPPRESSED = "人数不足，不公布"


def deputy_booklet(file: StatedDutyFile) -> Booklet:
    rest = [event.kind for event in file.events if event.kind not in _APART]
    parts = (
        part("基本情况", *_person(file)),
        _events("出席会议", file, _MEETINGS),
        _events("视察、调研、检查和评议", file, _SUPERVISION),
        _events("学习培训", file, _TRAINING),
        _events("代表小组活动", file, _GROUP),
        part("代表建议", suggestions(file.suggestions, leads=False)),
        part("述职和测评", _reports(file), _ratings(file)),
        _events("联系选民、办实事和其他活动", file, rest, _opinions(file)),
    )
    return Booklet(
        title=f"{file.town_name}人大代表{file.name}履职档案（{file.year}年）",
        issuer=f"{file.town_name}人民代表大会主席团",
        year=file.year,
        parts=parts,
        statements=tuple(statement_lines(file, "代表")),
        signer="代表签名",
    )


def _person(file: StatedDutyFile) -> Iterator[Grid]:
    person = file.person
    columns = (
        *(("姓名", 14), ("性别", 7), ("出生年份", 12), ("民族", 9), ("党派", 15), ("学历", 11), ("职业", 20)),
        ("依据", 12),
    )
    cells = person and (
        *(person.name, named(GENDERS, person.gender), str(person.born_year or "")),
        *(ETHNICITY.word(person.ethnicity), PARTY.word(person.party), EDUCATION.word(person.education)),
        *(person.occupation, reference(person.record)),
    )
    yield grid("", columns, [[cell or "—" for cell in cells]] if cells else [])
    mandates = (("层级", 9), ("届次", 11), ("选区", 17), ("任职", 27), ("小组和职务", 24), ("依据", 12))
    yield grid(
        "代表资格", mandates, (_mandate(one, rank_of(file.town_name)) for one in file.mandates), prose=(3,)
    )
    changes = (("日期", 22), ("变动", 26), ("说明", 40), ("依据", 12))
    yield grid("变动", changes, map(_change, file.changes))


def _mandate(mandate: FileMandate, rank: str) -> tuple[str, ...]:
    term = f"第{numeral(mandate.congress_number)}届" if mandate.congress_number else "—"
    how = named(STARTED_BY, mandate.started_by)
    served = f"{span(mandate.started_on, mandate.ended_on)}（{how}）"
    if mandate.ended_reason:
        served += f"，{named(END_REASONS, mandate.ended_reason)}"
    duties = "，".join(filter(None, (mandate.group, *(named(ROLES, role) for role in mandate.roles))))
    return (
        ranked(named(LEVELS, mandate.level), rank),
        term,
        mandate.constituency or "—",
        served,
        duties or "—",
        reference(mandate.record),
    )


def _change(change: FileChange) -> tuple[str, ...]:
    detail = named(_WORDS.get(change.what, {}), change.detail)
    return full_day_text(change.on), named(CHANGES, change.what), detail or "—", reference(change.record)


def _events(heading: str, file: StatedDutyFile, kinds: Iterable[str], *more: Grid) -> Part:
    shown_kinds = tuple(dict.fromkeys(kinds))
    events = [event for event in file.events if event.kind in shown_kinds]
    columns = (("日期", 14), ("会议活动", 34), ("地点", 15), ("出席情况", 17), ("佐证", 8), ("依据", 12))
    rows = (
        (
            days_text(event.held_on, event.ended_on),
            _called(event, alone=len(shown_kinds) == 1),
            event.place or "—",
            _came(event),
            str(len(event.evidence)) if event.evidence else "—",
            reference(event.record),
        )
        for event in events
    )
    table = grid("", columns, rows, prose=(1,))
    if not events:
        return part(heading, table, *more)
    return part(heading, table, *more, notes=(_counted(events),))


def _called(event: FileEvent, *, alone: bool) -> str:
    kind = named(KINDS, event.kind)
    if not event.title or alone or event.kind in _MEETINGS:
        return event.title or kind
    return f"{kind}：{event.title}"


def _came(event: FileEvent) -> str:
    state = named(ATTENDANCE, event.state)
    if event.state == "on_leave" and event.reason:
        return f"{state}（{named(LEAVES, event.reason)}）"
    if words := took_part(event):
        state += f"（{words}）"
    return state if event.expected or event.state == "not_expected" else f"{state}（不在应到之列）"


def _counted(events: Iterable[FileEvent]) -> str:
    """应到2次：出席1次，请假1次；另参加1次. Unweighted counts of the lines below."""
    due = [event.state for event in events if event.expected]
    also = sum(event.state == "present" and not event.expected for event in events)
    each = "，".join(f"{word}{due.count(state)}次" for state, word in ATTENDANCE.items() if state in due)
    text = f"应到{len(due)}次：{each}" if due else "没有应到的"
    return text + (f"；另参加{also}次。" if also else "。")


def _reports(file: StatedDutyFile) -> Grid:
    columns = (("日期", 24), ("选区", 40), ("形式", 24), ("依据", 12))
    rows = (
        (
            full_day_text(report.held_on) if report.held_on else "—",
            report.constituency or "—",
            named(FORMS, report.form) or "—",
            reference(report.record),
        )
        for report in file.duty_reports
    )
    return grid("向选民述职", columns, rows)


def _ratings(file: StatedDutyFile) -> Grid:
    columns = (("日期", 16), ("选区", 18), ("办法", 16), ("有效票", 10), ("结果", 28), ("依据", 12))
    return grid("选民测评", columns, map(_rating, file.ratings))


def _rating(rating: FileRating) -> tuple[str, ...]:
    counts = "，".join(f"{named(rating.labels, code)}{n}" for code, n in rating.counts.items())
    return (
        day_text(rating.held_on) if rating.held_on else "—",
        rating.constituency or "—",
        rating.scheme or "—",
        "—" if rating.valid is None else str(rating.valid),
        SUPPRESSED if rating.suppressed else counts or "—",
        reference(rating.record),
    )


def _opinions(file: StatedDutyFile) -> Grid:
    opinions = file.opinions
    states = "，".join(f"{named(OPINION_STATES, state)}{n}条" for state, n in opinions.by_state.items())
    columns = (("收到", 14), ("其中", 46), ("依据", 40))
    rows = [(f"{opinions.received}条", states, reference(*opinions.records))] if opinions.received else []
    return grid("收到的选民意见", columns, rows)
