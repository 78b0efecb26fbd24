"""Judgement of one numeral: by its tag against the recount, and, without a tag, by what it may be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from recount import tags
from recount.binding import Binder, Bound
from recount.faults import FaultKind, Recount
from recount.numerals import Numeral, exempt, numerals, plain
from recount.proof import proof_tags
from recount.shown import Shown

_AROUND: Final = 12
_ROW_NUMBERS: Final = ("序号", "编号")


@dataclass
class Judge:
    """`now`, `then`: expected texts by tag, by the whole logs and as of the seals; `proven`: those of the proof."""

    now: Mapping[str, str]
    then: Mapping[str, str]
    proven: Mapping[str, frozenset[str]]
    names: frozenset[str]
    result: Recount = field(default_factory=Recount)

    def __post_init__(self) -> None:
        self.binder = Binder((*self.now, *self.then, *proof_tags(), tags.FINDING))

    def accepted(self, tag: str) -> frozenset[str]:
        return self.proven.get(tag, frozenset({self.now[tag]} if tag in self.now else ()))

    def numeral(self, shown: Shown, bound: Bound, beside: str = "") -> None:
        """`beside`: what stands beside it and makes it another."""
        written = shown.text[bound.start : bound.end]
        if bound.tag == tags.FINDING and shown.column and not beside:
            self.result.passed["finding"] += len(numerals(written))
            return
        accepted = self.accepted(bound.tag)
        if not accepted:
            told = f"“{written.strip()}”所注的指标“{bound.tag or bound.name}”没有定义，或者所指的行不在记录中"
            self.result.add(FaultKind.UNKNOWN, shown.place, told, written, bound.tag)
        elif written not in accepted or beside:
            told = self._difference(shown.text, bound, accepted) + (f"；{beside}" if beside else "")
            self.result.add(FaultKind.DIFFERS, shown.place, told, written, bound.tag)
        else:
            self.result.correct += 1

    def _difference(self, text: str, bound: Bound, accepted: frozenset[str]) -> str:
        expected = next(iter(accepted)) if len(accepted) == 1 else "记录中的一个"
        at_seal = self.then.get(bound.tag, expected)
        written = text[bound.start : bound.end].strip()
        told = f"“{context(text, bound.start, bound.end)}”中{bound.name}"
        if text[bound.start : bound.end] in accepted:
            return f"{told}的“{written}”"
        told += f"写作“{written}”，应为“{expected}”"
        return told + (f"（封存时为“{at_seal}”）" if at_seal != expected else "")

    def unbound(self, shown: Shown, start: int, end: int) -> None:
        text = shown.text
        told = f"“{context(text, start, end)}”中的“{text[start:end]}”没有注明出自哪个指标"
        self.result.add(FaultKind.UNBOUND, shown.place, told, plain(text[start:end]))

    def free(self, shown: Shown, covered: Iterable[tuple[int, int]], *, trusted: bool) -> None:
        """Numerals outside of the covered ranges: exempt, or `trusted` as the program's own words, or not bound."""
        taken = {at for start, end in covered for at in range(start, end)}
        free = [n for n in numerals(shown.text) if not taken.intersection(range(n.start, n.end))]
        spans = exempt(shown.text, self.names) if free else {}
        for numeral in free:
            kind = _exemption(numeral, spans)
            if not kind and shown.column in _ROW_NUMBERS and plain(shown.text).strip() == numeral.text:
                kind = "structure"
            if kind or trusted:
                self.result.passed[kind or "wording"] += 1
            else:
                self.unbound(shown, numeral.start, numeral.end)

    def emptied(self, shown: Shown) -> None:
        for control in shown.emptied:
            if control.tag != tags.FINDING:
                told = f"“{control.alias or control.tag}”的数字被删去，空的控件还在"
                self.result.add(FaultKind.DIFFERS, shown.place, told, tag=control.tag)


def _exemption(numeral: Numeral, spans: Mapping[str, list[tuple[int, int]]]) -> str:
    return next(
        (
            kind
            for kind, ranges in spans.items()
            if any(start <= numeral.start and numeral.end <= end for start, end in ranges)
        ),
        "",
    )


def context(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - _AROUND) : end + _AROUND].split())
