"""An uploaded report edited in Word: paragraphs matched, staff's text kept, differences shown."""

import asyncio
from collections import defaultdict
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Final

from services.reports import repository
from services.reports.document import check, edited, render_docx
from services.reports.document.edited import Change, Match, Reworded
from services.reports.document.edited.differences import differences
from services.reports.document.gbt9704 import Deviation, Unreadable
from services.reports.domain import Paragraph, Report
from services.reports.domain.periods import Period
from services.reports.errors import DocumentUnfit, RemovalsUnconfirmed
from services.reports.handlers import closings, editions, recompiling
from services.reports.handlers.paragraphs import OWN, own_text
from services.reports.notation import full_day_text, period_text
from services.reports.repository import ReportRecord, WordingRecord
from services.reports.schemas.uploaded_text import (
    DeviationOut,
    HeadingOut,
    PieceOut,
    RemovalOut,
    RemovedOut,
    WordedOut,
    WordingOut,
)
from shared.chinese.numerals import whole
from shared.errors import FieldError
from shared.storage.work import Work

_LEAST: Final = 3  # one paragraph of this many must be recognised
_MOST: Final = 5  # one paragraph of this many may be removed unconfirmed
_TOLD: Final = 200  # deviations

Own = defaultdict[str, list[tuple[str, str]]]
"""The office's own paragraphs in the order of each section: (id, text). The id is empty for one that has none yet;
numbers within the section make it, so that it changes when one before it goes."""


async def take(
    work: Work, period: str, data: bytes, templates: Path | None, *, dry_run: bool, confirm: bool = False
) -> WordingOut:
    """Keep the text of an uploaded file; `dry_run` only shows it.

    Errors: DocumentUnfit, NoPeriod, NoReport, RemovalsUnconfirmed, WrongStatus.
    """
    record, report = await editions.current_open(work, period)
    document = await asyncio.to_thread(edited.read, data)
    _same_period(report, await closings.known_period(work, period), document.about)
    base = await _edition(work, record, document.about) or report
    result = await asyncio.to_thread(_matched, base, document)
    if not (dry_run or confirm):
        _refuse_removals(base, result)
    before = await repository.wording_of(work, period)
    # What is shown is what would be kept, recompiled, in a work that is not committed.
    kept = Work(work.town, work.actor, work.clock, work.reader) if dry_run else work
    await recompiling.save_wording(kept, before, worded(before, base, result), templates)
    _, after = await editions.current(kept, period)
    shown = after.model_copy(update={"version": report.version}) if dry_run else after
    told = wording_out(shown, result, applied=not dry_run)
    deviations = await asyncio.to_thread(_deviations, data)
    removals = _removals(base, result)
    return told.model_copy(
        update={"deviations": deviations, "removals": removals, "needs_confirm": _are_many(result)}
    )


async def read(work: Work, period: str) -> WordingOut:
    """Staff's text in the latest edition. Errors: NoReport."""
    _, report = await editions.current(work, period)
    wording = await repository.wording_of(work, period)
    return wording_out(report, Reworded(headings=wording.headings), applied=True)


async def _edition(work: Work, record: ReportRecord, about: Mapping[str, str]) -> Report | None:
    """The edition that the file was made of: what differs from it is what the office changed."""
    number = whole(about.get("edition", ""))
    if number is None or number == record.version:
        return None
    return await repository.edition(work, record.id, number)


def _same_period(report: Report, period: Period, about: Mapping[str, str]) -> None:
    """Periods that begin on one day differ in the manifest; without it, in days that one of them does not have."""
    if about.get("lvzhi-document") == "check":
        raise DocumentUnfit("这是核对说明，不是总结：请上传改过的总结")
    if about.get("lvzhi-town", report.town) != report.town:
        raise DocumentUnfit(f"这是另一个乡镇（{about['lvzhi-town']}）的总结")
    begun = str(report.from_on or f"{report.year}-01-01")
    if about.get("lvzhi-from", begun) != begun:
        raise DocumentUnfit(f"这份总结的统计期从{about['lvzhi-from']}开始，与本期（{begun}）不符")
    stated, last = about.get("period"), about.get("lvzhi-to", "")
    if stated != period.name if stated else last > str(period.last):
        raise DocumentUnfit(
            f"这是另一个统计期的总结，本期是{period_text(period.name)}，到{full_day_text(period.last)}为止：请上传本期的"
        )


def handed_out(report: Report) -> list[edited.Line]:
    """The lines of the report as it is handed out; of photographs only the captions matter."""
    pictures = {photograph.digest: b"" for photograph in report.photographs}
    return edited.read(render_docx(report, pictures)).lines


def _matched(report: Report, document: edited.Edited) -> Reworded:
    result = edited.matched(report, document.lines, handed_out(report))
    result.ignored += document.aside
    known = [match for match in result.matches if match.change is not Change.REMOVED]
    if len(known) * _LEAST < len(result.matches):
        raise DocumentUnfit("文件中认不出本期总结的段落，没有改动任何文字：请上传从本系统下载、修改过的文件")
    return result


