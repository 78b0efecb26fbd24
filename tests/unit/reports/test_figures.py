"""Each line of the counting table, by example."""

import pytest

from services.reports.domain import Figure
from services.reports.figures import DEFINITIONS
from shared.chinese.percent import percent
from tests.fixtures.book import Book, attendance, result

CONTRACT = """
congress.sessions congress.reports_heard congress.resolutions congress.expected congress.present
congress.attendance_rate
presidium.meetings presidium.quarters_covered presidium.topics presidium.special_reports presidium.opinions
supervision.inspections supervision.research supervision.law_checks supervision.reviews supervision.person_times
supervision.opinions deputies.town.quota deputies.town.serving deputies.town.vacant deputies.county.serving
deputies.city.serving deputies.people deputies.women groups.town groups.upper stations.open training.times
training.person_times training.people training.coverage_rate group_activities.times group_activities.person_times
group_activities.attendance_rate contact.receptions contact.deputy_times contact.voter_times contact.visits
opinions.received opinions.closed opinions.closed_rate suggestions.raised suggestions.at_session
suggestions.between_sessions suggestions.assigned suggestions.replied suggestions.overdue suggestions.reply_rate
suggestions.class.a suggestions.class.b suggestions.class.c suggestions.class.d suggestions.satisfied
suggestions.basically_satisfied suggestions.dissatisfied ratings.meetings ratings.deputies ratings.issued
ratings.returned ratings.valid ratings.satisfied_rate ratings.satisfied_or_basically_rate ratings.term_coverage_rate
plan.items plan.done plan.done_rate changes.by_elected changes.ended
"""


def ratio(figure: Figure) -> tuple[int | None, int | None]:
    return figure.numerator, figure.denominator


def test_every_figure_of_the_contract_is_defined_once() -> None:
    ids = [definition.id for definition in DEFINITIONS]
    assert len(ids) == len(set(ids))
    assert set(CONTRACT.split()) <= set(ids)


@pytest.mark.parametrize(
    ("held_on", "sessions"),
    [("2019-12-31", 0), ("2020-01-01", 1), ("2020-12-07", 1), ("2020-12-08", 0), ("2021-01-01", 0)],
)
def test_the_period_runs_from_new_year_to_the_day_of_the_figures_both_included(
    held_on: str, sessions: int
) -> None:
    book = Book()
    book.add("session", held_on=held_on, session_number=7)
    assert book.figures("2020-12-07")["congress.sessions"].value == sessions


def test_a_voided_activity_is_not_counted() -> None:
    book = Book()
    first = book.add("activity", kind="training", held_on="2020-03-01")
    assert book.figures()["training.times"].value == 1
    book.add("activity", first, kind="training", held_on="2020-03-01", state="voided", void_reason="重复登记")
    assert book.figures()["training.times"].status == "zero"


def test_expected_at_a_session_are_the_towns_deputies_of_that_day() -> None:
    book = Book()
    stays, came_late, left_that_day = (
        book.deputy(),
        book.deputy(started_on="2020-06-10"),
        book.deputy(ended_on="2020-06-09"),
    )
    suspended = book.deputy(
        suspensions=[{"reason": "criminal_detention", "from_on": "2020-06-01", "to_on": "2020-06-20"}]
    )
    county = book.deputy(level="county")
    book.add("session", held_on="2020-06-09", attendance=attendance(present=[stays]))
    figures = book.figures()
    assert figures["congress.expected"].value == 1
    assert ratio(figures["congress.attendance_rate"]) == (1, 1)
    assert len({stays, came_late, left_that_day, suspended, county}) == 5


def test_leave_stays_in_the_denominator_and_not_recorded_is_not_absent() -> None:
    book = Book()
    ids = book.deputies(10)
    sheet = attendance(present=ids[:6], on_leave=ids[6:8], absent=ids[8:9])
    book.add("session", held_on="2020-06-09", attendance=sheet)
    figures = book.figures()
    assert ratio(figures["congress.attendance_rate"]) == (6, 10)
    shown = {
        name: figures[f"congress.{name}"].value
        for name in ("expected", "present", "on_leave", "absent", "not_recorded")
    }
    assert shown == {"expected": 10, "present": 6, "on_leave": 2, "absent": 1, "not_recorded": 1}


