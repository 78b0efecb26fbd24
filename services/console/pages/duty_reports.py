"""Duty reports: what a deputy reported to the voters at a rating meeting."""

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from services.console.forms import Field, Form
from services.console.menu import DEPUTY, OFFICE, READERS
from services.console.pages.rating_facts import Meeting, meeting_of
from services.console.visit import Done, Visit, action, page
from services.console.words import DUTY_FORMS

FIELDS: Final = (
    Field("form", "怎样述职", "radio", required=True, options=tuple(DUTY_FORMS.items()), width=12),
    Field("study", "学习", "textarea", width=6),
    Field("at_sessions", "出席代表大会会议", "textarea", width=6),
    Field("between_sessions", "闭会期间的活动", "textarea", width=6),
    Field("with_voters", "联系选民", "textarea", width=6),
    Field("shortcomings", "不足和打算", "textarea", width=6),
    Field("text", "全文", "textarea", rows=8, width=12, hint="有全文的，上面各栏可以不填"),
)
PATH: Final = "/ratings/{id}/reports/{deputyship_id}"


@page(PATH, roles=READERS | DEPUTY)
async def show_report(visit: Visit) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    report, version = await _report(visit)
    return await _page(visit, meeting, Form.of(FIELDS, report or {"form": "oral"}), report, version)


@action(PATH, roles=OFFICE)
async def file_report(visit: Visit) -> web.Response:
    meeting = await meeting_of(visit, visit.id())
    report, version = await _report(visit)

    async def current() -> tuple[Mapping[str, Any], str]:
        return report or {}, version

    async def send(form: Form) -> Done:
        if report is None:
            body = form.body(visit.today, visit.year)
            body |= {"meeting_id": meeting.id, "deputyship_id": visit.id("deputyship_id")}
            await visit.api.post(visit.at("ratings", "duty_reports"), body, key=visit.key)
        elif patch := form.changes(report, visit.today, visit.year):
            emptied = {name: value or "" for name, value in patch.items()}
            path = visit.at("ratings", f"duty_reports/{report['id']}")
            await visit.api.patch(path, emptied, version=visit.version)
        return Done(meeting.path, f"已登记{_name(visit, meeting)}的述职报告")

    async def again(form: Form, status: int) -> web.Response:
        return await _page(visit, meeting, form, report, visit.version, status)

    return await visit.submit(FIELDS, send, again, current=current)


@page("/ratings/reports/{id}", roles=READERS | DEPUTY)
async def find_report(visit: Visit) -> web.Response:
    """A report by its own id, as other records name it."""
    report = await visit.api.get(visit.at("ratings", f"duty_reports/{visit.id()}"))
    return visit.go(f"/ratings/{report['meeting_id']}/reports/{report['deputyship_id']}")


async def _report(visit: Visit) -> tuple[dict[str, Any] | None, str]:
    found = await visit.api.all(
        visit.at("ratings", "duty_reports"),
        meeting_id=visit.id(),
        deputyship_id=visit.id("deputyship_id"),
    )
    if not found:
        return None, ""
    answer = await visit.api.answer("GET", visit.at("ratings", f"duty_reports/{found[0]['id']}"))
    return answer.body, answer.version or ""


def _name(visit: Visit, meeting: Meeting) -> str:
    return dict(meeting.deputies).get(visit.id("deputyship_id"), "")


async def _page(
    visit: Visit, meeting: Meeting, form: Form, report: Any, version: str, status: int = 200
) -> web.Response:
    draft = f"{meeting.path[1:]}/reports/{visit.id('deputyship_id')}" if visit.may("office") else ""
    return await visit.form_page(
        "duty_report.html",
        form,
        draft=draft,
        status=status,
        meeting=meeting,
        report=report,
        name=_name(visit, meeting),
        version=version,
    )


PAGES: Final = (show_report, file_report, find_report)
