"""Composition of the activities service: routes, subscription, collections, published events, background tasks."""

from pathlib import Path
from typing import Final

from services.activities.consumers import SUBSCRIPTION
from services.activities.driver import chores, erase_orphans
from services.activities.events_out import PUBLISHED
from services.activities.integrity import CHECKS, READ_MODEL
from services.activities.migrations import free_numbers_of_voided_records, note_items_of_meetings
from services.activities.pages import routes as pages
from services.activities.repository import ALL
from services.activities.routes import (
    activities,
    calendars,
    codes,
    drafts,
    due,
    evidence,
    meetings,
    opinions,
    people,
    plans,
    receptions,
    retention,
    rolls,
    suggestions,
    workbook,
)
from services.activities.routes.printing import Press, Printer
from services.activities.routes.sheets import SheetPrinter
from services.activities.settings import Settings
from shared.endpoints import add_common_endpoints
from shared.http import Api
from shared.process.service import Service

DESCRIPTIONS: Final = Path(__file__).parents[1] / "descriptions.toml"


def build(settings: Settings) -> Service:
    return Service(
        name="activities",
        api=_api(Press(settings.slips_font), settings.voters_url),
        settings=settings,
        collections=ALL,
        migrations=(free_numbers_of_voided_records, note_items_of_meetings),
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
        read_model=READ_MODEL,
        tasks=(chores, erase_orphans),
    )


def _api(press: Press, voters_url: str) -> Api:
    printer, sheets, opinion_codes = Printer(press, voters_url), SheetPrinter(press), codes.Codes(voters_url)
    keeper = evidence.Keeper(sheets.reading)
    api = Api("activities", title="履职活动", descriptions=DESCRIPTIONS)
    api.add(drafts.enter_draft, drafts.list_drafts, drafts.get_draft, drafts.correct_draft)
    api.add(drafts.confirm_draft, drafts.decline_draft)
    api.add(*activities.records, activities.void, activities.merge, activities.differ)
    api.add(activities.list_duplicates, activities.list_similar, activities.count_months)
    api.add(receptions.record_reception)
    api.add(rolls.resolve_attendance, printer.print_sign_in_sheet, sheets.read_sheets)
    api.add(printer.print_reception_register)
    api.add(*meetings.sessions, *meetings.presidium_meetings)
    api.add(meetings.void_session, meetings.void_presidium_meeting)
    api.add(meetings.report_progress, meetings.rate_project)
    api.add(meetings.list_absences, meetings.finish_decision, meetings.list_open_decisions)
    api.add(*plans.records, plans.complete_plan_item, plans.cancel_plan_item, plans.postpone_plan_item)
    api.add(plans.plan_progress)
    api.add(sheets.print_activity, sheets.print_summary, sheets.print_suggestion)
    api.add(*suggestions.records, suggestions.assign, suggestions.extend, suggestions.return_)
    api.add(suggestions.reply, suggestions.rate, suggestions.redo, suggestions.forward, suggestions.answer)
    api.add(suggestions.reject, suggestions.close, suggestions.undo, suggestions.void, suggestions.differ)
    api.add(suggestions.explain_deadline, suggestions.list_handling, suggestions.show_handling)
    api.add(*opinions.records, opinions.answer, opinions.forward, opinions.convert, opinions.close)
    api.add(opinions.void, opinions.erase, opinions.keep_contact, opinions.get_contact)
    api.add(opinions.forget_contact, opinion_codes.issue_opinion_code, opinion_codes.list_opinion_codes)
    api.add(opinion_codes.revoke_opinion_code, printer.print_poster)
    api.add(pages.show_form, pages.leave_opinion)
    api.add(keeper.keep_evidence, evidence.list_evidence, evidence.get_evidence, evidence.void)
    api.add(calendars.show_calendar, calendars.subscribed_calendar)
    api.add(calendars.give_calendar_link, calendars.list_calendar_links, calendars.revoke_calendar_link)
    api.add(people.export_person, due.list_due, retention.read_retention)
    add_common_endpoints(api, checks=CHECKS, model=READ_MODEL, ledger=workbook.ledger)
    return api
