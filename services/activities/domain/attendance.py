"""Attendance: present, on leave, absent; a deputy expected and named in none of them is not recorded.

Invariants: a person has one state, by whatever mandate; whoever is present was a deputy that day; `expected` is fixed
at entry.
A suspended deputy keeps the mandate: presence is recorded, but not expected. If the roster is corrected later, the
report shows the difference.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import Field, model_validator

from services.activities.domain.leave import Leave
from services.activities.domain.presence import ONLINE, HalfDay
from services.activities.domain.roster import TOWN_LEVEL, Deputyship
from services.activities.domain.values import Id, Value
from services.activities.errors import AttendanceFaulty
from shared.errors import FieldError

MOST: Final = 1000
"""Maximum number of names in one part; the largest town has about 130 deputies."""


PARTS: Final = {"present": "出席", "on_leave": "请假", "absent": "缺席"}
WAYS: Final = {"online": "线上参加", "half_day": "半天参加"}


def _is_empty(value: tuple[Any, ...]) -> bool:
    return not value


class Attendance(Value):
    """Deputyship ids. Deputies expected but not named are not recorded, which is not absent. Of those present, `online`
    took part by network, `half_day` for a part of the time; they are present whether named there too or not."""

    present: Annotated[tuple[Id, ...], Field(max_length=MOST)] = ()
    on_leave: Annotated[tuple[Leave, ...], Field(max_length=MOST)] = ()
    absent: Annotated[tuple[Id, ...], Field(max_length=MOST)] = ()

    online: Annotated[tuple[Id, ...], Field(max_length=MOST, exclude_if=_is_empty)] = ()
    half_day: Annotated[tuple[HalfDay, ...], Field(max_length=MOST, exclude_if=_is_empty)] = ()

    @model_validator(mode="after")
    def _present_however(self) -> Self:
        """With those `present` who are named by the way they took part alone."""
        named = {*self.ids}
        also = tuple(dict.fromkeys(id for id in self._ways() if id not in named))
        return self.model_copy(update={"present": (*self.present, *also)}) if also else self

    def _ways(self) -> Iterator[str]:
        yield from self.online
        yield from (half.deputyship_id for half in self.half_day)

    @property
    def recorded(self) -> bool:
        return bool(self.present or self.on_leave or self.absent)

    def named(self) -> Iterator[tuple[str, str]]:
        """(place in the request, deputyship id), in order."""
        for n, deputyship_id in enumerate(self.present):
            yield f"present.{n}", deputyship_id
        for n, leave in enumerate(self.on_leave):
            yield f"on_leave.{n}.deputyship_id", leave.deputyship_id
        for n, deputyship_id in enumerate(self.absent):
            yield f"absent.{n}", deputyship_id

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(deputyship_id for _, deputyship_id in self.named())

    def ways_of(self, id: str) -> str:
        """How somebody present took part, as written behind the name: 线上、上午."""
        halves = (half.label for half in self.half_day if half.deputyship_id == id)
        return "、".join((*((ONLINE,) if id in self.online else ()), *halves))

    def late_leave(self, held_on: date) -> tuple[str, ...]:
        return tuple(leave.deputyship_id for leave in self.on_leave if leave.late(held_on))

    def seen_by(self, own: Collection[str]) -> "Attendance":
        """With reasons for leave of these deputyships alone: an illness is nobody else's matter (个人信息保护法 28)."""
        seen = tuple(
            leave if leave.deputyship_id in own else leave.without_reason() for leave in self.on_leave
        )
        return self.model_copy(update={"on_leave": seen})

    def without_approved_leave(self, as_of: date | None = None) -> frozenset[str]:
        """Deputyships absent, or on leave that was not approved by `as_of`."""
        refused = (leave.deputyship_id for leave in self.on_leave if not leave.approved(as_of))
        return frozenset((*self.absent, *refused))


def check_attendance(
    attendance: Attendance,
    deputyships: Mapping[str, Deputyship],
    day: date,
    *,
    town_level_only: bool = False,
    loc: str = "body.attendance",
) -> None:
    """Check an attendance; `deputyships` has every id that is named. Errors: AttendanceFaulty, one entry per fault."""
    faults = [*_repeated(attendance), *_contradicted(attendance, deputyships), *_ill_dated(attendance)]
    faults += _not_there(attendance)
    for place, named in attendance.named():
        deputyship = deputyships[named]
        if town_level_only and deputyship.level != TOWN_LEVEL:
            faults.append((place, f"{named} 不是本级人民代表大会代表，列席人员请计入列席人数"))
        elif place.startswith("present") and not deputyship.in_office(day):
            faults.append((place, f"{named} 当日（{day}）不是代表，不能记为出席"))
    if faults:
        raise AttendanceFaulty(
            faults[0][1], errors=[FieldError(f"{loc}.{place}", message) for place, message in faults]
        )


