"""Items of a plan: planned, put off, done, cancelled, and open again; plan against actual."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.domain.progress import Tally, progress
from services.activities.errors import DatesOutOfOrder, WrongState
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


def test_what_is_put_off_keeps_every_day_it_was_planned_for() -> None:
    plan = PLAN.item_postponed("0", date(2020, 3, 31), "疫情", date(2020, 3, 1))
    plan = plan.item_postponed("0", date(2020, 4, 30), "防汛", date(2020, 3, 30))
    item = plan.item("0")
    assert (item.state, item.due_on, item.awaited_on) == ("planned", date(2020, 4, 30), date(2020, 4, 30))
    assert [(p.from_on, p.to, p.reason) for p in item.postponements] == [
        (None, date(2020, 3, 31), "疫情"),
        (date(2020, 3, 31), date(2020, 4, 30), "防汛"),
    ]
    for to in (date(2020, 4, 30), date(2020, 4, 1)):
        with pytest.raises(DatesOutOfOrder):
            plan.item_postponed("0", to, "提前", DAY)
    for settled in (plan.item_done("0", "a1", DAY), plan.item_cancelled("0", "疫情")):
        assert settled.item("0").awaited_on is None
        with pytest.raises(WrongState):
            settled.item_postponed("0", date(2020, 5, 1), "x", DAY)
    assert plan.revised(PLAN.items).item("0").postponements == item.postponements


def due(day: int, done: int | None = None, **state: object) -> PlanItem:
    """Due on this day of March 2020, done on that one."""
    became = {"state": ItemState.DONE, "activity_id": "a", "done_on": date(2020, 3, done)} if done else {}
    item = PlanItem(id=f"{day}-{done}", title="事项", due_on=date(2020, 3, day))
    return item.model_copy(update={**became, **state})


def test_every_item_stands_in_one_place_on_a_day() -> None:
    items = (
        due(10, 9),
        due(10, 12),
        due(15),
        due(15, 20),
        due(25, 14),
        due(25),
        due(1, state=ItemState.CANCELLED),
        PlanItem(id="x", title="未定日期"),
    )
    report = progress(PLAN.model_copy(update={"items": items}), date(2020, 3, 15))
    assert [str(item.standing) for item in report.items] == [
        *("done", "late", "open", "open", "ahead", "coming", "cancelled", "coming")
    ]
    assert [(month.month, month.items, month.due) for month in report.months] == [
        ("2020-03", 7, 4),
        ("2020-12", 1, 0),
    ]


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.none() | st.integers(1, 28), st.sampled_from(ItemState)), max_size=12
    ),
    st.integers(0, 60),
)
def test_tallies_add_up_on_every_day(drawn: list[tuple[int, int | None, ItemState]], later: int) -> None:
    items = tuple(
        due(day, done if state is ItemState.DONE else None, state=state) for day, done, state in drawn
    )
    report = progress(PLAN.model_copy(update={"items": items}), date(2020, 2, 15) + timedelta(days=later))
    for tally in (report.total, *report.months):
        assert tally.due == tally.done + tally.late + tally.open
        assert tally.items == tally.due + tally.ahead + tally.coming + tally.cancelled
    for name in Tally.model_fields:
        assert getattr(report.total, name) == sum(getattr(month, name) for month in report.months)
    assert len(items) == report.total.items == len(report.items)
