"""The town: code, names with their days, size, rule packs, and what became of it; and what is no town, because it has
no People's Congress."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from services.roster.domain.dated import Value, not_after, unfit
from services.roster.domain.rule_packs import RulePack
from services.roster.errors import NotACongress
from shared.errors import FieldError
from shared.storage.work import Record

NAMES: Final = ("name", "county_name", "city_name")


class FormerTownName(Value):
    """Names of the town and the areas above it until before `until`, when one of them changed: 乡改镇, 县改市."""

    until: date
    name: str
    county_name: str | None = None
    city_name: str | None = None


class Town(Record):
    """`id` is the 9-digit code (GB/T 10114). `rules` is the town's own pack without dates; others have defaults.

    `former_names`: in the order of their days. `abolished_on`: from then on there is no such town; its places belong to
    `successor_codes`. `predecessor_codes`: the towns, or the code, that this one goes back to. `public`: whether the
    public cards of its deputies and stations are shown.
    """

    name: str
    county_name: str | None = None
    city_name: str | None = None
    former_names: list[FormerTownName] = []
    congress_number: int | None = None
    quota: int | None = None
    population: int | None = None
    abolished_on: date | None = None
    successor_codes: list[str] = []
    predecessor_codes: list[str] = []
    rules: dict[str, Any] = {}
    rule_packs: list[RulePack] = []
    public: bool = False


_TOWNS: Final = re.compile(r".*(乡|镇|苏木)")
_OTHERS: Final = re.compile(r"街道|街办|办事处|管委会|管理委员会|开发区|人大工委|人大工作委员会|议政代表")
_BRACKETED: Final = re.compile(r"[（(].*?[）)]|\s")
_SUB_DISTRICTS: Final = range(1, 100)
"""Last three digits of their codes (GB/T 10114): a hint, as some towns have such codes too."""


def check_congress(code: str, name: str) -> None:
    """Towns have a People's Congress, sub-districts (街道) and zones have none. Errors: NotACongress."""
    plain = _BRACKETED.sub("", name)
    if _TOWNS.fullmatch(plain):
        return
    if _OTHERS.search(plain):
        message = (
            f"“{name}”不是乡、民族乡、镇，不设人民代表大会：街道的人大工委是上级人大常委会的工作机构，议政代表会不是"
            "国家权力机关（地方组织法（2022）第二条、第五十九条）。本系统按乡镇人大的法律和提纲记录、编写，不能用于街道；"
            "街道的代表活动由所属的县级人大常委会统计"
        )
    elif code[-3:].isdecimal() and int(code[-3:]) in _SUB_DISTRICTS:
        message = (
            f"“{name}”看不出是乡还是镇，代码 {code} 末三位在 001 至 099 之间的一般是街道；"
            "是乡镇的请写全名，如“某某镇”"
        )
    else:
        return
    raise NotACongress(message, errors=[FieldError("body.name", message)])


def renamed(before: Town, after: Town, *, on: date) -> Town:
    """`after` with the names of before kept until `on`. Errors: Invalid, ImpossibleDate."""
    if all(getattr(before, name) == getattr(after, name) for name in NAMES):
        return after
    if before.former_names:
        not_after(before.former_names[-1].until, on, "上次更名")
    former = FormerTownName(until=on, **before.model_dump(include=set(NAMES)))
    return after.model_copy(update={"former_names": in_order([*after.former_names, former])})


def check(town: Town) -> None:
    """Errors: Invalid."""
    if town.successor_codes and town.abolished_on is None:
        raise unfit("abolished_on", "写明了并入或者改用的区划代码，须填撤销日期")
    for field in ("successor_codes", "predecessor_codes"):
        if town.id in getattr(town, field):
            raise unfit(field, f"不能是本乡镇自己的代码 {town.id}")


def in_order(former: Iterable[FormerTownName]) -> list[FormerTownName]:
    return sorted(former, key=lambda name: name.until)
