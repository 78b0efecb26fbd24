"""Compiling: from a whole and verified ledger to a report. Pure, so that the same heads give the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.reports import checks, narrative
from services.reports.checks.draft import Books, settle
from services.reports.domain import Figure, Form, Report, ReportStatus, Section, Source, SourceState, Wording
from services.reports.figures import compute
from services.reports.figures.accounting import account
from services.reports.figures.year import Year
from services.reports.narrative.wording import outdated, reworded
from services.reports.tables import tables


@dataclass(frozen=True)
class Head:
    """What one source sealed: how far its stream reached, the hash there, its records per noun."""

    source: str
    upto: int
    hash: str
    counts: Mapping[str, int]


def compile_report(
    year: Year, heads: list[Head], wording: Wording, *, id: str, version: int, templates: Path | None = None
) -> Report:
    """Errors: TemplateFaulty."""
    figures = compute(year)
    plan = narrative.outline(wording.outline or year.rules.outline, templates)
    title, written = narrative.compose(year, figures, wording, plan)
    findings = [
        *checks.check(year, figures),
        *settle(outdated(written, wording), Books(year, figures)),
    ]
    town = year.town.data if year.town else None
    return Report(
        id=id,
        town=year.ledger.town,
        year=year.year,
        version=version,
        status=ReportStatus.DRAFT,
        as_of=year.as_of,
        title=title,
        addressee=f"{town.county_name}人大常委会" if town and wording.form is Form.REPORT else None,
        sections=_opening_first(reworded(written, wording)),
        tables=tables(year, figures),
        sources=_proof(year, heads, figures),
        figures=tuple(figures.values()),
        findings=tuple(findings),
        signature=f"{town.name}人民代表大会主席团" if town else "",
        signed_on=wording.signed_on or year.as_of,
    )


def _opening_first(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    if sections and sections[0].id == "opening":
        return sections
    return (Section(id="opening", heading="", level=0), *sections)


def _proof(year: Year, heads: list[Head], figures: Mapping[str, Figure]) -> tuple[Source, ...]:
    accounts = account(year, figures.values())
    return tuple(
        Source(
            source=head.source,
            state=SourceState.SEALED,
            head=head.upto,
            hash=head.hash,
            counts=dict(sorted(head.counts.items())),
            counted=accounts[head.source].counted if head.source in accounts else 0,
            excluded=tuple(accounts[head.source].excluded) if head.source in accounts else (),
        )
        for head in heads
    )
