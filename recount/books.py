"""The records of one town over one period, and who of its deputies served, was expected and came."""

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
    """Persons. present, on leave, absent and unrecorded are all of the expected; `guests` came unexpected."""

    expected: frozenset[str]
    present: frozenset[str]
    on_leave: frozenset[str]
    absent: frozenset[str]
    guests: frozenset[str]

    @property
    def unrecorded(self) -> frozenset[str]:
        return self.expected - self.present - self.on_leave - self.absent

    @property
    def came(self) -> frozenset[str]:
        return self.present | self.guests


@dataclass(frozen=True)
class Books:
    """Both days belong to the period."""

    town: str
    first: date
    last: date
    records: Sequence[Record]

    def all(self, noun: str) -> list[Data]:
        """In the order in which they were entered."""
        return self._by_noun.get(noun, [])

    @cached_property
    def _by_noun(self) -> dict[str, list[Data]]:
        found: dict[str, list[Data]] = {}
        for record in sorted(self.records, key=lambda r: (r.service, r.order)):
            found.setdefault(record.noun, []).append(record.data)
        return found

    @cached_property
    def _deputyships(self) -> list[Data]:
        return self.all("deputyship")

    @cached_property
    def _mandates(self) -> dict[str, Data]:
        return {one["id"]: one for one in self._deputyships}

    @cached_property
    def persons(self) -> dict[str, Data]:
        return {one["id"]: one for one in self.all("person")}

    @cached_property
    def the_town(self) -> Data:
        return next((one for one in self.all("town") if one["id"] == self.town), {})

    def within(self, value: Any) -> bool:
        on = day(value)
        return on is not None and self.first <= on <= self.last

    def by_now(self, value: Any) -> bool:
        on = day(value)
        return on is not None and on <= self.last

    def year_before(self) -> "Books | None":
        """The same days of the year before; none for more than a year."""
        if self.last >= _shifted(self.first, 1):
            return None
        return replace(self, first=_shifted(self.first, -1), last=_shifted(self.last, -1))

    @property
    def anything_held(self) -> bool:
        return bool(self.sessions or self.presidium_meetings or self.activities() or self.rating_meetings)

    # -- what was held --------------------------------------------------------------------------------------

    @cached_property
    def sessions(self) -> list[Data]:
        return [one for one in self.all("session") if self.within(one.get("held_on"))]

    @cached_property
    def presidium_meetings(self) -> list[Data]:
        return [one for one in self.all("presidium_meeting") if self.within(one.get("held_on"))]

    @cached_property
    def _activities(self) -> list[Data]:
        held = [one for one in self.all("activity") if self.within(one.get("held_on"))]
        return [one for one in held if one.get("state") != "voided"]

    def activities(self, *kinds: str) -> list[Data]:
        return [one for one in self._activities if not kinds or (one.get("kind") or "other") in kinds]

    @cached_property
    def opinions(self) -> list[Data]:
        return [one for one in self.all("opinion") if self.within(one.get("received_on"))]

    @cached_property
    def suggestions(self) -> list[Data]:
        return [one for one in self.all("suggestion") if self.within(one.get("raised_on"))]

    @cached_property
    def rating_meetings(self) -> list[Data]:
        """Held in the period, their result published."""
        return [
            one
            for one in self.all("meeting")
            if self.within(one.get("held_on")) and one.get("result") is not None
        ]

    # -- who ------------------------------------------------------------------------------------------------

    def serving(self, *levels: str, on: date | None = None) -> list[Data]:
        return [
            one
            for one in self._deputyships
            if (not levels or (one.get("level") or "town") in levels) and serves(one, on or self.last)
        ]

    def suspended(self, *levels: str) -> list[Data]:
        return [
            one
            for one in self._deputyships
            if (not levels or (one.get("level") or "town") in levels) and is_suspended(one, self.last)
        ]

    def person(self, deputyship_id: str) -> str:
        """Who holds a mandate; a mandate nobody knows is somebody of its own."""
        return (self._mandates.get(deputyship_id) or {}).get("person_id") or f"unknown {deputyship_id}"

    def people(self, deputyship_ids: Iterable[str]) -> frozenset[str]:
        return frozenset(self.person(one) for one in deputyship_ids)

    def groups(self) -> list[Data]:
        """On the last day; the town's first, then by number and name."""
        found = [
            g for g in self.all("group") if _stands(g.get("formed_on"), g.get("dissolved_on"), self.last)
        ]
        return sorted(
            found,
            key=lambda g: ((g.get("level") or "town") != "town", g.get("number") or 0, g.get("name") or ""),
        )

    def stations(self) -> list[Data]:
        return [s for s in self.all("station") if _stands(s.get("opened_on"), s.get("closed_on"), self.last)]

    @cached_property
    def _turnouts(self) -> dict[str, Turnout]:
        return {}

    def turnout(self, noun: str, event: Data) -> Turnout:
        key = f"{noun}/{event['id']}"
        if key not in self._turnouts:
            self._turnouts[key] = self._turnout(noun, event)
        return self._turnouts[key]

    def _turnout(self, noun: str, event: Data) -> Turnout:
        sheet = event.get("attendance") or {}
        expected = self.people(self._expected(noun, event))
        came = self.people(items(sheet.get("present")))
        leave = self.people(one["deputyship_id"] for one in items(sheet.get("on_leave")))
        absent = self.people(items(sheet.get("absent")))
        present = came & expected
        on_leave = leave & expected - present
        return Turnout(expected, present, on_leave, absent & expected - present - on_leave, came - expected)

    def _expected(self, noun: str, event: Data) -> list[str]:
        on = day(event.get("held_on")) or self.last
        if noun == "session":
            return [one["id"] for one in self.serving("town", on=on)]
        if noun == "presidium_meeting":
            return [one["id"] for one in self.serving("town", on=on) if in_presidium(one, on)]
        if event.get("group_id"):
            return [one["id"] for one in self.serving(on=on) if in_group(one, event["group_id"], on)]
        sheet = event.get("attendance") or {}
        named = [*items(sheet.get("present")), *items(sheet.get("absent"))]
        named += [one["deputyship_id"] for one in items(sheet.get("on_leave"))]
        return [
            one
            for one in named
            if not is_suspended(self._mandates.get(one) or {}, on, known=one in self._mandates)
        ]

    def rule(self, name: str, usual: int) -> int:
        """Of the rule packs in force on the last day: the narrower scope wins, of one scope the later."""
        packs = [(_breadth(p), p) for p in items(self.the_town.get("rule_packs")) if self._in_force(p)]
        packs.append((len(_SCOPES) - 1.5, {"rules": self.the_town.get("rules") or {}}))
        packs.sort(
            key=lambda pair: (pair[0], str(pair[1].get("effective_from") or ""), str(pair[1].get("id")))
        )
        values = [p["rules"][name] for _, p in packs if name in (p.get("rules") or {})]
        return values[-1] if values and type(values[-1]) is int else usual

    def _in_force(self, pack: Data) -> bool:
        begun, over = day(pack.get("effective_from")), day(pack.get("effective_to"))
        return (begun is None or begun <= self.last) and (over is None or self.last <= over)


def recorded(events: Collection[Data]) -> bool:
    """Whether anybody wrote down who came, or there was nothing to write down."""
    sheets = [event.get("attendance") or {} for event in events]
    return not sheets or any(s.get("present") or s.get("on_leave") or s.get("absent") for s in sheets)


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
    return _stands(mandate.get("started_on"), mandate.get("ended_on"), on)


def _holds(span: Data, on: date) -> bool:
    return _stands(span.get("from_on"), span.get("to_on"), on)


def _stands(begun: Any, over: Any, on: date) -> bool:
    """The last day of a span does not belong to it; a span without days holds for ever."""
    first, last = day(begun), day(over)
    return (first is None or first <= on) and (last is None or on < last)


def _shifted(on: date, years: int) -> date:
    """29 February becomes the 28th."""
    leap = (on.month, on.day) == (2, 29)
    return date(on.year + years, on.month, 28 if leap else on.day)


def _breadth(pack: Data) -> float:
    scope = pack.get("scope") or "town"
    return _SCOPES.index(scope) if scope in _SCOPES else len(_SCOPES)
