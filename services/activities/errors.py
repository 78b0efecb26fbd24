"""Errors of the activities service: the tree, with the problem slug of each.

Problem
├── Conflict
│   ├── SessionExists           session-exists            this session of this congress is recorded already
│   ├── PresidiumMeetingExists  presidium-meeting-exists  this meeting of this year is recorded already
│   ├── SuggestionExists        suggestion-exists         a suggestion of this year has this number already
│   ├── WrongState              wrong-state               the state of the record does not allow the command
│   ├── ActivityVoided          activity-voided           a voided activity is kept as it was
│   ├── MergeConflict           merge-conflict            the two entries differ, or stand for two things
│   ├── OpinionErased           opinion-erased          an erased opinion gets neither text nor contact again
│   ├── OpinionCodeRevoked      opinion-code-revoked      the poster with this code was withdrawn
│   ├── GroupDissolved          group-dissolved           a draft of a group that is no more is not confirmed
│   └── EvidenceVoided          evidence-voided           a voided file can be neither downloaded nor named
├── Forbidden
│   └── NotOwnGroup             not-own-group             a leader enters activities of the own group alone
├── NotFound
│   ├── OpinionCodeUnknown      opinion-code-unknown      no poster has this code
│   └── EvidenceLost            evidence-lost             the record is there, its bytes are not, or not whole
├── TooMany
│   └── TooManyOpinions         too-many-opinions         rate limit of one code within an hour
└── Invalid
    ├── QuorumMissed            quorum-missed             fewer present than the law requires
    ├── MajorityMissed          majority-missed           fewer votes than half of all deputies
    ├── VotesExceedPresent      votes-exceed-present      more votes or ballots than deputies present
    ├── AttendanceFaulty        attendance-faulty         somebody named twice
    ├── DatesOutOfOrder         dates-out-of-order        ended, answered or closed before it began
    ├── ReferenceUnknown        reference-unknown         names a record that does not exist, or is over
    └── EvidenceUnfit           evidence-unfit            a file of another kind, or without a picture in it
"""

from typing import ClassVar

from shared.errors import Conflict, Forbidden, Invalid, NotFound, TooMany


class SessionExists(Conflict):
    slug: ClassVar[str] = "session-exists"
    title: ClassVar[str] = "该次人民代表大会会议已登记"


class PresidiumMeetingExists(Conflict):
    slug: ClassVar[str] = "presidium-meeting-exists"
    title: ClassVar[str] = "该次主席团会议已登记"


class SuggestionExists(Conflict):
    slug: ClassVar[str] = "suggestion-exists"
    title: ClassVar[str] = "该年该编号的代表建议已登记"


class WrongState(Conflict):
    slug: ClassVar[str] = "wrong-state"
    title: ClassVar[str] = "当前状态不能办理"


class ActivityVoided(Conflict):
    slug: ClassVar[str] = "activity-voided"
    title: ClassVar[str] = "该活动已作废"


class MergeConflict(Conflict):
    slug: ClassVar[str] = "merge-conflict"
    title: ClassVar[str] = "两条登记不一致，不能合并"


class GroupDissolved(Conflict):
    slug: ClassVar[str] = "group-dissolved"
    title: ClassVar[str] = "小组已撤销"


class NotOwnGroup(Forbidden):
    slug: ClassVar[str] = "not-own-group"
    title: ClassVar[str] = "不是本组的活动"


class EvidenceVoided(Conflict):
    slug: ClassVar[str] = "evidence-voided"
    title: ClassVar[str] = "该材料已作废"


class OpinionCodeUnknown(NotFound):
    slug: ClassVar[str] = "opinion-code-unknown"
    title: ClassVar[str] = "没有这个意见码，请核对后再输入"


class EvidenceLost(NotFound):
    slug: ClassVar[str] = "evidence-lost"
    title: ClassVar[str] = "这份材料的文件已经丢失或者损坏"


class OpinionErased(Conflict):
    slug: ClassVar[str] = "opinion-erased"
    title: ClassVar[str] = "该意见的内容和联系方式已永久删除，不能再登记"


class OpinionCodeRevoked(Conflict):
    slug: ClassVar[str] = "opinion-code-revoked"
    title: ClassVar[str] = "这个意见码已停用，请到站点或镇人大办公室反映"


class TooManyOpinions(TooMany):
    slug: ClassVar[str] = "too-many-opinions"
    title: ClassVar[str] = "提交过于频繁"


class QuorumMissed(Invalid):
    slug: ClassVar[str] = "quorum-missed"
    title: ClassVar[str] = "出席人数不足法定人数"


class MajorityMissed(Invalid):
    slug: ClassVar[str] = "majority-missed"
    title: ClassVar[str] = "得票未超过全体代表的半数"


class VotesExceedPresent(Invalid):
    slug: ClassVar[str] = "votes-exceed-present"
    title: ClassVar[str] = "票数多于到会人数"


class AttendanceFaulty(Invalid):
    slug: ClassVar[str] = "attendance-faulty"
    title: ClassVar[str] = "出席情况有误"


class DatesOutOfOrder(Invalid):
    slug: ClassVar[str] = "dates-out-of-order"
    title: ClassVar[str] = "日期先后不合"


class ReferenceUnknown(Invalid):
    slug: ClassVar[str] = "reference-unknown"
    title: ClassVar[str] = "所指的记录不存在或者已经结束"


class EvidenceUnfit(Invalid):
    slug: ClassVar[str] = "evidence-unfit"
    title: ClassVar[str] = "文件不能作为佐证材料"
