"""Annex tables: whose name stands where, and how it is written."""

from typing import Any

from services.reports.figures import compute
from services.reports.tables import tables
from tests.fixtures.book import Book


def test_names_stand_in_stroke_order_and_short_ones_are_laid_out() -> None:
    book = Book()
    for name in ("魏小明", "王伟", "丁小红"):
        person = book.add("person", name=name)
        id = book.add("deputyship", person_id=person, level="town", started_on="2017-01-10")
        if name == "王伟":
            book.add("suggestion", number=1, raised_on="2020-06-09", title="修路", lead_deputyship_id=id)
    book.add("session", held_on="2020-06-09", congress_number=17, session_number=7)
    year = book.year(2020, "2020-12-31")
    made = {table.id: table for table in tables(year, compute(year))}
    assert [row[0] for row in made["attendance"].rows] == ["丁小红", "王　伟", "魏小明"]
    assert [row[2] for row in made["suggestions"].rows] == ["王　伟"]


def test_a_row_is_called_by_its_name_and_equal_names_by_their_turn() -> None:
    book = Book()
    for name in ("城东小组", "城东小组", ""):
        book.add("group", number=len(book.events["roster"]) + 1, name=name, level="town")
    year = book.year(2020, "2020-12-31")
    (table,) = tables(year, compute(year))
    assert table.figures is not None
    assert [row[3] for row in table.figures] == [
        "group_activities.times@城东小组",
        "group_activities.times@城东小组~2",
        "group_activities.times@第三代表小组",
        "group_activities.times",
    ]
    assert [row[:2] for row in table.figures] == [(None, None)] * 4


def test_who_came_and_who_went_is_listed_by_day_and_a_whole_congress_is_not() -> None:
    book = Book()
    spans = [{"from_on": "2020-02-03"}, {"from_on": "2019-02-03", "to_on": "2019-03-03"}]
    changes: dict[str, dict[str, Any]] = {
        "张三": {"started_on": "2020-05-20", "started_by": "by_election", "constituency": "南湖村"},
        "李四": {"ended_on": "2020-04-20", "ended_reason": "transferred"},
        "赵六": {"suspensions": spans},
        "钱七": {"started_on": "2020-01-10"},
        "孙八": {"ended_on": "2019-12-31", "ended_reason": "died"},
    }
    for name, fields in changes.items():
        person = book.add("person", name=name)
        book.add(
            "deputyship", **({"person_id": person, "level": "town", "started_on": "2017-01-10"} | fields)
        )
    year = book.year(2020, "2020-12-31")
    made = {table.id: table for table in tables(year, compute(year))}
    assert [(row[0], row[1], row[4]) for row in made["changes"].rows] == [
        ("2月3日", "赵　六", "暂停执行职务"),
        ("4月20日", "李　四", "资格终止（调离）"),
        ("5月20日", "张　三", "补选"),
    ]


def test_suggestions_that_are_not_public_stand_by_their_number_and_the_caption_says_so() -> None:
    book = Book()
    book.add("suggestion", number=1, raised_on="2020-06-09", title="修路")
    year = book.year(2020, "2020-12-31")
    (table,) = (t for t in tables(year, compute(year)) if t.id == "suggestions")
    assert table.caption == "代表建议办理情况表"
    book.add("suggestion", number=2, raised_on="2020-06-09", title="（不予公开）", withheld=True)
    year = book.year(2020, "2020-12-31")
    figures = compute(year)
    (table,) = (t for t in tables(year, figures) if t.id == "suggestions")
    assert table.caption == "代表建议办理情况表（不予公开的只列编号和办理情况）"
    assert [row[:2] for row in table.rows] == [("1", "修路"), ("2", "（不予公开）")]
    assert figures["suggestions.raised"].value == 2


def test_the_handling_of_a_suggestion_says_what_is_overdue_and_what_went_elsewhere() -> None:
    book = Book()
    assigned = {"action": "assigned", "on": "2020-06-20", "unit": "水利站", "due_on": "2020-09-20"}
    replied = {"action": "replied", "class": "a"}
    handled: list[tuple[list[dict[str, Any]], str]] = [
        ([], "未交办"),
        ([assigned], "9月20日前答复（逾期）"),
        ([assigned | {"due_on": "2021-01-20"}], "2021年1月20日前答复"),
        ([assigned, replied | {"on": "2020-09-01"}], "A类"),
        ([assigned, replied | {"on": "2020-10-01"}], "A类（逾期）"),
        ([{"action": "forwarded", "on": "2020-06-20"}], "转县办理"),
        (
            [{"action": "forwarded", "on": "2020-06-20"}, {"action": "answered", "on": "2020-08-01"}],
            "转县办理，已答复",
        ),
        ([{"action": "rejected", "on": "2020-06-20"}], "不予受理"),
    ]
    for number, (steps, _) in enumerate(handled, 1):
        book.add("suggestion", number=number, raised_on="2020-06-09", title="修路", steps=steps)
    year = book.year(2020, "2020-12-31")
    (table,) = (t for t in tables(year, compute(year)) if t.id == "suggestions")
    assert [row[5] for row in table.rows] == [shown for _, shown in handled]
    assert table.notes == ("注：A类：已经解决或者基本解决。",)
