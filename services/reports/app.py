"""Composition of the reports service: routes, subscription, collections, published events, background tasks."""

from functools import partial
from pathlib import Path
from typing import Final

from services.reports import narrative
from services.reports.consumers import SUBSCRIPTION
from services.reports.document import FONTS
from services.reports.driver import (
    close_on_schedule,
    deliver_webhooks,
    drive_closings,
    erase_orphans,
    erase_withdrawn,
)
from services.reports.errors import TemplateFaulty
from services.reports.events_out import PUBLISHED
from services.reports.integrity import CHECKS, READ_MODEL
from services.reports.migrations import fill_the_board, keep_abolitions, keep_rules, name_periods
from services.reports.pdf import Converter
from services.reports.repository import ALL
from services.reports.routes import areas, board, files, hand_in, people, printed
from services.reports.routes.board import Boards
from services.reports.routes.cards import CardPages
from services.reports.routes.closings import Closings
from services.reports.routes.documents import Documents
from services.reports.routes.objections import Objections
from services.reports.routes.periods import PERIODS
from services.reports.routes.photographs import Photographs
from services.reports.routes.previews import Standing, get_freshness
from services.reports.routes.reports import Reports, Steps
from services.reports.routes.settings import ReportSettings
from services.reports.routes.uploaded_text import UploadedText
from services.reports.routes.webhooks import BASES, Webhooks
from services.reports.settings import Settings
from services.reports.webhooks import records
from shared.endpoints import add_common_endpoints
from shared.http import Api
from shared.process.service import Service

DESCRIPTIONS: Final = Path(__file__).parents[1] / "descriptions.toml"


def build(settings: Settings) -> Service:
    """The service. Errors: SystemExit where the office's own templates are faulty."""
    try:
        if settings.templates_dir is not None:
            narrative.check(settings.templates_dir)
    except TemplateFaulty as error:
        raise SystemExit(f"{error.title}：{error.detail}") from error
    return Service(
        name="reports",
        api=_api(settings),
        settings=settings,
        collections=(*ALL, *records.ALL),
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
        read_model=READ_MODEL,
        migrations=(name_periods, fill_the_board, keep_rules, keep_abolitions),
        tasks=(drive_closings, close_on_schedule, erase_withdrawn, erase_orphans, deliver_webhooks),
    )


def _api(settings: Settings) -> Api:
    api = Api("reports", title="工作总结", descriptions=DESCRIPTIONS)
    closings, report, steps = Closings(settings), Reports(settings), Steps(settings)
    office, uploaded = ReportSettings(settings), UploadedText(settings)
    documents = Documents(settings, _converter(settings))
    photographs, boards, objections = Photographs(settings), Boards(settings), Objections(settings)
    standing = Standing(settings)
    for ending, period in PERIODS.items():
        add = partial(api.add, base=f"/towns/{{town}}/{period}", ending=ending)
        add(closings.request_closing, closings.get_closing)
        add(report.get_report, report.compile_again, report.get_differences, report.get_figure)
        add(steps.approve, steps.submit, steps.accept, steps.return_)
        add(hand_in.extend_hand_in, hand_in.get_receipt)
        add(office.put_settings, office.patch_settings, office.get_settings)
        add(office.reword_paragraph, office.check_paragraph)
        add(uploaded.put_wording, uploaded.get_wording)
        add(documents.docx, documents.html, documents.xlsx, documents.json, documents.pdf)
        add(documents.check, documents.archive)
        add(photographs.list_photographs)
        add(standing.get_preview, standing.list_preview_records, standing.list_report_records)
        area = partial(api.add, base=f"/areas/{{prefix}}/{period}", ending=ending)
        area(boards.get_board, boards.get_breakdown, boards.board_html, hand_in.put_window)
        area(areas.area_docx, areas.area_check, boards.board_csv, boards.board_csv_metadata)
    api.add(photographs.put_photograph, photographs.get_photograph)
    api.add(get_freshness)
    api.add(board.list_notices, board.list_notices_below)
    api.add(files.get_duty_file, files.confirm_duty_file, files.get_group_file, files.confirm_group_file)
    api.add(printed.duty_file_docx, printed.duty_file_html, printed.group_file_docx, printed.group_file_html)
    api.add(printed.duty_files, files.list_files)
    api.add(objections.object_to_duty_file, objections.object_to_group_file, objections.settle_objection)
    api.add(objections.withdraw_objection, objections.list_objections, objections.get_objection)
    api.add(people.export_person)
    pages = CardPages()
    api.add(pages.show_deputy, pages.show_station, pages.show_card, pages.list_addresses)
    _add_webhooks(api, Webhooks(settings))
    add_common_endpoints(api, checks=CHECKS, model=READ_MODEL)
    return api


def _add_webhooks(api: Api, hooks: Webhooks) -> None:
    for ending, base in BASES.items():
        add = partial(api.add, base=base, ending=ending)
        add(hooks.add_webhook, hooks.list_webhooks, hooks.get_webhook, hooks.change_webhook)
        add(hooks.rotate_webhook, hooks.test_webhook, hooks.disable_webhook, hooks.enable_webhook)
        add(hooks.replay_webhook, hooks.list_deliveries)


def _converter(settings: Settings) -> Converter:
    return Converter(settings.soffice, settings.pdf_seconds, FONTS)