def _are_many(result: Reworded) -> bool:
    return len(result.removals) * _MOST > len(result.matches)


def _refuse_removals(report: Report, result: Reworded) -> None:
    """Errors: RemovalsUnconfirmed."""
    if _are_many(result):
        gone, every = len(result.removals), len(result.matches)
        raise RemovalsUnconfirmed(
            f"文件中没有了{every}段中的{gone}段，什么也没有改：确实要删去的，请看过清单以后确认（confirm）",
            errors=[
                FieldError(f"paragraphs.{paragraph.id}", f"{removal.heading}：{paragraph.text}")
                for removal in _removals(report, result)
                for paragraph in removal.paragraphs
            ],
        )


def _removals(report: Report, result: Reworded) -> list[RemovalOut]:
    gone: dict[str, list[RemovedOut]] = {}
    for match in result.removals:
        gone.setdefault(match.section, []).append(RemovedOut(id=match.id, text=match.before))
    headings = {section.id: section.heading or "开头" for section in report.sections}
    return [RemovalOut(section=id, heading=headings[id], paragraphs=texts) for id, texts in gone.items()]


def _deviations(data: bytes) -> list[DeviationOut]:
    """What of the form of the file is not as prescribed; the summary itself is always set anew."""
    try:
        found = check(data)
    except Unreadable:
        return [DeviationOut(clause="", place="", message="文件缺少样式或者设置，不能核对格式")]
    equal: dict[tuple[str, str, str], list[Deviation]] = {}
    for deviation in found:
        equal.setdefault((deviation.clause, deviation.expected, deviation.actual), []).append(deviation)
    return [
        DeviationOut(clause=all_[0].clause, place=all_[0].place, message=all_[0].message, count=len(all_))
        for all_ in list(equal.values())[:_TOLD]
    ]


def worded(before: WordingRecord, report: Report, result: Reworded) -> WordingRecord:
    """The wording after the upload: headings, edited, removed, reordered and added paragraphs."""
    own, placed = _own(before, result), {**before.placed, **result.placed}
    _without_heading(own, placed, {heading.id for heading in result.headings})
    for section, added in result.added.items():
        own[section] += [("", text) for text in added]
    left = {section: [(id, text) for id, text in all_ if text] for section, all_ in own.items()}
    numbered = {
        id: f"{section}{OWN}{n}" for section, all_ in left.items() for n, (id, _) in enumerate(all_, 1)
    }
    return before.model_copy(
        update={
            "edited": _edited(before, report, result),
            "paragraphs": {
                section: tuple(text for _, text in all_) for section, all_ in left.items() if all_
            },
            "placed": {section: tuple(_renumbered(ids, numbered)) for section, ids in placed.items()},
            "headings": result.headings,
        }
    )


def _edited(before: WordingRecord, report: Report, result: Reworded) -> dict[str, str]:
    """Texts that stand in place of computed ones, by id; the text of a removed paragraph is empty."""
    computed = {p.id: p.computed or p.text for section in report.sections for p in section.paragraphs}
    changed = {
        match.id: match for match in result.matches if match.change is not Change.KEPT and OWN not in match.id
    }
    restored = {
        id for id, match in changed.items() if match.change is Change.EDITED and match.after == computed[id]
    }
    texts = {**before.edited, **{id: match.after for id, match in changed.items()}}
    return {id: text for id, text in texts.items() if id not in restored}


def _own(before: WordingRecord, result: Reworded) -> Own:
    """Those that were there, as they read now, then those of the file; a removed one has an empty text."""
    changed = {match.id: match.after for match in result.matches if match.change is not Change.KEPT}
    own: Own = defaultdict(list)
    for section, texts in before.paragraphs.items():
        ids = [f"{section}{OWN}{n}" for n in range(1, len(texts) + 1)]
        own[section] = [(id, changed.get(id, text)) for id, text in zip(ids, texts, strict=True)]
    for id, (section, text) in result.own.items():
        own[section].append((id, text))
    return own


def _without_heading(own: Own, placed: dict[str, tuple[str, ...]], headings: Container[str]) -> None:
    """The office's paragraphs under a heading of its own that is gone belong where they stand now."""
    for section in [id for id in {*own, *placed} if id.startswith(edited.OWN_SECTION) and id not in headings]:
        placed.pop(section, None)
        for id, text in own.pop(section, []):
            target = next((other for other, ids in placed.items() if id in ids), "")
            if target:
                own[target].append((id, text))


def _renumbered(ids: tuple[str, ...], numbered: Mapping[str, str]) -> list[str]:
    return [numbered.get(id, id) for id in ids if OWN not in id or id in numbered]


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
        headings=[HeadingOut.model_validate(heading.model_dump()) for heading in result.headings],
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
        moved=match.moved,
        joined=match.joined,
    )
