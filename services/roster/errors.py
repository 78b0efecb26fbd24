"""Errors of the roster: the tree, with the problem slug of each.

Problem
├── NotFound
│   └── TownUnknown        town-unknown         the town has not been registered
├── Conflict
│   ├── DeputyshipExists   deputyship-exists    one person, one open deputyship per level
│   ├── TermExists         term-exists          this congress number is a term already
│   ├── TaskExists         task-exists          one open task of a kind per deputyship
│   ├── ByElectionExists   by-election-exists   one vote of a constituency on a day
│   ├── OfficeExists       office-exists        one entry a year
│   ├── GroupExists        group-exists         group numbers are unique in a town
│   ├── StationExists      station-exists       station names are unique in a town
│   ├── ConstituencyExists constituency-exists  constituency names are unique in a town
│   ├── ReferenceExists    reference-exists     another record has this number of the office
│   ├── WrongStatus        wrong-status         the status of the record does not allow this step
│   ├── MergeConflict      merge-conflict       the two entries differ, or stand for two things
│   └── PersonMerged       person-merged        the entry was merged into another
└── Invalid
    ├── NotACongress       not-a-congress       a sub-district has no People's Congress of its own
    ├── ImpossibleDate     impossible-date      dates that contradict each other, or lie where they cannot
    ├── VotesUnfit         votes-unfit          counts that cannot be, such as more votes than voters
    ├── ElectionVoid       election-void        half of the voters or fewer took part
    └── NotElected         not-elected          fewer votes than it takes
"""

from shared.errors import Conflict, Invalid, NotFound


class TownUnknown(NotFound):
    slug, title = "town-unknown", "该镇尚未登记"


class DeputyshipExists(Conflict):
    slug, title = "deputyship-exists", "该人员已有同一层级的在任代表资格"


class TermExists(Conflict):
    slug, title = "term-exists", "该届已登记"


class TaskExists(Conflict):
    slug, title = "task-exists", "该代表已有一件同类事项待审查"


class ByElectionExists(Conflict):
    slug, title = "by-election-exists", "该选区当日的补选已登记"


class OfficeExists(Conflict):
    slug, title = "office-exists", "该年度的机构和经费已登记"


class GroupExists(Conflict):
    slug, title = "group-exists", "该编号的代表小组已存在"


class StationExists(Conflict):
    slug, title = "station-exists", "该名称的站点已存在"


class ConstituencyExists(Conflict):
    slug, title = "constituency-exists", "该名称的选区已存在"


class ReferenceExists(Conflict):
    slug, title = "reference-exists", "该编号已用于另一条登记"


class WrongStatus(Conflict):
    slug, title = "wrong-status", "当前状态不允许这一步"


class NotACongress(Invalid):
    slug, title = "not-a-congress", "这里不设人民代表大会"


class ImpossibleDate(Invalid):
    slug, title = "impossible-date", "日期前后矛盾，或者不可能"


class VotesUnfit(Invalid):
    slug, title = "votes-unfit", "票数不符"


class ElectionVoid(Invalid):
    slug, title = "election-void", "参加投票的选民没有过半数"


class NotElected(Invalid):
    slug, title = "not-elected", "得票不足以当选"


class MergeConflict(Conflict):
    slug, title = "merge-conflict", "两条登记不一致，不能合并"


class PersonMerged(Conflict):
    slug, title = "person-merged", "该人员登记已并入另一条"
