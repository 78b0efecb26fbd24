"""Tasks of the committee: what opens one, how it is settled, and that it leaves the mandate to people."""

from datetime import date

import pytest

from services.roster.domain import deputyships as d
from services.roster.domain import resignations, tasks
from services.roster.errors import ImpossibleDate, WrongStatus
from shared.errors import Invalid

BEGAN = date(2021, 12, 28)
MISSED = ["session-2", "session-4"]


def a_deputyship() -> d.Deputyship:
    fields = {"id": "d1", "town": "340281199", "person_id": "p1", "level": "town", "started_on": BEGAN}
    return d.start(d.Deputyship.model_validate(fields))


def a_task(kind: tasks.TaskKind = "absent_twice", on: date = date(2026, 3, 1)) -> tasks.Task:
    return tasks.opened("t1", a_deputyship(), kind, on=on, records=[*MISSED, MISSED[0]])


def test_a_task_says_by_which_law_and_what_shows_it() -> None:
    task = a_task()
    assert (task.basis, task.records) == ("代表法（2025）第六十二条第三项", MISSED)
    assert a_task("resignation").basis == "选举法（2020）第五十五条"


def test_no_task_is_opened_about_a_mandate_that_is_over_or_had_not_begun() -> None:
    ended = d.end(a_deputyship(), reason="died", on=date(2025, 1, 1))
    with pytest.raises(WrongStatus):
        tasks.opened("t1", ended, "absent_twice", on=date(2026, 1, 1))
    with pytest.raises(ImpossibleDate):
        a_task(on=date(2021, 12, 27))


def test_each_kind_has_its_outcomes_and_is_settled_once() -> None:
    settled = tasks.settle(a_task(), "unfounded", on=date(2026, 4, 1), remark="病假已补批")
    assert (settled.state, settled.outcome, settled.settled_on) == ("settled", "unfounded", date(2026, 4, 1))
    with pytest.raises(WrongStatus):
        tasks.settle(settled, "reported", on=date(2026, 4, 1))
    with pytest.raises(Invalid) as refusal:
        tasks.settle(a_task(), "accepted", on=date(2026, 4, 1))
    assert refusal.value.errors[0].loc == "body.outcome"
    with pytest.raises(ImpossibleDate):
        tasks.settle(a_task(), "reported", on=date(2026, 2, 28))


@pytest.mark.parametrize(
    ("reason", "outcome"), [("absent_twice", "reported"), ("moved_away", "lapsed"), ("resigned", "lapsed")]
)
def test_the_end_of_the_mandate_answers_about_absences(reason: d.EndReason, outcome: str) -> None:
    deputyship, day = a_deputyship(), date(2026, 7, 20)
    assert tasks.answer(a_task(), deputyship) is None
    assert tasks.answer(a_task(), d.end(deputyship, reason=reason, on=day)) == (outcome, day)


def test_only_a_decision_answers_about_a_resignation() -> None:
    day = date(2026, 7, 20)
    asked = resignations.request(a_deputyship(), requested_on=date(2026, 3, 1))
    assert tasks.answer(a_task("resignation"), asked) is None
    gone = d.end(asked, reason="resigned", on=day)
    assert tasks.answer(a_task("resignation"), gone) is None
    declined = resignations.settle(asked, "not_accepted", on=day)
    assert tasks.answer(a_task("resignation"), declined) == ("not_accepted", day)
