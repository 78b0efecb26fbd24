"""The report of an area: official form, nobody silently absent, towns by code, partial sums said to be partial."""

import pytest

from services.reports.area import AreaYear, check_area, compile_area
from services.reports.document import check
from services.reports.domain import Report, ReportStatus
from services.reports.domain.area import HandIn, settled
from services.reports.domain.periods import year_period
from tests.fixtures.county import COUNTY, FIRST, SECOND, County, check_document, summary

D, A, S, OK, R = (
    ReportStatus.DRAFT,
    ReportStatus.APPROVED,
    ReportStatus.SUBMITTED,
    ReportStatus.ACCEPTED,
    ReportStatus.RETURNED,
)


def text(report: Report) -> str:
    return "\n".join(paragraph.text for section in report.sections for paragraph in section.paragraphs)


def test_both_documents_have_the_official_form() -> None:
    county = County()
    assert list(check(summary(county))) == []
    assert list(check(check_document(county))) == []


def test_whoever_is_not_counted_is_named() -> None:
    county = County()
    report = compile_area(county.year())
    said = text(report)
    for words in ("4个乡镇", "尚未接收的1个：襄安镇", "没有上报的1个：十里墩镇", "示例镇和石涧镇"):
        assert words in said
    standing, *others = report.tables
    assert [row[2] for row in standing.rows] == ["已接收", "已接收", "已上报", "没有上报"]
    for table in others:
        if table.id.startswith("towns"):
            assert [row[0] for row in table.rows] == ["示例镇", "石涧镇", "襄安镇", "十里墩镇", "合计"]
            assert set(table.rows[3][1:]) == {"未计入"}


def test_a_sum_names_the_towns_that_lack_it() -> None:
    year = County().year()
    report = compile_area(year)
    rows = {row[0]: row for table in report.tables if table.id.startswith("totals") for row in table.rows}
    assert rows["乡镇代表名额"][1:] == ("63", "名", "1", "石涧镇")
    assert rows["人民代表大会会议次数"][1:] == ("2", "次", "2", "—")
    partial = [figure.id for figure in year.sums if figure.towns and any(year.lacking(figure.id))]
    assert f"有{len(partial)}项指标部分乡镇缺数据" in text(report)
    quota = next(p for s in check_area(year, report).sections for p in s.paragraphs if "名额：" in p.text)
    assert "示例镇63，石涧镇缺数据" in quota.text
    assert {run.part for run in quota.runs if run.figure} == {"", f"@{FIRST}", f"@{SECOND}"}


def test_people_are_said_to_be_counted_town_by_town() -> None:
    notes = {table.caption: table.notes for table in compile_area(County().year()).tables if table.notes}
    assert set(notes) == {"代表队伍", "学习和代表活动"}
    assert "各级代表人数" in notes["代表队伍"][0]
    assert notes["学习和代表活动"][0].startswith("参加培训人数是各乡镇人数之和")


def test_the_order_of_towns_is_that_of_their_codes_whatever_they_did() -> None:
    towns = County().towns()
    year = AreaYear(COUNTY, "无为市", year_period(2020), towns)
    for table in compile_area(year).tables:
        assert "名次" not in "".join((table.caption, *table.header))
        if not table.id.startswith("totals"):
            named = [row[0] for row in table.rows if row[0] != "合计"]
            assert named == [town.name for town in sorted(towns, key=lambda town: town.town)]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), (HandIn.NONE, None, None)),
        ((D, A), (HandIn.NONE, None, None)),
        ((D, A, S), (HandIn.SUBMITTED, None, None)),
        ((D, A, S, R), (HandIn.RETURNED, None, None)),
        ((D, A, S, R, D), (HandIn.RETURNED, None, None)),
        ((D, A, S, OK), (HandIn.ACCEPTED, 4, None)),
        ((D, A, S, OK, D), (HandIn.ACCEPTED, 4, D)),
        ((D, A, S, OK, D, A, S), (HandIn.ACCEPTED, 4, S)),
        ((D, A, S, OK, D, A, S, OK), (HandIn.ACCEPTED, 8, None)),
        ((D, A, S, OK, D, A, S, R), (HandIn.RETURNED, None, None)),
    ],
)
def test_an_accepted_edition_stands_until_another_is_accepted_or_it_is_returned(
    steps: tuple[ReportStatus, ...], expected: tuple[HandIn, int | None, ReportStatus | None]
) -> None:
    assert settled(enumerate(steps, 1)) == expected