def test_a_session_nobody_kept_attendance_of_has_missing_figures_not_zero() -> None:
    book = Book()
    book.deputies(3)
    book.add("session", held_on="2020-06-09")
    figures = book.figures()
    assert figures["congress.expected"].value == 3
    assert figures["congress.present"].status == "missing"
    assert figures["congress.attendance_rate"].status == "missing"


def test_a_rate_counts_only_members_of_its_denominator() -> None:
    book = Book()
    expected, gone = book.deputy(), book.deputy(ended_on="2020-01-01")
    book.add("session", held_on="2020-06-09", attendance=attendance(present=[expected, gone]))
    assert ratio(book.figures()["congress.attendance_rate"]) == (1, 1)


def test_no_rate_on_a_zero_denominator() -> None:
    figure = Book().figures()["congress.attendance_rate"]
    assert (figure.status, figure.value) == ("not_applicable", None)


def test_a_presidium_meeting_expects_its_members_of_that_day() -> None:
    book = Book()
    chair = book.deputy(roles=["chair"])
    left = book.deputy(role_history=[{"role": "presidium", "from_on": "2016-12-20", "to_on": "2020-03-01"}])
    book.deputy()
    book.add("presidium_meeting", held_on="2020-02-20", attendance=attendance(present=[chair, left]))
    book.add("presidium_meeting", held_on="2020-03-01", attendance=attendance(present=[chair, left]))
    assert ratio(book.figures()["presidium.attendance_rate"]) == (3, 3)


def test_quarters_are_counted_once_each() -> None:
    book = Book()
    for day in ("2020-01-10", "2020-03-31", "2020-04-01", "2020-12-01"):
        book.add(
            "presidium_meeting",
            held_on=day,
            topics=["民生", "法治"],
            special_reports=["报告"],
            opinions=["一", "二"],
        )
    figures = book.figures()
    numbers = [
        figures[f"presidium.{n}"].value
        for n in ("meetings", "quarters_covered", "topics", "special_reports", "opinions")
    ]
    assert numbers == [4, 3, 8, 4, 8]


def test_a_group_activity_expects_the_groups_members_of_that_day() -> None:
    book = Book()
    group, other = book.add("group", number=1, level="town"), book.add("group", number=2, level="town")
    stayed = book.deputy(group_id=group)
    moved = book.deputy(
        group_id=other,
        group_history=[
            {"group_id": group, "from_on": "2016-12-20", "to_on": "2020-05-01"},
            {"group_id": other, "from_on": "2020-05-01"},
        ],
    )
    guest = book.deputy(group_id=other)
    for day in ("2020-04-30", "2020-05-01"):
        book.add(
            "activity",
            kind="group_activity",
            held_on=day,
            group_id=group,
            attendance=attendance([stayed, moved, guest]),
        )
    figures = book.figures()
    assert ratio(figures["group_activities.attendance_rate"]) == (3, 3)
    assert figures["group_activities.person_times"].value == 6


def test_without_a_group_those_the_record_names_are_expected() -> None:
    book = Book()
    a, b, _ = book.deputies(3)
    book.add("activity", kind="group_activity", held_on="2020-04-30", attendance=attendance([a], absent=[b]))
    assert ratio(book.figures()["group_activities.attendance_rate"]) == (1, 2)


