"""Compiler of reports from complete, verified logs. Pure: the same heads give the same bytes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from services.reports import checks, narrative
from services.reports.checks.delivery import unsettled
from services.reports.checks.draft import Books, Draft, settle
from services.reports.checks.expected import expectations
from services.reports.checks.letterhead import lacking, letterhead
from services.reports.checks.objections import objected
from services.reports.checks.photographs import photographs
from services.reports.domain import (
    Figure,
    Form,
    Parked,
    Picture,
    RecordRef,
    Report,
    ReportStatus,
    Section,
    Source,
    SourceState,
    Wording,
    periods,
)
from services.reports.domain.periods import Period, PeriodKind
from services.reports.domain.seals import MANIFEST, SealedHead
from services.reports.domain.statements import Objection
from services.reports.events_in import FACTS, SOURCES
from services.reports.events_in.roster import RulePack
from services.reports.figures import compute
from services.reports.figures.index import Index, Walked, assembled, counts, walk
from services.reports.figures.ledger import Garbled, Ledger, kind
from services.reports.figures.terms import terms
from services.reports.figures.year import Year
from services.reports.narrative.binding import outdated, reworded
from services.reports.narrative.lint import lint
from services.reports.narrative.template import Outline
from services.reports.notation import congress_name, full_day_text, numeral
from services.reports.tables import tables
from services.reports.titles import titles
from shared.chinese.names import spaced
from shared.envelope import BrokenChain, Event, service_of, source_of

_OUTLINES = {
    PeriodKind.HALF: "D",
    PeriodKind.QUARTER: "D",
    PeriodKind.SPAN: "D",
    PeriodKind.TERM: "T",
}
"""Outlines used when the office names none; a year takes that of its rule pack."""


class NotProven(Exception):
    """Kept logs do not match their seals; `troubles` says how, in Chinese, by service.

    `again`: whether another seal may fit: an intact chain ends elsewhere, or counts differ.
    """

    def __init__(self, troubles: Mapping[str, str], *, again: bool = False) -> None:
        super().__init__("；".join(troubles.values()))
        self.troubles = troubles
        self.again = again


def prove(
    town: str, period: str, as_of: date, logs: Mapping[str, Sequence[Event]], heads: Sequence[SealedHead]
) -> Year:
    """Verify whole logs against the seals and fold them. Errors: NotProven for a chain, hash or count that differs."""
    streams = verified(town, heads, {}, logs)
    facts = [fact for stream in streams for fact in stream.facts.values()]
    ledger = assembled(town, [stream.index for stream in streams], facts)
    return Year(ledger, (span := spanned(period, ledger)).first.year, as_of, span)


def verified(
    town: str,
    heads: Sequence[SealedHead],
    checkpoints: Mapping[str, Index],
    logs: Mapping[str, Sequence[Event]],
) -> list[Walked]:
    """Walk each log from its checkpoint, by default from its first event, to its seal. Errors: NotProven, naming every
    service that does not fit."""
    sealed = {head.service: head for head in heads}
    return _each(logs, lambda service: _verified(town, sealed[service], checkpoints, logs[service]))


def walked(town: str, checkpoints: Mapping[str, Index], logs: Mapping[str, Sequence[Event]]) -> list[Walked]:
    """Walk each log from its checkpoint to its last event, sealed or not. Errors: NotProven, naming every service whose
    chain is broken."""
    return _each(logs, lambda service: _walked(town, service, checkpoints, logs[service]))


def _each(services: Iterable[str], read: Callable[[str], Walked]) -> list[Walked]:
    streams: list[Walked] = []
    troubles: dict[str, str] = {}
    again = False
    for service in services:
        try:
            streams.append(read(service))
        except NotProven as error:
            troubles |= error.troubles
            again = again or error.again
    if troubles:
        raise NotProven(troubles, again=again)
    return streams


def _walked(town: str, service: str, checkpoints: Mapping[str, Index], log: Sequence[Event]) -> Walked:
    """Facts of an unknown major version were parked, but are in the kept log. Errors: NotProven."""
    for event in log:
        if kind(event) in FACTS and not event.type.endswith(".v1"):
            reason = f"第{event.sequence}号事件的版本{event.type}无法识别，请先升级程序"
            raise NotProven({service: reason})
    try:
        return walk(town, checkpoints.get(service, Index(source_of(town, service))), log)
    except BrokenChain as error:
        raise NotProven({service: f"事件链不完整：{error}"}) from error
    except Garbled as error:
        raise NotProven({service: str(error)}) from error


def _verified(town: str, head: SealedHead, checkpoints: Mapping[str, Index], log: Sequence[Event]) -> Walked:
    stream = _walked(town, head.service, checkpoints, log)
    index = stream.index
    if (index.upto, index.hash) != (head.upto, head.hash):
        reason = f"事件链到第{index.upto}号为止，与封账的第{head.upto}号及其散列值不符"
        raise NotProven({head.service: reason}, again=True)
    own, sealed = counts(index), {noun: n for noun, n in head.counts.items() if n}
    if own != sealed:
        raise NotProven({head.service: f"记录数与封账不符：封账{sealed}，此处{own}"}, again=True)
    return stream


def spanned(period: str, ledger: Ledger) -> Period:
    """The period of a name; days of a term by the ledger. Errors: NotProven."""
    span = periods.period(period, terms(ledger).get)
    if span is None:
        raise NotProven({"roster": f"名册没有登记统计期{period}所指的届次"})
    return span


def compile_report(
    year: Year,
    heads: Sequence[SealedHead],
    wording: Wording,
    *,
    id: str,
    templates: Path | None = None,
    parked: Sequence[Parked] = (),
    objections: Sequence[Objection] = (),
    pictures: Sequence[Picture] = (),
    corrected: Report | None = None,
) -> Report:
    """Compile a report: figures, findings, text, tables and proof.

    `parked`: events this service could not apply; `objections`: open objections to files of the year;
    `pictures`: uploaded photographs; `corrected`: the approved edition that this one corrects.

    Errors: TemplateFaulty.
    """
    figures = compute(year)
    books = Books(year, figures)
    (plan, unknown), findings = _outline(year, wording, templates), checks.check(books)
    title, written = narrative.compose(year, figures, wording, plan, findings)
    sections, signed_on = reworded(written, wording), wording.signed_on or year.as_of
    shown, missing = photographs(year, wording.photographs, pictures)
    remarks = (*outdated(written, wording), *lint(year, sections, signed_on), *missing)
    head = letterhead(wording, upward=_upward(wording, plan))
    asked = narrative.asked(year, figures, wording, plan)
    apart = (*_parked(heads, parked), *remarks, *head, *unknown, *objected(books, objections), *asked)
    return Report(
        id=id,
        version=1,
        corrects=corrected.version if corrected else None,
        status=ReportStatus.DRAFT,
        title=title,
        sections=_opening_first(sections),
        tables=tables(year, figures, corrected),
        photographs=shown,
        sources=_proof(books, heads),
        findings=(*findings, *settle(apart, books)),
        expectations=expectations(year, books.expected),
        parked=_set_aside(heads, parked),
        signed_on=signed_on,
        **_counted(year, figures),
        **_about(year),
        **_framed(year, wording, plan),
    )


def _counted(year: Year, figures: Mapping[str, Figure]) -> dict[str, Any]:
    """The figures, and every record behind them once, by source in the order of the services, kind and number."""
    refs = {(ref.source, ref.subject): ref for figure in figures.values() for ref in figure.records}
    order = {service: place for place, service in enumerate(SOURCES)}

    def place(ref: RecordRef) -> tuple[int, str, int]:
        return order.get(service_of(ref.source), len(order)), ref.subject.partition("/")[0], ref.sequence

    return {
        "figures": tuple(figures.values()),
        "records": titles(year, sorted(refs.values(), key=place)),
    }


def _about(year: Year) -> dict[str, Any]:
    """Fields that identify town, period and format."""
    return {
        "town": year.ledger.town,
        "year": year.as_of.year,
        "period": year.period.name,
        "from_on": year.start,
        "as_of": year.as_of,
        "manifest": MANIFEST,
    }


def _framed(year: Year, wording: Wording, plan: Outline) -> dict[str, Any]:
    """Fields around the text: subtitle, addressee, letterhead and signature."""
    headed = _upward(wording, plan) and not lacking(wording)
    return {
        "subtitle": tuple(_subtitle(year, wording, plan)),
        "addressee": _addressee(year, wording, plan),
        "document_number": wording.document_number if headed else "",
        "signer": wording.signer if headed else "",
        "signature": f"{year.town.data.name}人民代表大会主席团" if year.town else "",
    }


def _outline(year: Year, wording: Wording, templates: Path | None) -> tuple[Outline, tuple[Draft, ...]]:
    preset, unknown = _preset(year, wording, narrative.presets(templates))
    return narrative.outline(preset, templates), unknown


def _preset(year: Year, wording: Wording, known: Sequence[str]) -> tuple[str, tuple[Draft, ...]]:
    """The outline of the report, and what is wrong with that of the rule pack: whoever pushes a pack to many towns does
    not know which outlines there are, and none of them is to be without a report for it."""
    if chosen := wording.outline or _OUTLINES.get(year.period.kind):
        return chosen, ()
    ruled, usual = year.rules.outline, RulePack().outline
    if ruled.upper() in known or usual not in known:
        return ruled, ()
    message = f"规则包里的提纲“{ruled}”没有，按提纲{usual}编写；有：{'、'.join(known)}。"
    return usual, (Draft("report.outline", message),)


def _subtitle(year: Year, wording: Wording, plan: Outline) -> Iterator[str]:
    """Subtitle of a report to the congress: date, session and speaker."""
    if plan.form != "congress" or wording.delivered_on is None or year.town is None:
        return
    town, number = year.town.data, wording.session_number
    session = f"第{numeral(number)}次会议" if number else "会议"
    congress = congress_name(year.congress_number)
    yield f"——{full_day_text(wording.delivered_on)}在{town.name}{congress}{session}上"
    if wording.speaker:
        yield spaced(wording.speaker)


def _upward(wording: Wording, plan: Outline) -> bool:
    """Whether the report goes to the county's standing committee (上行文) and not to the congress."""
    return wording.form is Form.REPORT and plan.form != "congress"


