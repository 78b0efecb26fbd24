"""One word for one code: where services name the same thing to people, each has its own copy, and all say the same."""

import io
import json
from collections.abc import Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from recount.proof import NAMES
from services.activities import sheets as activities
from services.activities.domain.presence import HALF_DAY, PORTION_LABELS
from services.activities.sheets import attendance, suggestions
from services.console import words as console
from services.host import installation, standalone
from services.ratings import sheets as ratings
from services.ratings.domain.meetings import STATE_LABELS, State
from services.reports import names
from services.reports.figures import contact
from services.roster import sheets as roster
from services.roster.domain.deputyships import LEVEL_LABELS
from shared.settings import Settings
from shared.workbook import Column, Sheet, read
from shared.workbook.cells import value_of
from tests.architecture.sources import ROOT

WORDS: Mapping[str, Mapping[str, str]] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
KINDS = {**WORDS["activity_kinds"], **WORDS["meeting_kinds"]}


def by_code(choices: Mapping[str, str]) -> dict[str, str]:
    return {code: word for word, code in choices.items()}


COPIES: Mapping[str, tuple[Mapping[Any, str], ...]] = {
    "services": (names.SERVICES,),
    "installation": (installation.TITLES,),
    "activity_kinds": (by_code(activities.ACTIVITIES),),
    "end_reasons": (by_code(roster.END_REASONS), names.END_REASONS),
    "levels": (
        *(by_code(sheets.LEVELS) for sheets in (roster, activities, ratings)),
        LEVEL_LABELS,
        names.LEVELS,
    ),
    "genders": (by_code(roster.GENDERS), names.GENDERS),
    "started_by": (by_code(roster.STARTED_BY), names.STARTED_BY),
    "roles": (by_code(roster.ROLES), names.ROLES),
    "leaves": (by_code(attendance.LEAVES), names.LEAVES),
    "channels": (
        by_code(activities.CHANNELS),
        {**dict(filter(itemgetter(0), contact.CHANNELS.items())), "qr": "扫码"},
    ),
    "portions": (names.PORTIONS, {**PORTION_LABELS, "half_day": HALF_DAY}),
    "approvers": (by_code(activities.APPROVERS), names.APPROVERS),
    "raised_at": (by_code(suggestions.RAISED_AT), names.RAISED_AT),
    "result_classes": (by_code(suggestions.CLASSES), names.CLASSES),
    "satisfaction": (by_code(suggestions.SATISFACTION), names.SATISFACTION),
    "opinion_states": (by_code(activities.OPINION_STATES), names.OPINION_STATES),
    "item_states": (by_code(activities.ITEM_STATES), names.ITEM_STATES),
    "meeting_states": (
        by_code(ratings.STATES),
        {code: word for code, word in STATE_LABELS.items() if code != State.REVOKED},
        {
            code: word.partition("，")[0]
            for code, word in console.WORDS["rating_state"].items()
            if code != State.REVOKED
        },
    ),
    "duty_report_forms": (by_code(ratings.FORMS), names.FORMS),
    "report_statuses": (
        names.STATUSES,
        {
            code: word
            for code, word in console.WORDS["report_status"].items()
            if code not in ("none", "unsealed")
        },
    ),
}


FORMER = {
    "测评方案": "评议办法", "计票单": "计票表", "无效选项": "划错", "填错票": "划错票", "无效票": "废票",
    "结账": "封账", "已审定": "已核准", "已报送": "已上报", "正在汇编": "正在编制", "核查": "审计",
    "这份信件": "这件事件", "死信": "未能处理的事件", "问题事件": "未能处理的事件",
}  # fmt: skip
"""Words that were second ones for the same thing, and the one that is used."""
READ_FROM_EARLIER_WORKBOOKS = {("services/ratings/sheets.py", "无效票")}


@pytest.mark.parametrize("table", COPIES)
def test_every_copy_says_the_same(table: str) -> None:
    assert [dict(copy) for copy in COPIES[table]] == [WORDS[table]] * len(COPIES[table])


def test_nothing_has_a_second_word_again() -> None:
    texts = [
        path
        for folder in ("services", "shared", "recount", "docs", "examples", "scripts")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".toml", ".md", ".json", ".html", ".jinja", ".js", ".csv")
    ]
    found = {
        (str(path.relative_to(ROOT)), word)
        for path in (*texts, ROOT / "README.md", ROOT / "README.zh-CN.md")
        for word in FORMER
        if word in path.read_text("utf-8")
    }
    assert found == READ_FROM_EARLIER_WORKBOOKS


def test_headings_of_earlier_workbooks_are_read() -> None:
    now = (ROOT / "examples" / "测评.xlsx").read_bytes()
    earlier = {"废票": "无效", "划错": "填错"}
    workbook = openpyxl.load_workbook(io.BytesIO(now))
    headings = [cell for page in workbook for cell in page[1] if cell.value in earlier]
    assert len(headings) == 4
    for cell in headings:
        cell.value = earlier[cell.value]
    workbook.save(file := io.BytesIO())
    assert rows_of(file.getvalue()) == rows_of(now) != {}


def rows_of(workbook: bytes) -> dict[str, list[dict[str, Any]]]:
    found = read(workbook, ratings.SHEETS, vocabulary=ratings.VOCABULARY)
    assert found.problems == []
    return {name: [dict(row.values) for row in rows] for name, rows in found.tables.items()}


def test_a_plan_and_a_file_name_meetings_and_activities_alike() -> None:
    assert by_code(activities.PLANNED) == dict(names.KINDS) == KINDS


def test_every_table_has_copies() -> None:
    assert set(COPIES) == set(WORDS) - {"meeting_kinds"}


def test_what_counts_again_names_the_sources_of_the_report_as_it_does() -> None:
    assert {name: word for name, word in WORDS["services"].items() if name != "reports"} == NAMES


def test_a_service_calls_itself_by_its_title() -> None:
    titles = {service.name: service.api.title for service in standalone.services(Settings())}
    assert titles == WORDS["installation"]


def with_former_words() -> Iterator[tuple[str, Column]]:
    sheets: tuple[Sheet, ...] = (*roster.SHEETS, *activities.SHEETS, *ratings.SHEETS)
    for sheet in sheets:
        yield from ((sheet.name, column) for column in sheet.columns if column.former)


@pytest.mark.parametrize(("sheet", "column"), list(with_former_words()))
def test_words_of_earlier_releases_are_read_and_not_written(sheet: str, column: Column) -> None:
    for word, code in column.former.items():
        assert value_of(column, word) == code
        assert word not in column.choices
        assert code in column.choices.values(), sheet