def _repeated(attendance: Attendance) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for place, named in attendance.named():
        if named in first:
            yield place, f"{named} 重复登记：已记在{_part(first[named])}"
        first.setdefault(named, place)


def _contradicted(attendance: Attendance, deputyships: Mapping[str, Deputyship]) -> Iterator[tuple[str, str]]:
    """A person with several mandates may be named by each of them, but with one state."""
    first: dict[str, tuple[str, str]] = {}
    for place, named in attendance.named():
        known_as, known_place = first.setdefault(deputyships[named].person_id or named, (named, place))
        if known_as != named and _part(known_place) != _part(place):
            yield place, f"{named} 与 {known_as} 是同一人，已记在{_part(known_place)}，两处矛盾"


def _not_there(attendance: Attendance) -> Iterator[tuple[str, str]]:
    """Whoever took part in some way is present, and is named once for each way."""
    present = set(attendance.present)
    halves = [f"half_day.{n}" for n in range(len(attendance.half_day))]
    online = [f"online.{n}" for n in range(len(attendance.online))]
    partly = [half.deputyship_id for half in attendance.half_day]
    for places, ids in ((online, attendance.online), (halves, partly)):
        for n, (place, id) in enumerate(zip(places, ids, strict=True)):
            way = WAYS[place.partition(".")[0]]
            if id not in present:
                yield place, f"{id} 没有记为出席，不能记为{way}"
            elif id in ids[:n]:
                yield place, f"{id} 的{way}写了两次"


def _ill_dated(attendance: Attendance) -> Iterator[tuple[str, str]]:
    for n, leave in enumerate(attendance.on_leave):
        for field, message in leave.faults():
            yield f"on_leave.{n}.{field}", message


def _part(place: str) -> str:
    """出席, 请假 or 缺席."""
    return PARTS[place.partition(".")[0]]


def expected_at_session(deputyships: Iterable[Deputyship], day: date) -> tuple[str, ...]:
    """Deputies of the town's congress who serve on the day."""
    return _ids(d for d in deputyships if d.level == TOWN_LEVEL and d.serves(day))


def expected_in_presidium(deputyships: Iterable[Deputyship], day: date) -> tuple[str, ...]:
    return _ids(d for d in deputyships if d.level == TOWN_LEVEL and d.serves(day) and d.in_presidium(day))


def expected_in_group(deputyships: Iterable[Deputyship], group_id: str, day: date) -> tuple[str, ...]:
    return _ids(d for d in deputyships if d.serves(day) and d.in_group(group_id, day))


def expected_in_groups(
    deputyships: Collection[Deputyship], group_ids: Collection[str], day: date
) -> tuple[str, ...]:
    """Deputies of a group, or of several together: who belongs to two of them is expected once."""
    expected = {id for group_id in group_ids for id in expected_in_group(deputyships, group_id, day)}
    return once_each(deputyships, expected) if len(group_ids) > 1 else tuple(sorted(expected))


def once_each(deputyships: Iterable[Deputyship], ids: Collection[str]) -> tuple[str, ...]:
    """Of these deputyships one for each person: the town's where there is one."""
    by_person: dict[str, Deputyship] = {}
    for mandate in sorted(deputyships, key=lambda mandate: mandate.level != TOWN_LEVEL):
        if mandate.id in ids:
            by_person.setdefault(mandate.person_id or mandate.id, mandate)
    return _ids(by_person.values())


def expected_of_levels(
    deputyships: Iterable[Deputyship], levels: Collection[str], day: date
) -> tuple[str, ...]:
    return _ids(d for d in deputyships if d.level in levels and d.serves(day))


def expected_at_station(
    deputyships: Iterable[Deputyship], groups: Collection[str], places: Collection[str], day: date
) -> tuple[str, ...]:
    """Deputies of the groups that work at a station, and those of the constituencies it serves."""
    return _ids(
        d
        for d in deputyships
        if d.serves(day) and (d.constituency in places or any(d.in_group(id, day) for id in groups))
    )


def expected_as_named(
    attendance: Attendance, deputyships: Mapping[str, Deputyship], day: date
) -> tuple[str, ...]:
    """Where no rule says who is expected: those the record names, except suspended deputies."""
    return _ids(deputyships[id] for id in set(attendance.ids) if not deputyships[id].suspended(day))


def _ids(deputyships: Iterable[Deputyship]) -> tuple[str, ...]:
    return tuple(sorted(d.id for d in deputyships))
