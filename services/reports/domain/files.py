"""Models of the duty files (履职档案) of deputies and groups; every line names the record behind it."""

from datetime import date
from typing import Literal

from services.reports.domain import Frozen, RecordRef

AttendanceState = Literal["present", "on_leave", "absent", "not_recorded", "not_expected"]
ChangeKind = Literal[
    "started", "ended", "suspended", "resumed", "group_joined", "group_left", "role_taken", "role_left"
]


class FilePerson(Frozen):
    """Public data of a person."""

    name: str
    gender: str
    born_year: int | None
    ethnicity: str
    party: str
    education: str
    occupation: str
    record: RecordRef


class FileMandate(Frozen):
    """A mandate of the person; `id` is the deputyship's, `group` the name of its group at the end of the year."""

    id: str
    level: str
    congress_number: int | None
    constituency: str
    started_on: date | None
    started_by: str
    ended_on: date | None
    ended_reason: str
    from_unit: str
    group: str
    roles: list[str]
    record: RecordRef


class FileChange(Frozen):
    """A change of a mandate within the year; `detail`: name of the group, or code of role, start or end reason."""

    on: date
    what: ChangeKind
    detail: str
    deputyship_id: str
    record: RecordRef


class FileEvent(Frozen):
    """A session or presidium meeting of the year, or an activity the deputy was expected at or attended.

    kind: session, presidium_meeting, or that of an activity. `deputyship_id`: the mandate it is listed under, once.
    `expected`: whether attendance was required; who attends without it is present too. `online`, `portion`:
    how somebody present took part; empty where nothing is recorded. `evidence` as entered.
    """

    kind: str
    title: str
    held_on: date
    ended_on: date | None = None
    place: str
    state: AttendanceState
    expected: bool
    reason: str
    online: bool | None = None
    portion: str = ""
    deputyship_id: str
    evidence: list[str]
    record: RecordRef


class FileSuggestion(Frozen):
    """A suggestion led or seconded; class and satisfaction by the latest reply and evaluation of the year."""

    number: int | str | None
    title: str
    raised_on: date | None
    raised_at: str
    part: Literal["lead", "co"]
    lead: str
    state: str
    unit: str
    co_units: list[str]
    due_on: date | None
    replied: bool
    reply_class: str
    satisfaction: str
    record: RecordRef


class FileOpinions(Frozen):
    """Number of voters' opinions received by the deputy in the year; their texts stay in activities."""

    received: int
    closed: int
    by_state: dict[str, int]
    records: list[RecordRef]


class FileDutyReport(Frozen):
    """A duty report at a rating meeting of the year."""

    held_on: date | None
    constituency: str
    form: str
    record: RecordRef


class FileRating(Frozen):
    """A published rating of the deputy; counts are empty and `valid` is null where the result is suppressed.

    `labels`: option codes in Chinese.
    """

    held_on: date | None
    constituency: str
    form: str
    scheme: str
    suppressed: bool
    valid: int | None
    counts: dict[str, int]
    labels: dict[str, str]
    record: RecordRef


class DutyFile(Frozen):
    """Duty file (履职档案) of a deputy and year by the current records. `totals`: events by kind and attendance."""

    town: str
    town_name: str
    year: int
    deputyship_id: str
    person_id: str
    name: str
    person: FilePerson | None
    mandates: list[FileMandate]
    changes: list[FileChange]
    events: list[FileEvent]
    totals: dict[str, dict[AttendanceState, int]]
    suggestions: list[FileSuggestion]
    opinions: FileOpinions
    duty_reports: list[FileDutyReport]
    ratings: list[FileRating]


class GroupMember(Frozen):
    """A membership within the year, [from_on, to_on); an open end continues."""

    deputyship_id: str
    name: str
    constituency: str
    from_on: date | None
    to_on: date | None
    record: RecordRef


class GroupLeader(Frozen):
    """A leader of the group within the year; days are null where not recorded."""

    deputyship_id: str
    name: str
    from_on: date | None
    to_on: date | None
    record: RecordRef


class GroupStation(Frozen):
    name: str
    address: str
    reception_day: int | str | None
    record: RecordRef


class GroupPlanItem(Frozen):
    """An item of the group's plan; `activity`: the activity that completed it, if named."""

    title: str
    kind: str
    theme: str
    due_on: date | None
    state: str
    done: bool
    done_on: date | None
    activity: RecordRef | None
    record: RecordRef


class Attendee(Frozen):
    deputyship_id: str
    name: str
    state: AttendanceState
    reason: str
    online: bool | None = None
    portion: str = ""


class GroupEvent(Frozen):
    """An event with the attendance of the members on its day; `others`: attendees who are not members."""

    kind: str
    title: str
    held_on: date
    ended_on: date | None = None
    place: str
    topics: list[str]
    members: list[Attendee]
    others: int
    evidence: list[str]
    record: RecordRef


class GroupFile(Frozen):
    """Duty file (小组履职档案) of a group and year by the current records; names in stroke order.

    `plan_due`, `plan_done`: items of the group's plans due in the year, and those of them that are done.
    """

    town: str
    town_name: str
    year: int
    group_id: str
    name: str
    number: int | None
    level: str
    formed_on: date | None
    dissolved_on: date | None
    rules: list[str]
    record: RecordRef
    station: GroupStation | None
    members: list[GroupMember]
    leaders: list[GroupLeader]
    plan: list[GroupPlanItem]
    plan_due: int
    plan_done: int
    activities: list[GroupEvent]
    trainings: list[GroupEvent]
    sessions: list[GroupEvent]
    suggestions: list[FileSuggestion]
