"""Routes of deputies' annual duty reports."""

from services.ratings import schemas
from services.ratings.handlers import duty_reports
from services.ratings.repository import DUTY_REPORTS
from services.ratings.routes.roles import OFFICE, REPORT_READERS
from shared.http import resource

records = resource(
    "duty_reports",
    DUTY_REPORTS,
    body=schemas.DutyReportIn,
    create=duty_reports.file_duty_report,
    change=duty_reports.change_duty_report,
    view=schemas.DutyReportOut,
    equals=("meeting_id", "deputyship_id"),
    read=REPORT_READERS,
    write=OFFICE,
    label="述职报告",
)
