"""Binding of numerals in a paragraph to tags: by content control, or by bookmark where the control was lost."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from recount.model import Control, Paragraph, Piece
from recount.numerals import numerals
from recount.tags import bookmark

_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_NAME: Final = re.compile(r"f_\d+_(.*)")


@dataclass(frozen=True)
class Bound:
    """A bound range of a paragraph. `tag` is empty where the bookmark has no known tag.

    `strict`: a control contains the digits alone; a bookmark may include words typed at its edge.
    """

    start: int
    end: int
    tag: str
    name: str
    strict: bool

    def printed(self, text: str) -> "Bound":
        """With the sign and the percent sign of the figure, which stand beside the digits in a control."""
        if not self.strict or not _DIGITS.fullmatch(text[self.start : self.end]):
            return self
        signed = self.start > 0 and text[self.start - 1] in "+-"
        return replace(self, start=self.start - signed, end=self.end + (text[self.end : self.end + 1] == "%"))

    def narrowed(self, text: str) -> "Bound":
        """Without the words typed at the edge of a bookmark, where there is one number in it."""
        inside = [] if self.strict else numerals(text[self.start : self.end])
        if len(inside) != 1:
            return self
        return replace(self, start=self.start + inside[0].start, end=self.start + inside[0].end)


class Binder:
    """Finds bound ranges; maps bookmarks to tags."""

    def __init__(self, tags: Iterable[str]) -> None:
        self._tags: Mapping[str, str] = {bookmark(tag): tag for tag in tags}

    def bound(self, paragraph: Paragraph) -> Iterator[Bound]:
        """Bound ranges in order; adjacent pieces of one control or bookmark are one range."""
        around = {name for piece in paragraph.pieces if piece.control for name in piece.bookmarks}
        at, last, open_ = 0, None, None
        for piece in paragraph.pieces:
            key, end = self._key(piece, around), at + len(piece.text)
            if open_ is not None and key == last:
                open_ = replace(open_, end=end)
            else:
                if open_ is not None:
                    yield open_.printed(paragraph.text)
                open_ = self._opened(at, end, key) if key else None
            at, last = end, key
        if open_ is not None:
            yield open_.printed(paragraph.text)

    @staticmethod
    def _key(piece: Piece, around: set[str]) -> Control | str | None:
        """The control or bookmark of a piece; text in a control's bookmark but outside the control is not bound."""
        return piece.control or next((name for name in piece.bookmarks if name not in around), None)

    def _opened(self, start: int, end: int, key: Control | str) -> Bound:
        if isinstance(key, Control):
            return Bound(start, end, key.tag, key.alias or key.tag, strict=True)
        short = _NAME.fullmatch(key)
        tag = self._tags.get(short[1], "") if short else ""
        return Bound(start, end, tag, tag or key, strict=False)
