"""The town: code, size and rule packs; and what is no town, because it has no People's Congress."""

import re
from typing import Any, Final

from services.roster.domain.rule_packs import RulePack
from services.roster.errors import NotACongress
from shared.errors import FieldError
from shared.storage.work import Record


class Town(Record):
    """`id` is the 9-digit code (GB/T 10114). `rules` is the town's own pack without dates; others have defaults."""

    name: str
    county_name: str | None = None
    city_name: str | None = None
    congress_number: int | None = None
    quota: int | None = None
    population: int | None = None
    rules: dict[str, Any] = {}
    rule_packs: list[RulePack] = []


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
