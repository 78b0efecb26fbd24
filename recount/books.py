"""Records of one town in one period, with serving deputies, expected attendance and turnout."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final

from recount.log import Data, Record, day, items

_PRESIDIUM: Final = {"chair", "vice_chair", "presidium"}
_SCOPES: Final = ("national", "province", "county", "town")


@dataclass(frozen=True)
class Turnout:
    """Persons by attendance. Present, on leave, absent and unrecorded are parts of `expected`; `guests` are not."""

    expected: frozenset[str]
    present: frozenset[str]
    on_leave: frozenset[str]
    absent: frozenset[str]
    guests: frozenset[str]
    online: frozenset[str] = frozenset()
    half_day: frozenset[str] = frozenset()

    @property
    def unrecorded(self) -> frozenset[str]:
        return self.expected - self.present - self.on_leave - self.absent

    @property
    def came(self) -> frozenset[str]:
        return self.present | self.guests


@dataclass(frozen=True)
class Books:
    """Records of a town and a period; `first` and `last` are included."""

    town: str
    first: date
    last: date
    records: Sequence[Record]

    def all(self, noun: str) -> list[Data]:
        """Records of a noun in the order of entry."""
        return self._by_noun.get(noun, [])

    def in_force(self, noun: str) -> list[Data]:
        """Records of a noun without those that were voided."""
        return [data for data in self.all(noun) if not data.get("void_reason")]

    @cached_property
    def _by_noun(self) -> dict[str, list[Data]]:
        by_noun: dict[str, list[Data]] = {}
        for record in sorted(self.records, key=lambda r: (r.service, r.order)):
            by_noun.setdefault(record.noun, []).append(record.data)
        return by_noun

    @cached_property
    def deputyships(self) -> list[Data]:
        """Without those that were voided."""
        return [mandate for mandate in self.all("deputyship") if mandate.get("status") != "voided"]

    @cached_property
    def _nobody(self) -> set[str]:
        """Voided mandates of persons without another one."""
        persons = {mandate.get("person_id") for mandate in self.deputyships}
        voided = [mandate for mandate in self.all("deputyship") if mandate.get("status") == "voided"]
        return {mandate["id"] for mandate in voided if mandate.get("person_id") not in persons}

    @cached_property
    def _mandates(self) -> dict[str, Data]:
        return {mandate["id"]: mandate for mandate in self.all("deputyship")}

    @cached_property
    def persons(self) -> dict[str, Data]:
        return {person["id"]: person for person in self.all("person")}

    @cached_property
    def the_town(self) -> Data:
        return next((town for town in self.all("town") if town["id"] == self.town), {})

    @cached_property
    def term(self) -> Data | None:
        """The latest term that has begun by the last day, unless it has ended."""
        begun = [term for term in self.all("term") if self.by_now(term.get("started_on"))]
        latest = max(begun, key=lambda term: term.get("congress_number") or 0, default=None)
        return None if latest is None or self.by_now(latest.get("ended_on")) else latest

    def within(self, value: Any) -> bool:
        on = day(value)
        return on is not None and self.first <= on <= self.last

    def by_now(self, value: Any) -> bool:
        on = day(value)
        return on is not None and on <= self.last

    def year_before(self) -> "Books | None":
        """The same days of the year before; None for a period longer than a year."""
        if self.last >= _shifted(self.first, 1):
            return None
        return replace(self, first=_shifted(self.first, -1), last=_shifted(self.last, -1))

    @property
    def anything_held(self) -> bool:
        return bool(self.sessions or self.presidium_meetings or self.activities() or self.rating_meetings)

    # -- events held ----------------------------------------------------------------------------------------

    @cached_property
    def sessions(self) -> list[Data]:
        return [session for session in self.in_force("session") if self.within(session.get("held_on"))]

    @cached_property
    def presidium_meetings(self) -> list[Data]:
        meetings = self.in_force("presidium_meeting")
        return [meeting for meeting in meetings if self.within(meeting.get("held_on"))]

    @cached_property
    def _activities(self) -> list[Data]:
        activities = [activity for activity in self.all("activity") if self.within(activity.get("held_on"))]
        return [activity for activity in activities if activity.get("state") != "voided"]

    def activities(self, *kinds: str) -> list[Data]:
        return [
            activity
            for activity in self._activities
            if not kinds or (activity.get("kind") or "other") in kinds
        ]

    @cached_property
    def opinions(self) -> list[Data]:
        return [opinion for opinion in self.in_force("opinion") if self.within(opinion.get("received_on"))]

    @cached_property
    def suggestions(self) -> list[Data]:
        suggestions = self.in_force("suggestion")
        return [suggestion for suggestion in suggestions if self.within(suggestion.get("raised_on"))]

    @cached_property
    def rating_meetings(self) -> list[Data]:
        """Meetings held in the period with a published result."""
        return [
            meeting
            for meeting in self.in_force("meeting")
            if self.within(meeting.get("held_on")) and meeting.get("result") is not None
        ]

    # -- people ---------------------------------------------------------------------------------------------

    def serving(self, *levels: str, on: date | None = None) -> list[Data]:
        serving = self._serving(on or self.last)
        return [m for m in serving if not levels or (m.get("level") or "town") in levels]

    def _serving(self, on: date) -> list[Data]:
        if on not in self._serving_on:
            self._serving_on[on] = [mandate for mandate in self.deputyships if serves(mandate, on)]
        return self._serving_on[on]

    @cached_property
    def _serving_on(self) -> dict[date, list[Data]]:
        return {}

    @cached_property
    def _ever_in(self) -> dict[str, list[Data]]:
        """Mandates by the groups they were ever in."""
        members: dict[str, list[Data]] = {}
        for mandate in self.deputyships:
            spans = items(mandate.get("group_history")) or [mandate]
            for group_id in {span.get("group_id") for span in spans}:
                members.setdefault(group_id, []).append(mandate)
        return members

    def suspended(self, *levels: str) -> list[Data]:
        return [
            mandate
            for mandate in self.deputyships
            if (not levels or (mandate.get("level") or "town") in levels) and is_suspended(mandate, self.last)
        ]

    def person(self, deputyship_id: str) -> str:
        """The holder of a mandate; an unknown mandate counts as a person of its own."""
        return (self._mandates.get(deputyship_id) or {}).get("person_id") or f"unknown {deputyship_id}"

    def people(self, deputyship_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(self.person(id) for id in deputyship_ids if id not in self._nobody)

    def groups(self) -> list[Data]:
        """Groups existing on the last day; the town's first, then by number and name."""
        groups = [
            g for g in self.all("group") if _covers(g.get("formed_on"), g.get("dissolved_on"), self.last)
        ]
        return sorted(
            groups,
            key=lambda g: ((g.get("level") or "town") != "town", g.get("number") or 0, g.get("name") or ""),
        )

    def stations(self) -> list[Data]:
        return [s for s in self.all("station") if _covers(s.get("opened_on"), s.get("closed_on"), self.last)]

    @cached_property
    def _turnouts(self) -> dict[str, Turnout]:
        return {}

    def turnout(self, noun: str, event: Data) -> Turnout:
        key = f"{noun}/{event['id']}"
        if key not in self._turnouts:
            self._turnouts[key] = self._turnout(noun, event)
        return self._turnouts[key]

    def turnout_of(self, group_id: str, activity: Data) -> Turnout:
        """Turnout at a group's activity; of a joint one, that of the members of the group alone."""
        all_who = self.turnout("activity", activity)
        if len(groups_of(activity)) < 2:
            return all_who
        on = day(activity.get("held_on")) or self.last
        own = self.people(mandate["id"] for mandate in self.serving(on=on) if in_group(mandate, group_id, on))
        parts = (all_who.expected, all_who.present, all_who.on_leave, all_who.absent, all_who.guests)
        return Turnout(*(part & own for part in parts))

    def _turnout(self, noun: str, event: Data) -> Turnout:
        sheet = event.get("attendance") or {}
        expected = self.people(self._expected(noun, event))
        came = self.people(items(sheet.get("present")))
        leave = self.people(leave["deputyship_id"] for leave in items(sheet.get("on_leave")))
        absent = self.people(items(sheet.get("absent")))
        present = came & expected
        on_leave = leave & expected - present
        online = came & self.people(items(sheet.get("online")))
        partly = came & self.people(half["deputyship_id"] for half in items(sheet.get("half_day")))
        absent = absent & expected - present - on_leave
        return Turnout(expected, present, on_leave, absent, came - expected, online, partly)

    def _expected(self, noun: str, event: Data) -> list[str]:
        on = day(event.get("held_on")) or self.last
        if noun == "session":
            return [mandate["id"] for mandate in self.serving("town", on=on)]
        if noun == "presidium_meeting":
            return [mandate["id"] for mandate in self.serving("town", on=on) if in_presidium(mandate, on)]
        if noun == "activity" and groups_of(event):
            return [
                mandate["id"]
                for group_id in groups_of(event)
                for mandate in self._ever_in.get(group_id, ())
                if in_group(mandate, group_id, on) and serves(mandate, on)
            ]
        sheet = event.get("attendance") or {}
        named = [*items(sheet.get("present")), *items(sheet.get("absent"))]
        named += [leave["deputyship_id"] for leave in items(sheet.get("on_leave"))]
        return [
            id
            for id in named
            if not is_suspended(self._mandates.get(id) or {}, on, known=id in self._mandates)
        ]

    def rule(self, name: str, usual: int) -> int:
        """A rule in force on the last day: the narrower scope wins, within one scope the later pack."""
        packs = [(_breadth(p), p) for p in items(self.the_town.get("rule_packs")) if self._in_force(p)]
        packs.append((len(_SCOPES) - 1.5, {"rules": self.the_town.get("rules") or {}}))
        packs.sort(
            key=lambda pair: (pair[0], str(pair[1].get("effective_from") or ""), str(pair[1].get("id")))
        )
        written = (_whole((p.get("rules") or {}).get(name)) for _, p in packs)
        return [usual, *(number for number in written if number is not None)][-1]

    def _in_force(self, pack: Data) -> bool:
        start, over = day(pack.get("effective_from")), day(pack.get("effective_to"))
        return (start is None or start <= self.last) and (over is None or self.last <= over)


