"""Handing in: windows that a county sets, extensions for a town, and the receipt of a submission."""

import hashlib
from datetime import date

from services.reports import towns
from services.reports.document.data import render_json
from services.reports.domain import Report
from services.reports.domain.hand_in import Extension, Grant, Receipt, Window, WindowRecord, closed, window_of
from services.reports.errors import HandInClosed, ImpossibleDate, NoReceipt
from services.reports.handlers import board
from services.reports.notation import full_day_text, period_text
from services.reports.repository import EXTENSIONS, WINDOWS, report_of
from shared.errors import FieldError
from shared.storage.planned import check_day
from shared.storage.work import Work


async def set_window(work: Work, period: str, *, due_on: date, locked: bool, reason: str) -> WindowRecord:
    """Set the window of an area (`work.town`), or change it. Errors: Invalid for a day too far ahead."""
    check_day(work, due_on, "body.due_on")
    id = f"{work.town}:{period}"
    before = await work.get(WINDOWS, id)
    window = Window(
        area=work.town,
        due_on=due_on,
        locked=locked,
        reason=reason,
        set_by=work.actor,
        set_at=work.clock.now(),
    )
    if before is None:
        record = WindowRecord(id=id, town=work.town, period=period, window=window)
        return work.create(WINDOWS, record, "set")
    if before.window.model_copy(update={"set_by": work.actor, "set_at": window.set_at}) == window:
        return before
    return work.change(WINDOWS, before.model_copy(update={"window": window}), "set")


async def extend(work: Work, period: str, until: date, reason: str) -> Extension:
    """Let one town hand in until a day. Errors: ImpossibleDate for a day that is over, Invalid for one too far."""
    check_day(work, until, "body.until")
    if until < work.clock.today():
        message = f"延到的日期{full_day_text(until)}已经过去"
        raise ImpossibleDate(message, errors=[FieldError("body.until", message)])
    id = f"{work.town}:{period}"
    grant = Grant(until=until, reason=reason, granted_by=work.actor, granted_at=work.clock.now())
    before = await work.get(EXTENSIONS, id)
    await board.note(work, period, extended_until=until)
    if before is None:
        record = Extension(id=id, town=work.town, period=period, **dict(grant))
        return work.create(EXTENSIONS, record, "granted")
    return work.change(EXTENSIONS, before.model_copy(update=dict(grant)), "granted")


async def receipt(work: Work, period: str, submitted: Report) -> Receipt:
    """The receipt of a report that is handed in now. Errors: HandInClosed."""
    window = window_of(work.town, await windows(work, work.town, period))
    grant = await grant_of(work, period)
    today = work.clock.today()
    if window is not None and closed(window, grant, today):
        raise HandInClosed(
            f"县里定的上报截止日期是{full_day_text(window.due_on)}"
            + (f"，给本乡镇延到{full_day_text(grant.until)}" if grant else "")
            + "，已经锁定；需要补报的，请县级人大常委会延期"
        )
    return Receipt(
        edition=submitted.version,
        digest=hashlib.sha256(render_json(submitted)).hexdigest(),
        submitted_at=work.clock.now(),
        due_on=window.due_on if window else None,
        extended_until=grant.until if grant else None,
        late=window is not None and window.due_on < today,
    )


async def windows(work: Work, area: str, period: str) -> list[Window]:
    """Windows of an area and of those around it."""
    return [record.window for record in await towns.window_records(work.reader, area, period)]


async def grant_of(work: Work, period: str) -> Grant | None:
    kept = await work.get(EXTENSIONS, f"{work.town}:{period}")
    return Grant.model_validate(kept.model_dump()) if kept else None


async def receipt_of(work: Work, period: str) -> Receipt:
    """The receipt of the latest submission. Errors: NoReceipt."""
    record = await report_of(work, period)
    if record is None or record.receipt is None:
        raise NoReceipt(f"{period_text(period)}的总结还没有上报过，没有回执")
    return record.receipt
