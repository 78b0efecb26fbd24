"""Numbers on a sheet: of the printed sheet where a line holds nothing else, else ordinals or columns of the names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from services.activities.domain.pasted import Token
from services.activities.domain.roll import Roll

_GROWN: Final = 18
"""A smaller number behind a name may be a number of the sheet, not an age."""
_JOINTS: Final = ("blank", "separator")
_WORDS: Final = ("person", "unknown", "unclear", "everybody", "label", "except", "outside", "count")


def sorted_out(lines: Sequence[list[Token]], roll: Roll) -> Iterator[list[Token]]:
    """The lines with each number as `number` (of the sheet), `ordinal` (beside a name) or `misplaced` (in doubt)."""
    named = [any(token.kind in _WORDS for token in line) for line in lines]
    alone = [line for line, words in zip(lines, named, strict=True) if not words and _single(line)]
    leading = _leading(lines, named, roll)
    counted = any(words and _ordinal(line) for line, words in zip(lines, named, strict=True))
    listed = bool(leading) or counted or (len(alone) > 1 and len(alone) == sum(named))
    for at, line in enumerate(lines):
        if named[at]:
            yield _beside(line, roll, leading=at in leading)
        elif _heads(line, lines[at + 1 :]):
            own = _numbered_so(lines[at + 1], _value(next(t for t in line if t.kind == "number")), roll)
            yield [_as(token, "ordinal" if own else "misplaced") for token in line]
        elif _single(line) and (listed or line[-1].text.strip() == "、"):
            yield [_as(token, "misplaced") for token in line]
        elif _ordinal(line) and not counted:
            yield [replace(token, kind="misplaced") if token.kind == "ordinal" else token for token in line]
        else:
            yield line


def _single(line: Sequence[Token]) -> bool:
    return [token.kind for token in line if token.kind not in _JOINTS] == ["number"]


def _heads(line: Sequence[Token], after: Sequence[list[Token]]) -> bool:
    """Whether a number alone stands right above a single name: its ordinal, or one of the sheet, nobody can tell."""
    numbers = [token for token in line if token.kind == "number"]
    if not _single(line) or not after or any(token.match and token.match[2] for token in numbers):
        return False
    words = [token for token in after[0] if token.kind not in (*_JOINTS, "bracket")]
    return [token.kind for token in words] == ["person"]


def _ordinal(line: Sequence[Token]) -> bool:
    return any(token.kind == "ordinal" for token in line)


def _as(token: Token, kind: str) -> Token:
    return replace(token, kind=kind) if token.kind == "number" else token


def _value(token: Token) -> int:
    return int(token.match[1]) if token.match is not None else 0


def _leading(lines: Sequence[list[Token]], named: Sequence[bool], roll: Roll) -> set[int]:
    """Lines whose first number is the line's own: they count on from line to line, or begin with 1."""
    heads = [
        (at, _value(line[first]))
        for at, line in enumerate(lines)
        if named[at] and (first := _first(line)) is not None and line[first].kind == "number"
    ]
    own: set[int] = set()
    for n, (at, value) in enumerate(heads):
        before = heads[n - 1][1] if n else None
        after = heads[n + 1][1] if n + 1 < len(heads) else None
        grows = (before is not None and before < value) or (after is not None and value < after)
        if value == 1 or grows or _numbered_so(lines[at], value, roll):
            own.add(at)
    return own


def _numbered_so(line: Sequence[Token], value: int, roll: Roll) -> bool:
    """Whether the only name of the line has this number on the sheet."""
    names = [token.name for token in line if token.kind == "person"]
    return len(names) == 1 and any(found.number == value for found in roll.named(names[0], ()))


def _first(line: Sequence[Token]) -> int | None:
    return next((n for n, token in enumerate(line) if token.kind != "blank"), None)


def _beside(line: Sequence[Token], roll: Roll, *, leading: bool) -> list[Token]:
    """A line with words in it: its numbers are of the names, or in doubt."""
    if not any(token.kind == "number" for token in line):
        return list(line)
    if any("\t" in token.text for token in line if token.kind == "separator") or _alternating(line):
        return [_as(token, "ordinal") for token in line]
    first = _first(line)
    return [
        _as(token, "ordinal" if _belongs(line, n, roll, own=leading and n == first) else "misplaced")
        for n, token in enumerate(line)
    ]


def _alternating(line: Sequence[Token]) -> bool:
    """Whether the line reads number, name, number, name …, counting up."""
    kinds = [token.kind for token in line if token.kind in ("person", "number", "unknown")]
    values = [_value(token) for token in line if token.kind == "number"]
    return (
        len(values) > 1
        and kinds == ["number", "person"] * len(values)
        and values == list(range(values[0], values[0] + len(values)))
    )


def _belongs(line: Sequence[Token], n: int, roll: Roll, *, own: bool) -> bool:
    """Whether a number is the ordinal before a name, or a column behind one."""
    token = line[n]
    if token.kind != "number":
        return True
    if token.match is not None and token.match[2]:
        return False
    before, after = _neighbour(line, n, -1), _neighbour(line, n, 1)
    if before is None:
        joint = line[n + 1] if n + 1 < len(line) else None
        loose = joint is not None and (joint.kind in ("blank", "person") or joint.text.strip() in (":", "："))
        return own or (loose and after == "person")
    behind = n > 0 and line[n - 1].kind == "blank" and before in ("person", "note")
    return behind and (_value(token) >= _GROWN or _value(token) > len(roll.lines))


def _neighbour(line: Sequence[Token], n: int, step: int) -> str | None:
    at = n + step
    while 0 <= at < len(line) and line[at].kind in ("blank", "bracket"):
        at += step
    return line[at].kind if 0 <= at < len(line) else None
