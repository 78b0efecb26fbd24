"""What was edited in a paragraph, of whose signed wording only the digest and the places of the numerals are known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from recount.binding import Bound
from recount.manifest import Wording, digest

_TURNING: Final = (
    *("", "未", "未能", "没有", "没", "无", "无人", "非", "并非", "不", "不是", "不再", "尚未", "已", "已经"),
    *("仅", "只", "计划", "拟", "将", "应当", "预计", "原定", "去年", "今年", "上年度", "本年度", "全年"),
    *("上届", "本届", "历届", "以上", "以下", "以内", "以外", "不足", "不到", "超过", "左右", "全部", "部分"),
    *("多数", "少数", "正在", "还有", "增加", "减少", "上升", "下降", "高于", "低于", "通过", "否决", "批准"),
    *("满意", "不满意", "。", "，", "；", "、", "并", "但未", "符合", "至少", "至多", "推迟", "提前"),
    *("镇", "乡", "县", "市", *"一二三四五六七八九十"),
)  # fmt: skip
"""Words that are tried for one another; what was added is found whatever it is."""
_ENDS: Final = "。；！？"
_LONGEST: Final = 400
_LONGER: Final = 8
"""By how much what stands for a word or for the name of a place may be longer or shorter."""


@dataclass(frozen=True)
class Edit:
    """What stands at a place, and what was signed there; one of them may be empty."""

    at: int
    stands: str
    signed: str

    def sentence(self, text: str, *, signed: bool = False) -> str:
        """The sentence it stands in, as it stands or as it was signed."""
        end = self.at + len(self.stands)
        start = max(text.rfind(sign, 0, self.at) for sign in _ENDS) + 1
        ends = [at for at in (text.find(sign, end - bool(self.stands)) for sign in _ENDS) if at >= 0]
        return (
            text[start : self.at]
            + (self.signed if signed else self.stands)
            + text[end : min(ends, default=len(text))]
        )


@dataclass
class Edits:
    """Finds edits by trying digests, of which a document is worth only so many: about a second.

    `names`: of places, which may be exchanged for any other. `tries`: those that are left; without one nothing more is
    looked for.
    """

    names: tuple[str, ...] = ()
    tries: int = 300_000

    def only(self, entries: Iterable[Wording], text: str, bound: Sequence[Bound]) -> Edit | None:
        """The edit after which the text is a signed one; None where there are several, or it is not found."""
        for entry in entries:
            shifts = _shifts(entry, bound)
            if shifts is None or len(text) > _LONGEST:
                continue
            for edit in islice(_candidates(text, bound, shifts, self.names), self.tries):
                self.tries -= 1
                undone = text[: edit.at] + edit.signed + text[edit.at + len(edit.stands) :]
                if digest(undone) == entry.digest:
                    return _placed(edit, text)
        return None


def changed(entries: Iterable[Wording], bound: Sequence[Bound]) -> set[Bound]:
    """Numerals before which other words may stand than were signed: where the length tells, else any."""
    for entry in entries:
        shifts = _shifts(entry, bound)
        if shifts is not None:
            moved = {
                one for one, (last, shift) in zip(bound, pairwise([0, *shifts]), strict=True) if last != shift
            }
            return moved or set(bound)
    return set()


def _placed(edit: Edit, text: str) -> Edit:
    """Of equal edits, each a character further on, the one that begins a sentence."""
    at, length = edit.at, len(edit.stands)
    while (
        not edit.signed
        and at
        and text[at - 1] not in _ENDS
        and text[at : at + 1] == text[at + length : at + length + 1] != ""
    ):
        at += 1
    begins = at == 0 or text[at - 1] in _ENDS
    return Edit(at, text[at : at + length], edit.signed) if begins else edit


def _shifts(entry: Wording, bound: Sequence[Bound]) -> list[int] | None:
    """By how much each numeral stands further on than it was signed; None where they are others."""
    if [numeral.tag for numeral in entry.numerals] != [one.tag for one in bound]:
        return None
    return [one.start - numeral.start for numeral, one in zip(entry.numerals, bound, strict=True)]


def _candidates(
    text: str, bound: Sequence[Bound], shifts: Sequence[int], names: tuple[str, ...]
) -> Iterator[Edit]:
    moved = next((n for n, shift in enumerate(shifts) if shift), None)
    if moved is not None:
        if len(set(shifts[moved:])) == 1:  # else there are several
            start = bound[moved - 1].end if moved else 0
            yield from _between(text, start, bound[moved].start, shifts[moved], names)
        return
    yield from _exchanged(text, 0, len(text), 0, names)
    tail = bound[-1].end if bound else 0
    for more in range(-2, len(text) - tail + 1):
        yield from _between(text, tail, len(text), more, names) if more else ()


def _between(text: str, start: int, end: int, more: int, names: tuple[str, ...]) -> Iterator[Edit]:
    """Edits by which `more` characters stand in a range."""
    if abs(more) <= _LONGER:
        yield from _exchanged(text, start, end, more, names)
    if more > 0:
        yield from (Edit(at, text[at : at + more], "") for at in range(start, end - more + 1))


def _exchanged(text: str, start: int, end: int, more: int, names: tuple[str, ...]) -> Iterator[Edit]:
    for at in range(start, end + 1):
        for name in names:
            if 1 < len(name) + more <= end - at:
                yield Edit(at, text[at : at + len(name) + more], name)
        for stands in _TURNING:
            if text.startswith(stands, at, end):
                others = (word for word in _TURNING if len(stands) - len(word) == more and word != stands)
                yield from (Edit(at, stands, word) for word in others)
