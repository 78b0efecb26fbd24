"""Photographs of the annex, and findings about chosen ones that cannot be shown."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from services.reports.checks.draft import Draft, finding
from services.reports.domain import Photograph, Picture
from services.reports.domain.photographs import fitting
from services.reports.events_in import Activity
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year
from services.reports.names import KINDS, named
from services.reports.notation import full_day_text

MOST_BYTES: Final = 16 << 20
"""Limit of all photographs together; a larger Word file could not be uploaded (`document/edited`)."""


def photographs(
    year: Year, chosen: Sequence[str], handed: Sequence[Picture]
) -> tuple[tuple[Photograph, ...], list[Draft]]:
    """Chosen photographs that are uploaded and evidence of an activity of the period, in the order chosen."""
    shown_by, here = _cited(year), {picture.digest: picture for picture in handed}
    shown = tuple(
        _photograph(shown_by[digest], here[digest])
        for digest in chosen
        if digest in shown_by and digest in here
    )
    fit = fitting(shown, MOST_BYTES)
    lacking = [digest for digest in chosen if digest not in shown_by or digest not in here]
    return shown[:fit], [*_missing(lacking, shown_by), *_too_large(shown[fit:], shown_by)]


def title(activity: Activity) -> str:
    return activity.title or named(KINDS, activity.kind)


def _cited(year: Year) -> dict[str, LedgerFact[Activity]]:
    """By digest, the first activity of the period that cites it."""
    cited: dict[str, LedgerFact[Activity]] = {}
    for fact in year.all_activities:
        for digest in fact.data.evidence_sha256.values():
            cited.setdefault(digest, fact)
    return cited


def _photograph(fact: LedgerFact[Activity], picture: Picture) -> Photograph:
    activity = fact.data
    assert activity.held_on is not None  # held in the period
    about = {"title": title(activity), "kind": named(KINDS, activity.kind), "held_on": activity.held_on}
    return Photograph(**picture.model_dump(), **about, record=fact.ref)


def _missing(digests: Sequence[str], shown_by: Mapping[str, LedgerFact[Activity]]) -> Iterator[Draft]:
    for digest in digests:
        fact = shown_by.get(digest)
        if fact is None:
            message = f"选定的照片（{digest[:8]}…）不是本期活动的佐证材料，没有放进附件。"
            yield finding("photographs.missing", message, key=digest)
        else:
            message = f"{_called(fact)}的一张照片（{digest[:8]}…）选定了但没有交来，附件中缺这一张。"
            yield finding("photographs.missing", message, [fact], key=digest, day=fact.data.held_on)


def _too_large(
    left_out: Sequence[Photograph], shown_by: Mapping[str, LedgerFact[Activity]]
) -> Iterator[Draft]:
    for photograph in left_out:
        fact = shown_by[photograph.digest]
        message = f"{_called(fact)}的一张照片（{photograph.digest[:8]}…）没有放进附件：合计超过{MOST_BYTES >> 20} MB。"
        yield finding("photographs.missing", message, [fact], key=photograph.digest, day=fact.data.held_on)


def _called(fact: LedgerFact[Activity]) -> str:
    return called(title(fact.data), fact.data.held_on)


def called(title: str, held_on: date | None) -> str:
    """2020年3月20日“走访困难群众12户”: an activity in a sentence about a photograph of it."""
    return f"{full_day_text(held_on) if held_on else ''}“{title}”"
