"""Text of the report: sections of an outline, written from figures and names, numerals bound to their figures."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from services.reports.checks.draft import Draft
from services.reports.checks.rules import IDS
from services.reports.domain import Figure, Finding, Form, Section, Wording
from services.reports.errors import TemplateFaulty
from services.reports.figures import BY_ID
from services.reports.figures.ledger import Ledger
from services.reports.figures.year import Year
from services.reports.narrative import cases, prompts, template
from services.reports.narrative.context import context, knows
from services.reports.narrative.own import own, without_empty
from services.reports.narrative.spans import turn
from services.reports.narrative.template import BUNDLED, OWN, Outline, load
from services.reports.narrative.writer import Writer

__all__ = ["Writer", "asked", "check", "compose", "compose_area", "outline", "presets"]

_NO_DAY = date(2000, 12, 31)


def outline(preset: str, folder: Path | None = None) -> Outline:
    """Load an outline with its sentences; those that come with the program once. Errors: TemplateFaulty."""
    return _read(preset, folder) if folder else _bundled(preset)


@cache
def _bundled(preset: str) -> Outline:
    return _read(preset, BUNDLED)


def _read(preset: str, folder: Path) -> Outline:
    nothing = context(Year(Ledger(""), 2000, _NO_DAY), Wording())
    return load(preset, folder, known=knows([*nothing, *BY_ID, *(f"found.{rule}" for rule in IDS)]))


def check(folder: Path) -> None:
    """Load every outline of a folder. Errors: TemplateFaulty, for the first fault."""
    names = presets(folder)
    if not names:
        raise TemplateFaulty(f"文件夹 {folder} 中没有提纲（outline_a.toml 等）")
    for preset in names:
        outline(preset, folder)


def presets(folder: Path | None = None) -> tuple[str, ...]:
    """Letters of the outlines in a folder."""
    return template.presets(folder or BUNDLED)


def compose(
    year: Year,
    figures: Mapping[str, Figure],
    wording: Wording,
    plan: Outline,
    findings: Iterable[Finding] = (),
) -> tuple[str, tuple[Section, ...]]:
    """Title and sections. A section without paragraphs is kept only if a section below it has some."""
    writer = _writer(year, figures, wording, findings)
    chosen = cases.placed(year, plan)
    sections = [
        Section(
            id=section.id,
            heading=writer.heading(section.heading, section.heading_else),
            level=section.level,
            paragraphs=tuple(
                writer.section(
                    plan, section.paragraphs, (*chosen.get(section.id, ()), *own(section.id, wording))
                )
            ),
        )
        for section in plan.sections
        if section.when is None or section.when.holds(writer.scope)
    ]
    upward = wording.form is Form.REPORT and plan.form != "congress"
    if upward:
        last = sections[-1]
        sections[-1] = last.model_copy(
            update={"paragraphs": (*last.paragraphs, *writer.section(plan, ["closing", OWN]))}
        )
    return writer.plain(plan.title_report if upward else plan.title), tuple(without_empty(sections))


def compose_area(names: Mapping[str, Any], figures: Mapping[str, Figure]) -> tuple[str, tuple[Section, ...]]:
    """Title and sections of the report of an area, from its own names and figures."""
    plan = load("area", BUNDLED / "area", known=knows([*names, *figures]))
    writer = Writer(names, figures)
    sections = [
        Section(
            id=section.id,
            heading=writer.plain(section.heading),
            level=section.level,
            paragraphs=tuple(writer.section(plan, section.paragraphs)),
        )
        for section in plan.sections
    ]
    return writer.plain(plan.title), tuple(without_empty(sections))


def asked(year: Year, figures: Mapping[str, Figure], wording: Wording, plan: Outline) -> Iterator[Draft]:
    """What the office is asked to write itself, of a period of which something is recorded."""
    writer = _writer(year, figures, wording, ())
    if writer.names["recorded"]:
        yield from prompts.unwritten(plan, wording, writer)
        yield from prompts.cases(figures)


def _writer(
    year: Year, figures: Mapping[str, Figure], wording: Wording, findings: Iterable[Finding]
) -> Writer:
    broken = {f"found.{finding.rule}": True for finding in findings}
    return Writer({**context(year, wording), **broken}, figures, turn(year.period))
