"""Attendance as pasted: the text as tokens that cover it wholly, and the names in runs of words.

A token is a person, a separator (ordinals, labels, blanks and columns beside a name included), a count, a reason, or
something in doubt. `signed` says who is where.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.activities.domain import sheet_words as words
from services.activities.domain.leave import LeaveReason
from services.activities.domain.presence import Presence, presence
from services.activities.domain.roll import Roll

_AT_START: Final = (
    ("heading", words.HEADING),
    ("count", words.COUNT),
    ("label", words.LABEL),
    ("ordinal", words.ORDINAL),
    ("number", words.NUMBER),
    ("everybody", words.EVERYBODY),
    ("nobody", words.NOBODY),
    ("bullet", words.BULLET),
)
_BREAK: Final = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
_WORD: Final = re.compile(r"[^\s、，,；;。|｜/／:：“”\"（(\[【〔]+")
_LEADING: Final = re.compile(rf"(?:第|No\.?)?{words.DIGIT}{{1,4}}\s*(?:号|[-—–.])?", re.IGNORECASE)
_LONGEST_RUN: Final = 8
"""Most words that one name may be written in: 阿卜杜热合曼 · 阿卜杜克热木 · … with blanks around its dots."""

MEANT: Final = "separator"
KINDS: Final = {"person": "person", "everybody": "person", "outside": "person", "number": "person"} | {
    "count": "count",
    "nobody": "count",
    "group": "person",
    "reason": "reason",
    "presence": "reason",
    "note": "reason",
    "bracket": "reason",
}
SILENT: Final = ("ordinal", "blank", "separator", "heading", "bullet", "nobody", "note")


@dataclass(frozen=True)
class Token:
    """A stretch of the text. `name`: whom a person's token names; the rest: what is written at it."""

    kind: str
    start: int
    end: int
    text: str
    match: re.Match[str] | None = None
    name: str = ""
    reason: LeaveReason | None = None
    state: str | None = None
    presence: Presence | None = None


def position(text: str, offset: int) -> tuple[int, int]:
    """(line, column) of an offset, from 1."""
    breaks = list(_BREAK.finditer(text, 0, offset))
    return len(breaks) + 1, offset - (breaks[-1].end() if breaks else 0) + 1


def lines(text: str, roll: Roll) -> Iterator[list[Token]]:
    """Tokens line by line; line ends are not among them."""
    clause = False
    for line in words.LINE.finditer(text):
        tokens: list[Token] = []
        at = line.start()
        while at < line.end():
            token = _next(text, at, line.end(), tokens, roll, clause=clause)
            clause = token.kind == "except" or (clause and token.kind != "outside")
            tokens.append(token)
            at = token.end
        yield list(_people(tokens, roll))


def _next(text: str, at: int, end: int, before: list[Token], roll: Roll, *, clause: bool) -> Token:
    for kind, pattern in (("blank", words.BLANK), ("separator", words.SEPARATOR)):
        if (match := pattern.match(text, at, end)) is not None:
            return _token(kind, match)
    if clause and (match := words.OUTSIDE.match(text, at)) is not None:
        return _token("outside", match)
    if (name := _whole_name(text, at, end, roll)) is not None:
        return name
    if (match := words.EXCEPT.match(text, at, end)) is not None and words.OUTSIDE.search(text, match.end()):
        return _token("except", match)
    noted = bool(before) and before[-1].kind in ("word", "bracket")
    for kind, pattern in _AT_START:
        if not (noted and text[at] in "（([【") and (match := pattern.match(text, at, end)) is not None:
            return _token(kind, match)
    if (match := words.BRACKET.match(text, at, end)) is not None:
        return _token("bracket", match)
    match = _WORD.match(text, at, end) or re.compile(".", re.DOTALL).match(text, at, end)
    assert match is not None
    stop = words.OUTSIDE.search(text, at) if clause else None
    until = min(stop.start(), match.end()) if stop is not None and stop.start() > at else match.end()
    return Token("word", at, until, text[at:until])


def _token(kind: str, match: re.Match[str]) -> Token:
    return Token(kind, match.start(), match.end(), match[0], match)


def _whole_name(text: str, at: int, end: int, roll: Roll) -> Token | None:
    """A name of the roll that stands here as it is, brackets of its own included."""
    word = _WORD.match(text, at, end)
    if word is None:
        return None
    bracket = words.BRACKET.match(text, word.end(), end)
    for until in (bracket.end() if bracket else word.end(), word.end()):
        if roll.knows(text[at:until]):
            return Token("word", at, until, text[at:until])
    return None


def _people(tokens: Sequence[Token], roll: Roll) -> Iterator[Token]:
    """The tokens with runs of words, single blanks between them, read as names."""
    at = 0
    while at < len(tokens):
        run = [tokens[at]]
        while (
            run[-1].kind == "word"
            and at + len(run) + 1 < len(tokens)
            and tokens[at + len(run)].kind == "blank"
            and tokens[at + len(run) + 1].kind == "word"
        ):
            run += tokens[at + len(run) : at + len(run) + 2]
        at += len(run)
        yield from _names(run, roll) if run[0].kind == "word" else run


