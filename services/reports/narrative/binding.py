"""Staff's texts of computed paragraphs: applied at every compile, their numerals bound to figures."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import Final

from services.reports.checks.draft import Draft
from services.reports.domain import Flag, Paragraph, Run, Section, Wording
from services.reports.narrative.numerals import amounts
from services.reports.narrative.own import with_headings, without_empty

_AROUND: Final = 4
_PHRASE: Final = 4
_JOINED: Final = 2
_UNIT: Final = 2
_TOKENS: Final = re.compile(r"\d+(?:[.,]\d+)*[%‰]?|.", re.DOTALL)


def reworded(sections: Sequence[Section], wording: Wording) -> tuple[Section, ...]:
    """Sections with the staff's headings, texts, order and removals applied; those left empty are left out.

    Texts of paragraphs that no longer exist are ignored.
    """
    sections = with_headings(sections, wording)
    others = _others(sections, wording)
    here = {p.id: p for section in sections for p in section.paragraphs if wording.edited.get(p.id) != ""}
    placed = {id for ids in wording.placed.values() for id in ids}
    written = [
        section.model_copy(
            update={
                "paragraphs": tuple(
                    _with_text(here[id], wording.edited.get(id), others)
                    for id in _order(section, wording, here, placed)
                )
            }
        )
        for section in sections
    ]
    return tuple(without_empty(written, {heading.id for heading in wording.headings if heading.after}))


def _others(sections: Sequence[Section], wording: Wording) -> tuple[tuple[Run, ...], ...]:
    """Runs of all computed paragraphs, removed ones first, because their text was often joined to another."""
    every = [p for section in sections for p in section.paragraphs]
    return tuple(p.runs for p in sorted(every, key=lambda p: wording.edited.get(p.id) != ""))


def _order(
    section: Section, wording: Wording, here: Mapping[str, Paragraph], placed: Container[str]
) -> list[str]:
    """Ids in the staff's order; a new paragraph follows its predecessor in the outline."""
    order = [id for id in wording.placed.get(section.id, ()) if id in here]
    before = ""
    for id in (p.id for p in section.paragraphs if p.id in here):
        if id not in placed:
            order.insert(order.index(before) + 1 if before in order else 0 if order else len(order), id)
        before = id
    return order


def outdated(sections: Sequence[Section], wording: Wording) -> Iterator[Draft]:
    """Findings about staff's texts that lack a current figure or contain an unbound number."""
    for section in sections:
        for paragraph in section.paragraphs:
            text = wording.edited.get(paragraph.id, "")
            if not text:
                yield from _of_own_words(section, paragraph)
                continue
            bound = {run.figure for run in bind(text, paragraph.runs) if run.figure}
            lost = [run.text for run in paragraph.runs if run.figure and run.figure not in bound]
            loose = [flag.text for flag in flags(text, paragraph.runs, _others(sections, wording))]
            if loose:
                where, numbers = section.heading or "开头", "、".join(loose)
                message = f"“{where}”中人工修改的段落写有系统没有算出的数字{numbers}，请核对。"
                yield Draft("wording.unbound", message, key=paragraph.id)
            if lost:
                message = f"“{section.heading or '开头'}”中人工修改的段落没有写明现有数字{'、'.join(lost)}，请核对。"
                yield Draft("wording.outdated", message, key=paragraph.id)


def _of_own_words(section: Section, paragraph: Paragraph) -> Iterator[Draft]:
    """Numbers of a paragraph that comes from a record in the office's own words."""
    if paragraph.flags:
        numbers = "、".join(flag.text for flag in paragraph.flags)
        message = f"“{section.heading or '开头'}”中的案例写有系统没有算出的数字{numbers}，请核对。"
        yield Draft("wording.unbound", message, key=paragraph.id, paragraph=paragraph.id)


