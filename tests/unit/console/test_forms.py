"""What a person typed, as the body a service takes; what was wrong, beside its field."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from services.console.errors import Refused
from services.console.forms import NO_SUCH_DAY, UNREADABLE_DAY, Faulty, Field, Form, Rows, day, number
from services.console.numbers import whole_or_text
from services.console.view import told
from shared.chinese.numerals import whole

TODAY = date(2026, 11, 29)
PEOPLE = (("d1", "孔启明（一组）"), ("d2", "孔启明（二组）"), ("d3", "王 伟"))
PARTS = (
    Field("title", "名称", required=True),
    Field("held_on", "日期", "date"),
    Field("facts.households", "走访户数", "number"),
    Field("leader", "领衔", "name", options=PEOPLE),
    Field("present", "出席", "names", options=PEOPLE),
    Field("themes", "主题", "checks", options=(("a", "甲"), ("b", "乙"))),
    Field("online", "线上", "check"),
    Field("rules", "制度", "lines"),
    Rows("topics", "议题", (Field("title", "题目", required=True), Field("votes.yes", "赞成", "number"))),
)


def sent(**values: Any) -> Form:
    pairs = [
        (name.replace("__", "."), one)
        for name, value in values.items()
        for one in ([value] if isinstance(value, str) else value)
    ]
    return Form.sent(PARTS, MultiDict(pairs))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0612", date(2026, 6, 12)),
        ("6.12", date(2026, 6, 12)),
        ("６．１２", date(2026, 6, 12)),
        ("6。12", date(2026, 6, 12)),
        ("20260612", date(2026, 6, 12)),
        ("2026年6月12日", date(2026, 6, 12)),
        ("2026-06-12", date(2026, 6, 12)),
        ("1230", date(2025, 12, 30)),
        ("1129", TODAY),
    ],
)
def test_a_day_written_short(text: str, expected: date) -> None:
    assert day(text, TODAY) == expected


@pytest.mark.parametrize(
    "text", ["0230", "0231", "1332", "0229", "6.31", "2026-2-29", "20260230", "0000-1-1"]
)
def test_a_day_that_does_not_exist_is_told_as_such(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{NO_SUCH_DAY}$"):
        day(text, TODAY)


@pytest.mark.parametrize("text", ["", "6", "六月", "2026-06", "06121"])
def test_what_is_no_day_is_told_with_the_ways_to_write_one(text: str) -> None:
    with pytest.raises(ValueError, match=UNREADABLE_DAY):
        day(text, TODAY)


def test_a_deadline_lies_in_the_year_that_is_worked_on() -> None:
    assert day("1231", TODAY, year=2026) == date(2026, 12, 31)


@given(st.dates(date(1979, 1, 1), TODAY))
def test_every_day_is_read_back_as_it_is_shown(written: date) -> None:
    assert day(written.isoformat(), TODAY) == written
    assert day(f"{written.year}年{written.month}月{written.day}日", TODAY) == written


def test_a_body_has_what_was_filled_in_and_nothing_else() -> None:
    form = sent(
        title=" 调研 ",
        held_on="0612",
        facts__households="１,２００",
        leader="王伟",
        present="王 伟",
        themes=["a", "b"],
        online="1",
        rules="一\n\n二 ",
        topics__0__title="预算",
        topics__0__votes__yes="9",
        topics__1__title="",
    )
    assert form.body(TODAY, 2026) == {
        "title": "调研",
        "held_on": "2026-06-12",
        "facts": {"households": 1200},
        "leader": "d3",
        "present": ["d3"],
        "themes": ["a", "b"],
        "online": True,
        "rules": ["一", "二"],
        "topics": [{"title": "预算", "votes": {"yes": 9}}],
    }


def test_every_fault_stands_beside_its_field() -> None:
    form = sent(held_on="13月", facts__households="几户", leader="孔启明", topics__2__votes__yes="3")
    with pytest.raises(Faulty):
        form.body(TODAY, 2026)
    assert form.faults == {
        "title": "请填写名称",
        "held_on": UNREADABLE_DAY,
        "facts.households": "请填数字",
        "leader": "“孔启明”有几位，请写明：孔启明（一组）、孔启明（二组）",
        "topics.2.title": "请填写题目",
    }


def test_what_a_service_found_wrong_stands_beside_the_nearest_field() -> None:
    errors = [
        {"loc": "body.topics.0.title", "message": "过长"},
        {"loc": "body.facts.households", "message": "应大于 0"},
        {"loc": "body.present.3", "message": "不在名册"},
        {"loc": "body.unknown", "message": "多余"},
    ]
    form = sent(title="x", topics__0__title="y").refuse(Refused(422, {"title": "内容有误", "errors": errors}))
    assert form.faults == {"topics.0.title": "过长", "facts.households": "应大于 0", "present": "不在名册"}
    assert form.others == ["多余"]
    assert form.title == "内容有误"
    assert told(form) == {
        "topics.0.title": "题目：过长",
        "facts.households": "走访户数：应大于 0",
        "present": "出席：不在名册",
    }


def test_a_message_that_names_its_field_is_told_as_it_is() -> None:
    form = sent(title="")
    with pytest.raises(Faulty):
        form.body(TODAY, 2026)
    assert told(form) == {"title": "请填写名称"}


def test_only_what_was_changed_is_sent_and_what_was_emptied_is_null() -> None:
    record = {
        "title": "调研",
        "held_on": "2026-06-12",
        "facts": {"households": 12},
        "present": ["d3"],
        "topics": [{"title": "预算"}],
    }
    form = Form.of(PARTS, record)
    assert Form.sent(PARTS, MultiDict(form.values)).changes(record, TODAY, 2026) == {}
    form.values |= {"held_on": "", "present": "", "facts.households": "13", "topics.0.title": "决算"}
    assert Form.sent(PARTS, MultiDict(form.values)).changes(record, TODAY, 2026) == {
        "held_on": None,
        "facts": {"households": 13},
        "present": [],
        "topics": [{"title": "决算"}],
    }


def test_what_somebody_else_recorded_is_noted_where_it_differs() -> None:
    form = sent(title="我的", held_on="2026-06-12").compare({"title": "他的", "held_on": "2026-06-12"})
    assert form.theirs == {"title": "他的"}


@given(st.integers(-(10**12), 10**12))
def test_numbers_are_read_as_they_are_written(value: int) -> None:
    assert number(f"{value:,}") == value
    assert number(str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("7", 7),
        ("-3", -3),
        ("１２", 12),
        ("1,000", 1000),
        ("-1，234,567.5", -1234567.5),
        ("12,000", 12000),
        ("0.5", 0.5),
        ("²", 2),
        (" 8 ", 8),
    ],
)
def test_a_number_is_read_in_full_or_half_width(text: str, read: float) -> None:
    assert number(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "nan",
        "inf",
        "-inf",
        "1e5",
        "1_000",
        "٣",
        "1" * 16,
        "1" * 5000,
        "1.",
        ".5",
        "--1",
        "一",
        "1.2.3",
        "0x1",
    ],
)
def test_what_is_no_number_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="请填数字"):
        number(text)


@pytest.mark.parametrize(
    "text", ["1,2", "1,20", "1,2345", "1000,000", ",100", "1,000,", "1,,000", "1.5,000", "0,5"]
)
def test_a_comma_stands_before_three_digits_alone(text: str) -> None:
    with pytest.raises(ValueError, match="三位一节"):
        number(text)


def test_the_field_of_a_number_that_is_none_is_named() -> None:
    form = sent(title="一", **{"facts.households": "1,2"})
    with pytest.raises(Faulty):
        form.body(TODAY, 2026)
    assert form.faults == {"facts.households": "逗号只用来分开三位一节，如 1,200"}


@pytest.mark.parametrize(
    "text", ["", "²", "٣", "1" * 16, "9" * 5000, "-1", "1.0", "１", "1\0", " 1", "\ud800"]
)
def test_what_is_no_whole_number_stays_text(text: str) -> None:
    assert (whole(text), whole_or_text(text)) == (None, text)


def test_a_whole_number_is_one() -> None:
    assert (whole("012"), whole_or_text("31")) == (12, 31)


def test_what_has_a_title_alone_is_said_once() -> None:
    form = sent(title="x").refuse(Refused(401, {"title": "登录名或口令不对"}))
    assert (form.title, form.others, form.messages) == ("登录名或口令不对", [], ["登录名或口令不对"])