def _names(run: Sequence[Token], roll: Roll) -> Iterator[Token]:
    """A run of words as names, where there is one way to read all of it; else what is no name is unknown."""
    parts = run[::2]
    ways: list[list[tuple[int, tuple[Token, ...]]]] = [[] for _ in parts]
    count = [1, *[0] * len(parts)]
    for last in range(len(parts)):
        for first in range(max(0, last - _LONGEST_RUN + 1), last + 1):
            if count[first] and (read := _readable(run, first, last, roll)):
                ways[last].append((first, read))
                count[last + 1] = min(count[last + 1] + count[first], 2)
    if count[-1] == 1:
        yield from _only_way(run, ways)
        return
    kind = "unclear" if count[-1] else "unknown"
    if kind == "unclear":
        yield replace(_joined(run, 0, len(parts) - 1), kind=kind)
        return
    for token in run:
        yield from (
            (readable(token, roll) or (replace(token, kind=kind),)) if token.kind == "word" else (token,)
        )


def _only_way(
    run: Sequence[Token], ways: Sequence[Sequence[tuple[int, tuple[Token, ...]]]]
) -> Iterator[Token]:
    """The tokens of the single reading, found from its end."""
    found: list[Token] = []
    last = len(ways) - 1
    reached = _reached(ways)
    while last >= 0:
        first, read = next((first, read) for first, read in ways[last] if first == 0 or reached[first - 1])
        found[:0] = [*run[2 * first - 1 : 2 * first], *read] if first else read
        last = first - 1
    yield from found


def _reached(ways: Sequence[Sequence[tuple[int, tuple[Token, ...]]]]) -> list[bool]:
    reached: list[bool] = []
    for options in ways:
        reached.append(any(first == 0 or reached[first - 1] for first, _ in options))
    return reached


def _readable(run: Sequence[Token], first: int, last: int, roll: Roll) -> tuple[Token, ...]:
    """As `readable`; where several words are one name, what is written at it is not a word of its own."""
    read = readable(_joined(run, first, last), roll)
    if first < last and read and read[0].name != read[0].text and readable(run[2 * last], roll):
        return ()
    return read


def _joined(run: Sequence[Token], first: int, last: int) -> Token:
    part = run[2 * first : 2 * last + 1]
    return Token("word", part[0].start, part[-1].end, "".join(token.text for token in part))


def readable(token: Token, roll: Roll) -> tuple[Token, ...]:
    """The word as names with what is written at them, or as a reason or a note of its own; else empty."""
    word = token.text
    if roll.knows(word):
        return (replace(token, kind="person", name=word),)
    leading = words.ORDINAL.match(word) or _LEADING.match(word)
    if leading is not None and roll.knows(word[leading.end() :]):
        return (replace(token, kind="person", name=word[leading.end() :]),)
    if " " not in word and (stated := words.STATED.fullmatch(word)) is not None:
        return (_stated(replace(token, kind="reason"), stated),)
    if words.GROUP.fullmatch(word):
        return (replace(token, kind="group"),)
    if (took_part := presence(word)) is not None:
        return (replace(token, kind="presence", presence=took_part),)
    if words.NOTES.fullmatch(word):
        return (replace(token, kind="note"),)
    if (suffixed := _suffixed(token, roll)) is not None:
        return suffixed
    if not _as_written(token):
        return ()
    return _split(token, words.AND, roll) or _split(token, words.GLUED, roll)


def _suffixed(token: Token, roll: Roll) -> tuple[Token, ...] | None:
    """A name with a title, a reason, a state or a count right behind it."""
    word = token.text
    person = replace(token, kind="person")
    for end in range(len(word) - 1, 0, -1):
        if roll.knows(word[:end]):
            if word[end:] in words.TITLES:
                return (replace(person, name=word[:end]),)
            if (stated := words.STATED.fullmatch(word, end)) is not None:
                return (_stated(replace(person, name=word[:end]), stated),)
            if (took_part := presence(word[end:])) is not None:
                return (replace(person, name=word[:end], presence=took_part),)
            if (count := words.COUNT.fullmatch(word, end)) is not None and _as_written(token):
                first = replace(person, end=token.start + end, text=word[:end], name=word[:end])
                return first, Token("count", first.end, token.end, word[end:], count)
    return None


def _as_written(token: Token) -> bool:
    """Whether the token is one word, so that parts of it have a place."""
    return len(token.text) == token.end - token.start


def _stated(token: Token, stated: re.Match[str]) -> Token:
    word = stated["reason"] or stated["asked"]
    state = words.STATE_WORDS[stated["state"]] if stated["state"] else "on_leave"
    return replace(token, reason=words.LEAVE_WORDS[word] if word else None, state=state)


def _split(token: Token, at: re.Pattern[str], roll: Roll) -> tuple[Token, ...]:
    """The names joined by 和, or by ordinals between them; empty unless every part is a name."""
    found: list[Token] = []
    start = 0
    cuts = [(match.start(), match.end()) for match in at.finditer(token.text)]
    if not cuts:
        return ()
    for first, last in (*cuts, (len(token.text), len(token.text))):
        part = Token("word", token.start + start, token.start + first, token.text[start:first])
        names = readable(part, roll) if part.text else ()
        if not any(name.kind == "person" for name in names):
            return ()
        found += names
        if last > first:
            joint = token.start + first, token.start + last
            found.append(Token("separator", *joint, token.text[first:last]))
        start = last
    return tuple(found)
