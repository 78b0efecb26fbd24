"""An uploaded report edited in Word: paragraphs matched, staff's text kept, differences shown."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from services.reports import repository
from services.reports.document import edited
from services.reports.document.edited import Change, Match, Reworded
from services.reports.document.edited.differences import differences
from services.reports.domain import Paragraph, Report
from services.reports.errors import DocumentUnfit
from services.reports.handlers import editions, recompiling
from services.reports.handlers.paragraphs import OWN, own_text
from services.reports.repository import WordingRecord
from services.reports.schemas.uploaded_text import PieceOut, WordedOut, WordingOut
from shared.storage.work import Work

_LEAST = 3  # one paragraph of this many must be recognised


async def take(work: Work, period: str, data: bytes, templates: Path | None, *, dry_run: bool) -> WordingOut:
    """Keep the text of an uploaded file; `dry_run` only shows it. Errors: DocumentUnfit, NoReport, WrongStatus."""
    _, report = await editions.current_open(work, period)
    result = await asyncio.to_thread(_read, report, data)
    before = await repository.wording_of(work, period)
    # What is shown is what would be kept, recompiled, in a work that is not committed.
    kept = Work(work.town, work.actor, work.clock, work.reader) if dry_run else work
    await recompiling.save_wording(kept, before, worded(before, report, result), templates)
    _, after = await editions.current(kept, period)
    shown = after.model_copy(update={"version": report.version}) if dry_run else after
    return wording_out(shown, result, applied=not dry_run)


async def read(work: Work, period: str) -> WordingOut:
    """Staff's text in the latest edition. Errors: NoReport."""
    _, report = await editions.current(work, period)
    return wording_out(report, Reworded(), applied=True)


def _read(report: Report, data: bytes) -> Reworded:
    document = edited.read(data)
    about = document.about
    if about.get("lvzhi-town", report.town) != report.town:
        raise DocumentUnfit(f"这是另一个镇（{about['lvzhi-town']}）的总结")
    begun = str(report.from_on or f"{report.year}-01-01")
    if about.get("lvzhi-from", begun) != begun:
        raise DocumentUnfit(f"这份总结的统计期从{about['lvzhi-from']}开始，与本期（{begun}）不符")
    result = edited.matched(report, document.lines)
    known = [match for match in result.matches if match.change is not Change.REMOVED]
    if len(known) * _LEAST < len(result.matches):
        raise DocumentUnfit("文件中认不出本期总结的段落，没有改动任何文字：请上传从本系统下载、修改过的文件")
    return result


def worded(before: WordingRecord, report: Report, result: Reworded) -> WordingRecord:
    """The wording after the upload: edited, removed, reordered and added paragraphs."""
    computed = {p.id: p.computed or p.text for section in report.sections for p in section.paragraphs}
    texts = dict(before.edited)
    own = {
        section: [(f"{section}{OWN}{n}", text) for n, text in enumerate(all_, 1)]
        for section, all_ in before.paragraphs.items()
    }
    for match in result.matches:
        if match.change is Change.KEPT:
            continue
        if OWN in match.id:
            section = match.id.partition(OWN)[0]
            own[section] = [
                (id, match.after if id == match.id else text) for id, text in own.get(section, [])
            ]
        elif match.change is Change.EDITED and match.after == computed[match.id]:
            texts.pop(match.id, None)
        else:
            texts[match.id] = match.after
    for section, added in result.added.items():
        own.setdefault(section, []).extend(("", text) for text in added)
    kept = {section: [pair for pair in all_ if pair[1]] for section, all_ in own.items()}
    renamed = {
        id: f"{section}{OWN}{n}" for section, all_ in kept.items() for n, (id, _) in enumerate(all_, 1)
    }
    placed = {**before.placed, **result.placed}
    return before.model_copy(
        update={
            "edited": texts,
            "paragraphs": {
                section: tuple(text for _, text in all_) for section, all_ in kept.items() if all_
            },
            "placed": {section: tuple(_renamed(ids, renamed)) for section, ids in placed.items()},
        }
    )


def _renamed(ids: tuple[str, ...], renamed: Mapping[str, str]) -> list[str]:
    return [renamed.get(id, id) for id in ids if OWN not in id or id in renamed]


def wording_out(report: Report, result: Reworded, *, applied: bool) -> WordingOut:
    """Paragraphs of the file, or, without a file, those with staff's text."""
    now = {p.id: p for section in report.sections for p in section.paragraphs}
    if result.matches:
        lines = [_paragraph_out(match, now.get(match.id)) for match in result.matches]
    else:
        lines = [
            own_text(section.id, p) for section in report.sections for p in section.paragraphs if p.computed
        ]
    return WordingOut(
        period=report.period or str(report.year),
        report_version=report.version,
        applied=applied,
        paragraphs=lines,
        added={section: list(texts) for section, texts in result.added.items()},
        ignored=result.ignored,
    )


def _paragraph_out(match: Match, now: Paragraph | None) -> WordedOut:
    flags = now.flags if now is not None and now.text == match.after else ()
    return WordedOut(
        id=match.id,
        section=match.section,
        state=match.change.value,
        recognised_by=match.means.value,
        text=match.after,
        differences=[PieceOut(kind=p.kind, text=p.text) for p in differences(match.before, match.after)],
        flags=list(flags),
    )
