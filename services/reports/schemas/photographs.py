"""Photographs of activities over HTTP: which there are, which the annex shows, which were handed over."""

from datetime import date

from pydantic import BaseModel


class PhotographOut(BaseModel):
    """Handed over: `digest` is the SHA-256 of its bytes, `width` and `height` are pixels."""

    digest: str
    content_type: str
    size_bytes: int
    width: int
    height: int


class CandidateOut(BaseModel):
    """A file that an activity of the period has as evidence: under `evidence` the activities give it back.

    `chosen`: the annex is to show it; `handed_over`: its bytes are here.
    """

    digest: str
    evidence: str
    activity: str
    title: str
    held_on: date
    chosen: bool
    handed_over: bool


class CandidatesOut(BaseModel):
    """In the order of the days."""

    items: list[CandidateOut]
