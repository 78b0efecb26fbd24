"""What staff's wording looks like over HTTP: each paragraph beside what it was."""

from typing import Literal

from pydantic import BaseModel

from services.reports.domain import Flag
from services.reports.schemas import In


class WordingQuery(In):
    """`dry_run`: only say what would become of the text."""

    dry_run: bool = False


class PieceOut(BaseModel):
    """same + gone is the text before, same + new the text after."""

    kind: Literal["same", "gone", "new"]
    text: str


class WordedOut(BaseModel):
    """One paragraph. `flags`: numbers in it that are none of the computed ones."""

    id: str
    section: str
    state: Literal["kept", "edited", "removed"]
    recognised_by: Literal["bookmark", "control", "text", ""]
    text: str
    differences: list[PieceOut]
    flags: list[Flag]


class WordingOut(BaseModel):
    """`added`: paragraphs by section in which none was left to join; `ignored`: what only the outline can change."""

    period: str
    report_version: int
    applied: bool
    paragraphs: list[WordedOut]
    added: dict[str, list[str]]
    ignored: list[str]
