"""By what the numerals of a paragraph are bound: a control, or the bookmark where a word processor lost the control."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from recount.tags import bookmark
from recount.word import Control, Paragraph, Piece

_NAME: Final = re.compile(r"f_\d+_(.*)")


@dataclass(frozen=True)
class Bound:
    """A stretch of a paragraph that says what it is. `tag` is empty where the bookmark names nothing known.

    `strict`: a control encloses the numeral alone; a bookmark may have taken in words typed at its edge.
    """

    start: int
    end: int
    tag: str
    name: str
    strict: bool


class Binder:
    """Knows every tag by its bookmark."""

    def __init__(self, known: Iterable[str]) -> None:
        self._tags: Mapping[str, str] = {bookmark(tag): tag for tag in known}

    def bound(self, paragraph: Paragraph) -> Iterator[Bound]:
        """In the order of the text; neighbouring pieces of one control or one bookmark are one stretch."""
        around = {name for piece in paragraph.pieces if piece.control for name in piece.bookmarks}
        at, last, open_ = 0, None, None
        for piece in paragraph.pieces:
            key, end = self._key(piece, around), at + len(piece.text)
            if open_ is not None and key == last:
                open_ = replace(open_, end=end)
            else:
                if open_ is not None:
                    yield open_
                open_ = self._begun(at, end, key) if key else None
            at, last = end, key
        if open_ is not None:
            yield open_

    @staticmethod
    def _key(piece: Piece, around: set[str]) -> Control | str | None:
        """What lies in the bookmark of a control, but outside the control, is text like any other."""
        return piece.control or next((name for name in piece.bookmarks if name not in around), None)

    def _begun(self, start: int, end: int, key: Control | str) -> Bound:
        if isinstance(key, Control):
            return Bound(start, end, key.tag, key.alias or key.tag, strict=True)
        short = _NAME.fullmatch(key)
        tag = self._tags.get(short[1], "") if short else ""
        return Bound(start, end, tag, tag or key, strict=False)
