"""A 乡, a 民族乡 and a 苏木 are called what they are, in every document, and those above them too."""

import io
import json
import re
import zipfile
from typing import Any

import pytest

from services.reports.checks.catalogue import page
from services.reports.compiler import compile_report
from services.reports.document import render_docx, render_html, render_xlsx
from services.reports.domain import Form, Report, Wording
from services.reports.figures import DEFINITIONS
from services.reports.narrative import presets
from services.reports.notation import rank_of, ranked
from tests.fixtures.book import Book
from tests.fixtures.example import example

PLACES = ["石桥乡", "红石畲族乡"]


class Elsewhere(Book):
    """A book whose records never say 镇 themselves."""

    def add(self, noun: str, id: str | None = None, *, verb: str = "changed", **data: Any) -> str:
        return super().add(
            noun, id, verb=verb, **json.loads(json.dumps(data, ensure_ascii=False).replace("镇", "乡"))
        )


def town(name: str, county: str = "无为市") -> Book:
    """The example's year in another place, with what the rules find."""
    book = example(Elsewhere())
    book.town_(name=name, county_name=county, city_name="芜湖市", congress_number=17, quota=64, rules={},
               population=34500)  # fmt: skip
    reports = [{"title": "政府工作报告", "kind": "government", "adopted": True}]
    book.add("session", verb="held", congress_number=17, session_number=9, held_on="2020-11-20", reports=reports,
             elections=[{"post": "经济发展办公室主任", "name": "王示例9", "votes": 20}])  # fmt: skip
    book.deputy("李示例90", ended_on="2020-04-20", ended_reason="resigned")
    book.deputy("李示例91", started_on="2020-06-20", started_by="by_election")
    book.add(
        "suggestion", verb="raised", number=90, raised_on="2020-06-10", raised_at="between", title="修桥"
    )
    return book


def report(name: str, outline: str = "A", county: str = "无为市") -> Report:
    words = Wording(outline=outline, theme="乡村振兴", campaign_label="两联一述", form=Form.REPORT)
    return compile_report(town(name, county).year(as_of="2020-12-31"), [], words, id="report")


def printed(report: Report) -> dict[str, str]:
    """Everything the documents of a report contain, by file."""
    words = {"html": render_html(report), "json": report.model_dump_json()}
    for kind, content in (("docx", render_docx(report)), ("xlsx", render_xlsx(report))):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            words[kind] = "".join(package.read(name).decode("utf-8", "ignore") for name in package.namelist())
    return words


@pytest.mark.parametrize("name", PLACES)
def test_no_document_of_a_xiang_says_zhen(name: str) -> None:
    for kind, words in printed(report(name)).items():
        assert [words[m.start() - 12 : m.end() + 12] for m in re.finditer("镇", words)] == [], kind


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("outline", presets())
def test_every_outline_speaks_of_the_organs_of_a_xiang(name: str, outline: str) -> None:
    made = report(name, outline)
    words = json.dumps(json.loads(made.model_dump_json()), ensure_ascii=False)
    assert "镇" not in words
    assert all(word in words for word in ("乡人民代表大会", "乡代表", "乡人民政府"))
    assert name in made.title


@pytest.mark.parametrize("county", ["绩溪县", "景宁畲族自治县", "科尔沁左翼中旗", "蜀山区"])
def test_those_above_are_called_by_their_name(county: str) -> None:
    body = f"{county}人大常委会"
    made = report("石桥乡", county=county)
    text = "".join(p.text for section in made.sections for p in section.paragraphs)
    assert made.addressee == body
    assert body in text
    assert not re.search(r"(?<!治)县(?!级)|市人大常委会", text.replace(county, ""))


def test_a_town_keeps_its_words_and_a_name_its_own() -> None:
    assert (
        ranked("在任镇代表，全镇、城镇居民和集镇，乡镇的镇长", "乡")
        == "在任乡代表，全乡、城镇居民和集镇，乡的乡长"
    )
    assert ranked("在任镇代表", "镇") == "在任镇代表"
    assert [rank_of(name) for name in ("石桥乡", "红石畲族乡", "巴彦苏木", "莲泗镇")] == [
        "乡",
        "乡",
        "苏木",
        "镇",
    ]


def test_every_definition_can_be_said_of_a_xiang() -> None:
    texts = [ranked(text, "乡") for d in DEFINITIONS for text in (d.label, d.definition)]
    assert [text for text in texts if re.search("镇|县(?!级)", text)] == []
    assert "镇代表名额" in page()