def test_two_mandates_are_one_person() -> None:
    book = Book()
    person = book.add("person", name="李示例一", gender="f")
    town, county = book.deputy(person_id=person), book.deputy(person_id=person, level="county")
    book.deputy(level="city")
    for day in ("2020-03-01", "2020-04-01"):
        book.add("activity", kind="training", held_on=day, attendance=attendance([town, county]))
    figures = book.figures()
    values = {
        k: figures[k].value
        for k in ("training.person_times", "training.people", "deputies.people", "deputies.women")
    }
    assert values == {
        "training.person_times": 2,
        "training.people": 1,
        "deputies.people": 2,
        "deputies.women": 1,
    }
    assert [figures[f"deputies.{level}.serving"].value for level in ("town", "county", "city")] == [1, 1, 1]


def test_vacancies_are_what_quota_leaves_after_serving_and_suspended() -> None:
    book = Book()
    book.town_(quota=63)
    book.deputies(58)
    book.deputy(suspensions=[{"reason": "criminal_detention", "from_on": "2020-06-01"}])
    book.deputy(ended_on="2020-12-31", ended_reason="resigned")
    figures = book.figures()
    assert [figures[f"deputies.town.{n}"].value for n in ("quota", "serving", "suspended", "vacant")] == [
        63,
        58,
        1,
        4,
    ]
    assert figures["changes.ended"].value == 1


def test_an_unknown_quota_is_missing() -> None:
    book = Book()
    book.deputies(2)
    assert [book.figures()[f"deputies.town.{n}"].status for n in ("quota", "vacant")] == [
        "missing",
        "missing",
    ]


def test_training_covers_the_towns_deputies_serving_at_the_end() -> None:
    book = Book()
    trained, untrained, left = book.deputy(), book.deputy(), book.deputy(ended_on="2020-10-01")
    county = book.deputy(level="county")
    book.add(
        "activity", kind="training", held_on="2020-03-01", attendance=attendance([trained, left, county])
    )
    assert ratio(book.figures()["training.coverage_rate"]) == (1, 2)
    assert untrained


def test_supervision_adds_up_four_kinds_and_nothing_else() -> None:
    book = Book()
    a, b = book.deputies(2)
    for kind in ("inspection", "research", "law_check", "review", "group_activity"):
        book.add("activity", kind=kind, held_on="2020-03-01", attendance=attendance([a, b]), opinions_count=3)
    figures = book.figures()
    assert figures["supervision.person_times"].value == 8
    assert figures["supervision.opinions"].value == 12
    assert [
        figures[f"supervision.{n}"].value for n in ("inspections", "research", "law_checks", "reviews")
    ] == [1] * 4


def test_what_nobody_counted_is_missing_and_a_counted_nothing_is_zero() -> None:
    book = Book()
    book.add("activity", kind="reception", held_on="2020-03-01")
    assert book.figures()["contact.voter_times"].status == "missing"
    book.add("activity", kind="reception", held_on="2020-03-02", voters_count=0)
    assert book.figures()["contact.voter_times"].status == "zero"


def test_opinions_are_closed_by_the_day_of_the_figures() -> None:
    book = Book()
    for state, closed_on in (
        ("closed", "2020-06-30"),
        ("closed", "2020-07-01"),
        ("closed", None),
        ("answered", None),
    ):
        book.add("opinion", received_on="2020-05-01", state=state, closed_on=closed_on)
    assert ratio(book.figures("2020-06-30")["opinions.closed_rate"]) == (2, 4)


def steps(*made: tuple[str, str, dict[str, str]]) -> list[dict[str, str]]:
    return [{"action": action, "on": on, **more} for action, on, more in made]


