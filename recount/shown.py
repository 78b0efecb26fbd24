"""Texts as the manifest has them: paragraphs and cells with single spaces, their bound ranges moved accordingly."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from recount.binding import Binder, Bound
from recount.model import Control, Paragraph


@dataclass(frozen=True)
class Shown:
    """A paragraph or a cell. `bound`: its ranges with tags; `emptied`: controls without text."""

    place: str
    column: str
    text: str
    bound: tuple[Bound, ...]
    emptied: tuple[Control, ...] = ()


def shown(binder: Binder, paragraphs: Iterable[Paragraph]) -> Shown:
    """The paragraphs of a cell, or one paragraph, as one text."""
    text, bound, emptied, place, column = "", list[Bound](), list[Control](), "", ""
    for paragraph in paragraphs:
        text += " " if text else ""
        bound += (
            replace(b, start=b.start + len(text), end=b.end + len(text)) for b in binder.bound(paragraph)
        )
        text += paragraph.text
        emptied += paragraph.emptied
        place, column = place or paragraph.place, column or paragraph.column
    return Shown(place, column, *_squeezed(text, bound), tuple(emptied))


def _squeezed(text: str, bound: list[Bound]) -> tuple[str, tuple[Bound, ...]]:
    if not bound:
        return " ".join(text.split()), ()
    places, kept = [0], list[str]()
    for character in text:
        if not character.isspace() or (kept and kept[-1] != " "):
            kept.append(" " if character.isspace() else character)
        places.append(len(kept))
    moved = (replace(b, start=places[b.start], end=places[b.end]) for b in bound)
    return "".join(kept).rstrip(), tuple(moved)
