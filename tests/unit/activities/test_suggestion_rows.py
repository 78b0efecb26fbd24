"""Whatever was done with a suggestion, the workbook tells it whole: in its own row, or in rows step by step."""

from datetime import date, timedelta
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.intake import Ground
from services.activities.domain.steps import NEXT, Action, ResultClass, Satisfaction, State, SuggestionStep
from services.activities.domain.suggestions import Suggestion
from services.activities.errors import WrongState
from services.activities.exports import in_row, steps_of
from services.activities.imports.handling import StepRow, from_row, in_columns
from services.activities.sheets.suggestions import HANDLING, SUGGESTIONS
from shared.workbook import Row, Sheet, read, write

TEXT: Final = st.sampled_from(["镇办", "县交通局", "汛期、疫情；防汛", "=1+1"])
SAID: Final[dict[str, st.SearchStrategy[Any]]] = {
    "unit": TEXT,
    "reason": TEXT,
    "consent_by": TEXT,
    "to": TEXT,
    "reference": TEXT,
    "text": TEXT,
    "class_": st.sampled_from(ResultClass),
    "interviewed": st.booleans(),
    "process": st.sampled_from(Satisfaction),
    "result": st.sampled_from(Satisfaction),
    "ground": st.sampled_from(Ground),
}
TAKES: Final = {
    Action.ASSIGNED: (["unit"], []),
    Action.EXTENDED: (["reason"], ["consent_by"]),
    Action.RETURNED: ([], ["reason"]),
    Action.FORWARDED: (["to"], ["reason", "reference"]),
    Action.ANSWERED: ([], ["text", "class_", "reference"]),
    Action.REPLIED: ([], ["class_", "interviewed"]),
    Action.RATED: (["result"], ["process"]),
    Action.REDONE: ([], []),
    Action.CLOSED: ([], []),
    Action.REJECTED: (["ground"], ["reason"]),
}
"""Of each action: what a request has to say, and what it may."""
UNDATED: Final = {Action.RETURNED, Action.RATED, Action.REDONE, Action.CLOSED}


@st.composite
def handled(draw: st.DrawFn) -> Suggestion:
    day = date(2020, 6, 1)
    suggestion = Suggestion(id="s", town="t", year=2020, number=3, raised_on=day, title="修桥")
    for _ in range(draw(st.integers(0, 12))):
        ways = [action for action, (_, states) in NEXT.items() if suggestion.state in states]
        if not ways:
            break
        action = draw(st.sampled_from(ways))
        day += timedelta(days=draw(st.integers(0, 9)))
        must, may = TAKES[action]
        said = [*must, *(name for name in may if draw(st.booleans()))]
        undated = action in UNDATED and draw(st.booleans())
        step = SuggestionStep(
            action=action, on=None if undated else day, **{name: draw(SAID[name]) for name in said}
        )
        try:
            suggestion = suggestion.with_step(step)
        except WrongState:
            continue
    return suggestion


def through_excel(sheet: Sheet, rows: list[dict[str, Any]]) -> list[Row]:
    book = read(write([sheet], {sheet.name: rows}), [sheet])
    assert book.problems == []
    return book.rows(sheet.name)


@given(handled())
def test_every_course_is_told_whole_in_its_row_or_step_by_step(suggestion: Suggestion) -> None:
    row = in_row(suggestion)
    wanted: list[StepRow]
    if row is None:
        wanted = [from_row(one) for one in through_excel(HANDLING, list(steps_of(suggestion)))]
    else:
        key = {"year": 2020, "number": 3, "raised_on": suggestion.raised_on, "title": "修桥"}
        (only,) = through_excel(SUGGESTIONS, [{**key, **row}])
        wanted = list(in_columns(only))
    recorded = [step.model_dump(exclude_none=True) for step in suggestion.steps]
    assert len(wanted) == len(recorded)
    assert [{"action": one.action, **one.body} for one in wanted] == recorded


def test_the_usual_course_needs_no_rows_of_its_own() -> None:
    suggestion = Suggestion(id="s", town="t", year=2020, number=3, raised_on=date(2020, 6, 1), title="修桥")
    assert in_row(suggestion) == {}
    for action, said in (
        (Action.ASSIGNED, {"unit": "镇办"}),
        (Action.RETURNED, {"reason": "不属职责"}),
        (Action.ASSIGNED, {"unit": "镇交管站"}),
        (Action.EXTENDED, {"reason": "汛期"}),
        (Action.REPLIED, {"class_": "b"}),
        (Action.RATED, {"result": "dissatisfied"}),
        (Action.REDONE, {}),
        (Action.REPLIED, {"class_": "a"}),
        (Action.RATED, {"result": "satisfied"}),
        (Action.CLOSED, {}),
    ):
        suggestion = suggestion.with_step(SuggestionStep(action=action, on=date(2020, 7, 1), **said))
    assert suggestion.state is State.CLOSED
    assert in_row(suggestion) is not None
