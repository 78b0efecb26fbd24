"""One town's period up to a day: records in the period, serving deputies, expected attendance.

Membership is that of the day held, never of the day recorded; a person with two mandates is one person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from services.reports.domain.periods import Period, year_period, years_later
from services.reports.events_in import (
    Activity,
    Attended,
    Deputyship,
    Group,
    Meeting,
    Opinion,
    Person,
    Plan,
    PresidiumMeeting,
    RulePack,
    Session,
    Station,
    Suggestion,
    Term,
    Town,
)
from services.reports.figures.handling import Handling, handling
from services.reports.figures.ledger import Ledger, LedgerFact, by_date
from services.reports.figures.mandates import in_group, in_presidium, leads_group, serves, suspended
from services.reports.figures.terms import congress_on, term_on
from services.reports.figures.turnout import Turnout
from services.reports.notation import dated, rank_of
from shared.chinese import strokes
from shared.chinese.numerals import whole


@dataclass(frozen=True)
class Year:
    """The period from its first day to `as_of`, both included; the calendar year unless `span` is given."""

    ledger: Ledger
    year: int
    as_of: date
    span: Period | None = None

    @cached_property
    def period(self) -> Period:
        return self.span or year_period(self.year)

    @cached_property
    def start(self) -> date:
        return self.period.first

    @property
    def whole(self) -> bool:
        return self.as_of == self.period.last

    @property
    def years(self) -> range:
        """Calendar years with days in the period."""
        return range(self.start.year, self.as_of.year + 1)

    @cached_property
    def earlier(self) -> "Year | None":
        """The same days a year before; none for a term.

        Figures may be compared with it only where it is `comparable`.
        """
        before = self.period.earlier
        if before is None:
            return None
        return Year(
            self.ledger, self.year - 1, before.last if self.whole else years_later(self.as_of, -1), before
        )

    @cached_property
    def comparable(self) -> bool:
        """Whether every source sealed the year and it has records; otherwise zero would be a guess."""
        held = (self.sessions, self.presidium_meetings, self.all_activities, self.rating_meetings)
        return self.as_of.year in self.ledger.sealed_years and any(held)

    def dated(self, day: date) -> str:
        """A day as a text about the period writes it: with its year, unless that goes without saying."""
        return dated(day, self.years)

    def within(self, day: date | None) -> bool:
        return day is not None and self.start <= day <= self.as_of

    def reached(self, begun: date | None, over: date | None) -> bool:
        """Whether [begun, over) has a day in the period."""
        return (begun is None or begun <= self.as_of) and (over is None or over > self.start)

    @cached_property
    def town(self) -> LedgerFact[Town] | None:
        """With the names of the day of the figures."""
        fact = self.ledger.by_id(Town).get(self.ledger.town)
        return LedgerFact(fact.data.on(self.as_of), fact.ref) if fact else None

    @property
    def rank(self) -> str:
        """镇, 乡 or 苏木: what the place is called in texts about it."""
        return rank_of(self.town.data.name if self.town else "")

    @cached_property
    def term(self) -> LedgerFact[Term] | None:
        """The registered term on the day of the figures."""
        return term_on(self.ledger, self.as_of)

    @property
    def congress_number(self) -> int | None:
        return congress_on(self.ledger, self.as_of)

    @property
    def rules(self) -> RulePack:
        return self.rules_on(self.as_of)

    def rules_on(self, day: date) -> RulePack:
        if self.town is None:
            return RulePack()
        town = self.town.data
        held = tuple(pack.holds(day) for pack in town.rule_packs)
        if held not in self._rules:
            self._rules[held] = town.rules_on(day)
        return self._rules[held]

    @cached_property
    def _rules(self) -> dict[tuple[bool, ...], RulePack]:
        """By which of the town's packs are in force: a period asks for the rules of some thousand days."""
        return {}

    # -- what was held, in the order of the days -------------------------------------------------------------

    @cached_property
    def sessions(self) -> list[LedgerFact[Session]]:
        dated = self.ledger.sorted(Session, lambda s: (by_date(s.held_on), s.session_number or 0))
        return [fact for fact in dated if self.within(fact.data.held_on)]

    @cached_property
    def presidium_meetings(self) -> list[LedgerFact[PresidiumMeeting]]:
        dated = self.ledger.sorted(PresidiumMeeting, lambda m: (by_date(m.held_on), m.number or 0))
        return [fact for fact in dated if self.within(fact.data.held_on)]

    @cached_property
    def all_activities(self) -> list[LedgerFact[Activity]]:
        dated = self.ledger.sorted(Activity, lambda a: (by_date(a.held_on), a.title, a.place))
        return [fact for fact in dated if self.within(fact.data.held_on)]

    def activities(self, *kinds: str) -> list[LedgerFact[Activity]]:
        return [fact for fact in self.all_activities if fact.data.kind in kinds]

    @cached_property
    def opinions(self) -> list[LedgerFact[Opinion]]:
        dated = self.ledger.sorted(Opinion, lambda o: (by_date(o.received_on), o.category))
        return [fact for fact in dated if self.within(fact.data.received_on)]

    @cached_property
    def suggestions(self) -> list[LedgerFact[Suggestion]]:
        known = self.ledger.sorted(Suggestion, lambda s: (_number(s.number), by_date(s.raised_on), s.title))
        return [fact for fact in known if self.within(fact.data.raised_on)]

    @cached_property
    def _handlings(self) -> dict[tuple[str, date], Handling]:
        return {}

    def handling(self, suggestion: Suggestion, day: date | None = None) -> Handling:
        """Handling of a suggestion up to a day, by default that of the figures."""
        key = (suggestion.id, day or self.as_of)
        if key not in self._handlings:
            self._handlings[key] = handling(suggestion, key[1])
        return self._handlings[key]

    @cached_property
    def rating_meetings(self) -> list[LedgerFact[Meeting]]:
        """Meetings held in the period with a published result."""
        dated = self.ledger.sorted(Meeting, lambda m: (by_date(m.held_on), m.constituency))
        return [fact for fact in dated if self.within(fact.data.held_on) and fact.data.result is not None]

    @cached_property
    def plans(self) -> list[LedgerFact[Plan]]:
        dated = self.ledger.sorted(Plan, lambda p: (p.year, self.group_number(p.group_id)))
        return [fact for fact in dated if fact.data.year in self.years]

    # -- who and where --------------------------------------------------------------------------------------

    @cached_property
    def deputyships(self) -> list[LedgerFact[Deputyship]]:
        """Deputyships in stroke order of the names, then by level, constituency and first day; no voided ones."""
        return self.ledger.sorted(
            Deputyship,
            lambda d: (strokes.key(self.name_of(d)), d.level, d.constituency, by_date(d.started_on)),
        )

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Ids of voided deputyships of persons who have no other: they stand for nobody."""
        deputies = {fact.data.person_id for fact in self.deputyships}
        voided = (fact.data for fact in self.ledger.by_id(Deputyship).values() if fact.data.voided)
        return frozenset(d.id for d in voided if d.person_id not in deputies)

    def serving(self, *levels: str, day: date | None = None) -> list[LedgerFact[Deputyship]]:
        on = day or self.as_of
        return [f for f in self.deputyships if (not levels or f.data.level in levels) and serves(f.data, on)]

    def suspended(self, *levels: str, day: date | None = None) -> list[LedgerFact[Deputyship]]:
        on = day or self.as_of
        return [
            f for f in self.deputyships if (not levels or f.data.level in levels) and suspended(f.data, on)
        ]

    @cached_property
    def groups(self) -> list[LedgerFact[Group]]:
        """Groups that exist on `as_of`; those without dates count."""
        known = self.ledger.sorted(Group, lambda g: (g.level != "town", g.number or 0, g.name))
        return [f for f in known if _exists(f.data.formed_on, f.data.dissolved_on, self.as_of)]

    @cached_property
    def stations(self) -> list[LedgerFact[Station]]:
        known = self.ledger.sorted(Station, lambda s: (by_date(s.opened_on), strokes.key(s.name)))
        return [f for f in known if _exists(f.data.opened_on, f.data.closed_on, self.as_of)]

    def group_number(self, group_id: str | None) -> tuple[int, str]:
        """Sort key of a group id by number; records without a group come first."""
        group = self.ledger.get(Group, group_id)
        return (group.number or 0, group.name) if group else (0, "")

    def name_of(self, deputyship: Deputyship | None) -> str:
        """The holder's name on the day of the figures."""
        person = self.ledger.get(Person, deputyship.person_id) if deputyship else None
        return person.name_on(self.as_of) if person else ""

    def person_of(self, deputyship_id: str) -> str:
        """Id of the person of a mandate; that of the mandate where it is unknown."""
        deputyship = self.ledger.get(Deputyship, deputyship_id)
        return deputyship.person_id if deputyship and deputyship.person_id else f"?{deputyship_id}"

    def persons(self, deputyship_ids: Iterable[str]) -> frozenset[str]:
        """Persons of the mandates, without those withdrawn."""
        return frozenset(self.person_of(id) for id in deputyship_ids if id not in self.withdrawn)

    # -- who was expected and who came ---------------------------------------------------------------------

    def expected(self, event: Attended) -> frozenset[str]:
        """Deputyship ids expected: session: serving town deputies; presidium, group: members; else those named and not
        suspended.
        """
        day = event.held_on or self.as_of
        if isinstance(event, Session):
            return _ids(self.serving("town", day=day))
        if isinstance(event, PresidiumMeeting):
            return _ids(f for f in self.serving("town", day=day) if in_presidium(f.data, day))
        if isinstance(event, Activity) and event.groups:
            return _ids(
                f for f in self.serving(day=day) if any(in_group(f.data, id, day) for id in event.groups)
            )
        named = ((id, self.ledger.get(Deputyship, id)) for id in event.attendance.named)
        return frozenset(id for id, deputyship in named if not (deputyship and suspended(deputyship, day)))

    def idle(self, event: Attended) -> frozenset[str]:
        """Persons present under a mandate that did not serve that day."""
        day = event.held_on or self.as_of
        known = (self.ledger.get(Deputyship, id) for id in event.attendance.present)
        return frozenset(d.person_id for d in known if d is not None and not serves(d, day))

    def of_group(self, group: Group) -> list[LedgerFact[Activity]]:
        """Activities of every kind of a group, joint ones included."""
        return [fact for fact in self.all_activities if group.id in fact.data.groups]

    def turnout_of(self, group: Group, event: Activity) -> Turnout:
        """Turnout at a group's activity; at a joint one that of its own members alone."""
        turnout = self.turnout(event)
        if len(event.groups) < 2:
            return turnout
        day = event.held_on or self.as_of
        members = self.persons(f.data.id for f in self.serving(day=day) if in_group(f.data, group.id, day))
        return turnout.among(members)

    @cached_property
    def _turnouts(self) -> dict[tuple[type[Attended], str], Turnout]:
        return {}

    def turnout(self, event: Attended) -> Turnout:
        key = (type(event), event.id)
        if key not in self._turnouts:
            self._turnouts[key] = self._turnout(event)
        return self._turnouts[key]

    def _turnout(self, event: Attended) -> Turnout:
        expected = self.persons(self.expected(event))
        came = self.persons(event.attendance.present)
        present = came & expected
        on_leave = (
            self.persons(leave.deputyship_id for leave in event.attendance.on_leave) & expected
        ) - present
        absent = (self.persons(event.attendance.absent) & expected) - present - on_leave
        return Turnout(
            expected=expected,
            present=present,
            on_leave=on_leave,
            absent=absent,
            not_recorded=expected - present - on_leave - absent,
            others=came - expected,
            recorded=event.attendance.recorded,
            online=came & self.persons(event.attendance.online),
            half_day=came & self.persons(half.deputyship_id for half in event.attendance.half_day),
        )


def leader(year: Year, group: Group) -> Deputyship | None:
    """Leader named by the group, else the member with that role on the day of the figures."""
    members = [fact.data for fact in year.serving() if in_group(fact.data, group.id, year.as_of)]
    named = [member for member in members if member.id == group.leader_deputyship_id]
    return next(iter(named or [member for member in members if leads_group(member, year.as_of)]), None)


def _ids(facts: Iterable[LedgerFact[Deputyship]]) -> frozenset[str]:
    return frozenset(fact.data.id for fact in facts)


def _exists(opened: date | None, closed: date | None, day: date) -> bool:
    return (opened is None or opened <= day) and (closed is None or day < closed)


def _number(value: int | str | None) -> tuple[bool, int, str]:
    """Sort key of a number of a suggestion: integers first, then texts such as `2020-3`."""
    text = str(value) if value is not None else ""
    number = whole(text)
    return number is None, number or 0, text
