"""The staff's text in place of one paragraph of the report."""

from pathlib import Path
from typing import Final

from services.reports import repository
from services.reports.document.edited.differences import differences
from services.reports.domain import Paragraph, Report
from services.reports.errors import NoParagraph
from services.reports.handlers import editions, recompiling
from services.reports.repository import ReportRecord, WordingRecord
from services.reports.schemas.uploaded_text import PieceOut, WordedOut
from shared.storage.work import Work

OWN: Final = ".own."
"""Separator of section and number in ids of the office's own paragraphs."""


async def reword(
    work: Work, period: str, paragraph_id: str, text: str, templates: Path | None
) -> ReportRecord:
    """Replace a paragraph by the staff's text; empty restores the computed one. Errors: NoParagraph, WrongStatus."""
    record, report = await editions.current_open(work, period)
    before = await repository.wording_of(work, period)
    if paragraph_id not in _ids(report) | before.edited.keys():
        raise NoParagraph(f"总结中没有段落 {paragraph_id}")
    await recompiling.save_wording(work, before, _with_text(before, paragraph_id, text), templates)
    changed = await repository.report_of(work, period)
    return changed or record


async def check(work: Work, period: str, paragraph_id: str, text: str, templates: Path | None) -> WordedOut:
    """What a text would be in place of a paragraph, kept nowhere: its differences from the computed text, and the
    numbers that no figure gives. Errors: NoParagraph, WrongStatus."""
    trial = Work(work.town, work.actor, work.clock, work.reader)
    await reword(trial, period, paragraph_id, text, templates)
    _, report = await editions.current(trial, period)
    for section in report.sections:
        for paragraph in section.paragraphs:
            if paragraph.id == paragraph_id:
                return own_text(section.id, paragraph)
    return WordedOut(
        id=paragraph_id, section="", state="removed", recognised_by="", text="", differences=[], flags=[]
    )


def own_text(section: str, paragraph: Paragraph) -> WordedOut:
    """A paragraph of the report with its differences from the computed one, where staff changed it."""
    pieces = differences(paragraph.computed, paragraph.text) if paragraph.computed else []
    return WordedOut(
        id=paragraph.id,
        section=section,
        state="edited" if paragraph.edited else "kept",
        recognised_by="",
        text=paragraph.text,
        differences=[PieceOut(kind=p.kind, text=p.text) for p in pieces],
        flags=list(paragraph.flags),
    )


def _ids(report: Report) -> frozenset[str]:
    return frozenset(paragraph.id for section in report.sections for paragraph in section.paragraphs)


def _with_text(wording: WordingRecord, paragraph_id: str, text: str) -> WordingRecord:
    if OWN not in paragraph_id:
        kept = {id: words for id, words in wording.edited.items() if id != paragraph_id}
        return wording.model_copy(update={"edited": {**kept, paragraph_id: text} if text else kept})
    section, _, place = paragraph_id.partition(OWN)
    texts = list(wording.paragraphs[section])
    texts[int(place) - 1 : int(place)] = [text] if text else []
    return wording.model_copy(update={"paragraphs": {**wording.paragraphs, section: tuple(texts)}})
