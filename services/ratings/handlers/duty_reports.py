"""Use cases of duty reports."""

from pydantic import BaseModel

from services.ratings import errors, schemas
from services.ratings.domain import DutyReport
from services.ratings.repository import DUTY_REPORTS, MEETINGS
from shared.errors import FieldError, Invalid
from shared.ids import new_id
from shared.storage.work import Work


async def file_duty_report(work: Work, body: schemas.DutyReportIn) -> DutyReport:
    report = DutyReport(id=new_id(), town=work.town, **body.model_dump())
    await _check_report(work, report)
    return work.create(DUTY_REPORTS, report, "filed")


async def change_duty_report(work: Work, before: DutyReport, patch: BaseModel) -> DutyReport:
    after = DutyReport.model_validate(before.model_dump() | patch.model_dump(include=patch.model_fields_set))
    if after == before:
        return before
    await _check_report(work, after)
    return work.change(DUTY_REPORTS, after, "changed")


async def _check_report(work: Work, report: DutyReport) -> None:
    meeting = await work.get(MEETINGS, report.meeting_id)
    if meeting is None:
        raise Invalid(
            "测评会不存在", errors=[FieldError("body.meeting_id", f"编号不存在：{report.meeting_id}")]
        )
    meeting.check_in_force()
    work.lock(MEETINGS, meeting)  # the report is filed before the meeting is voided, or not at all
    if report.deputyship_id not in meeting.deputyship_ids:
        raise errors.Unacceptable(
            "该代表不在本场述职之列", errors=[FieldError("body.deputyship_id", "不在本场述职代表之列")]
        )
