"""Models of the duty files (履职档案) of deputies and groups; every line names the record behind it."""

from datetime import date
from typing import Literal

from services.reports.domain import Frozen, RecordRef

AttendanceState = Literal["present", "on_leave", "absent", "not_recorded", "not_expected"]
ChangeKind = Literal[
    "started", "ended", "suspended", "resumed", "group_joined", "group_left", "role_taken", "role_left"
]


class FilePerson(Frozen):
    """What is public of a person."""

    name: str
    gender: str
    born_year: int | None
    ethnicity: str
    party: str
    education: str
    occupation: str
    record: RecordRef


class FileMandate(Frozen):
    """One mandate of the person; `id` is the deputyship's. `group` is the name of his group at the end of the year."""

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
    """What changed for him within the year; `detail` is the group's name, the code of a role, way or reason."""

    on: date
    what: ChangeKind
    detail: str
    deputyship_id: str
    record: RecordRef


class FileEvent(Frozen):
    """A session or meeting of the year, or an activity he was expected at or came to.

    kind: session, presidium_meeting, or that of an activity. `deputyship_id`: the mandate it is shown under, once.
    `expected`: whether he had to be there; who came without is present all the same. `evidence` as it was entered.
    """

    kind: str
    title: str
    held_on: date
    place: str
    state: AttendanceState
    expected: bool
    reason: str
    deputyship_id: str
    evidence: list[str]
    record: RecordRef


class FileSuggestion(Frozen):
    """`class` and `satisfaction` by the latest reply and rating up to the end of the year."""

    number: int | str | None
    title: str
    raised_on: date | None
    raised_at: str
    part: Literal["lead", "co"]
    lead: str
    state: str
    unit: str
    due_on: date | None
    replied: bool
    reply_class: str
    satisfaction: str
    record: RecordRef


class FileOpinions(Frozen):
    """Opinions of voters received by him in the year: counts alone, what was said stays where it was entered."""

    received: int
    closed: int
    by_state: dict[str, int]
    records: list[RecordRef]


class FileDutyReport(Frozen):
    """He reported to voters at a meeting of the year, whatever the rating was."""

    held_on: date | None
    constituency: str
    form: str
    record: RecordRef


class FileRating(Frozen):
    """A published meeting at which he was rated; counts are empty and `valid` is null where the result is suppressed.

    `labels`: the option codes in Chinese.
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
    """履职档案 of a year, as the records stand now. `totals`: events by kind and attendance, his own alone."""

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
    """One stay in the group within the year; an open end goes on."""

    deputyship_id: str
    name: str
    constituency: str
    from_on: date | None
    to_on: date | None
    record: RecordRef


class GroupLeader(Frozen):
    """Who led the group within the year; without days where nobody wrote them down."""

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
    """`activity`: the record it was done by, where it names one."""

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


class GroupEvent(Frozen):
    """Something held, and how the members of that day stood to it; `others` came without being members."""

    kind: str
    title: str
    held_on: date
    place: str
    topics: list[str]
    members: list[Attendee]
    others: int
    evidence: list[str]
    record: RecordRef


class GroupFile(Frozen):
    """小组履职档案 of a year, as the records stand now; names in stroke order, nobody is compared.

    `plan_due`, `plan_done`: items of the group's plans that fell due in the year, and those of them that were done.
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
