"""One by one and all together: the lines of the files add up to the year's figures, whatever happened to mandates.

Years in which people hold two mandates, change groups, are suspended and resume, come by by-election and leave, have a
role written down twice, and are given leave after the event.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.reports.domain.files import DutyFile, FileEvent
from services.reports.events_in import Deputyship, Group, Session
from services.reports.figures import compute
from services.reports.figures.year import Year
from services.reports.files.duty_file import duty_file
from services.reports.files.group_file import group_file
from tests.fixtures.book import Book, attendance

SUPERVISION = ("inspection", "research", "law_check", "review")
PERSON_TIMES = {
    "training.person_times": ("training",),
    "group_activities.person_times": ("group_activity",),
    "contact.deputy_times": ("reception",),
    "supervision.person_times": SUPERVISION,
}
KINDS = [*SUPERVISION, "training", "group_activity", "reception"]
DAYS = st.dates(date(2020, 1, 1), date(2020, 12, 31)).map(str)
BEFORE = "2016-12-20"
STATES = ("present", "on_leave", "absent", "")


@dataclass
class Story:
    """Records as they are announced, so that a test may tell the same year with something different in it."""

    deputies: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    papers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def book(self) -> Book:
        book = Book()
        book.town_(quota=9)
        for number in (1, 2):
            book.add("group", f"g{number}", number=number)
        for person in sorted({one["person_id"] for one in self.deputies.values()}):
            book.add("person", person, name=f"王示例{person[1:]}")
        for id, one in self.deputies.items():
            book.add("deputyship", id, **one)
        for n, (noun, one) in enumerate(self.events):
            book.add(noun, f"e{n}", **one)
        for n, (noun, one) in enumerate(self.papers):
            book.add(noun, f"s{n}", **one)
        return book


def spans(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """A value until some day of the year and another one from it on, or one all along."""
    turn, first = draw(st.none() | DAYS), draw(values)
    yield first, {"from_on": BEFORE, "to_on": turn}
    if turn:
        yield draw(values), {"from_on": turn, "to_on": None}


def a_mandate(draw: st.DrawFn, person: str) -> dict[str, Any]:
    groups = [{"group_id": group, **span} for group, span in spans(draw, st.sampled_from(["g1", "g2", None]))]
    roles = [
        {"role": role, **span} for role, span in spans(draw, st.sampled_from(["presidium", "chair", ""]))
    ]
    started = draw(st.sampled_from([None, None]) | DAYS)
    suspended = draw(st.none() | DAYS)
    resumed = draw(st.none() | DAYS) if suspended else None
    return {
        "person_id": person,
        "level": draw(st.sampled_from(["town", "town", "county"])),
        "started_on": started or BEFORE,
        "started_by": "by_election" if started else "election",
        "ended_on": draw(st.sampled_from([None, None]) | DAYS),
        "suspensions": [{"from_on": suspended, "to_on": resumed}] if suspended else [],
        "group_history": [one for one in groups if one["group_id"]],
        "group_id": groups[-1]["group_id"],
        "role_history": [one for one in roles if one["role"]],
        "roles": [one["role"] for one in roles if one["role"]],
    }


@st.composite
def stories(draw: st.DrawFn) -> Story:
    story = Story()
    for person in range(1, draw(st.integers(1, 5)) + 1):
        for mandate in range(draw(st.integers(1, 2))):
            story.deputies[f"d{person}{mandate}"] = a_mandate(draw, f"p{person}")
    for _ in range(draw(st.integers(1, 6))):
        said = {id: draw(st.sampled_from(STATES)) for id in story.deputies}
        parts = ([id for id in said if said[id] == state] for state in STATES[:3])
        story.events.append((
            draw(st.sampled_from(["session", "presidium_meeting", "activity", "activity"])),
            {
                "held_on": draw(DAYS),
                "kind": draw(st.sampled_from(KINDS)),
                "group_id": draw(st.sampled_from([None, "g1", "g2"])),
                "state": draw(st.sampled_from(["held", "held", "held", "voided"])),
                "attendance": attendance(*parts),
            },
        ))  # fmt: skip
    for _ in range(draw(st.integers(0, 4))):
        whose = draw(st.sampled_from(sorted(story.deputies)))
        lead = {"raised_on": draw(DAYS), "lead_deputyship_id": whose, "number": len(story.papers)}
        opinion = {"received_on": draw(DAYS), "deputyship_id": whose}
        story.papers += [("suggestion", lead), ("opinion", opinion)]
    return story


def files(year: Year) -> list[DutyFile]:
    """One for each person."""
    one_each = {year.person_of(fact.data.id): fact.data for fact in year.deputyships}
    return [duty_file(year, mandate) for mandate in one_each.values()]


def lines(year: Year, *kinds: str) -> list[FileEvent]:
    return [event for file in files(year) for event in file.events if event.kind in kinds]


def value(year: Year, id: str) -> int:
    """Of a count or sum; what nobody wrote down is no attendance."""
    found = compute(year)[id].value
    assert found is None or isinstance(found, int)
    return found or 0


def told(story: Story) -> Year:
    return story.book().year()


@given(stories())
def test_the_lines_of_all_deputies_add_up_to_the_persons_times_of_the_year(story: Story) -> None:
    year = told(story)
    for id, kinds in PERSON_TIMES.items():
        assert sum(line.state == "present" for line in lines(year, *kinds)) == value(year, id), id


@given(stories())
def test_who_was_expected_at_sessions_adds_up_to_expected_present_on_leave_absent_and_not_recorded(
    story: Story,
) -> None:
    year = told(story)
    due = [line.state for line in lines(year, "session") if line.expected]
    if compute(year)["congress.present"].status == "missing":
        assert set(due) <= {"not_recorded"}
        return
    assert len(due) == value(year, "congress.expected")
    for state in ("present", "on_leave", "absent", "not_recorded"):
        assert due.count(state) == value(year, f"congress.{state}"), state


@given(stories())
def test_the_rate_of_group_activities_is_that_of_the_lines(story: Story) -> None:
    year = told(story)
    rate = compute(year)["group_activities.attendance_rate"]
    due = [line.state for line in lines(year, "group_activity") if line.expected]
    if rate.status in ("value", "zero"):
        assert (rate.numerator, rate.denominator) == (due.count("present"), len(due))


@given(stories())
def test_suggestions_and_opinions_of_all_deputies_are_those_of_the_year(story: Story) -> None:
    year = told(story)
    led = [one for file in files(year) for one in file.suggestions if one.part == "lead"]
    assert len(led) == value(year, "suggestions.raised")
    assert sum(file.opinions.received for file in files(year)) == value(year, "opinions.received")


@given(stories())
def test_members_and_others_of_the_groups_activities_are_everyone_who_came(story: Story) -> None:
    year = told(story)
    came = 0
    for group in year.ledger.by_id(Group).values():
        for event in group_file(year, group).activities:
            if event.kind == "group_activity":
                came += sum(one.state == "present" for one in event.members) + event.others
    apart = [a for a in year.activities("group_activity") if not a.data.group_id]
    came += sum(len(year.turnout(one.data).attended) for one in apart)
    assert came == value(year, "group_activities.person_times")


@given(stories())
def test_expected_is_who_serves_and_belongs_on_that_day(story: Story) -> None:
    """By the dates as they were written down: groups joined and left, suspensions, by-elections, ends."""
    year = told(story)
    for file in files(year):
        own = [one for one in story.deputies.values() if one["person_id"] == file.person_id]
        for line in file.events:
            event = story.events[int(line.record.subject.partition("/e")[2])][1]
            if line.kind == "session":
                due = any(one["level"] == "town" and serving(one, event["held_on"]) for one in own)
            elif line.kind != "presidium_meeting" and event["group_id"]:
                due = any(serving(one, event["held_on"]) and member(one, event) for one in own)
            else:
                continue
            assert line.expected == due


def within(span: dict[str, Any], day: str) -> bool:
    return span["from_on"] <= day and (span["to_on"] is None or day < span["to_on"])


def serving(one: dict[str, Any], day: str) -> bool:
    mandate = {"from_on": one["started_on"], "to_on": one["ended_on"]}
    return within(mandate, day) and not any(within(span, day) for span in one["suspensions"])


def member(one: dict[str, Any], event: dict[str, Any]) -> bool:
    stays = (span for span in one["group_history"] if span["group_id"] == event["group_id"])
    return any(within(span, event["held_on"]) for span in stays)


@given(stories(), st.data())
def test_leave_approved_late_leaves_the_denominator_and_takes_away_an_absence(
    story: Story, data: st.DataObject
) -> None:
    before = told(story)
    book = story.book()
    missed = [(n, id) for n, (_, one) in enumerate(story.events) for id in one["attendance"]["absent"]]
    if not missed:
        return
    n, id = data.draw(st.sampled_from(missed))
    noun, event = deepcopy(story.events[n])
    event["attendance"]["absent"].remove(id)
    event["attendance"]["on_leave"].append({"deputyship_id": id, "reason": "illness"})
    book.add(noun, f"e{n}", **event)
    after = book.year()
    same = ("congress.expected", "congress.present", *PERSON_TIMES)
    assert [value(before, figure) for figure in same] == [value(after, figure) for figure in same]
    rates = ("congress.attendance_rate", "group_activities.attendance_rate")
    for figure in rates:
        assert compute(before)[figure].value == compute(after)[figure].value
    moved = value(before, "congress.absent") - value(after, "congress.absent")
    assert moved == value(after, "congress.on_leave") - value(before, "congress.on_leave")
    assert moved in (0, 1)


@given(stories())
def test_a_role_written_down_twice_is_one_role(story: Story) -> None:
    twice = deepcopy(story)
    for one in twice.deputies.values():
        one["roles"] *= 2
        one["role_history"] *= 2
    once, again = told(story), told(twice)
    assert {id: f.value for id, f in compute(once).items()} == {
        id: f.value for id, f in compute(again).items()
    }
    for file, other in zip(files(once), files(again), strict=True):
        assert file.events == other.events
        assert [one.roles for one in file.mandates] == [one.roles for one in other.mandates]


@given(stories())
def test_a_second_mandate_makes_nobody_two_people(story: Story) -> None:
    """A county mandate besides, named wherever the first one is, adds no attendance, no expectation and no file."""
    doubled = deepcopy(story)
    for id, one in story.deputies.items():
        doubled.deputies[f"{id}x"] = {
            **deepcopy(one),
            "level": "county" if one["level"] == "town" else "city",
        }
    for _, event in doubled.events:
        for part in ("present", "absent"):
            event["attendance"][part] += [f"{id}x" for id in event["attendance"][part]]
    once, again = told(story), told(doubled)
    assert len(files(once)) == len(files(again))
    for id in (*PERSON_TIMES, "congress.expected", "congress.present", "deputies.people", "training.people"):
        assert value(once, id) == value(again, id), id
    assert [[e.state for e in file.events] for file in files(once)] == [
        [e.state for e in file.events] for file in files(again)
    ]


def test_a_year_of_changes_by_hand() -> None:
    """Three sessions: before a by-election, during a suspension, after a deputy's end."""
    story = Story()
    common = {"level": "town", "suspensions": [], "group_history": [], "role_history": [], "roles": []}
    lives: dict[str, dict[str, Any]] = {
        "d1": {"started_on": BEFORE, "ended_on": None},
        "d2": {"started_on": "2020-05-01", "started_by": "by_election", "ended_on": None},
        "d3": {"started_on": BEFORE, "ended_on": "2020-08-01", "ended_reason": "moved_away"},
    }
    for id, life in lives.items():
        story.deputies[id] = {**common, "person_id": f"p{id[1:]}", **life}
    story.deputies["d1"]["suspensions"] = [{"from_on": "2020-06-01", "to_on": "2020-07-01"}]
    for day in ("2020-03-01", "2020-06-09", "2020-09-01"):
        sheet = attendance(["d1", "d3"], on_leave=["d2"])
        story.events.append(("session", {"held_on": day, "attendance": sheet}))
    year = told(story)
    assert [value(year, f"congress.{part}") for part in ("expected", "present", "on_leave")] == [6, 4, 2]
    assert (value(year, "changes.by_elected"), value(year, "changes.ended")) == (1, 1)
    due = {file.person_id: [event.expected for event in file.events] for file in files(year)}
    assert due == {"p1": [True, False, True], "p2": [False, True, True], "p3": [True, True, False]}
    assert len(year.ledger.by_id(Session)) == 3
    assert year.ledger.by_id(Deputyship).keys() == {"d1", "d2", "d3"}
