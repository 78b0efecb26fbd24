"""Staff's texts over HTTP: each paragraph with its differences from the computed one."""

from typing import Literal

from pydantic import BaseModel

from services.reports.domain import Flag
from services.reports.schemas import In


class WordingQuery(In):
    """`dry_run`: show the result without keeping it; `confirm`: keep it though more than a fifth of the paragraphs is
    removed."""

    dry_run: bool = False
    confirm: bool = False


class PieceOut(BaseModel):
    """A piece of a difference: same + gone is the text before, same + new the text after."""

    kind: Literal["same", "gone", "new"]
    text: str


class WordedOut(BaseModel):
    """One paragraph. `flags`: numbers in it that no figure gives; `moved`: it stands elsewhere in the file; `joined`:
    the paragraph into whose text it was drawn."""

    id: str
    section: str
    state: Literal["kept", "edited", "removed"]
    recognised_by: Literal["bookmark", "control", "text", ""]
    text: str
    differences: list[PieceOut]
    flags: list[Flag]
    moved: bool = False
    joined: str = ""


class RemovedOut(BaseModel):
    id: str
    text: str


class RemovalOut(BaseModel):
    """Paragraphs under one heading that the file no longer has."""

    section: str
    heading: str
    paragraphs: list[RemovedOut]


class HeadingOut(BaseModel):
    """A heading of the office's own; `after`: id of the section it follows."""

    id: str
    text: str
    level: int
    after: str


class DeviationOut(BaseModel):
    """A deviation of the file from GB/T 9704, 15834 or 15835; `message` tells the first of `count` equal ones."""

    clause: str
    place: str
    message: str
    count: int = 1


class WordingOut(BaseModel):
    """`added`: paragraphs of sections without a paragraph to join; `headings`: the office's own; `ignored`: what was
    left out; `removals`: what the file no longer has, `needs_confirm`: it is more than a fifth; `deviations`: from the
    form of official documents, of the file as it was uploaded.
    """

    period: str
    report_version: int
    applied: bool
    paragraphs: list[WordedOut]
    added: dict[str, list[str]]
    ignored: list[str]
    headings: list[HeadingOut] = []
    removals: list[RemovalOut] = []
    needs_confirm: bool = False
    deviations: list[DeviationOut] = []
