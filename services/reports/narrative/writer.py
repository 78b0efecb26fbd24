"""The writer: fills sentences from figures and names, and joins them to paragraphs.

Invariants: a sentence is written only where every slot has something: neither a missing figure nor a zero nor an empty
name is ever printed; the same records give the same text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from services.reports.domain import Figure, FigureStatus, Paragraph, Run
from services.reports.figures import shown
from services.reports.narrative.template import OWN, Outline, Sentence
from services.reports.narrative.text import Piece, Text
from services.reports.notation import numeral, ranked

Runs = tuple[Run, ...]
_OF_ALL = re.compile("全部|(?<![平人])均(?=[已为列作得未按在同与])")
_KNOWN = (FigureStatus.VALUE, FigureStatus.ZERO)
_BETWEEN = {"numbered": "；", "listed": "、", "clauses": "，"}


class Writer:
    """Fills slots of sentences from a scope of figures by id and names of the context. `turn` chooses among texts that
    say the same."""

    def __init__(self, names: Mapping[str, Any], figures: Mapping[str, Figure], turn: int = 0) -> None:
        self.names = names
        self.figures = figures
        self.turn = turn
        self.scope: dict[str, Any] = {**names, **{id: _number(figure) for id, figure in figures.items()}}

    def heading(self, text: Text, otherwise: Text | None) -> str:
        if otherwise is not None and not all(self.scope.get(name) for name in text.names):
            return self.plain(otherwise)
        return self.plain(text)

    def plain(self, text: Text) -> str:
        """A heading or title: what is not known is left blank."""
        return "".join(run.text for piece in text.pieces for run in self._runs(piece, self.scope))

    def section(
        self, plan: Outline, names: Sequence[str], own: Iterable[Paragraph] = ()
    ) -> Iterator[Paragraph]:
        """Paragraphs in the order of the outline, the office's own in their place."""
        for name in names if OWN in names else (*names, OWN):
            if name == OWN:
                yield from own
            elif runs := self.paragraph(plan.sentences[name]):
                yield paragraph(name, runs)

    def paragraph(self, sentences: Sequence[Sentence]) -> Runs:
        written = [
            (head, runs) for head, *clauses in _with_clauses(sentences) for runs in self._item(head, clauses)
        ]
        introduced = not any(s.lead for s in sentences) or any(s.lead for s, _ in written)
        series = [runs for sentence, runs in written if sentence.series] if introduced else []
        runs: list[Run] = []
        for sentence, words in written:
            if sentence.series:
                runs += _in_series(sentence.series, words, series) if introduced else ()
            elif series or not sentence.lead:
                runs += words
        return joined(runs)

    def _item(self, head: Sentence, clauses: Sequence[Sentence]) -> Iterator[Runs]:
        """A sentence; one with clauses only with those of them that are said."""
        if not clauses:
            yield from self.say(head)
            return
        said = [runs for clause in clauses for runs in self.say(clause)]
        for words in self.say(head) if said else ():
            yield joined([*words, *chain.from_iterable((Run(text="，"), *runs) for runs in said)])

    def say(self, sentence: Sentence) -> Iterator[Runs]:
        """The sentence once, or once per item of its list; nothing where no text applies."""
        for place, scope in enumerate(self._scopes(sentence)):
            holds = sentence.when is None or sentence.when.holds(scope)
            texts = sentence.texts if holds else sentence.otherwise
            runs = self.fill(texts[(self.turn + place) % len(texts)], scope) if texts else None
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
        """Runs of a text, without the options that have nothing; None where another slot has nothing."""
        if not all(self._has(name, scope) for name in text.needed):
            return None
        pieces = [p for p in text.pieces if all(self._has(name, scope) for name in p.parts[1::2])]
        told = {shown(self.figures[name]) for p in pieces for name in p.parts[1::2] if name in self.figures}
        return joined([run for p in pieces for run in self._runs(p, scope, of_one=told == {"1"})])

    def _has(self, name: str, scope: Mapping[str, Any]) -> bool:
        figure = self.figures.get(name)
        return figure.status is FigureStatus.VALUE if figure else bool(scope.get(name))

    def _runs(self, piece: Piece, scope: Mapping[str, Any], *, of_one: bool = False) -> Iterator[Run]:
        """`of_one`: every figure of the text is one, and of one thing nobody says that all of it is."""
        rank = self.names.get("rank", "镇")
        for place, part in enumerate(piece.parts):
            if place % 2 == 0:
                yield Run(text=ranked(_OF_ALL.sub("", part) if of_one else part, rank))
            elif part in self.figures:
                yield Run(text=shown(self.figures[part]), figure=part)
            else:
                yield Run(text=str(scope[part]))


def _with_clauses(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """Each sentence with those that join it."""
    groups: list[list[Sentence]] = []
    for sentence in sentences:
        if sentence.joins and groups:
            groups[-1].append(sentence)
        else:
            groups.append([sentence])
    return groups


def _in_series(kind: str, words: Runs, series: Sequence[Runs]) -> Runs:
    """One sentence of a series: 一是…；二是…。 or …、…。 or …，…。 A single one has no number."""
    place = next(n for n, other in enumerate(series) if other is words)
    end = Run(text="。" if place == len(series) - 1 else _BETWEEN[kind])
    return (
        (Run(text=f"{numeral(place + 1)}是"), *words, end)
        if kind == "numbered" and len(series) > 1
        else (*words, end)
    )


def paragraph(id: str, runs: Runs) -> Paragraph:
    figures = tuple(dict.fromkeys(run.figure for run in runs if run.figure))
    return Paragraph(id=id, text="".join(run.text for run in runs), figures=figures, runs=runs)


def _number(figure: Figure) -> int | float | None:
    return figure.value if figure.status in _KNOWN else None


def joined(runs: Sequence[Run]) -> Runs:
    """Adjacent plain runs merged, empty ones dropped."""
    merged: list[Run] = []
    for run in runs:
        if not run.text:
            continue
        if merged and run.figure is None and merged[-1].figure is None:
            merged[-1] = Run(text=merged[-1].text + run.text)
        else:
            merged.append(run)
    return tuple(merged)
