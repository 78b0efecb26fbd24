"""Rows of the yearly plans: all rows of one year and group are one plan."""

from collections.abc import Sequence

from services.activities import repository
from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.handlers import plans
from services.activities.imports.called import record_called
from services.activities.imports.rows import Sheets
from services.activities.names import item_id, item_numbers
from services.activities.schemas import PlanItemIn
from shared.endpoints.imports import checked, done, filled
from shared.errors import Problem
from shared.ids import new_id
from shared.storage.work import Work
from shared.workbook import Done, Row, RowProblem


async def plan(sheets: Sheets, work: Work, rows: Sequence[Row]) -> Done:
    """The items in the order of their rows; those without a row stay, at the end."""
    year, group_id = rows[0]["year"], sheets.group_id(rows[0])
    recorded = await repository.plans_of(work, year, group_id)
    if len(recorded) > 1:
        raise RowProblem("year", f"{year} 年已有 {len(recorded)} 份这样的计划，请在系统中更正", rows[0])
    before = recorded[0] if recorded else None
    after = before or Plan(id=new_id(), town=work.town, year=year, group_id=group_id)
    numbered = {
        number: item for item, number in zip(after.items, item_numbers(after, rows[0]["group"]), strict=True)
    }
    items = {_item_id(work, numbered.get(row["number"]), row): row for row in rows}
    was = {item.id: item for item in after.items}
    wanted = [_item(one, row, was.get(one)) for one, row in items.items()]
    after = after.revised([*wanted, *(item for item in after.items if item.id not in items)])
    for one, row in items.items():
        after = await _settled(work, after, one, row)
    return done(before, await plans.keep_plan(work, before, after))


def _item_id(work: Work, recorded: PlanItem | None, row: Row) -> str:
    """An item without a number of its own is meant only where its title is written beside the one it was given."""
    own = item_id(work.town, row["year"], row["group"], row["number"])
    return recorded.id if recorded is not None and recorded.title == row["title"] else own


def _item(one: str, row: Row, was: PlanItem | None) -> PlanItem:
    planned = was.model_dump(include={"title", "kind", "due_on", "theme"}) if was else {}
    given = filled(
        row,
        *("year", "group", "number", "state", "done_by", "cancelled_reason"),
        *("postponed_to", "postponed_reason", "postponed_on"),
    )
    if was is not None and was.postponements and was.postponements[-1].from_on == row["due_on"]:
        given.pop("due_on", None)  # the day it was put off from: what became of it is recorded
    return PlanItem(**{**dict(checked(PlanItemIn, {**planned, **given})), "id": one})


async def _settled(work: Work, plan: Plan, one: str, row: Row) -> Plan:
    """What the row says became of the item. What is done or cancelled already stays so."""
    plan = _put_off(work, plan, one, row)
    if row["state"] == ItemState.CANCELLED:
        if row["cancelled_reason"] is None:
            raise RowProblem("cancelled_reason", "已取消的项目须写明取消原因", row)
        if plan.item(one).cancelled_reason == row["cancelled_reason"]:
            return plan
        return plan.item_cancelled(one, row["cancelled_reason"])
    if row["state"] != ItemState.DONE:
        return plan
    if row["done_by"] is None:
        raise RowProblem("done_by", "已完成的项目须填完成记录", row)
    done_by = await _record(work, row)
    return plan.item_done(one, done_by, await plans.held_on(work, done_by))


def _put_off(work: Work, plan: Plan, one: str, row: Row) -> Plan:
    item = plan.item(one)
    if row["postponed_to"] is None or row["postponed_to"] == item.due_on:
        return plan
    if row["postponed_reason"] is None:
        raise RowProblem("postponed_reason", "推迟的项目须写明推迟原因", row)
    try:
        on = row["postponed_on"] or work.clock.today()
        return plan.item_postponed(one, row["postponed_to"], row["postponed_reason"], on)
    except Problem as problem:
        raise RowProblem("postponed_to", str(problem.detail), row) from None


async def _record(work: Work, row: Row) -> str:
    """The id of the activity, session or presidium meeting that a cell names."""
    record = await record_called(work, row["done_by"])
    if record is None:
        raise RowProblem("done_by", f"没有“{row['done_by']}”这条记录", row)
    return record.id
