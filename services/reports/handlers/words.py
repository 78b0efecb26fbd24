"""The office's own words: settings of a year, its wording of paragraphs, and the new edition they make."""

from pathlib import Path

from pydantic import BaseModel

from services.reports import narrative, repository
from services.reports.compiler import NotProven
from services.reports.domain import Report, ReportStatus
from services.reports.errors import NoParagraph, NotComplete
from services.reports.handlers import closings, editions
from services.reports.repository import WORDINGS, ReportRecord, WordingRecord
from services.reports.schemas import SettingsIn, SettingsOut
from shared.errors import FieldError, Invalid
from shared.storage.work import Work

OWN = ".own."


async def put_settings(work: Work, period: str, body: SettingsIn, templates: Path | None) -> WordingRecord:
    """Keep the year's settings whole; a report that is still open is worded anew. Errors: Invalid, TemplateFaulty."""
    before = await repository.wording_of(work, period)
    _check_places(body, templates)
    own = {section: tuple(texts) for section, texts in body.paragraphs.items() if texts}
    for section, texts in (("problems", body.problems), ("plans", body.plans)):
        if texts:
            own[section] = (*own.get(section, ()), *texts)
    fields = body.model_dump(exclude={"problems", "plans", "paragraphs"})
    after = before.model_copy(update={**fields, "paragraphs": own})
    return await keep(work, before, after, templates)


async def patch_settings(work: Work, period: str, patch: BaseModel, templates: Path | None) -> WordingRecord:
    """Those that were sent; what was sent for a section takes the place of its paragraphs. Errors: as put_settings."""
    before = settings_out(await repository.wording_of(work, period))
    kept = {name: getattr(before, name) for name in SettingsIn.model_fields}
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    paragraphs = {section: texts for section, texts in before.paragraphs.items() if section not in sent}
    own = {"paragraphs": {**paragraphs, **sent.pop("paragraphs", {})}}
    return await put_settings(work, period, SettingsIn.model_validate({**kept, **sent, **own}), templates)


def _check_places(body: SettingsIn, templates: Path | None) -> None:
    """There is this outline, and some outline has each section written for: else its text would be lost in silence."""
    presets = narrative.presets(templates)
    if body.outline and body.outline.upper() not in presets:
        message = f"没有提纲 {body.outline}，可选：{'、'.join(presets)}"
        raise Invalid(message, errors=[FieldError("body.outline", message)])
    plans = [narrative.outline(preset, templates) for preset in presets] if body.paragraphs else []
    known = {section.id for plan in plans for section in plan.sections}
    unknown = [
        FieldError(f"body.paragraphs.{name}", "提纲中没有这一部分") for name in body.paragraphs.keys() - known
    ]
    if unknown:
        raise Invalid("自写段落所属的部分不存在", errors=unknown)


def settings_out(wording: WordingRecord) -> SettingsOut:
    shown = wording.model_dump(exclude={"edited", "placed", "paragraphs"})
    own = {section: list(texts) for section, texts in wording.paragraphs.items()}
    year = int(wording.period) if wording.period.isdigit() else None
    return SettingsOut(paragraphs=own, year=year, **shown)


async def reword(
    work: Work, period: str, paragraph_id: str, text: str, templates: Path | None
) -> ReportRecord:
    """Put the staff's text in place of a paragraph, or the computed one back. Errors: NoParagraph, WrongStatus."""
    record, report = await editions.current_open(work, period)
    before = await repository.wording_of(work, period)
    if paragraph_id not in _ids(report) | before.edited.keys():
        raise NoParagraph(f"总结中没有段落 {paragraph_id}")
    await keep(work, before, _with_text(before, paragraph_id, text), templates)
    changed = await repository.report_of(work, period)
    return changed or record


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


async def keep(
    work: Work, before: WordingRecord, after: WordingRecord, templates: Path | None
) -> WordingRecord:
    if after == before:
        return before
    saved = work.change(WORDINGS, after, "changed") if before.version else work.create(WORDINGS, after, "set")
    record = await repository.report_of(work, after.period)
    if record is not None and record.status in editions.OPEN:
        await recompile(work, record, templates)
    return saved


async def recompile_draft(work: Work, period: str, templates: Path | None) -> None:
    """Where there is a draft of the year. Errors: NotComplete, TemplateFaulty."""
    record = await repository.report_of(work, period)
    if record is not None and record.status is ReportStatus.DRAFT:
        await recompile(work, record, templates)


async def recompile(work: Work, record: ReportRecord, templates: Path | None) -> ReportRecord:
    """Compile again from the same heads. Errors: NotComplete where the log here no longer bears them out."""
    seals = list((await repository.seals_of(work, record.closing_id)).values())
    try:
        year = await closings.proven_year(work, record.period, record.as_of, seals)
    except NotProven as error:
        raise NotComplete(str(error)) from error
    return await editions.compile_edition(work, year, seals, templates)
