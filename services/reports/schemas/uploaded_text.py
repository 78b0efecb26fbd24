"""Staff's texts over HTTP: each paragraph with its differences from the computed one."""

from typing import Literal

from pydantic import BaseModel

from services.reports.domain import Flag
from services.reports.schemas import In


class WordingQuery(In):
    """`dry_run`: show the result without keeping it."""

    dry_run: bool = False


class PieceOut(BaseModel):
    """A piece of a difference: same + gone is the text before, same + new the text after."""

    kind: Literal["same", "gone", "new"]
    text: str


class WordedOut(BaseModel):
    """One paragraph. `flags`: numbers in it that no figure gives."""

    id: str
    section: str
    state: Literal["kept", "edited", "removed"]
    recognised_by: Literal["bookmark", "control", "text", ""]
    text: str
    differences: list[PieceOut]
    flags: list[Flag]


class WordingOut(BaseModel):
    """`added`: paragraphs of sections without a paragraph to join; `ignored`: changes only the outline can make."""

    period: str
    report_version: int
    applied: bool
    paragraphs: list[WordedOut]
    added: dict[str, list[str]]
    ignored: list[str]
