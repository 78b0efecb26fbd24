"""Findings: each rule by an example that breaks it, and silence where nothing is wrong."""

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.checks.rules import RULES
from services.reports.domain import Finding
from services.reports.figures import compute
from tests.fixtures.book import Book, attendance, result
from tests.fixtures.example import example


def findings(book: Book, as_of: str = "2020-12-31", year: int = 2020) -> dict[str, Finding]:
    made = book.year(year, as_of)
    return {finding.id: finding for finding in check(Books(made, compute(made)))}


def rules(book: Book, as_of: str = "2020-12-31", year: int = 2020) -> set[str]:
    return {finding.rule for finding in findings(book, as_of, year).values()}


def test_rules_have_a_basis_and_one_id_each() -> None:
    assert len({rule.id for rule in RULES.all}) == len(RULES.all)
    assert all(rule.basis for rule in RULES.all)


def test_the_example_has_only_the_misses_it_has() -> None:
    assert rules(example(), "2020-12-07") == {
        "activities.facts",
        "congress.absent_once",
        "opinions.open",
        "suggestions.overdue",
        "training.uncovered",
        "ratings.uncovered",
    }


def test_a_quarter_without_a_presidium_meeting_is_named_in_chinese() -> None:
    book = Book()
    for day in ("2020-02-01", "2020-05-01"):
        book.add("presidium_meeting", held_on=day)
    found = findings(book, "2020-11-30")
    assert found["presidium.quarter:3"].message == "第三季度没有召开主席团会议的记录。"
    assert found["presidium.quarter:4"].message == "第四季度截至11月30日没有召开主席团会议的记录。"
    assert "presidium.quarter:1" not in found
    assert found["presidium.quarter:3"].severity == "warn"
    assert found["presidium.quarter:3"].basis.startswith("省级乡镇人大工作条例")


def test_each_quarter_is_held_to_the_rules_that_were_in_force_in_it() -> None:
    book = Book()
    later = {"id": "c", "scope": "county", "effective_from": "2020-07-01"}
    book.town_(rules={}, rule_packs=[{**later, "rules": {"presidium_meetings_per_quarter": 2}}])
    for day in ("2020-02-01", "2020-05-01", "2020-08-01", "2020-11-01"):
        book.add("presidium_meeting", held_on=day)
    assert {id for id in findings(book) if id.startswith("presidium")} == {
        "presidium.quarter_few:3",
        "presidium.quarter_few:4",
    }


def test_fewer_meetings_than_the_rule_pack_asks_for() -> None:
    book = Book()
    book.town_(rules={"presidium_meetings_per_quarter": 2})
    book.add("presidium_meeting", held_on="2020-02-01")
    assert "召开主席团会议1次" in findings(book, "2020-03-31")["presidium.quarter_few:1"].message


def test_no_session_warns_and_two_are_expected_only_since_2022() -> None:
    assert "congress.none" in rules(Book())
    for year, expected in ((2020, False), (2023, True)):
        book = Book()
        book.add("session", held_on=f"{year}-06-09", session_number=1)
        assert ("congress.once" in rules(book, f"{year}-12-31", year)) is expected


def test_session_numbers_run_through_the_term() -> None:
    book = Book()
    book.add("session", congress_number=17, session_number=5, held_on="2019-12-20")
    book.add("session", congress_number=17, session_number=7, held_on="2020-06-09")
    book.add("session", congress_number=18, session_number=1, held_on="2020-12-20")
    found = findings(book)
    assert [id for id in found if id.startswith("congress.number_gap")] == ["congress.number_gap:7"]
    assert "应为第六次" in found["congress.number_gap:7"].message


def test_a_session_below_two_thirds_blocks_unless_the_rest_may_have_come() -> None:
    book = Book()
    ids = book.deputies(63)
    book.add(
        "session", session_number=1, held_on="2020-06-09", attendance=attendance(ids[:41], absent=ids[41:])
    )
    assert findings(book)["congress.quorum:1"].severity == "block"
    unsure = Book()
    ids = unsure.deputies(63)
    unsure.add(
        "session", session_number=1, held_on="2020-06-09", attendance=attendance(ids[:41], absent=ids[42:])
    )
    assert "congress.quorum" not in rules(unsure)


def test_an_election_needs_more_than_half_of_all_deputies() -> None:
    for votes, blocked in ((31, True), (32, False)):
        book = Book()
        ids = book.deputies(63)
        elected = [{"post": "副镇长", "name": "王示例", "votes": votes}]
        book.add(
            "session", session_number=1, held_on="2020-06-09", attendance=attendance(ids), elections=elected
        )
        assert ("congress.majority" in rules(book)) is blocked


