"""Columns of the sheet 代表资格 about resignation, acceptance and end."""

from typing import Any, Final

from services.roster.domain.deputyships import Deputyship
from services.roster.errors import ImpossibleDate
from services.roster.handlers import deputyships
from services.roster.schemas.deputyships import DeputyshipPatch, EndIn, ResignIn
from shared.endpoints.imports import checked
from shared.storage.work import Work
from shared.workbook import Row, RowProblem

END_FIELDS: Final = ("ended_on", "ended_reason", "requested_on", "accepted_on", "accepted_by_session")


async def resign(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    """Record a request to resign, unless it is recorded already."""
    day = row["requested_on"]
    if day is None or any(resignation.requested_on == day for resignation in deputyship.resignations):
        return deputyship
    if deputyship.status == "ended":
        raise RowProblem("requested_on", "代表资格已经终止，不能再登记提出辞职")
    return await deputyships.resign_deputyship(work, deputyship, ResignIn(requested_on=day))


async def end(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    """End the mandate if the row has an end. An end on record is corrected only by number (编号)."""
    end_values = ending(row)
    if deputyship.status == "ended":
        if (row["ended_on"], row["ended_reason"]) != (deputyship.ended_on, deputyship.ended_reason):
            deputyship = await _redated(work, deputyship, row)
        return await _accept(work, deputyship, row)
    if not end_values:
        if row["accepted_on"] is not None and not _accepted(deputyship, row):
            raise RowProblem("accepted_on", "接受辞职的，须同时填写终止日期和终止原因")
        return deputyship
    body = checked(EndIn, {"reason": row["ended_reason"], "on": row["ended_on"], **_acceptance(row)})
    try:
        return await deputyships.end_deputyship(work, deputyship, body)
    except ImpossibleDate as problem:
        if problem.errors[0].loc != "body.on":
            raise
        raise RowProblem("ended_on", problem.detail) from None


async def _redated(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    values = ending(row)
    if not values or row["reference"] is None:
        message = (
            f"该代表资格已于 {deputyship.ended_on} 终止，不能改回；终止日期或原因登记错的，请填“编号”一栏再改"
        )
        raise RowProblem("ended_on", message)
    patch = checked(DeputyshipPatch, {name: values[name] for name in ("ended_on", "ended_reason")})
    return await deputyships.change_deputyship(work, deputyship, patch)


async def _accept(work: Work, deputyship: Deputyship, row: Row) -> Deputyship:
    """Record the acceptance of a resignation that has ended a mandate, unless it is recorded already."""
    if row["accepted_on"] is None or _accepted(deputyship, row):
        return deputyship
    return await deputyships.change_deputyship(work, deputyship, checked(DeputyshipPatch, _acceptance(row)))


def _accepted(deputyship: Deputyship, row: Row) -> bool:
    return any(
        (resignation.outcome, resignation.settled_on) == ("accepted", row["accepted_on"])
        for resignation in deputyship.resignations
    )


def _acceptance(row: Row) -> dict[str, Any]:
    return {name: row[name] for name in ("accepted_on", "accepted_by_session") if row[name] is not None}


def ending(row: Row) -> dict[str, Any]:
    day, reason = row["ended_on"], row["ended_reason"]
    if (day is None) != (reason is None):
        raise RowProblem(
            "ended_reason" if reason is None else "ended_on", "终止日期和终止原因须同时填写或同时空着"
        )
    return {} if day is None else {"status": "ended", "ended_on": day, "ended_reason": reason}
