"""What the endpoint says of a ledger: columns, rules, and first rows without personal numbers."""

import json

import pytest

from services.roster.sheets import SHEETS, VOCABULARY
from shared.endpoints.proposals import proposal
from shared.workbook.proposing import year_of
from tests.unit.cli.ledgers import ROSTERS
from tests.unit.cli.test_mapping import file_of


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
