"""Ledgers of an office's own make: what their sheets and columns are is proposed, and their records are read."""

from pathlib import Path

import pytest

from services.cli.books import SHEETS, Unfinished
from services.cli.profiles import Mapped, dumped, load, proposed, recalled, sheet_named
from shared.workbook import read
from shared.workbook.converting import convert, origin, written
from shared.workbook.pages import open_pages
from shared.workbook.proposing import Into
from tests.fixtures.ledgers import LEDGERS, ROSTERS, Ledger, file_of


def propose(ledger: Ledger) -> Mapped:
    (mapped,) = proposed(open_pages(file_of(ledger)), named=ledger.name)
    return mapped


def answered(ledger: Ledger, into: Into) -> Into:
    return Into(into.sheet, into.columns, {**into.fixed, **ledger.answers.get(into.sheet, {})})


def test_there_are_twenty_makes() -> None:
    assert len(LEDGERS) >= 20
    assert all(ledger.source for ledger in LEDGERS)


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.name)
def test_what_a_ledger_is_is_proposed(ledger: Ledger) -> None:
    assert {into.sheet: dict(into.columns) for _, into in propose(ledger).into} == ledger.into


@pytest.mark.parametrize("ledger", LEDGERS, ids=lambda ledger: ledger.name)
def test_its_records_are_read_without_a_problem(ledger: Ledger) -> None:
    mapped = propose(ledger)
    for service, into in mapped.into:
        sheet, vocabulary = sheet_named(service, into.sheet)
        rows = convert(
            mapped.page, mapped.layout, answered(ledger, into), sheet, vocabulary, named=ledger.name
        )
        found = read(written([rows]), SHEETS[service][0], vocabulary=vocabulary)
        assert found.problems == []
        assert len(found.rows(into.sheet)) == ledger.records[into.sheet]


def test_what_is_merged_down_stands_in_every_row_and_cells_know_where_they_come_from() -> None:
    mapped = propose(ROSTERS[1])
    ((service, into),) = mapped.into
    sheet, vocabulary = sheet_named(service, into.sheet)
    rows = convert(mapped.page, mapped.layout, into, sheet, vocabulary)
    assert [row["小组"] for row in rows.rows] == ["第一小组", "第一小组", "第二小组"]
    assert origin([rows], "代表资格", "A3") == "B4"
    assert origin([rows], "代表资格", "A9") == ""


def test_a_profile_is_kept_and_knows_the_ledger_again(tmp_path: Path) -> None:
    path = tmp_path / "对照.toml"
    mapped = propose(ROSTERS[0])
    path.write_text(dumped([mapped], {}).replace("（请填写）", "2017-01-10"), "utf-8")
    (again,), whole = recalled([propose(ROSTERS[0])], load(path))
    assert whole
    assert [dict(into.fixed) for _, into in again.into][-1]["任职日期"] == "2017-01-10"
    other, whole = recalled([propose(ROSTERS[1])], load(path))
    assert not whole
    assert dumped([*other, again], load(path)).count("[[page]]") == 2


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [('"姓名" = "姓名"', '"姓明" = "姓名"', "姓明"), ('"姓名" = "姓名"', '"姓名" = "名氏"', "名氏"),
     ('sheet = "人员"', 'sheet = "人"', "不是系统的表"), ("[[page]]", "[[page", "写法不对")],
)  # fmt: skip
def test_a_profile_that_cannot_be_meant_is_refused(
    tmp_path: Path, before: str, after: str, word: str
) -> None:
    path = tmp_path / "对照.toml"
    path.write_text(dumped([propose(ROSTERS[0])], {}).replace(before, after, 1), "utf-8")
    with pytest.raises(Unfinished, match=word):
        recalled([propose(ROSTERS[0])], load(path))


def test_what_is_nothing_known_is_proposed_as_nothing() -> None:
    ledger = Ledger("食堂采购", "", [["品名", "单价", "数量"], ["白菜", 2, 30]], {}, {})
    assert propose(ledger).into == ()
