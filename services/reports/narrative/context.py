"""Names that sentences may use besides figures: names, dates and lists as text."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from services.reports.domain import Wording
from services.reports.domain.periods import PeriodKind
from services.reports.events_in import Group, Station
from services.reports.figures.activities import required_activities
from services.reports.figures.attendance import recorded
from services.reports.figures.changes import ended
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.mandates import in_group
from services.reports.figures.plans import next_items, remaining
from services.reports.figures.year import Year, leader
from services.reports.names import reason_of
from services.reports.narrative.held import Items, held
from services.reports.narrative.lists import distinct, first, listed
from services.reports.narrative.spans import period_names
from services.reports.notation import enumeration, full_day_text, group_name, numeral

ITEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "sessions": (
        "name",
        "called",
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
    "meetings": ("name", "date", "topics", "reports"),
    "supervised": ("date", "what", "topics"),
    "rooms": ("place", "groups", "use", "serves"),
}
"""Lists for `each`, with the fields of their items."""

_HALF_A_TERM: Final = 913  # days
_LONG: Final = 6


def context(year: Year, wording: Wording) -> dict[str, Any]:
    """All names; what is not recorded is empty text or false."""
    return {
        **_frame(year, wording),
        **_term(year),
        **held(year),
        **_groups(year),
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
        "still_this_year": not year.whole and (wording.signed_on or year.as_of).year == year.as_of.year,
        "recorded": _recorded(year),
        "theme": wording.theme,
        "campaign_label": wording.campaign_label,
        "rank": year.rank,
    }


def _recorded(year: Year) -> bool:
    """Whether anything is recorded besides the roster."""
    meetings = (year.sessions, year.presidium_meetings, year.all_activities, year.rating_meetings)
    return any((*meetings, year.suggestions, year.opinions))


def _term(year: Year) -> dict[str, Any]:
    begun = year.term.data.started_on if year.term else None
    return {
        "ended_reasons": enumeration(distinct(reason_of(f.data.ended_reason) for f in ended(year))),
        "past_half": begun is not None and (year.as_of - begun).days > _HALF_A_TERM,
    }


def _groups(year: Year) -> dict[str, Any]:
    groups = [fact.data for fact in year.groups]
    held = Counter(id for fact in year.activities("group_activity") for id in fact.data.groups)
    required = required_activities(year)
    rules = distinct(rule for group in groups for rule in group.rules)
    return {
        **_led(year, groups),
        **_planned(year, groups),
        "yearly": year.period.kind is PeriodKind.YEAR,
        "few_activities": _named(g for g in groups if g.level == "town" and held[g.id] < required),
        "small_groups": _named(g for g in groups if _members(year, g) < 3),
        "plan_among_rules": any("计划" in rule for rule in rules),
        "wall_rules": "、".join(rules),
        "files_hold": "、".join(_files(year, groups)),
        "rooms": _rooms(year, groups),
    }


def _led(year: Year, groups: Sequence[Group]) -> dict[str, Any]:
    """Who leads the groups, and which have nobody."""
    led = [(group, leader(year, group)) for group in groups]
    return {
        "group_leaders": "、".join(f"{group_name(g)}组长{year.name_of(d)}" for g, d in led if d),
        "all_led": bool(groups) and all(d for _, d in led),
        "unled_groups": _named(g for g, d in led if d is None),
    }


def _planned(year: Year, groups: Sequence[Group]) -> dict[str, Any]:
    """Which groups have a plan, and what it says."""
    planned = {fact.data.group_id for fact in year.plans}
    items = [item for fact in year.plans if fact.data.group_id for item in fact.data.items]
    return {
        "all_planned": bool(groups) and all(g.id in planned for g in groups),
        "unplanned_groups": _named(g for g in groups if g.id not in planned),
        "reminded": any(item.due_on for item in items) and any(item.theme for item in items),
        "next_plan_items": first(item.title for _, item in next_items(year)),
        "remaining_items": first(item.title for _, item in remaining(year)),
        "plan_themes": listed((item.theme for item in items), longest=_LONG),
    }


def _named(groups: Iterable[Group]) -> str:
    return enumeration([group_name(group) for group in groups])


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
            "groups": _named(used.get(station.id, [])),
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


def knows(names: Iterable[str]) -> Callable[[str, str | None], bool]:
    """Predicate whether a slot exists: among `names`, or in the items of a list; "" is in those of every list."""
    known = frozenset(names)
    lists = {name: frozenset(("", *fields)) for name, fields in ITEMS.items()}
    return lambda name, items: name in (known if items is None else lists.get(items, ()))