def _addressee(year: Year, wording: Wording, plan: Outline) -> str | None:
    if plan.form == "congress":
        return "各位代表"
    town = year.town.data if year.town else None
    return f"{town.county_name}人大常委会" if town and _upward(wording, plan) else None


def _set_aside(heads: Sequence[SealedHead], own: Sequence[Parked]) -> tuple[Parked, ...]:
    return (*(event for head in heads for event in head.parked_events), *own)


def _parked(heads: Sequence[SealedHead], own: Sequence[Parked]) -> Iterator[Draft]:
    """Findings about parked events, here and at the sources."""
    counts = {head.service: max(head.parked, len(head.parked_events)) for head in heads}
    yield from unsettled({**counts, "reports": len(own)}, _set_aside(heads, own))


def _opening_first(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    if sections and sections[0].id == "opening":
        return sections
    return (Section(id="opening", heading="", level=0), *sections)


def _proof(books: Books, heads: Sequence[SealedHead]) -> tuple[Source, ...]:
    sources = []
    for head in heads:
        entry = books.accounts.get(source_of(books.year.ledger.town, head.service))
        sources.append(
            Source(
                source=head.service,
                state=SourceState.SEALED,
                head=head.upto,
                hash=head.hash,
                counts=dict(sorted(head.counts.items())),
                counted=entry.counted if entry else 0,
                excluded=tuple(entry.excluded) if entry else (),
            )
        )
    return tuple(sources)
