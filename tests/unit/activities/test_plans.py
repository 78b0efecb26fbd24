"""Items of a plan: planned, done, cancelled, and open again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.errors import WrongState
from shared.errors import NotFound

DAY = date(2020, 3, 20)
PLAN = Plan(
    id="p", town="340281199", year=2020, items=tuple(PlanItem(id=str(n), title=f"事项{n}") for n in range(3))
)


def test_an_item_is_done_and_opens_again_when_its_activity_was_not_held() -> None:
    done = PLAN.item_done("1", "a1", DAY)
    assert [item.state for item in done.items] == ["planned", "done", "planned"]
    assert done.item_done("1", "a2", DAY).item("1").activity_id == "a2"
    assert done.item_reopened("a1") == PLAN
    assert done.item_reopened("a2") == done


def test_a_cancelled_item_is_not_done_and_a_done_one_not_cancelled() -> None:
    cancelled = PLAN.item_cancelled("0", "疫情")
    with pytest.raises(WrongState):
        cancelled.item_done("0", "a1", DAY)
    with pytest.raises(WrongState):
        cancelled.item_cancelled("0", "再次")
    with pytest.raises(WrongState):
        PLAN.item_done("1", "a1", DAY).item_cancelled("1", "疫情")
    with pytest.raises(NotFound):
        PLAN.item_done("9", "a1", DAY)


@given(st.permutations(range(3)), st.sets(st.integers(0, 2)))
def test_a_revised_plan_keeps_what_became_of_the_items_it_keeps(order: list[int], done: set[int]) -> None:
    plan = PLAN
    for n in done:
        plan = plan.item_done(str(n), f"a{n}", DAY)
    revised = plan.revised(PlanItem(id=str(n), title="新名称") for n in order)
    assert [item.id for item in revised.items] == [str(n) for n in order]
    assert {item.id for item in revised.items if item.state is ItemState.DONE} == {str(n) for n in done}
