"""Errors of the ratings service: the tree, with the problem slug of each.

Problem
├── Conflict
│   ├── MeetingState          meeting-state            the meeting's state does not allow the command
│   ├── CountsDiffer          counts-differ            the entries differ: the meeting is quarantined
│   ├── CountsIncomplete      counts-incomplete        a sheet is still missing
│   ├── CountsTaken           counts-taken             this entry belongs to another teller
│   ├── CodeUsed              code-used                a slip votes once
│   ├── SlipsUnfit            slips-unfit              slips that cannot be counted on paper
│   ├── TooManyBallots        too-many-ballots         more ballots than people present, or slips handed out
│   ├── VotingClosed          voting-closed            the box is not open yet, or closed
│   ├── NotPublished          results-sealed           no result before publication
│   └── DutyReportFiled       duty-report-filed        one duty report per deputy and meeting
├── Unavailable
│   ├── BoxKeyMissing         box-key-missing          the ballots cannot be decrypted here
│   └── BallotBroken          ballot-broken            an encrypted ballot was modified
├── NotFound
│   └── SlipUnknown           slip-unknown             no slip has this code
├── TooMany
│   └── TooManyTries          too-many-tries           rate limit of a slip, or of unknown codes
├── Forbidden
│   ├── NotTeller             not-teller               the caller does not count here
│   ├── NotPresiding          not-presiding            another leads this meeting
│   ├── SameTeller            same-teller              both entries by one person
│   └── TellerMayNotPublish   teller-may-not-publish   tellers do not publish
└── Invalid
    ├── Unacceptable          unacceptable             a field contradicts the others
    ├── SchemeUnfit           scheme-unfit             options and formula do not fit
    ├── CountsUnbalanced      counts-unbalanced        the numbers of a sheet do not add up
    └── MethodUnsupported     method-unsupported       this method of voting is not offered
"""

from shared.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unavailable


class MeetingState(Conflict):
    slug, title = "meeting-state", "测评会当前状态不允许此操作"


class CountsDiffer(Conflict):
    slug, title = "counts-differ", "两遍计票不一致"


class CountsIncomplete(Conflict):
    slug, title = "counts-incomplete", "计票表尚未录齐"


class CountsTaken(Conflict):
    slug, title = "counts-taken", "该遍计票已由他人录入"


class CodeUsed(Conflict):
    slug, title = "code-used", "此票已投过"


class SlipsUnfit(Conflict):
    slug, title = "slips-unfit", "有的票不能按纸质票计"


class TooManyBallots(Conflict):
    slug, title = "too-many-ballots", "票数多于人数"


class VotingClosed(Conflict):
    slug, title = "voting-closed", "现在不能投票"


class BoxKeyMissing(Unavailable):
    slug, title = "box-key-missing", "票箱钥匙不在，不能计票"


class BallotBroken(Unavailable):
    slug, title = "ballot-broken", "选票损坏，不能计票"


class SlipUnknown(NotFound):
    slug, title = "slip-unknown", "票号不存在，请核对"


class TooManyTries(TooMany):
    slug, title = "too-many-tries", "试得太快，请稍等"


class NotPublished(Conflict):
    slug, title = "results-sealed", "结果未公布"


class DutyReportFiled(Conflict):
    slug, title = "duty-report-filed", "该代表本场述职报告已登记"


class NotTeller(Forbidden):
    slug, title = "not-teller", "不是本场计票人"


class NotPresiding(Forbidden):
    slug, title = "not-presiding", "本场测评不由您主持"


class SameTeller(Forbidden):
    slug, title = "same-teller", "两遍计票须由不同的人录入"


class TellerMayNotPublish(Forbidden):
    slug, title = "teller-may-not-publish", "计票人不得公布结果"


class Unacceptable(Invalid):
    slug, title = "unacceptable", "填写内容有误"


class SchemeUnfit(Invalid):
    slug, title = "scheme-unfit", "评议办法有误"


class CountsUnbalanced(Invalid):
    slug, title = "counts-unbalanced", "票数不平"


class MethodUnsupported(Invalid):
    slug, title = "method-unsupported", "暂不提供此测评方式"
