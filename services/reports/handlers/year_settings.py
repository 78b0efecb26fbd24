"""Settings of a year's report: theme, outline, letterhead, photographs and the office's own paragraphs."""

from pathlib import Path

from pydantic import BaseModel

from services.reports import narrative, repository
from services.reports.handlers import recompiling
from services.reports.repository import WordingRecord
from services.reports.schemas import SettingsIn, SettingsOut
from shared.errors import FieldError, Invalid
from shared.storage.work import Work


async def put_settings(work: Work, period: str, body: SettingsIn, templates: Path | None) -> WordingRecord:
    """Replace the settings of a period and recompile an open report. Errors: Invalid, TemplateFaulty."""
    before = await repository.wording_of(work, period)
    _check_places(body, templates, {heading.id for heading in before.headings})
    own = {section: tuple(texts) for section, texts in body.paragraphs.items() if texts}
    for section, texts in (("problems", body.problems), ("plans", body.plans)):
        if texts:
            own[section] = (*own.get(section, ()), *texts)
    fields = body.model_dump(exclude={"problems", "plans", "paragraphs"})
    after = before.model_copy(update={**fields, "paragraphs": own})
    return await recompiling.save_wording(work, before, after, templates)


async def patch_settings(work: Work, period: str, patch: BaseModel, templates: Path | None) -> WordingRecord:
    """Change the settings sent; paragraphs are replaced by section. Errors: as put_settings."""
    before = settings_out(await repository.wording_of(work, period))
    kept = {name: getattr(before, name) for name in SettingsIn.model_fields}
    sent = {name: getattr(patch, name) for name in patch.model_fields_set}
    paragraphs = {section: texts for section, texts in before.paragraphs.items() if section not in sent}
    own = {"paragraphs": {**paragraphs, **sent.pop("paragraphs", {})}}
    return await put_settings(work, period, SettingsIn.model_validate({**kept, **sent, **own}), templates)


def _check_places(body: SettingsIn, templates: Path | None, own: set[str]) -> None:
    """Check that the outline exists and some outline has each section with texts, or `own` of the office. Errors:
    Invalid."""
    presets = narrative.presets(templates)
    if body.outline and body.outline.upper() not in presets:
        message = f"没有提纲 {body.outline}，可选：{'、'.join(presets)}"
        raise Invalid(message, errors=[FieldError("body.outline", message)])
    plans = [narrative.outline(preset, templates) for preset in presets] if body.paragraphs else []
    known = {section.id for plan in plans for section in plan.sections}
    unknown = [
        FieldError(f"body.paragraphs.{name}", "提纲中没有这一部分")
        for name in body.paragraphs.keys() - known - own
    ]
    if unknown:
        raise Invalid("自写段落所属的部分不存在", errors=unknown)


def settings_out(wording: WordingRecord) -> SettingsOut:
    shown = wording.model_dump(exclude={"edited", "placed", "paragraphs", "headings"})
    own = {section: list(texts) for section, texts in wording.paragraphs.items()}
    year = int(wording.period) if wording.period.isdecimal() else None
    return SettingsOut(paragraphs=own, year=year, **shown)
