"""Paragraphs that the office reworded: their numerals, the words beside them, and numbers that were typed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from recount import beside, edits
from recount.binding import Bound
from recount.edits import Edit, Edits
from recount.judging import Judge, context
from recount.manifest import Numeral, Wording, tokens
from recount.numerals import numerals, quoted
from recount.shown import Shown
from recount.spoken import spoken

_PLACE = re.compile("[\u4e00-\u9fff]{2}[市县区旗镇乡村]")
_PLACES = 30


class Rewording:
    """`town`: its name; `said`: what the document says as it was signed."""

    def __init__(self, to: Judge, town: str, said: Iterable[str]) -> None:
        said = list(said)
        places = Counter(name for text in said for name in _PLACE.findall(text))
        self._to, self._result, self._edits = (
            to,
            to.result,
            Edits((town, *(name for name, _ in places.most_common(_PLACES)))),
        )
        self._said = frozenset(pair for text in said for pair in beside.pairs(text))

    def paragraphs(self, entries: Sequence[Wording], found: Sequence[Shown], *, strict: bool = False) -> int:
        """Paragraphs as they stand, against those signed in their place. Returns how many signed numerals are gone."""
        signed = [numeral for entry in entries for numeral in entry.numerals]
        kept = _in_order([token for entry in entries for token in entry.tokens], found)
        gone = Counter(numeral.tag for numeral in signed)
        at, ranges = 0, list[list[tuple[int, int]]]()
        for one in found:
            self._to.emptied(one)
            bound = list(self._bound(one, signed, at))
            at = self._numerals(one, bound, entries, at)
            gone -= Counter(each.tag for each in bound)
            ranges.append([(each.start, each.end) for each in bound])
        for one, covered, places in zip(found, ranges, kept, strict=True):
            self._typed(one, covered, places, strict=strict or at < len(signed))
        return gone.total()

    def _numerals(self, one: Shown, every: list[Bound], entries: Sequence[Wording], at: int) -> int:
        """Check the bound numerals of a reworded paragraph: those of the signed ones, in their order."""
        signed, faults = (
            [numeral for entry in entries for numeral in entry.numerals],
            len(self._result.faults),
        )
        edit = self._edits.only(entries, one.text, every)
        if edit is None and not self._edits.tries:
            told = f"{one.place}：“{one.text[:20]}…”没有逐字比较：改写的地方太多"
            self._result.beside.append(told)
        doubtful = edits.changed(entries, every) if edit is None else None
        for bound in every:
            following = [n for n in range(at, len(signed)) if signed[n].tag == bound.tag]
            if not following:
                before = any(numeral.tag == bound.tag for numeral in signed)
                told = "次序与编制时不同" if before else "不是这一段里的数字"
                self._to.numeral(one, bound, told)
                continue
            numeral, at = signed[following[0]], following[0] + 1
            others = (other.before for other in signed if other.tag != numeral.tag)
            self._beside(one, bound, numeral, others, doubtful)
        if edit is not None and faults == len(self._result.faults):
            self._edited(one, edit)
        return at

    def _beside(
        self, one: Shown, bound: Bound, numeral: Numeral, others: Iterable[str], doubtful: set[Bound] | None
    ) -> None:
        """A numeral by the words beside it; `others`: the words before the other numerals, as signed; `doubtful`:
        numerals with unknown words further off, None where the edit is known."""
        before, after = one.text[: bound.start], one.text[bound.end :]
        sides = (numeral.before, before), (numeral.after, after)
        told = beside.change(*sides) or beside.exchange(numeral.before, before[-6:], others)
        self._to.numeral(one, bound, told)
        if told or doubtful is None:
            return
        if words := beside.reworded(*sides, self._said if bound in doubtful else None):
            self._result.beside.append(f"{one.place}：“{context(one.text, bound.start, bound.end)}”{words}")

    def _edited(self, one: Shown, edit: Edit) -> None:
        """The only edit of a paragraph: to be confirmed is one in a sentence with a number, one word for another,
        and what may deny."""
        end = edit.at + len(edit.stands)
        turns = bool(edit.signed) or beside.denies(edit.stands)
        whole = edit.sentence(one.text), edit.sentence(one.text, signed=True)
        equal = beside.same(*whole) if not edit.signed else beside.same(edit.stands, edit.signed)
        if (turns or any(spoken(whole[0]))) and not equal:
            told = (
                f"多了“{edit.stands}”" if not edit.signed else f"是“{edit.stands}”，编制时是“{edit.signed}”"
            )
            told = told if edit.stands else f"少了“{edit.signed}”"
            self._result.beside.append(f"{one.place}：“{context(one.text, edit.at, end)}”中{told}")

    def _bound(self, one: Shown, signed: Sequence[Numeral], at: int) -> Iterator[Bound]:
        """Bound ranges; a number that lost control and bookmark is bound by the words beside it."""
        taken = {place for bound in one.bound for place in range(bound.start, bound.end)}
        loose = []
        for start, end, _ in _numbers(one.text):
            sides = one.text[:start][-2:], one.text[end:][:2]
            fits = [n for n in signed[at:] if (n.before[-2:], n.after[:2]) == sides]
            if fits and not taken.intersection(range(start, end)):
                loose.append(Bound(start, end, fits[0].tag, fits[0].tag, strict=True))
        kept = (b.narrowed(one.text) for b in one.bound if b.strict or _has_number(one.text[b.start : b.end]))
        yield from sorted([*kept, *loose], key=lambda bound: bound.start)

    def _typed(self, one: Shown, ranges: Iterable[tuple[int, int]], kept: set[int], *, strict: bool) -> None:
        """Numbers that are neither bound nor of the signed wording, which has those that begin at `kept`."""
        taken = {at for start, end in ranges for at in range(start, end)}
        taken |= {at for span in quoted(one.text, self._to.names) for at in range(*span)}
        beside = {at for start, end in ranges for at in (start - 1, end)}  # told with the number
        written = [(start, end) for start, end, _ in tokens(one.text)]
        told: set[int] = set()
        for begin, stop in sorted(set(spoken(one.text, strict=strict))):
            inside = [(start, end) for start, end in written if start < stop and begin < end]
            for start, end in inside or [(begin, stop)]:
                known = start in kept or start in told or taken.issuperset(range(start, end))
                if not known and not beside.intersection((start, end - 1)):
                    told.update(range(begin, stop))
                    self._to.unbound(one, start, end)


def _in_order(signed: list[str], found: Sequence[Shown]) -> list[set[int]]:
    """Where tokens of each paragraph begin that are signed ones, in the order in which they were signed."""
    written = [(n, start, token) for n, one in enumerate(found) for start, _, token in tokens(one.text)]
    matcher = SequenceMatcher(None, signed, [token for _, _, token in written], autojunk=False)
    kept = [set[int]() for _ in found]
    for block in matcher.get_matching_blocks():
        for n, start, _ in written[block.b : block.b + block.size]:
            kept[n].add(start)
    return kept


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    yield from ((n.start, n.end, n.text) for n in numerals(text))


def _has_number(text: str) -> bool:
    return any(True for _ in spoken(text, strict=True))