def _whole(value: Any) -> int | None:
    """The whole number that a rule says; None where it says none."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() else None
    return int(value) if isinstance(value, int | float) and value == int(value) else None


def recorded(events: Collection[Data]) -> bool:
    """Whether attendance is recorded for any event; True without events."""
    sheets = [event.get("attendance") or {} for event in events]
    return not sheets or any(s.get("present") or s.get("on_leave") or s.get("absent") for s in sheets)


def groups_of(activity: Data) -> list[str]:
    """Groups whose activity it is: several of a joint one."""
    one = activity.get("group_id")
    return [*items(activity.get("group_ids"))] or ([one] if one else [])


def is_suspended(mandate: Data, on: date, *, known: bool = True) -> bool:
    return known and _in_office(mandate, on) and any(_holds(s, on) for s in items(mandate.get("suspensions")))


def serves(mandate: Data, on: date) -> bool:
    return _in_office(mandate, on) and not is_suspended(mandate, on)


def in_group(mandate: Data, group_id: str, on: date) -> bool:
    history = items(mandate.get("group_history"))
    if history:
        return any(span.get("group_id") == group_id and _holds(span, on) for span in history)
    return mandate.get("group_id") == group_id


def roles(mandate: Data, on: date) -> set[str]:
    history = items(mandate.get("role_history"))
    if history:
        return {span.get("role", "") for span in history if _holds(span, on)}
    return set(items(mandate.get("roles")))


def in_presidium(mandate: Data, on: date) -> bool:
    return bool(roles(mandate, on) & _PRESIDIUM)


def _in_office(mandate: Data, on: date) -> bool:
    return _covers(mandate.get("started_on"), mandate.get("ended_on"), on)


def _holds(span: Data, on: date) -> bool:
    return _covers(span.get("from_on"), span.get("to_on"), on)


def _covers(start: Any, over: Any, on: date) -> bool:
    """Whether the half-open interval contains a day; None is unbounded."""
    first, last = day(start), day(over)
    return (first is None or first <= on) and (last is None or on < last)


def _shifted(on: date, years: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    leap = (on.month, on.day) == (2, 29)
    return date(on.year + years, on.month, 28 if leap else on.day)


def _breadth(pack: Data) -> float:
    scope = pack.get("scope") or "town"
    return _SCOPES.index(scope) if scope in _SCOPES else len(_SCOPES)
