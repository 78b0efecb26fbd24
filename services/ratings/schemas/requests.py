"""Requests of the ratings service. Only what identifies and dates a record is required."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from services.ratings.ballots import Entry
from services.ratings.domain import (
    BASICALLY_SATISFIED,
    LEAST_PUBLISHED,
    SATISFIED,
    Count,
    Form,
    Formula,
    Method,
    Option,
    Rules,
    Weight,
)
from shared.days import Day
from shared.endpoints import imports
from shared.security.tokens import SUBJECT_LIMIT

Text = Annotated[str, Field(max_length=20_000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Line = Annotated[str, Field(max_length=100)]
Id = Annotated[str, Field(min_length=1, max_length=100)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OptionIn(Option):
    model_config = ConfigDict(extra="forbid")


class WeightIn(Weight):
    model_config = ConfigDict(extra="forbid")


USUAL_OPTIONS = (
    OptionIn(code=SATISFIED, label="满意"),
    OptionIn(code=BASICALLY_SATISFIED, label="基本满意"),
    OptionIn(code="dissatisfied", label="不满意"),
)


def _percent(line: Any) -> Any:
    """Convert a share such as 0.8 to a percentage."""
    return round(line * 100) if isinstance(line, float) and 0 < line < 1 else line


Percent = Annotated[int, Field(ge=-1000, le=1000), BeforeValidator(_percent)]


class SchemeIn(Rules):
    """Thresholds are percentages (or shares below 1), fewer than options: reaching the n-th gives the n-th option."""

    model_config = ConfigDict(extra="forbid")

    options: tuple[OptionIn, ...] = Field(default=USUAL_OPTIONS, min_length=2, max_length=12)
    formula: Formula = Formula.SATISFIED_OVER_OPTIONS
    thresholds: tuple[Percent, ...] = Field(default=(), max_length=12)
    groups: tuple[WeightIn, ...] = Field(default=(), max_length=20)
    min_published: int = Field(default=10, ge=LEAST_PUBLISHED, le=10_000_000)


class MeetingIn(In):
    """`tellers` are token subjects: when given, only they key counts. `presiding` is the subject of the teller who
    opens, closes and publishes where slips vote. `scrutineers` are names, printed on the sheets. `plan_item_id`: the
    item of the year's plan that is done by this meeting.

    `year` defaults to `held_on`'s.
    """

    year: int | None = Field(default=None, ge=1954, le=2999)
    held_on: Day
    constituency: Line = ""
    deputyship_ids: tuple[Id, ...] = Field(default=(), max_length=200)
    scheme_id: Id
    method: Method = Method.PAPER
    invited: Count | None = None
    present: Count | None = None
    tellers: tuple[Line, ...] = Field(default=(), max_length=20)
    presiding: Annotated[str, Field(max_length=SUBJECT_LIMIT)] = ""
    scrutineers: tuple[Line, ...] = Field(default=(), max_length=20)
    plan_item_id: Id | None = None


class Nothing(In):
    """The empty body of a command."""


class CloseIn(In):
    """Stated by the presiding teller where slips vote: people `present`, and slips `handed_out`."""

    model_config = ConfigDict(frozen=True)

    present: Count | None = None
    handed_out: Count | None = None


class ImportQuery(imports.ImportQuery):
    """`sheets`: names of sheets to import, separated by commas; default all that the caller may write."""

    sheets: str = Field(default="", max_length=200)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in re.split("[,，、]", self.sheets) if name.strip())


class ReasonIn(In):
    reason: Reason


class CountsIn(In):
    """One count sheet as keyed: entry 1 or 2, and the number of each option per deputyship."""

    entry: Entry
    issued: Count
    returned: Count
    void: Count
    counts: dict[str, dict[str, Count]]
    dimension: Line | None = None
    group: Line | None = None


class CodesIn(In):
    """`base_url`: the address by which voters reach this system; default the address of this request.

    `instead`: invalidate all slips printed for the meeting before.
    """

    count: int = Field(ge=1, le=5000)
    instead: bool = False
    base_url: str | None = Field(default=None, pattern=r"^https?://[^\s/?#]+/?$", max_length=200)


class PaperSlipsIn(In):
    """Codes of slips that were filled in by hand, as printed on the slips."""

    codes: tuple[Line, ...] = Field(min_length=1, max_length=1000)


class Vote(In):
    """Deputyship id → option code or abstain; default abstain."""

    choices: dict[str, str] = Field(max_length=200)


class DutyReportIn(In):
    meeting_id: Id
    deputyship_id: Id
    form: Form = Form.ORAL
    text: Text = ""
    study: Text = ""
    at_sessions: Text = ""
    between_sessions: Text = ""
    with_voters: Text = ""
    shortcomings: Text = ""
