"""What only a rule pack asks for: when in the year the congress meets, how often deputies meet voters, who is told."""

from dataclasses import replace
from datetime import date
from typing import Any

from services.reports.checks import check
from services.reports.checks.draft import Books
from services.reports.checks.rules import RULES
from services.reports.domain import Finding
from services.reports.domain.periods import period
from services.reports.figures import compute
from services.reports.figures.year import Year
from shared.norms import Norms
from tests.fixtures.book import Book, attendance

BY = {"first_session_by": "03-31", "second_session_by": "09-30"}


def of(rule: str, year: Year, norms: Norms = RULES) -> list[Finding]:
    return [one for one in check(Books(year, compute(year), norms)) if one.rule == rule]


def timed(rules: dict[str, Any], *days: str, as_of: str = "2020-12-31", **session: Any) -> list[str]:
    """What is said of a year with sessions on these days."""
    book = Book()
    book.town_(rules=rules)
    for number, day in enumerate(days, start=7):
        book.add("session", congress_number=17, session_number=number, held_on=day, **session)
    return [one.message for one in of("congress.timing", book.year(as_of=as_of))]


def test_sessions_are_held_by_the_days_the_pack_names() -> None:
    assert timed({}) == []
    assert timed({"first_session_by": "03-32", "second_session_by": 9}) == []
    assert timed(BY, "2020-03-31", "2020-09-30") == []
    assert timed(BY, "2020-04-01", "2020-09-30") == [
        "2020年第一次镇人民代表大会会议规定不迟于3月31日举行，第十七届人民代表大会第七次会议于4月1日举行。"
    ]
    assert timed(BY, "2019-12-30", "2020-03-01") == [
        "2020年第二次镇人民代表大会会议规定不迟于9月30日举行，截至2020年12月31日没有举行的记录。"
    ]
    assert timed(BY, as_of="2020-03-31") == []
    assert len(timed(BY, as_of="2020-04-01")) == 1


def test_a_session_put_off_for_a_reason_is_held_to_the_day_it_was_called_for() -> None:
    put_off = {"planned_on": "2020-03-20", "postponed_reason": "疫情防控"}
    assert timed({"first_session_by": "03-31"}, "2020-06-09", **put_off) == []
    assert timed({"first_session_by": "03-15"}, "2020-06-09", **put_off)
    assert timed({"first_session_by": "03-31"}, "2020-06-09", planned_on="2020-03-20")


def test_the_day_is_that_of_the_pack_and_the_rule_in_force_on_it() -> None:
    pack = {"id": "a", "effective_from": "2020-04-01", "scope": "county", "rules": BY}
    book = Book()
    book.town_(rule_packs=[pack])
    [second] = of("congress.timing", book.year())
    assert second.id == "congress.timing:2020/2"
    since = Norms(
        *(replace(n, effective_from=date(2020, 10, 1)) if n.id == second.rule else n for n in RULES.all)
    )
    assert of("congress.timing", book.year(), since) == []
    quarter = period("2020-Q4", lambda _: None)
    assert of("congress.timing", Year(book.ledger, 2020, date(2020, 12, 31), quarter)) == []


def met(least: int, as_of: str = "2020-12-31") -> list[Finding]:
    """Of four deputies: one met voters twice, one once, one was elected and one suspended in the year."""
    book = Book()
    book.town_(rules={"voter_contacts_per_deputy": least})
    twice, once = book.deputies(2)
    book.deputy(started_on="2020-01-02")
    book.deputy(suspensions=[{"from_on": "2020-11-01", "to_on": None}])
    for kind, came in (("reception", [twice, once]), ("visit", [twice]), ("training", [once])):
        book.add("activity", kind=kind, title=kind, held_on="2020-05-15", attendance=attendance(came))
    return of("deputies.contacts", book.year(as_of=as_of))


def test_deputies_meet_voters_as_often_as_the_pack_wants() -> None:
    assert [len(met(least)) for least in (0, 1, 2)] == [0, 0, 1]
    assert met(2, "2020-11-30") == []
    [said] = met(2, "2020-12-01")
    assert [ref.subject for ref in said.records] == ["deputyship/deputyship-2"]
    assert said.message == "有1名全年在任的镇代表登记的接待、走访等联系选民活动不足2次，请核对是否登记齐全。"
    assert len(met(3)[0].records) == 2


def test_a_reception_is_announced_ahead_unless_its_place_has_announced_the_day() -> None:
    for ahead, told in ((0, 0), (3, 3), (4, 4)):
        book = Book()
        book.town_(rules={"reception_notice_days": ahead})
        place = book.add("station", name="甲站", reception_day=15)
        for on, notice in (
            ("05-15", None),
            ("05-16", None),
            ("05-17", "05-15"),
            ("05-18", "05-18"),
            ("05-19", "05-16"),
        ):
            named = {"notice_on": f"2020-{notice}"} if notice else {}
            book.add("activity", kind="reception", title=on, station_id=place, held_on=f"2020-{on}", **named)
        found = of("stations.notice", book.year())
        assert [len(one.records) for one in found] == ([told] if told else [])
        if told == 3:
            assert found[0].message.endswith("5月16日“05-16”、5月17日“05-17”、5月18日“05-18”。")
