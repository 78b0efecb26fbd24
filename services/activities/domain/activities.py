"""Activities of deputies between sessions; one event held is one activity of one kind."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Final

from services.activities.domain.attendance import Attendance
from services.activities.domain.cases import Case
from services.activities.domain.questions import Question
from services.activities.domain.reviews import UnitBallots
from services.activities.domain.tags import canonical, forms_of, tags_of, themes_of
from services.activities.domain.values import Count, Label, Title, Value
from services.activities.errors import ActivityVoided, DatesOutOfOrder
from shared.days import Day
from shared.errors import FieldError
from shared.storage.work import Record


class ActivityKind(StrEnum):
    """The series an activity is counted in; further classifications are forms."""

    GROUP_ACTIVITY = "group_activity"
    INSPECTION = "inspection"
    RESEARCH = "research"
    LAW_CHECK = "law_check"
    REVIEW = "review"
    INQUIRY = "inquiry"
    TRAINING = "training"
    RECEPTION = "reception"
    VISIT = "visit"
    CONTACT = "contact"
    GOOD_DEED = "good_deed"
    OTHER = "other"


KIND_LABELS: Final = {
    ActivityKind.GROUP_ACTIVITY: "小组活动",
    ActivityKind.INSPECTION: "视察",
    ActivityKind.RESEARCH: "专题调研",
    ActivityKind.LAW_CHECK: "执法检查",
    ActivityKind.REVIEW: "工作评议",
    ActivityKind.INQUIRY: "专题询问",
    ActivityKind.TRAINING: "学习培训",
    ActivityKind.RECEPTION: "接待选民",
    ActivityKind.VISIT: "走访",
    ActivityKind.CONTACT: "联系群众",
    ActivityKind.GOOD_DEED: "办实事",
    ActivityKind.OTHER: "其他活动",
}


class ActivityState(StrEnum):
    HELD = "held"
    VOIDED = "voided"


class ReviewedUnit(UnitBallots):
    """A unit whose work was reviewed (评议), its grade, and the ballots on it; grades differ by place."""

    name: Title
    result: Label = ""


class FollowUp(Value):
    """Findings passed on by the presidium, and the reply of the unit that handled them (代表法 2025 Art. 31)."""

    passed_on: Day | None = None
    passed_to: Label = ""
    fed_back_on: Day | None = None


class Activity(Record):
    """Counts are None when not counted, which is not zero. `year` is that of `held_on`, the first day, by which it
    counts once; `ended_on` the last of several. `group_ids`: all groups of a joint activity, `group_id` the first of
    them. `reference`: the office's own number in its workbook. `evidence_sha256`: digests of the files in `evidence`.
    `notice_on`: the day voters were notified. `tags`: its `themes` and `forms` together; where `themes` is None, as
    recorded before the two were told apart. `merged_into`: voided as a second entry of that one; `different_from`:
    declared to be no second entry of these.
    """

    year: int
    reference: str | None = None
    kind: ActivityKind
    title: Title
    held_on: date
    ended_on: date | None = None
    notice_on: date | None = None
    place: str = ""
    group_id: str | None = None
    group_ids: tuple[str, ...] = ()
    station_id: str | None = None
    attendance: Attendance = Attendance()
    expected: tuple[str, ...] = ()
    late_leave: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    opinions_count: Count | None = None
    voters_count: Count | None = None
    sites_count: Count | None = None
    laws: tuple[str, ...] = ()
    reports_count: Count | None = None
    organiser: str = ""
    units: tuple[ReviewedUnit, ...] = ()
    questions: tuple[Question, ...] = ()
    households_count: Count | None = None
    beneficiaries_count: Count | None = None
    amount_yuan: Count | None = None
    follow_up: FollowUp | None = None
    case: Case | None = None
    plan_item_id: str | None = None
    tags: tuple[str, ...] = ()
    themes: tuple[str, ...] | None = None
    forms: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    evidence_sha256: dict[str, str] = {}
    state: ActivityState = ActivityState.HELD
    void_reason: str | None = None
    merged_into: str | None = None
    different_from: tuple[str, ...] = ()
    roster_sequence: int = 0
    roster_hash: str | None = None

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups whose activity it is: several of a joint one."""
        return self.group_ids or ((self.group_id,) if self.group_id is not None else ())

    def of_groups(self, *groups: str) -> "Activity":
        """The activity as that of these groups, each once; `group_ids` is kept for a joint one only."""
        distinct = tuple(dict.fromkeys(groups))
        first = distinct[0] if distinct else None
        joint = distinct if len(distinct) > 1 else ()
        return self.model_copy(update={"group_id": first, "group_ids": joint})

    def classified(self, sent: Collection[str]) -> "Activity":
        """With tags, themes and forms in agreement. `sent`: those of the three fields that were given anew."""
        tags = self.tags if "tags" in sent or self.themes is None else ()
        themes = (self.themes or ()) if "themes" in sent or "tags" not in sent else ()
        forms = self.forms if "forms" in sent or "tags" not in sent else ()
        themes = (*themes, *themes_of(tags, self.forms))
        forms = canonical((*forms, *forms_of(tags, self.forms)))
        every = tags_of(themes, forms, self.tags)
        in_order = tuple(tag for tag in every if tag in themes)
        return self.model_copy(update={"themes": in_order, "forms": forms, "tags": every})

    def check_dates(self) -> None:
        """Errors: DatesOutOfOrder when it ended before it began."""
        if self.ended_on is not None and self.ended_on < self.held_on:
            message = f"活动 {self.held_on} 开始，不能早于当日（{self.ended_on}）结束"
            raise DatesOutOfOrder(message, errors=[FieldError("body.ended_on", message)])

    @property
    def is_voided(self) -> bool:
        return self.state is ActivityState.VOIDED

    def check_open(self) -> None:
        if self.is_voided:
            raise ActivityVoided(f"该活动已作废（{self.void_reason}），保留原样，不能再改")

    def voided(self, reason: str) -> "Activity":
        self.check_open()
        return self.model_copy(update={"state": ActivityState.VOIDED, "void_reason": reason})

    def without_evidence(self, id: str) -> "Activity":
        named = tuple(name for name in self.evidence if name != id)
        cited = {name: digest for name, digest in self.evidence_sha256.items() if name != id}
        return self.model_copy(update={"evidence": named, "evidence_sha256": cited})
