"""Findings about records that may be one, entered more than once: activities and people."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, groupby
from typing import Any, Final, TypeVar

from services.reports.checks.draft import Books, Draft, finding
from services.reports.events_in import Activity, Person
from services.reports.figures.ledger import LedgerFact, by_date
from services.reports.names import KINDS
from services.reports.notation import day_text
from shared.chinese.characters import key

_NUMBER: Final = re.compile(r"[0-9〇零一二三四五六七八九十百]+")
F = TypeVar("F", Activity, Person)


def activities(books: Books) -> Iterator[Draft]:
    """Activities of one day, kind and group that may be one; figures count each, until they are merged."""
    order = sorted(books.year.all_activities, key=_series)
    for _, same in groupby(order, key=_series):
        for found in _sets(list(same), _alike):
            first = found[0].data
            day = day_text(first.held_on) if first.held_on else ""
            message = (
                f"{day}登记的{len(found)}条{KINDS.get(first.kind, first.kind)}（“{first.title}”）可能是同一次，"
                "现在各计一次；是同一次的请合并或者作废多余的，不是的请注明。"
            )
            place = f"{first.held_on}/{first.kind}/{first.title}"
            yield finding("activities.duplicate", message, found, key=place, day=first.held_on)


def people(books: Books) -> Iterator[Draft]:
    """People of one name who may be one person."""
    entries = books.year.ledger.sorted(Person, lambda person: key(person.name))
    living = [fact for fact in entries if fact.data.name and not fact.data.merged_into]
    for _, same in groupby(living, key=lambda fact: key(fact.data.name)):
        for found in _sets(list(same), _one_person):
            name = found[0].data.name
            message = (
                f"有{len(found)}条人员登记都是{name}，可能是同一人；是同一人的请在名册中合并，不是的请注明。"
            )
            yield finding("people.duplicate", message, found, key=name)


def _series(fact: LedgerFact[Activity]) -> tuple[Any, ...]:
    return by_date(fact.data.held_on), fact.data.kind, fact.data.group_id or ""


def _sets(facts: Sequence[LedgerFact[F]], alike: Callable[[F, F], bool]) -> Iterator[list[LedgerFact[F]]]:
    """Sets of more than one record, each like another of its set, in the order given."""
    sets = [[n] for n in range(len(facts))]
    for one, other in combinations(range(len(facts)), 2):
        here, there = sets[one], sets[other]
        if here is not there and alike(facts[one].data, facts[other].data):
            here += there
            for n in there:
                sets[n] = here
    for first, found in enumerate(sets):
        if len(found) > 1 and first == min(found):
            yield [facts[n] for n in sorted(found)]


def _alike(one: Activity, other: Activity) -> bool:
    """As the activities service lists them: not where people, station, number, or title and place are others."""
    if other.id in one.different_from or one.id in other.different_from:
        return False
    here, there = set(one.attendance.present), set(other.attendance.present)
    stations = {one.station_id, other.station_id} - {None}
    if len(stations) > 1 or (here and there and not here & there) or _numbered(one.title, other.title):
        return False
    title, together = key(one.title) == key(other.title), bool(here & there)
    places = {key(place) for place in (one.place, other.place) if place}
    if len(places) > 1:
        return title and together
    return title or together or bool(one.place and other.place)


def _numbered(one: str, other: str) -> bool:
    """Whether two titles differ by their numbers alone, as 第一期培训 and 第二期培训 do."""
    return key(one) != key(other) and _NUMBER.sub("", key(one)) == _NUMBER.sub("", key(other))


def _one_person(one: Person, other: Person) -> bool:
    """Neither declared different nor of another birth year or gender."""
    if other.id in one.different_from or one.id in other.different_from:
        return False
    facts = ((one.born_year, other.born_year), (one.gender, other.gender))
    return all(here == there or not here or not there for here, there in facts)