def test_suggestions_stand_where_they_stood_on_the_day_of_the_figures() -> None:
    book = Book()
    assigned = ("assigned", "2020-06-10", {"due_on": "2020-09-10"})
    book.add("suggestion", number=1, raised_on="2020-06-09", raised_at="session", steps=steps(assigned))
    book.add(
        "suggestion",
        number=2,
        raised_on="2020-06-09",
        raised_at="session",
        steps=steps(
            assigned,
            ("replied", "2020-09-11", {"class": "a"}),
            ("rated", "2020-09-20", {"result": "satisfied"}),
        ),
    )
    book.add(
        "suggestion",
        number=3,
        raised_on="2020-07-01",
        raised_at="between",
        steps=steps(
            assigned,
            ("replied", "2020-08-01", {"class": "b"}),
            ("rated", "2020-08-02", {"result": "dissatisfied"}),
            ("redone", "2020-08-03", {}),
            ("replied", "2020-10-01", {"class": "a"}),
            ("rated", "2020-10-02", {"result": "basically_satisfied"}),
        ),
    )
    book.add(
        "suggestion",
        number=4,
        raised_on="2020-07-01",
        raised_at="between",
        steps=steps(assigned, ("returned", "2020-07-05", {})),
    )
    book.add("suggestion", number=5, raised_on="2019-12-31", raised_at="between", steps=steps(assigned))

    def values(as_of: str) -> dict[str, object]:
        figures = book.figures(as_of)
        return {
            f.id.removeprefix("suggestions."): f.value
            for f in figures.values()
            if f.id.startswith("suggestions.") and f.value
        }

    assert values("2020-09-10") == {
        "raised": 4, "at_session": 2, "between_sessions": 2, "assigned": 3, "replied": 1, "in_hand": 2,
        "reply_rate": 1 / 3, "class.b": 1, "dissatisfied": 1, "carried_over": 1,
        "on_time_rate": 1.0, "rated": 1, "redone": 1,
    }  # fmt: skip
    assert values("2020-12-31") == {
        "raised": 4, "at_session": 2, "between_sessions": 2, "assigned": 3, "replied": 2, "in_hand": 1, "overdue": 1,
        "replied_late": 1, "reply_rate": 2 / 3, "class.a": 2, "satisfied": 1, "basically_satisfied": 1,
        "carried_over": 1, "on_time_rate": 0.5, "rated": 2, "redone": 1,
    }  # fmt: skip


def test_ratings_count_published_meetings_and_keep_suppressed_ones_out_of_rates() -> None:
    book = Book()
    a, b, c = book.deputies(3)
    book.meeting([a, b], result=result({a: (40, 5, 1), b: (30, 10, 6)}, issued=50, returned=48, void=2))
    book.meeting([c], result=result({}, issued=12, returned=8) | {"suppressed": True})
    book.meeting([c], state="closed")
    book.meeting([c], held_on="2021-01-03", result=result({c: (9, 9, 9)}, issued=30, returned=27))
    figures = book.figures()
    values = {
        name: figures[f"ratings.{name}"].value
        for name in ("meetings", "deputies", "issued", "returned", "valid", "suppressed")
    }
    assert values == {
        "meetings": 2,
        "deputies": 3,
        "issued": 62,
        "returned": 56,
        "valid": 54,
        "suppressed": 1,
    }
    assert ratio(figures["ratings.satisfied_rate"]) == (70, 92)
    assert ratio(figures["ratings.satisfied_or_basically_rate"]) == (85, 92)
    assert ratio(figures["ratings.term_coverage_rate"]) == (3, 3)


def test_satisfaction_does_not_apply_where_the_scheme_has_no_such_option() -> None:
    book = Book()
    a = book.deputy()
    grades = {
        "id": "s",
        "options": [{"code": "competent", "label": "称职"}, {"code": "incompetent", "label": "不称职"}],
    }
    rows = [{"deputyship_id": a, "counts": {"competent": 40, "incompetent": 6}}]
    book.meeting(
        [a], scheme=grades, result={"issued": 46, "returned": 46, "void": 0, "valid": 46, "deputies": rows}
    )
    figures = book.figures()
    assert figures["ratings.satisfied_rate"].status == "not_applicable"
    assert figures["ratings.valid"].value == 46


