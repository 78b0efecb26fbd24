"""Differences between two editions of a report, by figure and by paragraph."""

from collections.abc import Iterable, Iterator

from services.reports.domain import Amount, Figure, Frozen, RecordRef, Report


class FigureChange(Frozen):
    """A figure before and after; `records`: newly counted records or versions.

    `before` is none where the earlier edition has no such figure.
    """

    id: str
    label: str
    unit: str
    before: Amount | None
    after: Amount
    records: tuple[RecordRef, ...] = ()


class ParagraphChange(Frozen):
    """A paragraph before and after; none where an edition lacks it."""

    id: str
    before: str | None
    after: str | None


class Differences(Frozen):
    """Differences of edition `version` from edition `since`."""

    since: int
    version: int
    figures: tuple[FigureChange, ...] = ()
    paragraphs: tuple[ParagraphChange, ...] = ()


def differences(before: Report, after: Report) -> Differences:
    return Differences(
        since=before.version,
        version=after.version,
        figures=tuple(changed(before.figures, after.figures)),
        paragraphs=tuple(_reworded(_texts(before), _texts(after))),
    )


def changed(before: Iterable[Figure], after: Iterable[Figure]) -> Iterator[FigureChange]:
    """Figures whose amount changed, in the order of `after`; changed records alone do not count."""
    known = {figure.id: figure for figure in before}
    for figure in after:
        old = known.get(figure.id)
        was = old.amount if old else None
        if was != figure.amount:
            seen = frozenset(old.records if old else ())
            yield FigureChange(
                id=figure.id,
                label=figure.label,
                unit=figure.unit,
                before=was,
                after=figure.amount,
                records=tuple(record for record in figure.records if record not in seen),
            )


def _reworded(before: dict[str, str], after: dict[str, str]) -> Iterator[ParagraphChange]:
    for id in (*after, *(id for id in before if id not in after)):
        if before.get(id) != after.get(id):
            yield ParagraphChange(id=id, before=before.get(id), after=after.get(id))


def _texts(report: Report) -> dict[str, str]:
    return {paragraph.id: paragraph.text for section in report.sections for paragraph in section.paragraphs}
