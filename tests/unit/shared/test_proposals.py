"""What the endpoint says of a ledger: columns, rules, and first rows without personal numbers."""

import json

import pytest

from services.roster.sheets import SHEETS, VOCABULARY
from shared.endpoints.proposals import proposal
from shared.workbook.proposing import year_of
from tests.fixtures.ledgers import ROSTERS, Ledger, file_of


def test_a_roster_is_proposed_with_its_first_rows_and_without_numbers_of_phones() -> None:
    found = proposal(file_of(ROSTERS[0]), "花名册.xlsx", SHEETS, VOCABULARY)
    (page,) = found.pages
    assert (page.header_row, [one.sheet for one in page.into]) == (2, ["人员", "代表资格"])
    people, mandates = page.into
    assert people.rows[0] == {
        "姓名": "王示例01", "性别": "男", "出生年份": "1975", "民族": "汉族", "政治面貌": "中共党员", "学历": "大专",
        "职业": "某村党支部书记", "手机号": "（不显示）",
    }  # fmt: skip
    assert (mandates.fixed, mandates.count) == ({"层级": "镇级", "任职日期": "（请填写）"}, 2)
    assert "13800000001" not in json.dumps(found.model_dump(), ensure_ascii=False)


@pytest.mark.parametrize(
    "written", ["1975.03", "１９７５．０３", " 1975年3月", "１９７５ 年", 197503, 1975.3]
)
def test_the_year_of_a_month_however_it_is_typed(written: object) -> None:
    assert year_of(written) == 1975


def test_who_somebody_is_comes_before_what_they_are_elected_to() -> None:
    """The order in which the sheets are imported, whatever the file is called and whichever has more columns."""
    rows: list[list[object]] = [
        ["姓名", "性别", "届次", "层级", "选区", "当选日期", "产生方式"],
        ["王示例01", "男", 17, "镇", "第一选区", "2017-01-10", "选举"],
    ]
    (page,) = proposal(file_of(Ledger("", "", rows, {}, {})), "代表名册.xlsx", SHEETS, VOCABULARY).pages
    assert [one.sheet for one in page.into] == ["人员", "代表资格"]


@pytest.mark.parametrize("header", ["单位", "工作单位", "单位及职务", "所在单位"])
def test_where_somebody_works_is_not_what_they_are_elected_by(header: str) -> None:
    rows: list[list[object]] = [["姓名", header, "选区"], ["王示例01", "示例镇中心小学", "第一选区"]]
    (page,) = proposal(file_of(Ledger("", "", rows, {}, {})), "代表名册.xlsx", SHEETS, VOCABULARY).pages
    people, mandates = page.into
    assert people.columns["职业"] == header
    assert mandates.columns["选区或选举单位"] == "选区"
    del rows[0][2], rows[1][2]
    (page,) = proposal(file_of(Ledger("", "", rows, {}, {})), "代表名册.xlsx", SHEETS, VOCABULARY).pages
    assert header not in [h for one in page.into for column, h in one.columns.items() if column != "职业"]


def test_no_column_that_is_shown_is_filled_from_numbers_of_persons_or_from_words_it_never_takes() -> None:
    rows = [
        ["姓名", "性别", "身份证号码", "选区", "职务"],
        ["王示例01", "男", "340281197503010011", "第一选区", "村支书"],
    ]
    found = proposal(file_of(Ledger("", "", rows, {}, {})), "花名册.xlsx", SHEETS, VOCABULARY)
    people, mandates = found.pages[0].into
    assert (people.columns["身份证号"], "身份证号码" in mandates.columns.values()) == ("身份证号码", False)
    assert "职务" not in mandates.columns
    assert "340281197503010011" not in json.dumps(found.model_dump(), ensure_ascii=False)
