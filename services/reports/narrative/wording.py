"""Staff's wording of computed paragraphs: kept over every new compile, its numerals bound again."""

import re
from collections.abc import Iterator, Sequence

from services.reports.checks.draft import Draft
from services.reports.domain import Paragraph, Run, Section, Wording


def reworded(sections: Sequence[Section], wording: Wording) -> tuple[Section, ...]:
    """Sections with the staff's text in place of the computed one; text of paragraphs no longer there stays out."""
    return tuple(
        section.model_copy(
            update={"paragraphs": tuple(_with_text(p, wording.edited.get(p.id)) for p in section.paragraphs)}
        )
        for section in sections
    )


def outdated(sections: Sequence[Section], wording: Wording) -> Iterator[Draft]:
    """Reworded paragraphs that no longer say every number the records now give."""
    for section in sections:
        for paragraph in section.paragraphs:
            text = wording.edited.get(paragraph.id)
            if text is None:
                continue
            bound = {run.figure for run in bind(text, paragraph.runs) if run.figure}
            lost = [run.text for run in paragraph.runs if run.figure and run.figure not in bound]
            if lost:
                message = f"“{section.heading or '开头'}”中人工修改的段落没有写明现有数字{'、'.join(lost)}，请核对。"
                yield Draft("wording.outdated", message, key=paragraph.id)


def bind(text: str, runs: Sequence[Run]) -> tuple[Run, ...]:
    """`text` cut so that the figures of `runs` are bound in their order, each to the next numeral that reads so."""
    parts: list[Run] = []
    place = 0
    for run in runs:
        if run.figure is None:
            continue
        match = re.compile(rf"(?<![\d.]){re.escape(run.text)}(?![\d%]|\.\d)").search(text, place)
        if match is None:
            continue
        if match.start() > place:
            parts.append(Run(text=text[place : match.start()]))
        parts.append(Run(text=run.text, figure=run.figure))
        place = match.end()
    if place < len(text):
        parts.append(Run(text=text[place:]))
    return tuple(parts)


def _with_text(paragraph: Paragraph, text: str | None) -> Paragraph:
    if text is None or text == paragraph.text:
        return paragraph
    runs = bind(text, paragraph.runs)
    figures = tuple(dict.fromkeys(run.figure for run in runs if run.figure))
    return Paragraph(id=paragraph.id, text=text, figures=figures, runs=runs, edited=True)
