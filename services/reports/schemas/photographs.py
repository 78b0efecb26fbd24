"""Photographs over HTTP: evidence of activities, chosen and uploaded ones."""

from datetime import date

from pydantic import BaseModel


class PhotographOut(BaseModel):
    """An uploaded photograph: `digest` is the SHA-256 of its bytes, `width` and `height` are pixels."""

    digest: str
    content_type: str
    size_bytes: int
    width: int
    height: int


class CandidateOut(BaseModel):
    """Evidence of an activity of the period; `evidence`: its id in activities.

    `chosen`: selected for the annex; `handed_over`: uploaded.
    """

    digest: str
    evidence: str
    activity: str
    title: str
    held_on: date
    chosen: bool
    handed_over: bool


class CandidatesOut(BaseModel):
    """Candidates by day."""

    items: list[CandidateOut]
