"""Notices of scheduled closings over HTTP."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

NoticeKind = Literal["due_soon", "compiled", "called_off"]


class NoticeOut(BaseModel):
    """Notice of a scheduled closing: due soon, or compiled with a number of findings."""

    id: str
    town: str
    version: int
    year: int
    period: str
    kind: NoticeKind
    due_on: date
    as_of: date
    blocks: int
    warnings: int


class NoticePage(BaseModel):
    items: list[NoticeOut]
    next_cursor: str | None
    total: int | None = None
