"""Names that sentences may use besides figures: names, dates and lists as text."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from services.reports.domain import Wording
from services.reports.domain.periods import PeriodKind
from services.reports.events_in import Group, Session, Station
from services.reports.figures.activities import required_activities
from services.reports.figures.attendance import recorded
from services.reports.figures.changes import by_elections, ended
from services.reports.figures.congress import quarters_held
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.mandates import in_group
from services.reports.figures.plans import next_items, remaining
from services.reports.figures.year import Year, leader
from services.reports.names import END_REASONS
from services.reports.narrative.spans import period_names
from services.reports.notation import (
    enumeration,
    full_day_text,
    group_name,
    numeral,
    quarter_names,
    quarters,
    rank_of,
    session_name,
)
from shared.chinese import strokes

Items = list[dict[str, Any]]

ITEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "sessions": (
        "name",
        "date",
        "reports",
        "resolutions",
        "elections",
        "resignations",
        "postponed",
        "planned",
        "reason",
        "adopted",
    ),
    "rooms": ("place", "groups", "use", "serves"),
}
"""Lists for `each`, with the fields of their items."""

_POLITICAL: Final = ("政治", "思想", "理论", "党", "习近平", "精神")
_LONGEST: Final = 12
_FEW: Final = 4
_ABOUT: Final = re.compile(r".*?关于(.+?)(?:工作)?(?:情况)?的报告")


def context(year: Year, wording: Wording) -> dict[str, Any]:
    """All names; what is not recorded is empty text or false."""
    return {
        **_frame(year, wording),
        **_congress(year),
        **_presidium(year),
        **_groups(year),
        **_activities(year),
        **_ratings(year),
    }


def _frame(year: Year, wording: Wording) -> dict[str, Any]:
    town = year.town.data if year.town else None
    number = year.period.number if year.period.kind is PeriodKind.TERM else year.congress_number
    return {
        "town": town.name if town else "",
        "county": town.county_name if town else "",
        "city": town.city_name if town else "",
        "congress": f"第{numeral(number)}届" if number else "",
        "year": str(year.as_of.year),
        "next_year": str(year.as_of.year + 1),
        "as_of": year.dated(year.as_of),
        "as_of_full": full_day_text(year.as_of),
        "whole": year.whole,
        **period_names(year.period, year.as_of),
        "theme": wording.theme,
        "campaign_label": wording.campaign_label,
        "ended_reasons": enumeration(
            _distinct(END_REASONS.get(f.data.ended_reason, "") for f in ended(year))
        ),
        "rank": rank_of(town.name if town else ""),
    }


def _congress(year: Year) -> dict[str, Any]:
    return {
        "sessions": [_session(year, fact.data) for fact in year.sessions],
        "session_names": enumeration([session_name(fact.data) for fact in year.sessions]),
        "motions": _titles(m.title for f in year.sessions for m in f.data.motions),
        "attendance_kept": recorded(year.sessions),
    }


def _session(year: Year, session: Session) -> dict[str, Any]:
    planned, held = session.planned_on, session.held_on
    postponed = planned is not None and held is not None and planned < held
    other_year = planned is not None and held is not None and planned.year != held.year
    return {
        "name": session_name(session),
        "date": (full_day_text(held) if other_year else year.dated(held)) if held else "",
        "reports": _titles(report.title for report in session.reports),
        "resolutions": _titles(resolution.title for resolution in session.resolutions),
        "elections": enumeration([f"{e.name}为{e.post}" for e in session.elections if e.name]),
        "resignations": enumeration(
            [f"{r.name}辞去{r.post}职务" for r in session.resignations_accepted if r.name]
        ),
        "postponed": bool(session.postponed_reason) and postponed,
        "planned": _half(planned, with_year=other_year) if planned else "",
        "reason": session.postponed_reason,
        "adopted": bool(session.reports) and all(report.adopted is not False for report in session.reports),
    }


def _half(day: date, *, with_year: bool) -> str:
    return (f"{day.year}年" if with_year else "") + ("上半年" if day.month <= 6 else "下半年")


def _titles(titles: Iterable[str]) -> str:
    """《甲》《乙》: adjacent titles take no comma (GB/T 15834-2011)."""
    return "".join(title if title.startswith("《") else f"《{title}》" for title in titles if title)


def _presidium(year: Year) -> dict[str, Any]:
    held, due = quarters_held(year), quarters(year.start, year.as_of)
    lacking = [quarter for quarter in due if quarter not in held]
    return {
        "every_quarter": not lacking,
        "missing_quarters": enumeration(quarter_names(lacking, with_year=len(year.years) > 1)),
        "few_missing": len(lacking) <= _FEW,
        "presidium_topics": _list(topic for f in year.presidium_meetings for topic in f.data.topics),
        "special_reports": _list(
            _subject(title) for f in year.presidium_meetings for title in f.data.special_reports
        ),
    }


def _subject(title: str) -> str:
    """Subject of a report: 镇人民政府关于农村饮水安全工作情况的报告 → 农村饮水安全."""
    match = _ABOUT.fullmatch(title.strip("《》"))
    return match[1] if match else title


def _groups(year: Year) -> dict[str, Any]:
    groups = [fact.data for fact in year.groups]
    led = [(group, leader(year, group)) for group in groups]
    active = Counter(id for f in year.activities("group_activity") for id in f.data.groups)
    few = [g for g in groups if g.level == "town" and active[g.id] < required_activities(year)]
    planned = {fact.data.group_id for fact in year.plans}
    items = [item for fact in year.plans for item in fact.data.items if fact.data.group_id]
    return {
        "group_leaders": "、".join(f"{group_name(g)}组长{year.name_of(d)}" for g, d in led if d),
        "all_led": bool(groups) and all(d for _, d in led),
        "unled_groups": enumeration([group_name(g) for g, d in led if d is None]),
        "yearly": year.period.kind is PeriodKind.YEAR,
        "few_activities": enumeration([group_name(g) for g in few]),
        "small_groups": enumeration([group_name(g) for g in groups if _members(year, g) < 3]),
        "plan_among_rules": any("计划" in rule for g in groups for rule in g.rules),
        "wall_rules": "、".join(_distinct(rule for g in groups for rule in g.rules)),
        "all_planned": bool(groups) and all(g.id in planned for g in groups),
        "unplanned_groups": enumeration([group_name(g) for g in groups if g.id not in planned]),
        "reminded": any(item.due_on for item in items) and any(item.theme for item in items),
        "next_plan_items": _list(item.title for _, item in next_items(year)),
        "remaining_items": _list(item.title for _, item in remaining(year)),
        "plan_themes": _list(item.theme for item in items),
        "files_hold": "、".join(_files(year, groups)),
        "rooms": _rooms(year, groups),
    }


def _members(year: Year, group: Group) -> int:
    return sum(in_group(fact.data, group.id, year.as_of) for fact in year.serving())


def _files(year: Year, groups: Sequence[Group]) -> list[str]:
    """Contents of the files of groups for which there are records."""
    contents = {
        "出席人民代表大会会议": bool(year.sessions) and recorded(year.sessions),
        "提出议案和建议": bool(year.suggestions),
        "参加小组活动": bool(year.activities("group_activity")),
    }
    return [words for words, there in contents.items() if groups and there]


def _rooms(year: Year, groups: Sequence[Group]) -> Items:
    """Stations in the order of the groups that use them, then the others."""
    used: dict[str, list[Group]] = {}
    for group in sorted(groups, key=lambda g: (g.number or 0, g.name)):
        used.setdefault(group.station_id or "", []).append(group)

    def first(fact: LedgerFact[Station]) -> tuple[bool, int]:
        numbers = [group.number or 0 for group in used.get(fact.data.id, [])]
        return not numbers, min(numbers, default=0)

    return [
        {
            "place": _place(station, used.get(station.id, [])),
            "groups": enumeration([group_name(group) for group in used.get(station.id, [])]),
            "use": "共用" if len(used.get(station.id, [])) > 1 else "使用",
            "serves": enumeration(station.serves),
        }
        for station in (fact.data for fact in sorted(year.stations, key=first))
    ]


def _place(station: Station, groups: Sequence[Group]) -> str:
    """Address and name of a station, without repetition; a name with that of its group is left out."""
    if any(group_name(group) in station.name for group in groups) and station.address:
        return station.address
    if station.name in station.address:
        return station.address
    return station.name if station.address in station.name else station.address + station.name


def _activities(year: Year) -> dict[str, Any]:
    topics = Counter(topic for topic in _subjects(year, "training") if topic)
    ranked = sorted(topics, key=lambda topic: (not _political(topic), -topics[topic], strokes.key(topic)))
    supervised = ("inspection", "research", "law_check", "review")
    return {
        "training_topics": _list(ranked, longest=5),
        "political_topics": _list([topic for topic in ranked if _political(topic)], longest=5),
        "political_first": any(map(_political, list(topics)[:1])),
        "laws_checked": _titles(_distinct(law for f in year.activities("law_check") for law in f.data.laws)),
        "tags": _list(theme for f in year.all_activities for theme in f.data.served),
        "by_election_places": _list(f.data.constituency for f in by_elections(year)),
        **{f"{kind}_topics": _list(_subjects(year, kind)) for kind in (*supervised, "group_activity")},
        "contact_days": enumeration(
            _distinct(_reception_day(f.data) for f in year.stations if f.data.reception_day)
        ),
    }


def _reception_day(station: Station) -> str:
    day = station.reception_day
    return f"每月{day}日" if isinstance(day, int) else f"{day}"


def _political(topic: str) -> bool:
    return any(word in topic for word in _POLITICAL)


def _subjects(year: Year, kind: str) -> Iterable[str]:
    return (topic for f in year.activities(kind) for topic in (f.data.topics or (f.data.title,)))


def _ratings(year: Year) -> dict[str, Any]:
    days = [f.data.held_on for f in year.rating_meetings if f.data.held_on]
    months = sorted({(day.year, day.month) for day in days})
    names = sorted(
        {f.data.constituency for f in year.rating_meetings if f.data.constituency}, key=strokes.key
    )
    return {
        "rating_months": enumeration([_month(year, *month) for month in months]),
        "rating_constituencies": _list(names),
    }


def _month(year: Year, at: int, month: int) -> str:
    return f"{month}月" if len(year.years) == 1 else f"{at}年{month}月"


def _list(items: Iterable[str], *, longest: int = _LONGEST) -> str:
    """Distinct items in order; a long list is cut with 等."""
    distinct = _distinct(items)
    if len(distinct) > longest:
        return "、".join(distinct[:longest]) + "等"
    return enumeration(distinct)


def _distinct(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(item for item in items if item))


def knows(names: Iterable[str]) -> Callable[[str, str | None], bool]:
    """Predicate whether a slot exists: among `names`, or in the items of a list; "" is in those of every list."""
    known = frozenset(names)
    lists = {name: frozenset(("", *fields)) for name, fields in ITEMS.items()}
    return lambda name, items: name in (known if items is None else lists.get(items, ()))
