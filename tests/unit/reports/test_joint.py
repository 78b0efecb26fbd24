"""A joint activity of several groups: held once, credited to each of them with its own members."""

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.domain import Table
from services.reports.figures import compute
from services.reports.files.group_file import group_file
from services.reports.tables import group_table
from tests.fixtures.book import Book, attendance


def town() -> tuple[Book, list[str], list[list[str]]]:
    """Groups of five and four; a joint activity without the ninth, and three of each group alone."""
    book = Book()
    book.town_()
    groups = [book.add("group", number=n, level="town") for n in (1, 2)]
    members = [book.deputies(n, group_id=group) for n, group in zip((5, 4), groups, strict=True)]
    everyone = [*members[0], *members[1]]
    book.add(
        "activity", kind="group_activity", title="联组活动", held_on="2020-03-12", group_id=groups[0],
        group_ids=groups, attendance=attendance(everyone[:8], absent=everyone[8:]), expected=everyone,
    )  # fmt: skip
    for month in (5, 7, 9):
        for group, own in zip(groups, members, strict=True):
            book.add("activity", kind="group_activity", title="小组活动", held_on=f"2020-{month:02}-12",
                     group_id=group, attendance=attendance(own))  # fmt: skip
    return book, groups, members


def table(book: Book) -> Table:
    year = book.year()
    return group_table(year, compute(year))


def test_it_is_counted_once_and_nobody_absent_disappears() -> None:
    figures = town()[0].figures()
    assert figures["group_activities.times"].value == 7
    assert figures["group_activities.joint"].value == 1
    assert figures["group_activities.person_times"].value == 35
    rate = figures["group_activities.attendance_rate"]
    assert (rate.numerator, rate.denominator) == (35, 36)
    assert figures["group_activities.groups_met"].value == 2


def test_each_group_is_credited_with_its_own_members() -> None:
    book, _, _ = town()
    assert [row[2:] for row in table(book).rows] == [
        ("5", "4", "20", "100%"),
        ("4", "4", "15", "93.8%"),
        ("", "7", "35", "97.2%"),
    ]


def test_the_file_of_every_group_and_of_every_member_has_it() -> None:
    book, _, members = town()
    year = book.year()
    for group, own in zip(year.groups, members, strict=True):
        file = group_file(year, group)
        joint = next(event for event in file.activities if event.title == "联组活动")
        assert [member.deputyship_id for member in joint.members] == own
        assert len(file.activities) == 4
    assert [member.state for member in joint.members] == ["present"] * 3 + ["absent"]


def test_whoever_is_named_away_and_not_expected_is_told() -> None:
    book, groups, members = town()
    book.add(
        "activity", kind="group_activity", title="误登记", held_on="2020-10-12", group_id=groups[0],
        attendance=attendance(members[0], absent=members[1][:1], on_leave=members[1][1:2]),
    )  # fmt: skip
    year = book.year()
    told = [one.message for one in check(Books(year, compute(year))) if one.rule == "attendance.unexpected"]
    assert told == ["10月12日“误登记”登记请假、缺席的有2名不在应到之内，没有计入，请核对人员和小组。"]


def test_a_suspended_deputy_named_away_is_nobodys_fault() -> None:
    book, groups, members = town()
    idle = book.deputy(
        group_id=groups[0], suspensions=[{"from_on": "2020-01-01", "reason": "criminal_detention"}]
    )
    book.add(
        "activity", kind="group_activity", title="活动", held_on="2020-10-12", group_id=groups[0],
        attendance=attendance(members[0], absent=[idle]),
    )  # fmt: skip
    year = book.year()
    assert not [one for one in check(Books(year, compute(year))) if one.rule == "attendance.unexpected"]
