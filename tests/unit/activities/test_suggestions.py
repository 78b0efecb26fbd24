"""The life of a suggestion, step by step."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.intake import Ground
from services.activities.domain.rules import Rules
from services.activities.domain.steps import Action, ResultClass, Satisfaction, State, SuggestionStep
from services.activities.domain.suggestions import Suggestion
from services.activities.errors import DatesOutOfOrder, WrongState

RAISED = date(2020, 6, 9)
RULES = Rules()


def a_suggestion(**state: Any) -> Suggestion:
    return Suggestion.model_validate(
        {
            "id": "s1",
            "town": "340281118",
            "year": 2020,
            "number": 1,
            "raised_on": RAISED,
            "title": "硬化村路",
            **state,
        }
    )


def assigned(on: date = date(2020, 6, 15), rules: Rules = RULES) -> Suggestion:
    suggestion = a_suggestion()
    return suggestion.with_step(suggestion.assignment("镇农业农村办", on, rules))


def replied(on: date = date(2020, 8, 1)) -> Suggestion:
    return assigned().with_step(
        SuggestionStep(action=Action.REPLIED, on=on, class_=ResultClass.B, interviewed=True)
    )


def test_a_reply_is_evaluated_within_working_days() -> None:
    assert RULES.rate_by(date(2020, 9, 4)) == date(2020, 10, 9)  # Sunday 27 was worked
    assert Rules(rating_working_days=1).rate_by(date(2020, 9, 4)) == date(2020, 9, 7)
    assert Rules(rating_working_days=0).rate_by(date(2020, 9, 4)) is None
    assert Rules.model_validate({"rating_working_days": "soon"}) == RULES


def test_assignment_sets_when_the_reply_is_due() -> None:
    suggestion = assigned(date(2020, 11, 30))
    assert (suggestion.state, suggestion.unit, suggestion.due_on) == (
        State.ASSIGNED,
        "镇农业农村办",
        date(2021, 2, 28),
    )
    assert assigned(date(2020, 11, 30), Rules(next_working_day=True)).due_on == date(2021, 3, 1)
    assert assigned(date(2020, 6, 15), Rules(reply_months=2)).due_on == date(2020, 8, 15)


def test_a_returned_suggestion_is_assigned_anew_and_due_anew() -> None:
    returned = assigned().with_step(
        SuggestionStep(action=Action.RETURNED, on=date(2020, 6, 20), reason="不属本单位职责")
    )
    assert (returned.state, returned.unit, returned.due_on) == (State.RETURNED, None, None)
    again = returned.with_step(returned.assignment("镇城建办", date(2020, 6, 22), RULES))
    assert (again.unit, again.assigned_on, again.due_on) == ("镇城建办", date(2020, 6, 22), date(2020, 9, 22))


def test_an_extension_counts_from_the_assignment_and_is_given_once() -> None:
    suggestion = assigned(date(2020, 11, 30))
    extended = suggestion.with_step(suggestion.extension(date(2021, 2, 1), "需列入明年预算", RULES))
    assert (extended.state, extended.due_on) == (State.ASSIGNED, date(2021, 5, 30))
    with pytest.raises(WrongState):
        extended.extension(date(2021, 3, 1), "再延", RULES)
    with pytest.raises(WrongState):
        a_suggestion().extension(date(2021, 3, 1), "未交办", RULES)


def test_what_satisfied_nobody_is_done_again_and_the_latest_counts() -> None:
    rated = replied().with_step(
        SuggestionStep(action=Action.RATED, process=Satisfaction.SATISFIED, result=Satisfaction.DISSATISFIED)
    )
    redo = rated.with_step(SuggestionStep(action=Action.REDONE))
    again = redo.with_step(
        SuggestionStep(action=Action.REPLIED, on=date(2020, 9, 1), class_=ResultClass.A, interviewed=True)
    )
    final = again.with_step(
        SuggestionStep(action=Action.RATED, on=date(2020, 9, 9), result=Satisfaction.SATISFIED)
    )
    closed = final.with_step(SuggestionStep(action=Action.CLOSED))
    assert (rated.state, redo.state, again.state, final.state, closed.state) == (
        State.RATED,
        State.REDO,
        State.REPLIED,
        State.RATED,
        State.CLOSED,
    )
    assert (closed.class_, closed.result, closed.replied_on) == (
        ResultClass.A,
        Satisfaction.SATISFIED,
        date(2020, 9, 1),
    )


def test_what_dissatisfied_is_handled_again_before_it_is_closed() -> None:
    rated = replied().with_step(SuggestionStep(action=Action.RATED, result=Satisfaction.DISSATISFIED))
    with pytest.raises(WrongState) as refusal:
        rated.with_step(SuggestionStep(action=Action.CLOSED))
    assert "退回重办" in refusal.value.detail
    redo = rated.with_step(rated.redo(date(2020, 8, 31), Rules(redo_months=1)))
    assert (redo.redo_due_on, redo.due_on) == (date(2020, 9, 30), rated.due_on)
    again = redo.with_step(SuggestionStep(action=Action.REPLIED, on=date(2020, 9, 1)))
    assert again.with_step(SuggestionStep(action=Action.CLOSED)).state is State.CLOSED
    assert rated.redo(None, RULES).due_on is None


def test_stricter_towns_count_from_the_end_of_the_session() -> None:
    strict = Rules(reply_from="session_end", reply_months=2, reply_extension_months=2)
    suggestion = a_suggestion()
    step = suggestion.assignment("镇办", date(2020, 6, 30), strict, session_end=date(2020, 6, 10))
    assert (step.start, step.due_on) == ("session_end", date(2020, 8, 10))
    taken = suggestion.with_step(step)
    extended = taken.with_step(taken.extension(date(2020, 8, 1), "预算", strict, consent_by="镇人大主席团"))
    assert (extended.due_on, extended.steps[-1].consent_by) == (date(2020, 10, 10), "镇人大主席团")
    assert extended.deadline(strict).explanation.startswith("2020年6月10日会议闭会，加4个月")
    assert suggestion.assignment("镇办", date(2020, 6, 30), strict).due_on == date(2020, 8, 30)


def test_until_when_a_unit_may_return_what_is_not_its_job() -> None:
    assert assigned(date(2020, 9, 25)).steps[0].return_by == date(2020, 10, 5)
    working = Rules(return_in_working_days=True)
    assert assigned(date(2020, 9, 25), working).steps[0].return_by == date(2020, 10, 15)


def test_what_the_county_answers_was_forwarded_to_it() -> None:
    answer = SuggestionStep(
        action=Action.ANSWERED, on=date(2020, 8, 1), class_=ResultClass.B, reference="县建31"
    )
    forward = SuggestionStep(action=Action.FORWARDED, on=date(2020, 6, 20), to="县交通运输局")
    forwarded = assigned().with_step(forward)
    assert (forwarded.state, forwarded.unit, forwarded.due_on) == (State.FORWARDED, None, None)
    answered = forwarded.with_step(answer)
    assert (answered.state, answered.forwarded_to, answered.county_reference, answered.replied_on) == (
        State.REPLIED,
        "县交通运输局",
        "县建31",
        None,
    )
    returned = forwarded.with_step(SuggestionStep(action=Action.RETURNED, on=date(2020, 6, 25)))
    assert (returned.state, returned.forwarded_to) == (State.RETURNED, None)
    with pytest.raises(WrongState):
        replied().with_step(SuggestionStep(action=Action.REDONE)).with_step(answer)


def test_what_is_not_admitted_is_an_outcome_of_its_own() -> None:
    rejected = a_suggestion().with_step(
        SuggestionStep(action=Action.REJECTED, on=date(2020, 6, 12), ground=Ground.COURT_CASE)
    )
    assert (rejected.state, rejected.rejected_for) == (State.REJECTED, Ground.COURT_CASE)
    assert rejected.undone() == a_suggestion()
    with pytest.raises(WrongState):
        assigned().with_step(SuggestionStep(action=Action.REJECTED, on=date(2020, 6, 20)))


def test_where_no_date_was_set_none_is_explained() -> None:
    with pytest.raises(WrongState):
        a_suggestion().deadline(RULES)
    old = SuggestionStep(action=Action.ASSIGNED, on=date(2020, 6, 15), unit="镇办", due_on=date(2020, 9, 15))
    assert (
        a_suggestion().with_step(old).deadline(RULES).explanation
        == "2020年6月15日交办，加3个月为2020年9月15日"
    )


@pytest.mark.parametrize(
    "step",
    [
        SuggestionStep(action=Action.REPLIED, on=date(2020, 8, 1)),
        SuggestionStep(action=Action.RETURNED),
        SuggestionStep(action=Action.RATED),
        SuggestionStep(action=Action.REDONE),
    ],
)
def test_nothing_can_be_done_before_the_assignment(step: SuggestionStep) -> None:
    with pytest.raises(WrongState) as refusal:
        a_suggestion().with_step(step)
    assert "待交办" in refusal.value.detail


def test_dates_go_forward() -> None:
    with pytest.raises(DatesOutOfOrder) as refusal:
        assigned(RAISED - timedelta(days=1))
    assert refusal.value.errors[0].loc == "body.on"
    with pytest.raises(DatesOutOfOrder):
        replied(date(2020, 6, 14))
    with pytest.raises(DatesOutOfOrder):
        replied().with_step(SuggestionStep(action=Action.CLOSED, on=date(2020, 7, 31)))
    with pytest.raises(DatesOutOfOrder):
        assigned().model_copy(update={"raised_on": date(2020, 6, 16)}).check_dates()


def test_the_word_class_is_spelt_as_such_outside() -> None:
    document = replied().model_dump(mode="json")
    assert document["class"] == "b"
    assert document["steps"][1]["class"] == "b"
    assert Suggestion.model_validate(document) == replied()


days = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2021, 12, 31)))
steps = st.builds(
    SuggestionStep,
    action=st.sampled_from(Action),
    on=days,
    unit=st.just("镇办"),
    due_on=st.just(date(2021, 1, 1)),
    class_=st.sampled_from(ResultClass),
    result=st.sampled_from(Satisfaction),
    to=st.just("县有关单位"),
    ground=st.sampled_from(Ground),
)


@given(st.lists(steps, max_size=12))
def test_whatever_is_tried_the_history_stays_in_order_and_can_be_taken_back(
    tries: list[SuggestionStep],
) -> None:
    suggestion = a_suggestion()
    history = [suggestion]
    for step in tries:
        try:
            suggestion = suggestion.with_step(step)
        except (WrongState, DatesOutOfOrder):
            continue
        history.append(suggestion)
    dates = [RAISED, *(step.on for step in suggestion.steps if step.on is not None)]
    assert dates == sorted(dates)
    done = {step.action for step in suggestion.steps}
    assert (suggestion.replied_on is None and suggestion.class_ is None) or done & {
        Action.ASSIGNED,
        Action.FORWARDED,
    }
    if suggestion.state is State.CLOSED and suggestion.result is Satisfaction.DISSATISFIED:
        assert Action.REDONE in done
    while suggestion.steps:
        assert suggestion == history.pop()
        suggestion = suggestion.undone()
    assert suggestion == a_suggestion()
    with pytest.raises(WrongState):
        suggestion.undone()
