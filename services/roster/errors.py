"""What the roster refuses, and how it says so.

Problem
├── NotFound
│   └── TownUnknown        town-unknown         the town has not been registered
├── Conflict
│   ├── DeputyshipExists   deputyship-exists    one person, one open deputyship per level
│   ├── TermExists         term-exists          this congress number is a term already
│   ├── GroupExists        group-exists         group numbers are unique in a town
│   ├── StationExists      station-exists       station names are unique in a town
│   ├── ConstituencyExists constituency-exists  constituency names are unique in a town
│   └── WrongStatus        wrong-status         the deputyship's status does not allow this
└── Invalid
    └── ImpossibleDate     impossible-date      dates that contradict each other
"""

from shared.errors import Conflict, Invalid, NotFound


class TownUnknown(NotFound):
    slug, title = "town-unknown", "该镇尚未登记"


class DeputyshipExists(Conflict):
    slug, title = "deputyship-exists", "该人员已有同一层级的在任代表资格"


class TermExists(Conflict):
    slug, title = "term-exists", "该届已登记"


class GroupExists(Conflict):
    slug, title = "group-exists", "该编号的代表小组已存在"


class StationExists(Conflict):
    slug, title = "station-exists", "该名称的站点已存在"


class ConstituencyExists(Conflict):
    slug, title = "constituency-exists", "该名称的选区已存在"


class WrongStatus(Conflict):
    slug, title = "wrong-status", "当前状态不允许此操作"


class ImpossibleDate(Invalid):
    slug, title = "impossible-date", "日期前后矛盾"
