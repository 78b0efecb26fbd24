"""Facts of ratings: schemes, meetings and their results, duty reports."""

from datetime import date

from services.reports.events_in.tolerant import Foreign, Tolerant, Voidable


class Option(Tolerant):
    code: str = ""
    label: str = ""


class MeetingScheme(Tolerant):
    id: str = ""
    name: str = ""
    options: tuple[Option, ...] = ()
    formula: str = ""
    min_raters: int | None = None
    min_published: int | None = None


class Scheme(Foreign):
    name: str = ""


class DeputyResult(Tolerant):
    deputyship_id: str = ""
    dimension: str = ""
    counts: dict[str, int] = {}
    abstain: int = 0
    spoiled: int = 0
    grade: str = ""


class SlipTotals(Tolerant):
    """Slips with a code: returned ≤ handed out ≤ printed; `handed_out` is None where nobody said."""

    printed: int = 0
    handed_out: int | None = None
    returned: int = 0


class Result(Tolerant):
    issued: int = 0
    returned: int = 0
    not_returned: int | None = None
    void: int = 0
    valid: int = 0
    suppressed: bool = False
    slips: SlipTotals | None = None
    deputies: tuple[DeputyResult, ...] = ()


class Meeting(Voidable):
    year: int | None = None
    held_on: date | None = None
    constituency: str = ""
    deputyship_ids: tuple[str, ...] = ()
    scheme: MeetingScheme = MeetingScheme()
    method: str = ""
    invited: int | None = None
    present: int | None = None
    state: str = "draft"
    result: Result | None = None


class DutyReport(Foreign):
    meeting_id: str = ""
    deputyship_id: str = ""
    form: str = ""
