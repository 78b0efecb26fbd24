"""The year of one deputy and of one group, read from the records: what stands in it and what must not."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.reports.domain.files import DutyFile, GroupFile
from services.reports.events_in import Deputyship, Group
from services.reports.figures.ledger import fold
from services.reports.figures.year import Year
from services.reports.files.duty_file import duty_file
from services.reports.files.group_file import group_file, leads
from tests.fixtures.book import Book, attendance, result
from tests.fixtures.histories import histories


def file_of(book: Book, id: str) -> DutyFile:
    year = book.year()
    deputyship = year.ledger.get(Deputyship, id)
    assert deputyship
    return duty_file(year, deputyship)


def group_file_of(book: Book, id: str) -> GroupFile:
    return group_file(book.year(), book.ledger.by_id(Group)[id])


def test_every_session_and_meeting_of_the_presidium_stands_in_it_with_his_attendance() -> None:
    book = Book()
    one, other = book.deputies(2)
    for day, sheet in (
        ("2020-03-01", attendance([one])),
        ("2020-04-01", attendance([other], on_leave=[one])),
        ("2020-05-01", attendance([other], absent=[one])),
        ("2020-06-01", attendance([other])),
    ):
        book.add("session", held_on=day, attendance=sheet)
    book.add("presidium_meeting", held_on="2020-07-01", attendance=attendance([other]))
    file = file_of(book, one)
    assert [event.state for event in file.events] == [
        *("present", "on_leave", "absent", "not_recorded", "not_expected")
    ]
    assert [event.expected for event in file.events] == [True, True, True, True, False]
    assert [event.reason for event in file.events] == ["", "illness", "", "", ""]
    assert file.totals["session"] == {
        "present": 1, "on_leave": 1, "absent": 1, "not_recorded": 1, "not_expected": 0,
    }  # fmt: skip


def test_who_came_without_being_expected_was_present_all_the_same() -> None:
    book = Book()
    guest = book.deputy(level="county")
    book.add("session", held_on="2020-03-01", attendance=attendance([guest]))
    (event,) = file_of(book, guest).events
    assert (event.state, event.expected, event.deputyship_id) == ("present", False, guest)


def test_an_activity_he_had_nothing_to_do_with_is_not_in_it() -> None:
    book = Book()
    one, other = book.deputies(2)
    book.add("activity", kind="visit", held_on="2020-03-01", attendance=attendance([other]))
    book.add("activity", kind="visit", held_on="2020-03-02", state="voided", attendance=attendance([one]))
    assert file_of(book, one).events == []


def test_a_person_with_two_mandates_came_once_and_the_file_says_by_which() -> None:
    book = Book()
    town = book.deputy()
    county = book.deputy(person_id=book.ledger.get(Deputyship, town).person_id, level="county")  # type: ignore[union-attr]
    book.add("session", held_on="2020-03-01", attendance=attendance([town]))
    book.add("activity", kind="visit", held_on="2020-04-01", attendance=attendance([county, town]))
    book.add("activity", kind="visit", held_on="2020-05-01", attendance=attendance([county]))
    files = [file_of(book, id) for id in (town, county)]
    assert files[0].events == files[1].events
    assert {mandate.id for mandate in files[0].mandates} == {town, county}
    assert [event.deputyship_id for event in files[0].events][::2] == [town, county]
    assert files[0].totals["visit"]["present"] == 2


def test_changes_of_the_year_are_told_by_day_and_others_are_not() -> None:
    book = Book()
    groups = [book.add("group", number=n) for n in (1, 2)]
    one = book.deputy(
        started_on="2020-01-10",
        started_by="by_election",
        group_id=groups[1],
        group_history=[
            {"group_id": groups[0], "from_on": "2020-01-10", "to_on": "2020-06-01"},
            {"group_id": groups[1], "from_on": "2020-06-01"},
        ],
        role_history=[{"role": "presidium", "from_on": "2019-01-01", "to_on": "2020-03-01"}],
    )
    file = file_of(book, one)
    assert [(str(c.on), c.what, c.detail) for c in file.changes] == [
        ("2020-01-10", "group_joined", "第一代表小组"),
        ("2020-01-10", "started", "by_election"),
        ("2020-03-01", "role_left", "presidium"),
        ("2020-06-01", "group_joined", "第二代表小组"),
        ("2020-06-01", "group_left", "第一代表小组"),
    ]
    assert (file.mandates[0].group, file.mandates[0].roles) == ("第二代表小组", [])


def test_opinions_are_counted_and_suggestions_say_how_they_stand() -> None:
    book = Book()
    one, other = book.deputies(2)
    book.add("opinion", received_on="2020-02-01", deputyship_id=one, state="closed", closed_on="2020-02-03")
    book.add("opinion", received_on="2020-02-02", deputyship_id=one)
    book.add("opinion", received_on="2020-02-02", deputyship_id=other)
    steps = [
        {"action": "assigned", "on": "2020-06-15", "due_on": "2020-09-15"},
        {"action": "replied", "on": "2020-09-01", "class": "a"},
        {"action": "rated", "on": "2020-09-10", "result": "satisfied"},
    ]
    book.add("suggestion", number=1, raised_on="2020-06-01", lead_deputyship_id=one, steps=steps)
    book.add(
        "suggestion", number=2, raised_on="2020-06-01", lead_deputyship_id=other, co_deputyship_ids=[one]
    )
    book.add("suggestion", number=3, raised_on="2020-06-01", lead_deputyship_id=other)
    file = file_of(book, one)
    assert (file.opinions.received, file.opinions.closed) == (2, 1)
    assert file.opinions.by_state == {"closed": 1, "received": 1}
    assert [(s.number, s.part, s.replied, s.reply_class, s.satisfaction) for s in file.suggestions] == [
        (1, "lead", True, "a", "satisfied"),
        (2, "co", False, "", ""),
    ]


def test_a_rating_is_told_as_it_was_published_and_no_further() -> None:
    book = Book()
    one = book.deputy()
    counted = result({one: (9, 1, 0)}, issued=12, returned=10)
    shown = book.meeting([one], held_on="2020-05-01", result=counted)
    book.meeting([one], held_on="2020-06-01", result={**counted, "suppressed": True})
    book.meeting([one], held_on="2020-07-01", state="closed")
    book.add("duty_report", meeting_id=shown, deputyship_id=one, form="oral")
    file = file_of(book, one)
    assert [(r.suppressed, r.valid, r.counts.get("satisfied")) for r in file.ratings] == [
        (False, 10, 9),
        (True, None, None),
    ]
    assert [(str(r.held_on), r.form) for r in file.duty_reports] == [("2020-05-01", "oral")]


def a_group(book: Book, **data: Any) -> tuple[str, list[str]]:
    group = book.add("group", number=1, rules=["活动制度"], **data)
    return group, book.deputies(3, group_id=group)


def test_a_group_is_of_those_who_belonged_to_it_on_the_day() -> None:
    book = Book()
    group, members = a_group(book)
    gone = book.deputy(
        group_history=[{"group_id": group, "from_on": "2016-12-20", "to_on": "2020-04-01"}], group_id=None
    )
    before = book.deputy(
        group_history=[{"group_id": group, "from_on": "2016-12-20", "to_on": "2019-04-01"}], group_id=None
    )
    book.add("activity", kind="group_activity", held_on="2020-03-01", group_id=group,
             attendance=attendance([gone, members[0], before]), evidence=["签到表第3页"])  # fmt: skip
    book.add("activity", kind="group_activity", held_on="2020-05-01", group_id=group,
             attendance=attendance([members[0]], absent=members[1:]))  # fmt: skip
    file = group_file_of(book, group)
    stays = {member.deputyship_id: str(member.to_on) for member in file.members}
    assert stays == {**dict.fromkeys(members, "None"), gone: "2020-04-01"}
    first, second = file.activities
    assert {one.deputyship_id: one.state for one in first.members} == {
        gone: "present", members[0]: "present", members[1]: "not_recorded", members[2]: "not_recorded",
    }  # fmt: skip
    assert (first.others, first.evidence, second.others) == (1, ["签到表第3页"], 0)
    assert gone not in {one.deputyship_id for one in second.members}


def test_a_groups_plan_stands_beside_what_was_done_and_trainings_beside_its_own() -> None:
    book = Book()
    group, members = a_group(book, station_id=book.add("station", name="活动室", reception_day=15))
    held = book.add("activity", kind="group_activity", held_on="2020-03-01", group_id=group)
    items = [
        {"id": "1", "title": "甲", "state": "done", "done_on": "2020-03-01", "activity_id": held},
        {"id": "2", "title": "乙", "due_on": "2020-06-01"},
    ]
    book.add("plan", year=2020, group_id=group, items=items)
    book.add("activity", kind="training", held_on="2020-04-01", attendance=attendance(members[:1]))
    book.add("activity", kind="training", held_on="2020-05-01", attendance=attendance([book.deputy()]))
    file = group_file_of(book, group)
    assert (file.plan_due, file.plan_done, [item.done for item in file.plan]) == (2, 1, [True, False])
    assert file.plan[0].activity
    assert file.plan[0].activity.subject == f"activity/{held}"
    assert len(file.trainings) == 1
    assert file.station
    assert file.station.reception_day == 15
    assert file.rules == ["活动制度"]


def test_leaders_are_those_of_the_year_and_only_the_one_of_the_day_leads() -> None:
    book = Book()
    first, second = book.deputies(2)
    history = [
        {"deputyship_id": first, "from_on": "2018-01-01", "to_on": "2020-05-01"},
        {"deputyship_id": second, "from_on": "2020-05-01", "to_on": None},
    ]
    group = book.add("group", number=1, leader_deputyship_id=second, leader_history=history)
    assert [one.deputyship_id for one in group_file_of(book, group).leaders] == [first, second]
    year, found = book.year(), book.ledger.by_id(Group)[group].data
    mandates = [year.ledger.by_id(Deputyship)[id].data for id in (first, second)]
    assert [leads(found, one, year.as_of) for one in mandates] == [False, True]
    assert [leads(found, one, year.start) for one in mandates] == [True, False]


@given(histories(), st.randoms())
def test_files_are_the_same_in_every_order_of_events(book: Book, random: Any) -> None:
    shuffled = book.all_events
    random.shuffle(shuffled)
    again = Year(fold(book.town, shuffled), 2020, book.year().as_of)
    for fact in book.ledger.by_id(Deputyship).values():
        file = file_of(book, fact.data.id)
        assert duty_file(again, fact.data) == file
        assert len({event.record for event in file.events}) == len(file.events)
    for group in book.ledger.by_id(Group).values():
        assert group_file(again, group) == group_file(book.year(), group)
