"""Rows of the sheet 年度计划: all rows of one year and group are one plan."""

from collections.abc import Sequence

from services.activities import repository
from services.activities.domain.plans import ItemState, Plan, PlanItem
from services.activities.handlers import plans
from services.activities.imports.checks import no_record
from services.activities.imports.lookups import find_record
from services.activities.imports.rows import Sheets
from services.activities.names import item_id, item_numbers
from services.activities.repository import RATING_MEETINGS
from services.activities.schemas import PlanItemIn
from shared.endpoints.imports import checked, done, filled
from shared.errors import Problem
from shared.ids import new_id
from shared.storage.work import Record, Work
from shared.workbook import Done, Row, RowProblem, row_id


async def plan(sheets: Sheets, work: Work, rows: Sequence[Row]) -> Done:
    """Adopt or change a plan. Items are in the order of their rows; those without a row follow at the end."""
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
    new_items = [_item(id, row, was.get(id)) for id, row in items.items()]
    after = after.revised([*new_items, *(item for item in after.items if item.id not in items)])
    for id, row in items.items():
        after = await _settled(work, after, id, row)
    return done(before, await plans.keep_plan(work, before, after))


def _item_id(work: Work, recorded: PlanItem | None, row: Row) -> str:
    """The id of a row's item. A recorded item that did not come from a workbook must match by title too."""
    own = item_id(work.town, row["year"], row["group"], row["number"])
    return recorded.id if recorded is not None and recorded.title == row["title"] else own


def _item(id: str, row: Row, was: PlanItem | None) -> PlanItem:
    planned = was.model_dump(include={"title", "kind", "due_on", "theme"}) if was else {}
    values = filled(
        row,
        *("year", "group", "number", "state", "done_by", "cancelled_reason"),
        *("postponed_to", "postponed_reason", "postponed_on"),
    )
    if was is not None and was.postponements and was.postponements[-1].from_on == row["due_on"]:
        values.pop("due_on", None)  # the original date; the postponement is recorded already
    return PlanItem(**{**dict(checked(PlanItemIn, {**planned, **values})), "id": id})


async def _settled(work: Work, plan: Plan, id: str, row: Row) -> Plan:
    """Apply state and postponement of the row."""
    plan = _postponed(work, plan, id, row)
    if row["state"] == ItemState.CANCELLED:
        if row["cancelled_reason"] is None:
            raise RowProblem("cancelled_reason", "已取消的项目须写明取消原因", row)
        if plan.item(id).cancelled_reason == row["cancelled_reason"]:
            return plan
        return plan.item_cancelled(id, row["cancelled_reason"])
    if row["state"] != ItemState.DONE:
        return plan
    if row["done_by"] is None:
        raise RowProblem("done_by", "已完成的项目须填完成记录", row)
    done_by = await _record(work, row)
    return plan.item_done(id, done_by, await plans.lock_done_by(work, done_by))


def _postponed(work: Work, plan: Plan, id: str, row: Row) -> Plan:
    item = plan.item(id)
    if row["postponed_to"] is None or row["postponed_to"] == item.due_on:
        return plan
    if row["postponed_reason"] is None:
        raise RowProblem("postponed_reason", "推迟的项目须写明推迟原因", row)
    try:
        on = row["postponed_on"] or work.clock.today()
        return plan.item_postponed(id, row["postponed_to"], row["postponed_reason"], on)
    except Problem as problem:
        raise RowProblem("postponed_to", str(problem.detail), row) from None


async def _record(work: Work, row: Row) -> str:
    """The id of the activity, session, presidium meeting or rating meeting that a cell names."""
    written = row["done_by"]
    record: Record | None = await find_record(work, written)
    for id in (row_id(work.town, "述职测评会", written), written):
        record = record or await work.get(RATING_MEETINGS, id)
    if record is None:
        raise no_record("done_by", row)
    return record.id
