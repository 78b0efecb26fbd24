"""Text of the report: sentences of the templates filled from figures and names, numerals bound to their figures.

Invariants: a sentence with a missing or not applicable figure is left out; the same records give the same text.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from services.reports.checks.rules import IDS
from services.reports.domain import Figure, FigureStatus, Finding, Form, Paragraph, Run, Section, Wording
from services.reports.errors import TemplateFaulty
from services.reports.figures import BY_ID, shown
from services.reports.figures.ledger import Ledger
from services.reports.figures.year import Year
from services.reports.narrative import cases, template
from services.reports.narrative.context import context, knows
from services.reports.narrative.template import BUNDLED, Outline, Sentence, Text, load
from services.reports.notation import numeral, ranked

Runs = tuple[Run, ...]
_NO_DAY = date(2000, 12, 31)
_STATED = (FigureStatus.VALUE, FigureStatus.ZERO)


def outline(preset: str, folder: Path | None = None) -> Outline:
    """Load an outline with its sentences. Errors: TemplateFaulty."""
    nothing = context(Year(Ledger(""), 2000, _NO_DAY), Wording())
    return load(
        preset, folder or BUNDLED, known=knows([*nothing, *BY_ID, *(f"found.{rule}" for rule in IDS)])
    )


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
    broken = {f"found.{finding.rule}": True for finding in findings}
    writer = Writer({**context(year, wording), **broken}, figures)
    chosen = cases.placed(year, plan)
    sections = [
        Section(
            id=section.id,
            heading=writer.heading(section.heading, section.heading_else),
            level=section.level,
            paragraphs=(
                *writer.section(plan, section.paragraphs),
                *chosen.get(section.id, ()),
                *_own(section.id, wording),
            ),
        )
        for section in plan.sections
        if section.when is None or section.when.holds(writer.scope)
    ]
    upward = wording.form is Form.REPORT and plan.form != "congress"
    if upward:
        last = sections[-1]
        sections[-1] = last.model_copy(
            update={"paragraphs": (*last.paragraphs, *writer.section(plan, ["closing"]))}
        )
    return writer.plain(plan.title_report if upward else plan.title), tuple(_without_empty(sections))


class Writer:
    """Fills slots of sentences from a scope of figures by id and names of the context."""

    def __init__(self, names: Mapping[str, Any], figures: Mapping[str, Figure]) -> None:
        self.names = names
        self.figures = figures
        self.scope: dict[str, Any] = {**names, **{id: _number(figure) for id, figure in figures.items()}}

    def heading(self, text: Text, otherwise: Text | None) -> str:
        if otherwise is not None and not all(self.scope.get(name) for name in text.names):
            return self.plain(otherwise)
        return self.plain(text)

    def plain(self, text: Text) -> str:
        return "".join(run.text for run in self.fill(text, self.scope) or ())

    def section(self, plan: Outline, names: Sequence[str]) -> Iterator[Paragraph]:
        for name in names:
            runs = self.paragraph(plan.sentences[name])
            if runs:
                yield paragraph(name, runs)

    def paragraph(self, sentences: Sequence[Sentence]) -> Runs:
        written = [(sentence, runs) for sentence in sentences for runs in self.say(sentence)]
        series = [runs for sentence, runs in written if sentence.series]
        runs: list[Run] = []
        for sentence, words in written:
            if sentence.lead and not series:
                continue
            runs += _in_series(sentence.series, words, series) if sentence.series else words
        return _joined(runs)

    def say(self, sentence: Sentence) -> Iterator[Runs]:
        """The sentence once, or once per item of its list; nothing where no text applies."""
        for scope in self._scopes(sentence):
            holds = sentence.when is None or sentence.when.holds(scope)
            text = sentence.text if holds else sentence.otherwise
            runs = self.fill(text, scope) if text is not None else None
            if runs:
                yield runs

    def _scopes(self, sentence: Sentence) -> Iterator[Mapping[str, Any]]:
        if sentence.each is None:
            yield self.scope
            return
        name, items = sentence.each
        for item in self.names[items]:
            yield {**self.scope, **{f"{name}.{field}": value for field, value in item.items()}}

    def fill(self, text: Text, scope: Mapping[str, Any]) -> Runs | None:
        """Runs of a text; None where a figure in it is missing or not applicable."""
        runs = []
        for place, part in enumerate(text.parts):
            if place % 2 == 0:
                runs.append(Run(text=ranked(part, self.names.get("rank", "镇"))))
            elif part in self.figures:
                if self.figures[part].status not in _STATED:
                    return None
                runs.append(Run(text=shown(self.figures[part]), figure=part))
            else:
                runs.append(Run(text=str(scope[part])))
        return _joined(runs)


def _in_series(kind: str, words: Runs, series: Sequence[Runs]) -> Runs:
    """One sentence of a series: 一是…；二是…。 or …、…。"""
    place = next(n for n, other in enumerate(series) if other is words)
    last = place == len(series) - 1
    if kind == "numbered":
        return (Run(text=f"{numeral(place + 1)}是"), *words, Run(text="。" if last else "；"))
    return (*words, Run(text="。" if last else "、"))


def paragraph(id: str, runs: Runs) -> Paragraph:
    figures = tuple(dict.fromkeys(run.figure for run in runs if run.figure))
    return Paragraph(id=id, text="".join(run.text for run in runs), figures=figures, runs=runs)


def _own(section_id: str, wording: Wording) -> Iterator[Paragraph]:
    """The office's own paragraphs of a section."""
    for place, text in enumerate(wording.paragraphs.get(section_id, ()), start=1):
        yield Paragraph(id=f"{section_id}.own.{place}", text=text, runs=(Run(text=text),), edited=True)


def _without_empty(sections: Sequence[Section]) -> Iterator[Section]:
    for place, section in enumerate(sections):
        below = sections[place + 1 :]
        parts = []
        for other in below:
            if other.level <= section.level:
                break
            parts.append(other)
        if section.paragraphs or any(part.paragraphs for part in parts):
            yield section


def _number(figure: Figure) -> int | float | None:
    return figure.value if figure.status in _STATED else None


def _joined(runs: Sequence[Run]) -> Runs:
    """Adjacent plain runs merged, empty ones dropped."""
    joined: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if joined and run.figure is None and joined[-1].figure is None:
            joined[-1] = Run(text=joined[-1].text + run.text)
        else:
            joined.append(run)
    return tuple(joined)
