"""The judgement on a document: of every numeral whether the records bear it out, and of whom nobody knows anything."""

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
from recount.numerals import Numeral, excused, numerals, plain, quotable, same
from recount.word import Control, Document, Paragraph

_STRETCHED: Final = "万亿千百多余几"
_HEDGED: Final = "约近超"
_AROUND: Final = 12
_ROW_NUMBERS: Final = ("序号", "编号")


class Kind(Enum):
    DIFFERS = "不符"
    UNKNOWN = "不明"
    UNBOUND = "未绑定"


@dataclass(frozen=True)
class Fault:
    """One numeral that is not borne out. `tag` is empty where there is none."""

    kind: Kind
    place: str
    text: str
    tag: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}：{self.message}"


@dataclass
class Recount:
    """`right`: how many numerals are borne out; `passed`: how many of each class needed nobody to vouch for them."""

    faults: list[Fault] = field(default_factory=list)
    right: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.right + len(self.faults)


def period(document: Document) -> tuple[str, date | None, date | None]:
    """Town and days the document says it is about, as far as it still says so."""
    said = document.properties
    return said.get("lvzhi-town", ""), day(said.get("lvzhi-from")), day(said.get("lvzhi-to"))


def verify(document: Document, log: Log, first: date, last: date, *, sealed: bool = False) -> Recount:
    """Count everything again: by the whole logs, or with `sealed` as far as the document says it was compiled from."""
    proven = proof.Proof.of(document, log)
    now = tags.expected(Books(log.town, first, last, log.records()), log.sealed_years())
    then = now
    if any(head < log.head(service) for service, head in proven.heads.items()):
        books = Books(log.town, first, last, log.records(proven.heads))
        then = tags.expected(books, log.sealed_years(proven.heads))
    judge = _Judge(then if sealed else now, then, proven, quotable(log.said()))
    judge.found.notes += proven.notes(log)
    for paragraph in document.paragraphs:
        judge.paragraph(paragraph)
    return judge.found


class _Judge:
    def __init__(
        self, now: Mapping[str, str], then: Mapping[str, str], proven: "proof.Proof", known: Iterable[str]
    ) -> None:
        self.found = Recount()
        self._now, self._then, self._proof = now, then, proven
        self._known = frozenset(known)
        self._binder = Binder((*now, *then, *proof.known(), tags.FINDING))

    def paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        bound = list(self._binder.bound(paragraph))
        for control in paragraph.emptied:
            if control.tag != tags.FINDING:
                self._fault(
                    Kind.DIFFERS, paragraph, "", control.tag, f"“{_title(control)}”的数字被删去，空的控件还在"
                )
        for one in bound:
            self._check(paragraph, text, one)
        covered = {at for one in bound for at in range(one.start, one.end)}
        free = [n for n in numerals(text) if not covered.intersection(range(n.start, n.end))]
        if free:
            self._free(paragraph, text, free)

    def _check(self, paragraph: Paragraph, text: str, one: Bound) -> None:
        written = text[one.start : one.end]
        if one.tag == tags.FINDING and paragraph.column:
            self.found.passed["finding"] += len(numerals(written))
            return
        if not one.strict and not numerals(written) and written.strip() not in self._now.values():
            return  # the number was taken out and its bookmark left behind
        accepted = self._proof.accepted.get(
            one.tag, frozenset({self._now[one.tag]} if one.tag in self._now else ())
        )
        if not accepted:
            told = f"“{written.strip()}”所注的指标“{one.tag or one.name}”没有定义，或者所指的行不在记录中"
            self._fault(Kind.UNKNOWN, paragraph, written, one.tag, told)
        elif not any(_states(written, wanted) for wanted in accepted) or _stretched(text, one):
            self._fault(Kind.DIFFERS, paragraph, written, one.tag, self._told(text, one, accepted))
        else:
            self.found.right += 1

    def _told(self, text: str, one: Bound, accepted: frozenset[str]) -> str:
        wanted = next(iter(accepted)) if len(accepted) == 1 else "记录中的一个"
        at_seal = self._then.get(one.tag, wanted)
        written = text[one.start : one.end].strip()
        told = f"“{_context(text, one.start, one.end)}”中{one.name}写作“{written}”，应为“{wanted}”"
        told += f"（封存时为“{at_seal}”）" if at_seal != wanted else ""
        return told + _stretched(text, one)

    def _free(self, paragraph: Paragraph, text: str, free: list[Numeral]) -> None:
        spans = excused(text, self._known)
        for numeral in free:
            kind = _excuse(numeral, spans)
            if not kind and paragraph.column in _ROW_NUMBERS and plain(text).strip() == numeral.text:
                kind = "structure"
            if kind:
                self.found.passed[kind] += 1
            else:
                told = (
                    f"“{_context(text, numeral.start, numeral.end)}”中的“{numeral.text}”没有注明出自哪个指标"
                )
                self._fault(Kind.UNBOUND, paragraph, numeral.text, "", told)

    def _fault(self, kind: Kind, paragraph: Paragraph, text: str, tag: str, message: str) -> None:
        self.found.faults.append(Fault(kind, paragraph.place, text.strip(), tag, message))


def _excuse(numeral: Numeral, spans: Mapping[str, list[tuple[int, int]]]) -> str:
    return next(
        (
            kind
            for kind, found in spans.items()
            if any(start <= numeral.start and numeral.end <= end for start, end in found)
        ),
        "",
    )


def _states(written: str, wanted: str) -> bool:
    """The text, or the one number in it, is what is wanted."""
    if same(written, wanted):
        return True
    found = numerals(written)
    return len(found) == 1 and same(found[0].text, wanted)


def _stretched(text: str, one: Bound) -> str:
    """What stands right beside a numeral and makes it another: a further digit, 万, 余, 约."""
    before, after = plain(text[: one.start])[-1:], plain(text[one.end :])[:1]
    if (after and (after.isdigit() or after in _STRETCHED)) or (
        after == "." and text[one.end + 1 : one.end + 2].isdigit()
    ):
        return f"；后面紧接“{after}”"
    if (before and (before.isdigit() or before in _HEDGED)) or before in ("-", "."):
        return f"；前面紧接“{before}”" if before else ""
    return ""


def _title(control: Control) -> str:
    return control.alias or control.tag


def _context(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - _AROUND) : end + _AROUND].split())
