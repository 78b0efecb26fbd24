"""Dates as people write them: one table of cases for workbooks and requests, and the properties of their reading."""

import json
import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from pydantic import TypeAdapter, ValidationError

from shared.days import Day
from shared.workbook import CellError, Column, read, value_of
from tests.unit.shared.workbooks import HEADERS, SHEETS, book

CASES: dict[str, Any] = json.loads(Path(__file__).with_name("dates.json").read_text("utf-8"))
COLUMN = Column("日期", "on", "date")
DAYS = st.dates(date(1949, 10, 1), date(2199, 12, 31))
BODY: TypeAdapter[date] = TypeAdapter(Day)
DIGITS = "〇一二三四五六七八九"


def in_chinese(day: date) -> str:
    def counted(number: int) -> str:
        ten, unit = divmod(number, 10)
        return (("" if ten == 1 else DIGITS[ten]) + "十" if ten else "") + (DIGITS[unit] if unit else "")

    year = "".join(DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{counted(day.month)}月{counted(day.day)}日"


@pytest.mark.parametrize(("text", "day"), CASES["read"].items())
def test_a_day_is_read_in_every_shape_that_people_write(text: str, day: str) -> None:
    assert value_of(COLUMN, text) == date.fromisoformat(day)


@pytest.mark.parametrize("text", CASES["refused"])
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(CellError, match=re.escape(text[:9])):
        value_of(COLUMN, text)


@pytest.mark.parametrize(("number", "day"), CASES["numbers"].items())
def test_a_number_is_a_day_written_out_or_as_excel_counts(number: str, day: str) -> None:
    assert value_of(COLUMN, float(number)) == date.fromisoformat(day)


@pytest.mark.parametrize("number", CASES["refused_numbers"])
def test_a_number_that_is_no_day_is_refused_and_shown(number: float) -> None:
    with pytest.raises(CellError, match=re.escape(str(number))):
        value_of(COLUMN, float(number))
    with pytest.raises(ValidationError):
        BODY.validate_python(number)


def test_a_request_has_days_in_the_one_shape_of_the_contract() -> None:
    texts = [text for text in CASES["read"] if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII)]
    for moment in (0, 86400, 43991, 20200609, 1591632000, 1591632000.0, True, *texts, *CASES["refused"]):
        with pytest.raises(ValidationError):
            BODY.validate_python(moment)


@pytest.mark.parametrize(("text", "day"), CASES["without_a_year"].items())
def test_a_month_and_a_day_take_the_year_of_the_sheet_and_the_answer_says_so(text: str, day: str) -> None:
    found = read(
        book(HEADERS, ["丁示例01", None, None, "2020-01-08"], ["王示例02", None, None, text]), SHEETS
    )
    assert found.problems == []
    assert found.rows("人员")[1]["started_on"].isoformat() == day
    (note,) = found.notes
    assert (note.cell, note.was, note.becomes) == ("D3", text, day)
    assert "2020 年" in note.message


@pytest.mark.parametrize("others", [[], ["2019-12-30", "2020-01-08"], [2020]])
def test_without_one_year_of_the_sheet_a_month_and_a_day_are_refused(others: list[Any]) -> None:
    rows = [[f"王示例{n}", None, None, day] for n, day in enumerate(["6月9日", *others])]
    found = read(book(HEADERS, *rows), SHEETS)
    told = {problem.cell: problem.message for problem in found.problems}
    assert "没有写年份" in told["D2"]
    assert "6月9日" in told["D2"]


def test_the_29th_of_february_is_refused_where_the_sheet_is_of_another_year() -> None:
    rows = [["丁示例01", None, None, "2021-01-08"], ["王示例02", None, None, "2月29日"]]
    assert [(p.cell, "没有这一天" in p.message) for p in read(book(HEADERS, *rows), SHEETS).problems] == [
        ("D3", True)
    ]


def test_a_year_typed_into_a_date_column_is_refused_as_excel_shows_it() -> None:
    """The cell has a format of dates, so that Excel shows 1905-07-09 for the number 2017."""

    def typed(workbook: openpyxl.Workbook) -> None:
        page = workbook["人员"]
        for number, form in enumerate(("yyyy-mm-dd", "General"), start=2):
            page.append([f"王示例0{number}", None, None, 2017])
            page.cell(number, 4).number_format = form

    told = {p.cell: p.message for p in read(book(HEADERS, also=typed), SHEETS).problems}
    assert told.keys() == {"D2", "D3"}
    assert "1905-07-09" in told["D2"]
    assert all("2017" in message and "没有月日" in message for message in told.values())


def test_days_counted_from_1904_are_the_days_that_excel_shows() -> None:
    def since_1904(workbook: openpyxl.Workbook) -> None:
        workbook.epoch = CALENDAR_MAC_1904
        page = workbook["人员"]
        for value, form in (
            (42529, "yyyy-mm-dd"),
            (20200609, "General"),
            (2017, "yyyy-mm-dd"),
            (42529, "General"),
        ):
            page.append([f"王示例0{page.max_row}", None, None, value])
            page.cell(page.max_row, 4).number_format = form

    found = read(book(HEADERS, also=since_1904), SHEETS)
    assert [str(row["started_on"]) for row in found.rows("人员")[:2]] == ["2020-06-09"] * 2
    told = {problem.cell: problem.message for problem in found.problems}
    assert told.keys() == {"D4", "D5"}
    assert all(word in told["D4"] for word in ("2017", "1909-07-10", "没有月日"))
    assert "1904" in told["D5"]


def test_a_time_in_a_date_cell_is_left_out() -> None:
    assert value_of(COLUMN, datetime(2020, 6, 9, 8, 30)) == date(2020, 6, 9)  # noqa: DTZ001 – Excel knows no zones


@given(DAYS, st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d"]))
def test_every_day_survives_every_shape(day: date, shape: str) -> None:
    for text in (day.strftime(shape), day.strftime(shape) + " 09:30", in_chinese(day)):
        assert value_of(COLUMN, text) == day
    assert BODY.validate_python(day.isoformat()) == day
    assert value_of(COLUMN, (day - date(1899, 12, 30)).days) == day


@given(st.integers(1900, 2100), st.sampled_from([int, float, str]))
def test_a_year_alone_is_never_a_day(year: int, kind: type) -> None:
    with pytest.raises(CellError, match="没有月日"):
        value_of(COLUMN, kind(year))
    with pytest.raises(CellError, match="没有月日"):
        value_of(COLUMN, date(1899, 12, 30) + timedelta(days=year))


@given(st.text(alphabet="0123456789-./年月日号 :时上午下半〇一二十T", max_size=14))
def test_what_is_read_is_written_in_the_text(text: str) -> None:
    """No text makes a day of digits that it does not hold, and none breaks the reader."""
    try:
        day = value_of(Column("日期", "on", "date"), text)
    except CellError:
        return
    if day is not None:
        assert str(day.year) in text or all(DIGITS[int(digit)] in text for digit in str(day.year))
