"""Layout in characters: widths of text, lines of a title, position of the signature, columns of a table.

One character is one ideograph of the line; Latin letters and digits count half.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import combinations, pairwise
from math import ceil
from unicodedata import combining, east_asian_width

LINE_CHARS = 28
TITLE_CHARS = 20  # 156 mm of 22 pt characters

# Words after which a title may break, and words that are not broken.
_WORDS = (
    "人民代表大会常务委员会", "人民代表大会主席团", "人民代表大会", "常务委员会", "人大常委会", "主席团", "人大",
    "工作总结", "工作报告", "工作情况", "履职情况", "情况报告", "总结", "报告", "情况", "代表", "关于", "年度",
)  # fmt: skip
_TOKEN = re.compile(
    "|".join(
        (*_WORDS, r"[0-9]+(?:\.[0-9]+)?[年月日%％]?度?", r"第[一二三四五六七八九十]+[届次]", r"[A-Za-z]+")
    )
)
_NOT_FIRST = set("的和与及、，。：；）》”’！？届次年月日号市县镇乡区州省")
_NOT_LAST = set("（《“‘第")
_MOST_LINES = 3  # longer titles are left to the word processor
_UNEVEN = 3
_BAD_SHAPE = 12
_POOR_BREAK = 8
GAP = 0.2  # that LibreOffice sets between Chinese and Latin characters, whatever the file says
_BESIDE = re.compile(r"(?<=[\u3400-\u9fff])(?=[0-9A-Za-z])|(?<=[0-9A-Za-z])(?=[\u3400-\u9fff])")


@cache
def _advance(character: str) -> float:
    if combining(character):
        return 0.0
    return 1.0 if east_asian_width(character) in "WFA" else 0.5


def width(text: str) -> float:
    """Width of a text in ideographs."""
    return sum(map(_advance, text))


def title_lines(title: str, limit: float = TITLE_CHARS) -> list[str]:
    """Lines of a title: as few as possible, broken between words, in the shape of a trapezoid or diamond.

    (GB/T 9704-2012, 7.3.1.) Joined, the lines are the title again.
    """
    if width(title) <= limit:
        return [title]
    pieces = _pieces(title)
    for count in range(ceil(width(title) / limit), _MOST_LINES + 1):
        ways = ((0, *cut, len(pieces)) for cut in combinations(range(1, len(pieces)), count - 1))
        broken = (["".join(pieces[a:b]) for a, b in pairwise(ends)] for ends in ways)
        fitting = [lines for lines in broken if all(width(line) <= limit for line in lines)]
        if fitting:
            return min(fitting, key=_ugliness)
    return [title]


def _pieces(title: str) -> list[str]:
    """Pieces of a title between possible breaks: not inside words and numbers, not before particles."""
    pieces: list[str] = []
    at = 0
    while at < len(title):
        token = _TOKEN.match(title, at)
        piece = token.group() if token and token.end() > at else title[at]
        joined = pieces and (piece[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST)
        if joined:
            pieces[-1] += piece
        else:
            pieces.append(piece)
        at += len(piece)
    return pieces


def _ugliness(lines: Sequence[str]) -> float:
    widths = [width(line) for line in lines]
    cost = (max(widths) - min(widths)) ** 2 / _UNEVEN
    if any(a > b < c for a, b, c in zip(widths, widths[1:], widths[2:], strict=False)):
        cost += _BAD_SHAPE  # an hourglass
    if len(set(widths)) == 1:
        cost += _UNEVEN  # a rectangle
    return cost + sum(_POOR_BREAK for line in lines[:-1] if not _ends_well(line))


def _ends_well(line: str) -> bool:
    return line.endswith((*_WORDS, "度", "年", "镇", "乡", "的")) and not line.endswith(("关于", "代表"))


def signature(name: str, day: str, margin: float = 2.0) -> tuple[float, float]:
    """End of the name and start of the date without a seal, in characters from the right margin
    (GB/T 9704-2012, 7.3.5.2).

    The name ends two from the margin and the date begins two to the right of the name's beginning. A date that
    would come nearer than two to the margin ends two from it, and the name moves left.
    """
    if not name:
        return margin, width(day) + margin
    date_start = max(width(name), width(day) + margin)
    return date_start + margin - width(name), date_start


def column_widths(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    total: int,
    character: int,
    unwrapped: float = 0.8,
    gap: float = 0.0,
) -> list[int]:
    """Widths of columns by their content in characters of `character` twips; their sum is `total` twips.

    `gap`: counted in characters between Chinese and Latin ones; 0 in a document whose widths are kept. Where `total`
    does not suffice, cells beyond the share `unwrapped` of each column wrap, the longest first; then the widest
    columns are narrowed.
    """
    wishes = wished_widths(header, rows, character, gap=gap)
    if sum(wishes) > total:
        wishes = wished_widths(header, rows, character, share=unwrapped, gap=gap)
    cap = _cap(wishes, total)
    wishes = [min(wish, cap) for wish in wishes]
    widths = [int(total * wish / sum(wishes)) for wish in wishes]
    widths[-1] += total - sum(widths)
    return widths


def wished_widths(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    character: int,
    share: float = 1.0,
    gap: float = 0.0,
) -> list[float]:
    """Widths in twips at which a share of the cells of each column stand in one line."""
    wishes = []
    for column, title in enumerate(header):
        widths = sorted(_set_width(row[column], gap) for row in rows)
        longest = widths[ceil(share * len(widths)) - 1] if widths else 0.0
        wishes.append(character * (1.5 + max(2.0, width(title), longest)))
    return wishes


def _set_width(text: str, gap: float) -> float:
    """Width of a text in ideographs where it is set with gaps: a date that just fits would wrap there."""
    return width(text) + gap * len(_BESIDE.findall(text))


def _cap(wishes: Sequence[float], total: float) -> float:
    """The width c with Σ min(wish, c) = total; the widest wish where all fit."""
    left = total
    for served, wish in enumerate(sorted(wishes)):
        share = left / (len(wishes) - served)
        if wish > share:
            return share
        left -= wish
    return max(wishes)