def test_plan_items_count_when_due_and_not_cancelled() -> None:
    book = Book()
    items = [
        {"id": "1", "title": "学习", "due_on": "2020-03-31", "state": "done", "done_on": "2020-03-01"},
        {"id": "2", "title": "视察", "due_on": "2020-12-07", "state": "planned"},
        {
            "id": "3",
            "title": "调研",
            "due_on": "2020-06-30",
            "state": "cancelled",
            "cancelled_reason": "疫情",
        },
        {"id": "4", "title": "接待", "due_on": "2020-12-08", "state": "done", "done_on": "2020-12-01"},
        {"id": "5", "title": "评议", "due_on": "2020-11-01", "state": "done", "done_on": "2020-12-20"},
    ]
    book.add("plan", year=2020, items=items)
    book.add("plan", year=2019, items=items)
    figures = book.figures("2020-12-07")
    assert ratio(figures["plan.done_rate"]) == (1, 3)
    assert (figures["plan.items"].value, figures["plan.done"].value) == (3, 1)


def test_groups_and_stations_exist_without_dates_and_within_them() -> None:
    book = Book()
    for formed, dissolved in ((None, None), ("2020-12-31", None), ("2021-01-01", None), (None, "2020-12-31")):
        book.add("group", number=1, level="town", formed_on=formed, dissolved_on=dissolved)
        book.add("station", name="活动室", opened_on=formed, closed_on=dissolved)
    book.add("group", number=5, level="upper")
    figures = book.figures()
    assert [figures[n].value for n in ("groups.town", "groups.upper", "stations.open")] == [2, 1, 2]


def test_changes_fall_in_the_period() -> None:
    book = Book()
    book.deputy(started_by="by_election", started_on="2020-06-09")
    book.deputy(
        started_by="by_election", started_on="2019-06-09", ended_on="2020-02-01", ended_reason="moved_away"
    )
    book.deputy(ended_on="2021-01-01", ended_reason="term_over")
    figures = book.figures()
    assert (figures["changes.by_elected"].value, figures["changes.ended"].value) == (1, 1)


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (0, 3, "0%"),
        (1, 3, "33.3%"),
        (1, 2, "50%"),
        (2, 3, "66.7%"),
        (3, 3, "100%"),
        (9999, 10000, "99.9%"),
        (1, 9999, "0.1%"),
    ],
)
def test_percentages_are_whole_only_when_exact(numerator: int, denominator: int, shown: str) -> None:
    assert percent(numerator, denominator) == shown


def test_figures_name_their_records_with_version_and_number() -> None:
    book = Book()
    session = book.add("session", held_on="2020-06-09")
    book.add("session", session, held_on="2020-06-09", reports=[{"title": "政府工作报告"}])
    (record,) = book.figures()["congress.sessions"].records
    assert (record.source, record.subject, record.version, record.sequence) == (
        "/340281100/activities", f"session/{session}", 2, 2,
    )  # fmt: skip


def test_a_step_without_a_day_was_done_on_the_day_of_the_step_before() -> None:
    book = Book()
    made = [
        {"action": "assigned", "on": "2020-06-10", "due_on": "2020-09-10"},
        {"action": "replied", "on": "2020-10-01", "class": "a"},
        {"action": "rated", "result": "satisfied"},
    ]
    book.add("suggestion", number=1, raised_on="2020-06-09", raised_at="between", steps=made)
    assert book.figures("2020-09-30")["suggestions.satisfied"].value == 0
    assert book.figures("2020-10-01")["suggestions.satisfied"].value == 1


def test_the_term_is_covered_by_persons_since_their_mandate_began() -> None:
    book = Book()
    person = book.add("person", name="李示例")
    town = book.deputy(person_id=person, started_on="2017-01-10")
    county = book.deputy(person_id=person, level="county", started_on="2012-01-10")
    again = book.deputy(started_on="2017-01-10")
    shown = result({}, issued=30, returned=30)
    book.meeting([county], held_on="2016-12-01", result=shown)
    assert ratio(book.figures()["ratings.term_coverage_rate"]) == (0, 2)
    book.meeting([county], held_on="2019-12-01", result=shown)
    assert ratio(book.figures()["ratings.term_coverage_rate"]) == (1, 2)
    assert len({town, again}) == 2
