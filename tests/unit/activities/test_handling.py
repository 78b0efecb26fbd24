"""Where a suggestion stands on a day, and what may be entered next."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.handling import COMMANDS, commands, handling, in_turn, next_number
from services.activities.domain.steps import Action, ResultClass, Satisfaction, SuggestionStep
from services.activities.domain.suggestions import Suggestion
from services.activities.errors import WrongState
from tests.unit.activities.test_suggestions import RULES, a_suggestion, assigned, replied


def names(suggestion: Suggestion) -> list[str]:
    return [command.command for command in commands(suggestion)]


def test_the_usual_next_step_is_first() -> None:
    assert names(a_suggestion()) == ["assign", "forward", "reject", "close"]
    assert names(assigned()) == ["reply", "extend", "return", "forward"]
    assert names(replied()) == ["rate", "close", "redo"]
    extended = assigned()
    extended = extended.with_step(extended.extension(date(2020, 8, 1), "需要立项", RULES))
    assert "extend" not in names(extended)


def test_what_a_deputy_is_dissatisfied_with_is_redone_before_it_is_closed() -> None:
    rated = SuggestionStep(
        action=Action.RATED, on=date(2020, 8, 5), result=Satisfaction.DISSATISFIED, process=None
    )
    assert names(replied().with_step(rated)) == ["redo"]


def test_days_are_counted_to_the_day_it_waits_for() -> None:
    on = date(2020, 9, 20)
    waiting = handling(assigned(date(2020, 6, 15)), on, year=2020)
    assert (waiting.due_on, waiting.days, waiting.overdue) == (date(2020, 9, 15), -5, True)
    answered = SuggestionStep(
        action=Action.REPLIED, on=date(2020, 8, 1), class_=ResultClass.A, rate_by=date(2020, 9, 25)
    )
    rating = handling(assigned().with_step(answered), on, year=2021)
    assert (rating.due_on, rating.days, rating.overdue, rating.carried_over) == (
        date(2020, 9, 25),
        5,
        False,
        True,
    )
    assert handling(a_suggestion(), on, year=2020).days is None


def test_overdue_comes_first_and_what_is_finished_last() -> None:
    on = date(2020, 9, 20)
    closed = a_suggestion(id="closed").with_step(SuggestionStep(action=Action.CLOSED, on=on))
    late, coming = assigned(date(2020, 6, 15)), assigned(date(2020, 7, 15))
    every = [closed, a_suggestion(id="raised", number="补1"), coming, late, a_suggestion(id="first")]
    order = in_turn(handling(one, on, year=2020) for one in every)
    assert [one.due_on for one in order[:2]] == [date(2020, 9, 15), date(2020, 10, 15)]
    assert [one.id for one in order[2:]] == ["first", "raised", "closed"]
    assert next_number(every, 2020) == 2
    assert next_number(every, 2021) == 1


@given(st.lists(st.sampled_from(list(COMMANDS)), max_size=12))
def test_exactly_the_commands_offered_are_accepted(path: list[Action]) -> None:
    suggestion, on = a_suggestion(), date(2020, 6, 10)
    for action in path:
        on += timedelta(days=1)
        offered = COMMANDS[action] in names(suggestion)
        try:
            suggestion = stepped(suggestion, action, on)
        except WrongState:
            assert not offered
        else:
            assert offered


def stepped(suggestion: Suggestion, action: Action, on: date) -> Suggestion:
    if action is Action.ASSIGNED:
        step = suggestion.assignment("镇农业农村办", on, RULES)
    elif action is Action.EXTENDED:
        step = suggestion.extension(on, "需要立项", RULES)
    else:
        result = Satisfaction.DISSATISFIED if action is Action.RATED else None
        step = SuggestionStep(action=action, on=on, to="县交通局", unit=None, result=result)
    return suggestion.with_step(step)
