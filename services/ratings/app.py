"""Composition of the ratings service: routes, subscription, collections, published events, background tasks."""

from functools import partial
from pathlib import Path
from typing import Final

from services.ratings.ballots import BoxKeys
from services.ratings.consumers import SUBSCRIPTION
from services.ratings.driver import bind_installation, destroy_keys
from services.ratings.events_out import PUBLISHED
from services.ratings.integrity import CHECKS, READ_MODEL
from services.ratings.pages import routes as pages
from services.ratings.repository import ALL
from services.ratings.routes import counts, due, duty_reports, meetings, people, schemes, sheets, workbook
from services.ratings.settings import Settings
from shared.endpoints import add_common_endpoints
from shared.http import Api
from shared.process.service import Service

DESCRIPTIONS: Final = Path(__file__).parents[1] / "descriptions.toml"


def build(settings: Settings) -> Service:
    return Service(
        name="ratings",
        api=_api(settings),
        settings=settings,
        collections=ALL,
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
        read_model=READ_MODEL,
        tasks=(destroy_keys,),
        prepare=partial(bind_installation, BoxKeys(settings.box_keys_dir)),
    )


def _api(settings: Settings) -> Api:
    keys = BoxKeys(settings.box_keys_dir)
    boxes = meetings.Boxes(keys)
    printer, ballots = pages.SlipPrinter(settings.slips_font, settings.voters_url), pages.BallotPages()
    paper = sheets.Paper(settings.slips_font)
    api = Api("ratings", title="述职评议", descriptions=DESCRIPTIONS)
    api.add(*schemes.records, schemes.scheme_presets)
    api.add(*meetings.records, meetings.publish, meetings.revoke, meetings.void, boxes.open, boxes.close)
    api.add(*duty_reports.records)
    api.add(people.export_person, due.list_due)
    api.add(counts.enter_counts, counts.show_counts, counts.take_paper_slips, counts.show_results)
    api.add(printer.print_slips, printer.count_sheets, pages.result_sheet)
    api.add(ballots.show_ballot, ballots.cast_ballot)
    api.add(paper.print_ballots, paper.read_ballots)
    add_common_endpoints(api, checks=CHECKS, model=READ_MODEL, ledger=workbook.ledger)
    return api
