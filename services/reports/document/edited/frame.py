"""What stands around the text: title and letterhead before it, signature and annexes after it, compared."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, NamedTuple

from services.reports.document.edited.blocks import Line
from services.reports.document.edited.likeness import ALIKE, plain, ratio

_LABEL: Final = re.compile(r"附件\s?\d*")
_HEAD: Final = re.compile(r"附件\s?[：:]")
_NUMBERED: Final = re.compile(r"\d+[.．、]\s?\S")
_DAY: Final = re.compile(r"[\d〇一二三四五六七八九十]{4}\s?年.{1,4}月.{1,4}日")
_TITLE: Final = 60  # characters a title has at most
_TOLD: Final = 200  # changes that are told one by one
_SHOWN: Final = 40


class Frame(NamedTuple):
    """Where the text begins and ends in the lines, and what was changed around it."""

    start: int
    end: int
    ignored: list[str]


def framed(lines: Sequence[Line], given: Sequence[Line]) -> Frame:
    """`given`: the lines of the file as it was handed out."""
    front, tail = _ends(given)
    end = _tail(lines, given[tail:])
    start, ignored = _front(lines[:end], given[:front])
    return Frame(start, end, [*ignored, *_changes(given[tail:], lines[end:])])


def _ends(given: Sequence[Line]) -> tuple[int, int]:
    """Where the text begins and ends in the file as it was handed out, which has all its bookmarks."""
    marked = [at for at, line in enumerate(given) if line.marks]
    first = next((at for at, line in enumerate(given) if line.marks or line.level is not None), len(given))
    last = marked[-1] + 1 if marked else first
    while marked and last < len(given) and given[last].rows:
        last += 1  # a table of the office's own, which has no bookmark
    return first, last


def _front(lines: Sequence[Line], given: Sequence[Line]) -> tuple[int, list[str]]:
    """The first line that is text. A title is known by its words, or by its place above all text."""
    waiting = [line.text for line in given if line.text]
    ignored: list[str] = []
    at = 0
    for at, line in enumerate(lines):
        if line.begins or line.rows or not (waiting and line.text):
            if line.text or line.rows:
                break
            continue
        alike = max(waiting, key=lambda text: ratio(plain(text), plain(line.text)))
        if plain(line.text) in plain(alike) or ratio(plain(alike), plain(line.text)) > ALIKE:
            whole = plain(line.text) == plain(alike)
        elif (
            at == _first(lines)
            and len(line.text) < _TITLE
            and not line.text.endswith("。")
            and not line.heading
        ):
            alike, whole = waiting[0], False
        else:
            break
        if plain(line.text) not in plain(alike):
            ignored.append(_told(alike, line.text))
        if whole or plain(line.text) not in plain(alike):
            waiting.remove(alike)
        else:
            waiting[waiting.index(alike)] = plain(alike).replace(plain(line.text), "", 1)
            waiting = [text for text in waiting if text]
    else:
        at = len(lines)
    ignored += [_told(text, "") for text in waiting]
    return at, ignored


def _first(lines: Sequence[Line]) -> int:
    return next((at for at, line in enumerate(lines) if line.text), 0)


def _tail(lines: Sequence[Line], given: Sequence[Line]) -> int:
    """Where the text ends: before the list of annexes, signature and date that stand above the first annex. Nothing
    above the last paragraph with a bookmark is after the text."""
    known = {plain(line.text) for line in given if line.text}
    least = max((at + 1 for at, line in enumerate(lines) if line.begins), default=0)
    annex = _first_annex(lines, given, least)
    days = [at for at in range(least, annex) if _DAY.fullmatch(lines[at].text) and not lines[at].begins]
    end = days[-1] if days else annex
    while end > least and _ends_text(lines[end - 1], known, after=lines[end] if end < len(lines) else None):
        end -= 1
    return _list_of_annexes(lines[:end], known, least)


def _list_of_annexes(lines: Sequence[Line], known: set[str], least: int) -> int:
    """Where a list of annexes begins that ends the lines, or that was handed out; else their end."""
    heads = [at for at in range(least, len(lines)) if _HEAD.match(lines[at].text) and not lines[at].begins]
    for at in heads:
        follows = all(not line.text or _NUMBERED.match(line.text) for line in lines[at + 1 :])
        if follows or plain(lines[at].text) in known:
            return at
    return len(lines)


def _ends_text(line: Line, known: set[str], after: Line | None) -> bool:
    if line.rows or line.begins or line.heading:
        return False
    if not line.text or plain(line.text) in known:
        return True
    signs = after is not None and _DAY.fullmatch(after.text) is not None
    return signs and len(line.text) < _TITLE and not line.text.endswith(("。", "；", "："))


def _first_annex(lines: Sequence[Line], given: Sequence[Line], least: int) -> int:
    """The label of the first annex with its title under it; without one, the first table that was handed out."""
    heads = {plain(line.rows[0][0]) for line in given if line.rows and line.rows[0]}
    titles = {plain(line.text) for line in given if line.text}
    labels = [at for at in range(least, len(lines)) if _LABEL.fullmatch(lines[at].text)]
    for at in labels:
        below = next((line for line in lines[at + 1 :] if line.text or line.rows), None)
        if below is not None and (plain(below.text) in titles or _is_given(below, heads)):
            return at
    tables = (at for at in range(least, len(lines)) if _is_given(lines[at], heads))
    return next(tables, labels[0] if labels else len(lines))


def _is_given(line: Line, heads: set[str]) -> bool:
    return bool(line.rows and line.rows[0] and plain(line.rows[0][0]) in heads)


class _Item(NamedTuple):
    """A paragraph or a row behind the text; `place`: the annex it is in."""

    place: str
    cells: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(map(plain, self.cells))


def _changes(given: Sequence[Line], lines: Sequence[Line]) -> Iterator[str]:
    """What was changed in signature and annexes: each paragraph, each cell."""
    before, after = list(_items(given)), list(_items(lines))
    told = 0
    matcher = SequenceMatcher(
        None, [item.key for item in before], [item.key for item in after], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        for old, new in zip_longest(before[a:b], after[c:d]):
            for change in _change(old, new):
                told += 1
                if told <= _TOLD:
                    yield change
    if told > _TOLD:
        yield f"附件中另有{told - _TOLD}处改动"
    drawn = [[what for line in each for what in line.aside] for each in (given, lines)]
    for what in dict.fromkeys(drawn[1]):
        more = drawn[1].count(what) - drawn[0].count(what)
        if more > 0:
            yield f"附件或者落款中的{what}{f'（{more}处）' if more > 1 else ''}"


def _items(lines: Sequence[Line]) -> Iterator[_Item]:
    place = ""
    for line in lines:
        if _LABEL.fullmatch(line.text):
            place = line.text
        for number, row in enumerate(line.rows, 1):
            yield _Item(f"{place}表格第{number}行", row)
        if line.text:
            yield _Item(place, (line.text,))


def _change(old: _Item | None, new: _Item | None) -> Iterator[str]:
    if old is None or new is None or len(old.cells) != len(new.cells):
        yield _told(_row(old), _row(new), (old or new or _Item("", ())).place)
        return
    for across, (before, after) in enumerate(zip(old.cells, new.cells, strict=True), 1):
        if plain(before) != plain(after):
            yield _told(before, after, f"{old.place}第{across}列" if len(old.cells) > 1 else old.place)


def _row(item: _Item | None) -> str:
    return "，".join(filter(None, item.cells)) if item is not None else ""


def _told(before: str, after: str, place: str = "") -> str:
    where = f"{place}：" if place else ""
    before, after = (_short(text) for text in (before, after))
    if not before:
        return f"{where}新添“{after}”"
    return f"{where}“{before}”{f'改为“{after}”' if after else '被删去'}，仍为“{before}”"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
