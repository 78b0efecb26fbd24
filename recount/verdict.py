"""Verification of a document: each numeral is correct, different, unknown or unbound."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final

from recount import proof, tags
from recount.binding import Binder, Bound
from recount.books import Books
from recount.log import Log, day
from recount.numerals import Numeral, exempt, numerals, plain, quotable, same
from recount.word import Control, Document, Paragraph

_CHANGING_SUFFIXES: Final = "万亿千百多余几"
_CHANGING_PREFIXES: Final = "约近超"
_AROUND: Final = 12
_ROW_NUMBERS: Final = ("序号", "编号")


class FaultKind(Enum):
    DIFFERS = "不符"
    UNKNOWN = "不明"
    UNBOUND = "未绑定"


@dataclass(frozen=True)
class Fault:
    """One numeral that is not correct. `tag` is empty where it has none."""

    kind: FaultKind
    place: str
    text: str
    tag: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}"


@dataclass
class Recount:
    """`correct`: number of correct numerals; `passed`: number of exempt ones by class."""

    faults: list[Fault] = field(default_factory=list)
    correct: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.correct + len(self.faults)


def period(document: Document) -> tuple[str, date | None, date | None]:
    """(town, first day, last day) from the document's properties, as far as they are present."""
    properties = document.properties
    return (
        properties.get("lvzhi-town", ""),
        day(properties.get("lvzhi-from")),
        day(properties.get("lvzhi-to")),
    )


def verify(document: Document, log: Log, first: date, last: date, *, sealed: bool = False) -> Recount:
    """Recount a document by the whole logs, or with `sealed` as of the heads it was compiled from."""
    proven = proof.Proof.from_document(document, log)
    before = not _has(document, "changes.term_over")
    now = tags.expected(Books(log.town, first, last, log.records()), log.sealed_years(), of_before=before)
    then = now
    if any(head < log.head(service) for service, head in proven.heads.items()):
        books = Books(log.town, first, last, log.records(proven.heads))
        then = tags.expected(books, log.sealed_years(proven.heads), of_before=before)
    checker = _Checker(then if sealed else now, then, proven, quotable(log.data()))
    checker.result.notes += proven.notes(log)
    for paragraph in document.paragraphs:
        checker.paragraph(paragraph)
    return checker.result


def _has(document: Document, tag: str) -> bool:
    binder = Binder((tag,))
    return any(bound.tag == tag for paragraph in document.paragraphs for bound in binder.bound(paragraph))


class _Checker:
    def __init__(
        self, now: Mapping[str, str], then: Mapping[str, str], proven: "proof.Proof", names: Iterable[str]
    ) -> None:
        self.result = Recount()
        self._now, self._then, self._proof = now, then, proven
        self._names = frozenset(names)
        self._binder = Binder((*now, *then, *proof.proof_tags(), tags.FINDING))

    def paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        ranges = list(self._binder.bound(paragraph))
        for control in paragraph.emptied:
            if control.tag != tags.FINDING:
                self._fault(
                    FaultKind.DIFFERS,
                    paragraph,
                    "",
                    control.tag,
                    f"“{_title(control)}”的数字被删去，空的控件还在",
                )
        for bound in ranges:
            self._check(paragraph, text, bound)
        covered = {at for bound in ranges for at in range(bound.start, bound.end)}
        free = [n for n in numerals(text) if not covered.intersection(range(n.start, n.end))]
        if free:
            self._free(paragraph, text, free)

    def _check(self, paragraph: Paragraph, text: str, bound: Bound) -> None:
        written = text[bound.start : bound.end]
        if bound.tag == tags.FINDING and paragraph.column:
            self.result.passed["finding"] += len(numerals(written))
            return
        if not bound.strict and not numerals(written) and written.strip() not in self._now.values():
            return  # the number was deleted and its bookmark is left
        accepted = self._proof.accepted.get(
            bound.tag, frozenset({self._now[bound.tag]} if bound.tag in self._now else ())
        )
        if not accepted:
            message = (
                f"“{written.strip()}”所注的指标“{bound.tag or bound.name}”没有定义，或者所指的行不在记录中"
            )
            self._fault(FaultKind.UNKNOWN, paragraph, written, bound.tag, message)
        elif not any(_states(written, expected) for expected in accepted) or _altered(text, bound):
            self._fault(
                FaultKind.DIFFERS, paragraph, written, bound.tag, self._difference(text, bound, accepted)
            )
        else:
            self.result.correct += 1

    def _difference(self, text: str, bound: Bound, accepted: frozenset[str]) -> str:
        expected = next(iter(accepted)) if len(accepted) == 1 else "记录中的一个"
        at_seal = self._then.get(bound.tag, expected)
        written = text[bound.start : bound.end].strip()
        message = f"“{_context(text, bound.start, bound.end)}”中{bound.name}写作“{written}”，应为“{expected}”"
        message += f"（封存时为“{at_seal}”）" if at_seal != expected else ""
        return message + _altered(text, bound)

    def _free(self, paragraph: Paragraph, text: str, free: list[Numeral]) -> None:
        spans = exempt(text, self._names)
        for numeral in free:
            kind = _exemption(numeral, spans)
            if not kind and paragraph.column in _ROW_NUMBERS and plain(text).strip() == numeral.text:
                kind = "structure"
            if kind:
                self.result.passed[kind] += 1
            else:
                message = (
                    f"“{_context(text, numeral.start, numeral.end)}”中的“{numeral.text}”没有注明出自哪个指标"
                )
                self._fault(FaultKind.UNBOUND, paragraph, numeral.text, "", message)

    def _fault(self, kind: FaultKind, paragraph: Paragraph, text: str, tag: str, message: str) -> None:
        self.result.faults.append(Fault(kind, paragraph.place, text.strip(), tag, message))


def _exemption(numeral: Numeral, spans: Mapping[str, list[tuple[int, int]]]) -> str:
    return next(
        (
            kind
            for kind, ranges in spans.items()
            if any(start <= numeral.start and numeral.end <= end for start, end in ranges)
        ),
        "",
    )


def _states(written: str, expected: str) -> bool:
    """Whether the text, or the only number in it, is the expected one."""
    if same(written, expected):
        return True
    numbers = numerals(written)
    return len(numbers) == 1 and same(numbers[0].text, expected)


def _altered(text: str, bound: Bound) -> str:
    """A message on adjacent characters that change a numeral: a further digit, 万, 余, 约; else empty."""
    before, after = plain(text[: bound.start])[-1:], plain(text[bound.end :])[:1]
    if (after and (after.isdigit() or after in _CHANGING_SUFFIXES)) or (
        after == "." and text[bound.end + 1 : bound.end + 2].isdigit()
    ):
        return f"；后面紧接“{after}”"
    if (before and (before.isdigit() or before in _CHANGING_PREFIXES)) or before in ("-", "."):
        return f"；前面紧接“{before}”" if before else ""
    return ""


def _title(control: Control) -> str:
    return control.alias or control.tag


def _context(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - _AROUND) : end + _AROUND].split())
