"""Expectations of law and rule pack for a period, with the records that meet them; used by findings and the proof."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.reports.checks.rules import RULES
from services.reports.domain import Expectation
from services.reports.domain.periods import PeriodKind
from services.reports.events_in import Meeting, Station
from services.reports.figures import plans
from services.reports.figures.activities import SUPERVISION, beside, required_activities
from services.reports.figures.definition import refs
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.figures.votes import budgets
from services.reports.figures.year import Year
from services.reports.notation import group_name, quarter_end, quarter_names, quarter_of, quarters, ranked

_YEAR_DAYS: Final = 365
_MONTHLY: Final = re.compile(r"每月([0-9０-９]{1,2})[日号]")


@dataclass(frozen=True)
class Expected:
    """One expectation. `rule`: breached by a shortage; `key` distinguishes expectations of one rule; `about`: the
    group or station concerned.

    `held`: the `recorded` records. `day`: day whose rules apply, by default that of the figures.
    """

    rule: str
    label: str
    unit: str
    required: int
    recorded: int
    held: Sequence[LedgerFact[Any]] = ()
    key: object = ""
    about: LedgerFact[Any] | None = None
    day: date | None = None

    @property
    def missing(self) -> int:
        return max(self.required - self.recorded, 0)

    @property
    def records(self) -> list[LedgerFact[Any]]:
        """Records of a finding about it."""
        return [self.about, *self.held] if self.about else [*self.held]


def expected(year: Year) -> Iterator[Expected]:
    """All expectations with a required number above zero, met or not."""
    return (expectation for expectation in _expected(year) if expectation.required)


def expectations(year: Year, expected: Sequence[Expected]) -> tuple[Expectation, ...]:
    """Expectations as the proof lists them."""
    shown = []
    for item in expected:
        norm = RULES.on(item.rule, item.day or year.as_of)
        if norm is not None:
            shown.append(
                Expectation(
                    id=f"{item.rule}:{item.key}" if item.key != "" else item.rule,
                    rule=item.rule,
                    label=item.label,
                    expected=item.required,
                    recorded=item.recorded,
                    missing=item.missing,
                    unit=item.unit,
                    basis=ranked(norm.basis, year.rank),
                    records=refs(item.held),
                )
            )
    return tuple(shown)


def years(year: Year) -> int:
    """Number of whole years in the period, in a term up to the day of the figures."""
    last = year.as_of if year.period.kind is PeriodKind.TERM else year.period.last
    return ((last - year.start).days + 1) // _YEAR_DAYS


def _expected(year: Year) -> Iterator[Expected]:
    twice = RULES.on("congress.once", year.as_of) is not None
    sessions = years(year) * (2 if twice else 1)
    yield _of("congress.none", f"{year.rank}人民代表大会会议", "次", sessions, year.sessions)
    approved = [fact for fact in year.sessions if budgets(fact.data)]
    yield _of(
        "budget.none", "审查批准预算的会议", "次", min(years(year), 1) if year.sessions else 0, approved
    )
    yield from _presidium(year)
    yield from _groups(year)
    items, done = plans.due(year), plans.done(year)
    yield Expected("plan.open", "到期的年度计划项目", "项", len(items), len(done), year.plans)
    least, kinds = min(years(year), 1), [kind for kind in SUPERVISION if kind not in ("review", "inquiry")]
    supervised, trained = ([*year.activities(*k), *beside(year, *k)] for k in (kinds, ["training"]))
    yield _of("supervision.none", "视察、专题调研、执法检查", "次", least, supervised)
    asked = years(year) * year.rules.inquiries_per_year
    yield _of("inquiries.none", "专题询问", "次", asked, year.activities("inquiry"))
    yield _of("training.none", "代表学习培训", "次", least, trained)
    for fact in year.stations:
        yield _station(year, fact)
    meetings = years(year) * year.rules.duty_report_meetings_per_year
    yield _of("ratings.none", "代表述职测评会", "场", meetings, duty_meetings(year))
    yield _sheets(year)
    yield _replies(year)


def _of(
    rule: str,
    label: str,
    unit: str,
    required: int,
    held: Sequence[LedgerFact[Any]],
    *,
    key: object = "",
    about: LedgerFact[Any] | None = None,
) -> Expected:
    return Expected(rule, label, unit, required, len(held), held, key, about)


def _presidium(year: Year) -> Iterator[Expected]:
    """Presidium meetings per quarter, by the rules of its last day."""
    for at, number in quarters(year.start, year.as_of):
        end = quarter_end(at, number)
        held = [m for m in year.presidium_meetings if m.data.held_on and _in(m.data.held_on, at, number)]
        last = min(end, year.as_of)
        least = year.rules_on(last).presidium_meetings_per_quarter
        [name] = quarter_names([(at, number)], with_year=len(year.years) > 1)
        name += "" if end <= year.as_of else f"截至{year.dated(year.as_of)}"
        key = number if len(year.years) == 1 else f"{at}-{number}"
        label = f"{name}主席团会议"
        yield Expected("presidium.quarter", label, "次", least, len(held), held, key, day=last)


def _in(day: date, year: int, number: int) -> bool:
    return (day.year, quarter_of(day)) == (year, number)


def _groups(year: Year) -> Iterator[Expected]:
    for fact in year.groups:
        group, name = fact.data, group_name(fact.data)
        held = [fact for fact in year.of_group(group) if fact.data.kind == "group_activity"]
        least = required_activities(year) if group.level == "town" else 0
        yield _of("group.activities", f"{name}的活动", "次", least, held, key=group.number, about=fact)
        own = [plan for plan in year.plans if plan.data.group_id == group.id]
        yield Expected("group.plan", f"{name}的年度计划", "份", 1, min(len(own), 1), own, group.number, fact)


def _station(year: Year, fact: LedgerFact[Station]) -> Expected:
    """Receptions of a station: required by the rule pack for a whole year, at least the announced ones."""
    station = fact.data
    held = [fact for fact in year.activities("reception") if fact.data.station_id == station.id]
    all_year = year.period.kind is PeriodKind.YEAR and (station.opened_on or year.start) <= year.start
    asked = year.rules.receptions_per_station if all_year else 0
    required = max(asked, len(announced(year, station)))
    return _of(
        "stations.receptions", f"{station.name}的接待", "场", required, held, key=station.name, about=fact
    )


def announced(year: Year, station: Station) -> list[date]:
    """Reception days announced by a station in the period: 15 or 每月15日; other texts name no day."""
    rule = station.reception_day
    match = _MONTHLY.search(rule) if isinstance(rule, str) else None
    announced_day = int(match[1]) if match else rule
    if not isinstance(announced_day, int):
        return []
    months = [(at, month) for at in year.years for month in range(1, 13)]
    days = [date(at, month, announced_day) for at, month in months if _real(at, month, announced_day)]
    opened = station.opened_on or date.min
    return [day for day in days if year.within(day) and opened <= day]


def _real(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def duty_meetings(year: Year) -> list[LedgerFact[Meeting]]:
    """Rating meetings held in the period, published or not."""
    held = year.ledger.sorted(Meeting, lambda m: (by_date(m.held_on), m.constituency))
    return [fact for fact in held if year.within(fact.data.held_on)]


def _sheets(year: Year) -> Expected:
    """Attendance sheets; one is complete where every expected person is on it."""
    events: list[LedgerFact[Any]] = [*year.sessions, *year.presidium_meetings, *year.all_activities]
    whole = [
        fact for fact in events if fact.data.attendance.recorded and not year.turnout(fact.data).not_recorded
    ]
    return Expected(
        "attendance.not_recorded", "会议和活动的考勤", "场", len(events), len(whole), tuple(whole)
    )


def _replies(year: Year) -> Expected:
    handlings = [(fact, year.handling(fact.data)) for fact in year.suggestions]
    due = [(fact, now) for fact, now in handlings if now.assigned and now.due_on and now.due_on < year.as_of]
    settled = [fact for fact, now in due if now.replied]
    return Expected("suggestions.overdue", "到期的代表建议答复", "件", len(due), len(settled), tuple(settled))
