"""The standard is the only thing allowed: the product's own documents hold it, and no deviation passes."""

from datetime import date
from typing import Any

import pytest

from services.reports.compiler import compile_report
from services.reports.document import check, render_docx
from services.reports.document.gbt9704 import Deviation
from services.reports.domain import Form, Report, Table, Wording
from tests.fixtures.book import Book
from tests.fixtures.documents import sealed, town_book
from tests.sampling import sampled
from tests.unit.reports.document import deviating
from tests.unit.reports.document.sample import report

_WHOLE = report(
    title="无为市示例镇人民代表大会主席团关于2020年度工作情况的报告",
    addressee="无为市人大常委会",
    document_number="示例镇人发〔2020〕18号",
    signer="王示例01",
    findings=(),
    figures=(),
)
_GROUPS = Table(
    id="groups", caption="代表小组活动统计表", header=("小组", "次数"), rows=(("第一代表小组", "4"),)
)
_FEW = [table.model_copy(update={"rows": table.rows[:4]}) for table in _WHOLE.tables]
_TABLES = (_GROUPS, *_FEW)  # the first two share an annex, under captions
FILE = render_docx(_WHOLE.model_copy(update={"sections": _WHOLE.sections[:5], "tables": _TABLES}))
KINDS = dict(deviating.deviations(FILE))
DELIVERED = {"delivered_on": date(2021, 1, 10), "session_number": 8, "speaker": "王梅"}
SENT = {"form": Form.REPORT, "document_number": "示例镇人发〔2020〕18号", "signer": "王示例01"}


def bare(name: str, outline: str) -> Report:
    """A town of which the roster alone was recorded."""
    book = Book()
    book.town_(name=name)
    book.deputies(3)
    return compile_report(book.year(2020, "2020-12-31"), [], Wording(outline=outline), id="r")


def shown(found: list[Deviation]) -> list[str]:
    return [deviation.message for deviation in found]


@pytest.mark.parametrize("outline", "ACDET")
@pytest.mark.parametrize("settings", [{}, DELIVERED, SENT], ids=["summary", "delivered", "sent"])
def test_every_outline_of_the_example_holds_the_standard(outline: str, settings: dict[str, Any]) -> None:
    wording = Wording(outline=outline, theme="乡村振兴", **settings)
    assert shown(check(render_docx(sealed(town_book(), wording=wording)))) == []


@pytest.mark.parametrize("name", ["示例镇", "石桥乡", "红石畲族乡", "敖勒召其镇", "石滙镇"])
@pytest.mark.parametrize("outline", "AE")
def test_a_town_of_which_little_is_recorded_holds_the_standard(name: str, outline: str) -> None:
    assert shown(check(render_docx(bare(name, outline)))) == []


def test_there_are_many_kinds_of_deviation_and_none_before_it_is_made() -> None:
    assert len(KINDS) > 300
    assert shown(check(FILE)) == []


@pytest.mark.parametrize("kind", sampled(KINDS, every=4))
def test_no_deviation_passes(kind: str) -> None:
    found = check(KINDS[kind]())
    assert found
    for deviation in found:
        assert deviation.expected != deviation.actual
        assert f"应为{deviation.expected}，现为{deviation.actual}" in deviation.message


def test_a_deviation_says_where_it_is() -> None:
    found = check(KINDS["words: 第17届"]())
    assert [deviation.clause for deviation in found] == ["15835"]
    assert found[0].place.startswith("第")
    assert "第17届" in found[0].message
    assert "GB/T 15835" in found[0].message
