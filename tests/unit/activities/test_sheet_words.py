"""Words of offices in the workbook mean what the report will say of them."""

import pytest

from services.activities.sheets import SHEETS, VOCABULARY
from shared.workbook import read
from tests.unit.shared.workbooks import book


@pytest.mark.parametrize(
    ("word", "class_"),
    [("正在解决", "b"), ("列入计划", "c"), ("列入规划", "c"), ("列入计划解决", "c"), ("留作参考", "d")],
)
def test_a_result_in_words_is_the_class_the_report_prints_with_those_words(word: str, class_: str) -> None:
    head = ["年度", "编号", "提出日期", "标题", "办理结果"]
    found = read(
        book(head, [2020, 1, "2020-06-09", "路", word], title="代表建议"), SHEETS, vocabulary=VOCABULARY
    )
    assert found.problems == []
    assert found.rows("代表建议")[0]["class"] == class_
    assert [note.becomes for note in found.notes] == [f"“{class_.upper()}类”"]


def test_a_result_of_none_of_the_classes_is_asked_about() -> None:
    head = ["年度", "编号", "提出日期", "标题", "办理结果"]
    row = [2020, 1, "2020-06-09", "路", "因条件限制暂不能解决"]
    found = read(book(head, row, title="代表建议"), SHEETS, vocabulary=VOCABULARY)
    assert [problem.cell for problem in found.problems] == ["E2"]
