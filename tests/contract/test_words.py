"""One word for one code: where services name the same thing to people, each has its own copy, and all say the same."""

import json
from collections.abc import Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from recount.proof import NAMES
from services.activities import sheets as activities
from services.activities.domain.presence import HALF_DAY, PORTION_LABELS
from services.activities.sheets import attendance, suggestions
from services.cli import auditing
from services.console import words as console
from services.host import front, standalone
from services.ratings import sheets as ratings
from services.ratings.domain.meetings import STATE_LABELS, State
from services.reports import names
from services.reports.figures import contact
from services.roster import sheets as roster
from services.roster.domain.deputyships import LEVEL_LABELS
from shared.settings import Settings
from shared.workbook import Column, Sheet
from shared.workbook.cells import value_of

WORDS: Mapping[str, Mapping[str, str]] = json.loads(Path(__file__).with_name("words.json").read_text("utf-8"))
KINDS = {**WORDS["activity_kinds"], **WORDS["meeting_kinds"]}


def by_code(choices: Mapping[str, str]) -> dict[str, str]:
    return {code: word for word, code in choices.items()}


COPIES: Mapping[str, tuple[Mapping[Any, str], ...]] = {
    "services": (names.SERVICES, auditing.TITLES),
    "installation": (front.TITLES, auditing.NAMES),
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
}


@pytest.mark.parametrize("table", COPIES)
def test_every_copy_says_the_same(table: str) -> None:
    assert [dict(copy) for copy in COPIES[table]] == [WORDS[table]] * len(COPIES[table])


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