def bind(text: str, runs: Sequence[Run], others: Sequence[Sequence[Run]] = ()) -> tuple[Run, ...]:
    """Runs of `text` with its numerals bound to the figures of `runs`.

    Text and computed runs are aligned, each numeral takes the figure at its place; a figure without one takes the next
    equal numeral. `others`: paragraphs staff may have joined to this one, recognised by whole phrases.
    """
    words = _TOKENS.findall(text)
    bound = _aligned(runs, words, {}, least=1)
    free = [at for at in range(len(words)) if at not in bound]
    for run in runs:
        if run.figure and run.figure not in bound.values():
            at = next((at for at in free if words[at] == run.text), None)
            if at is not None:
                bound[at] = run.figure
                free.remove(at)
    for other in others:
        loose = {word for at, word in enumerate(words) if at not in bound and word[0].isdecimal()}
        if any(run.figure and run.text in loose for run in other):
            bound |= _aligned(other, words, bound, least=_PHRASE)
    return _joined(words, bound)


def _aligned(
    runs: Sequence[Run], words: Sequence[str], bound: Mapping[int, str], *, least: int
) -> dict[int, str]:
    """Figures by position of their numeral, in matches of at least `least` tokens."""
    given = [(token, run.figure) for run in runs for token in _tokens(run)]
    open_ = ["" if at in bound else word for at, word in enumerate(words)]
    figures: dict[int, str] = {}
    for a, b, size in SequenceMatcher(
        None, [token for token, _ in given], open_, autojunk=False
    ).get_matching_blocks():
        if size >= least:
            figures |= {b + n: figure for n in range(size) if (figure := given[a + n][1])}
    return figures


def _tokens(run: Run) -> list[str]:
    """Tokens of a run; a bound numeral is one token."""
    return [run.text] if run.figure else _TOKENS.findall(run.text)


def _joined(words: Sequence[str], bound: Mapping[int, str]) -> tuple[Run, ...]:
    parts: list[Run] = []
    for at, word in enumerate(words):
        if at in bound:
            parts.append(Run(text=word, figure=bound[at]))
        elif parts and parts[-1].figure is None:
            parts[-1] = Run(text=parts[-1].text + word)
        else:
            parts.append(Run(text=word))
    return tuple(parts)


def flags(text: str, runs: Sequence[Run], others: Sequence[Sequence[Run]] = ()) -> tuple[Flag, ...]:
    """Numbers of `text` bound to no figure, each with the figure it replaced."""
    numbers, at = [], 0
    parts = bind(text, runs, others)
    for run in parts:
        if run.figure is None:
            numbers += [(at + start, number) for start, number in amounts(run.text)]
        at += len(run.text)
    bound = {run.figure for run in parts}
    own = {number for run in runs if run.figure is None for _, number in amounts(run.text)}
    phrases = {phrase for run in chain(*others) if run.figure is None for phrase in _phrases(run.text)}
    return tuple(
        _flag(text, start, number, runs, bound)
        for start, number in numbers
        if number not in own and text[max(0, start - _JOINED) : start + len(number)] not in phrases
    )


def _phrases(text: str) -> Iterator[str]:
    """Numbers with the characters before them, by which joined text is recognised."""
    return (text[max(0, at - _JOINED) : at + len(number)] for at, number in amounts(text))


def _flag(text: str, start: int, number: str, runs: Sequence[Run], bound: Container[str | None]) -> Flag:
    """The flag of a number; the figure it replaced has the same text before it (召开[4]次 and 召开5次), and of several
    the one with the unit that follows.
    """
    ahead = text[max(0, start - _AROUND) : start]
    behind = text[start + len(number) :].lstrip("余多")
    taken = Flag(text=number)
    for place, run in enumerate(runs):
        before = runs[place - 1].text[-_AROUND:] if place else ""
        if run.figure is None or run.figure in bound or before != ahead:
            continue
        after = runs[place + 1].text[:_UNIT] if place + 1 < len(runs) else ""
        if behind.startswith(after):
            return Flag(text=number, figure=run.figure, wanted=run.text)
        if before and taken.figure is None:
            taken = Flag(text=number, figure=run.figure, wanted=run.text)
    return taken


def _with_text(paragraph: Paragraph, text: str | None, others: Sequence[Sequence[Run]]) -> Paragraph:
    if text is None or text == paragraph.text:
        return paragraph
    runs = bind(text, paragraph.runs, others)
    figures = tuple(dict.fromkeys(run.figure for run in runs if run.figure))
    return Paragraph(
        id=paragraph.id,
        text=text,
        figures=figures,
        runs=runs,
        edited=True,
        computed=paragraph.text,
        flags=flags(text, paragraph.runs, others),
    )
