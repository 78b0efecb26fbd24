"""Notices of scheduled closings over HTTP."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shared.http.paging import Paging


class NoticesQuery(Paging):
    kind: Annotated[
        Literal["due_soon", "compiled"] | None, Field(description="只要一种：快到日子的，或者已经编成的")
    ] = None


class NoticeOut(BaseModel):
    """Notice of a scheduled closing: due soon, or compiled with a number of findings."""

    id: str
    town: str
    version: int
    year: int
    period: str
    kind: Literal["due_soon", "compiled"]
    due_on: date
    as_of: date
    blocks: int
    warnings: int


class NoticePage(BaseModel):
    items: list[NoticeOut]
    next_cursor: str | None
