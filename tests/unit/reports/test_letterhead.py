"""A report sent upward has its letterhead once both parts are said; a summary and one to the congress have none."""

import re
from typing import Any

import pytest
from pydantic import ValidationError

from services.reports.document import check, edited, render_docx
from services.reports.domain import Form, Report, Wording
from services.reports.handlers.uploaded_text import handed_out
from services.reports.schemas import SettingsIn
from tests.fixtures.documents import judged, sealed, town_book

NUMBER = "示例镇人发〔2020〕18号"
BOTH = {"document_number": NUMBER, "signer": "王示例"}
BOOK = town_book()


def made(**wording: Any) -> Report:
    return sealed(BOOK, wording=Wording(**wording))


def told(report: Report) -> list[tuple[str, str]]:
    return [(one.severity, one.message) for one in report.findings if one.rule == "report.letterhead"]


def test_a_report_sent_upward_has_what_the_office_said_and_the_file_holds_in_every_way() -> None:
    report = made(form=Form.REPORT, **BOTH)
    assert (report.document_number, report.signer, told(report)) == (NUMBER, "王示例", [])
    file = render_docx(report)
    assert check(file) == []
    assert judged(file, BOOK).faults == []
    handed_back = edited.matched(report, edited.read(file).lines, handed_out(report))
    assert {one.change for one in handed_back.matches} == {edited.Change.KEPT}
    assert (handed_back.added, handed_back.ignored) == ({}, [])


@pytest.mark.parametrize(
    ("said", "names"),
    [({}, "发文字号和签发人"), ({"signer": "王示例"}, "发文字号"), ({"document_number": NUMBER}, "签发人")],
)
def test_without_either_it_has_none_and_that_is_told(said: dict[str, str], names: str) -> None:
    report = made(form=Form.REPORT, **said)
    assert (report.document_number, report.signer) == ("", "")
    [(severity, message)] = told(report)
    assert severity == "info"
    assert f"没有写明{names}，" in message


@pytest.mark.parametrize("wording", [{}, {"form": Form.REPORT, "outline": "E"}])
def test_a_summary_and_a_report_to_the_congress_have_none_and_need_none(wording: dict[str, Any]) -> None:
    report = made(**wording, **BOTH)
    assert (report.document_number, told(report), told(made(**wording))) == ("", [], [])


@pytest.mark.parametrize(
    "text",
    ["18号", "人发[2020]18号", "人发〔20〕18号", "人发〔2020〕第18号", "人发〔2020〕018号", "人发〔2020〕18"],
)
def test_a_number_that_no_document_has_is_refused_in_chinese(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        SettingsIn(document_number=text)
    assert re.search("发文字号写作“某镇人发〔2020〕18号”", str(caught.value))
    assert SettingsIn(document_number=f" {NUMBER} ").document_number == NUMBER