def test_attendance_nobody_recorded_and_a_roster_that_changed_afterwards() -> None:
    book = Book()
    ids = book.deputies(4)
    book.add(
        "session", session_number=1, held_on="2020-06-09", attendance=attendance(ids[:3]), expected=ids[:2]
    )
    book.add("activity", kind="training", title="学习", held_on="2020-06-10")
    found = findings(book)
    assert found["attendance.not_recorded:whole"].message == "有1场会议和活动没有登记考勤。"
    differs = next(f for id, f in found.items() if id.startswith("attendance.expected_differs"))
    assert "登记时应到2名，按封账时的名册应到4名" in differs.message


def test_groups_are_measured_against_size_leader_plan_and_activity() -> None:
    book = Book()
    group = book.add("group", number=1, level="town")
    book.deputy(group_id=group)
    book.deputy()
    assert {"group.small", "group.leader", "group.plan", "group.activities", "deputies.ungrouped"} <= rules(
        book
    )


def test_more_deputies_than_seats() -> None:
    book = Book()
    book.town_(quota=1)
    book.deputies(2)
    assert "deputies.over_quota" in rules(book)


def test_suggestions_overdue_late_unassigned_and_unreported() -> None:
    book = Book()
    assigned = {"action": "assigned", "on": "2020-06-10", "due_on": "2020-09-10"}
    made = [[], [assigned], [assigned, {"action": "replied", "on": "2020-09-11", "class": "a"}]]
    for number, steps in enumerate(made):
        book.add(
            "suggestion",
            number=number,
            raised_on="2020-06-09",
            raised_at="session",
            title="修路",
            steps=steps,
        )
    expected = {
        "suggestions.overdue",
        "suggestions.replied_late",
        "suggestions.unassigned",
        "suggestions.unreported",
    }
    assert expected <= rules(book)


def test_ratings_with_few_raters_suppressed_or_uneven() -> None:
    book = Book()
    a, b = book.deputies(2)
    book.meeting(
        [a], constituency="一", result=result({a: (5, 3, 1)}, issued=12, returned=9) | {"suppressed": True}
    )
    uneven = result({b: (20, 3, 1)}, issued=30, returned=30)
    uneven["deputies"][0]["abstain"] = 0
    book.meeting([b], constituency="二", result=uneven)
    book.meeting([b], constituency="三", state="closed")
    found = findings(book)
    kinds = {finding.rule for finding in found.values()}
    assert {"ratings.few_raters", "ratings.suppressed", "ratings.uneven", "ratings.unpublished"} <= kinds
    assert next(f for f in found.values() if f.rule == "ratings.uneven").severity == "block"


def test_a_vote_by_slips_that_states_neither_people_nor_slips_cannot_be_checked() -> None:
    def said(present: int | None, handed_out: int | None) -> str | None:
        book = Book()
        (a,) = book.deputies(1)
        slips = {"printed": 30, "handed_out": handed_out, "returned": 25}
        outcome = result({a: (20, 3, 2)}, issued=30, returned=25) | {"slips": slips}
        book.meeting([a], method="online", present=present, result=outcome)
        found = [finding.message for finding in findings(book).values() if finding.rule == "ratings.unstated"]
        return found[0] if found else None

    assert said(25, 26) is None
    assert "没有填写到会人数和发出的扫码票张数" in (said(None, None) or "")
    assert "没有填写发出的扫码票张数" in (said(25, None) or "")


def test_voided_records_are_listed() -> None:
    book = Book()
    book.add(
        "activity", kind="training", title="学习", held_on="2020-06-10", state="voided", void_reason="重复"
    )
    assert findings(book)["records.voided"].records[0].subject == "activity/activity-1"


def test_the_gravest_come_first_and_ids_hold_no_record_ids() -> None:
    book = example()
    book.meeting([book.deputy()], constituency="第九选区", result=result({}, issued=1, returned=2))
    found = list(findings(book).values())
    grades = [finding.severity for finding in found]
    assert grades == sorted(grades, key=["block", "warn", "info"].index)
    assert not any("activity-" in finding.id or "meeting-" in finding.id for finding in found)


def test_what_was_put_off_or_given_up_is_said_with_its_reason() -> None:
    book = Book()
    put_off = [{"from_on": "2020-06-30", "to": "2020-09-30", "reason": "防汛", "on": "2020-06-20"}]
    items = [
        {"id": "1", "title": "视察道路", "due_on": "2020-09-30", "postponements": put_off},
        {"id": "2", "title": "外出考察", "state": "cancelled", "cancelled_reason": "疫情"},
    ]
    book.add("plan", year=2020, items=items)
    found = findings(book, "2020-07-31")
    assert found["plan.postponed:0/1"].message == "计划项目“视察道路”推迟1次，推迟到2020年9月30日：防汛。"
    assert found["plan.cancelled:0/2"].message == "计划项目“外出考察”已取消：疫情。"
    assert "plan.open" not in found
