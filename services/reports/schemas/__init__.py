"""Requests and responses of reports over HTTP."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from services.reports.domain import Figure, Form, Report, SourceState
from shared.days import Day
from shared.http.paging import MAX_LIMIT

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Preset = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20, pattern=r"^[A-Za-z]*$")]
SectionId = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Photographs = Annotated[tuple[Digest, ...], Field(max_length=24)]
_NUMBER = re.compile(r"[^\s〔〕]{1,40}〔[12][0-9]{3}〕[1-9][0-9]{0,4}号")


def _numbered(text: str) -> str:
    if text and not _NUMBER.fullmatch(text):
        raise ValueError("发文字号写作“某镇人发〔2020〕18号”：年份写全，用六角括号，序号前不加“第”和零")
    return text


DocumentNumber = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=60), AfterValidator(_numbered)
]
Paragraphs = Annotated[list[Text], Field(max_length=50)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ClosingIn(In):
    """`as_of`: day of the figures; by default the last of the period, or today while it runs."""

    as_of: Day | None = None


class SettingsIn(In):
    """Settings of a period; an empty text leaves its sentence out. `problems` and `plans` are short for `paragraphs`.

    `document_number` and `signer`: letterhead of a report sent upward (form `report`).
    `photographs`: SHA-256 of the photographs in the annex, in their order.
    """

    theme: Label = ""
    campaign_label: Label = ""
    signed_on: Day | None = None
    delivered_on: Day | None = None
    session_number: Annotated[int | None, Field(ge=1, le=99, strict=True)] = None
    speaker: Label = ""
    outline: Preset = ""
    document_number: DocumentNumber = ""
    signer: Label = ""
    form: Form = Form.SUMMARY
    photographs: Photographs = ()
    problems: Paragraphs = []
    plans: Paragraphs = []
    paragraphs: dict[SectionId, Paragraphs] = {}


class ParagraphIn(In):
    """An empty text restores the computed one."""

    text: Text


Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class ReturnIn(In):
    """Reasons for returning a report, at least one."""

    reason: Reason | None = None
    reasons: Annotated[list[Reason], Field(max_length=50)] = []

    @property
    def all(self) -> list[str]:
        return ([self.reason] if self.reason else []) + self.reasons

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.all:
            raise ValueError("退回须写明原因")
        return self


class Nothing(In):
    """Body of a command without fields."""


class VersionQuery(In):
    version: Annotated[int | None, Field(ge=1, description="某一版；默认最新一版")] = None


class DifferencesQuery(VersionQuery):
    since: Annotated[
        int | None, Field(ge=1, description="同哪一版比较；默认所更正的一版，没有则为前一版")
    ] = None


class AreaReportQuery(In):
    """`signed_on`: day of signature; by default the last day of the figures."""

    signed_on: Day | None = None


class FiguresQuery(In):
    figures: Annotated[str, Field(max_length=2000, description="各镇要列出的指标编号，用逗号隔开")] = ""

    @property
    def ids(self) -> list[str]:
        return [id for id in self.figures.split(",") if id]


class BoardQuery(FiguresQuery):
    limit: Annotated[
        int | None, Field(ge=1, le=MAX_LIMIT, description="每页列出几个镇；不写则全部列出，合计总是全部的")
    ] = None
    cursor: Annotated[str | None, Field(max_length=200, description="上一页给出的 next_cursor")] = None


class SourceProgress(BaseModel):
    """One source of a closing. `missing`: events up to its seal not received; `trouble`: why it is not verified."""

    source: str
    state: SourceState
    upto: int | None = None
    held: int = 0
    missing: int = 0
    trouble: str = ""


class ClosingOut(BaseModel):
    """state: compiling → compiled; incomplete while a source does not seal; superseded by a later closing.

    `trouble`: why nothing could be compiled though every source has sealed.
    """

    id: str
    town: str
    version: int
    year: int
    period: str
    as_of: date
    state: str
    report_version: int | None = None
    sources: list[SourceProgress]
    trouble: str = ""


class Change(BaseModel):
    """A record changed after the heads of the report."""

    source: str
    subject: str
    type: str
    sequence: int


class ReportOut(Report):
    """The report; `reasons` of a return, `changes` since it was compiled (from approval on)."""

    reasons: list[str] = []
    changes: list[Change] = []


class SettingsOut(SettingsIn):
    """`year` is null where the period is no calendar year."""

    id: str
    town: str
    year: int | None
    period: str
    version: int


class FigureOut(Figure):
    town: str
    year: int
    period: str
    as_of: date
    report_version: int
