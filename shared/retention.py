"""How long stored data are kept: rules as dated data, each with its basis in law."""

from datetime import date, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

SINCE: Final = date(2021, 11, 1)
"""Day on which the law on the protection of personal information came into force."""
SHORTEST: Final = (
    "个人信息保护法第十九条（保存期限应当为实现处理目的所必要的最短时间）"
    "、第四十七条（目的已实现的应当主动删除）"
)


class Retention(BaseModel):
    """A rule: what is erased, so many days after what. `effective_from`: the day from which the rule applies."""

    model_config = ConfigDict(frozen=True)

    id: str
    what: str
    after: str
    days: int
    basis: str
    effective_from: date

    @property
    def kept(self) -> timedelta:
        return timedelta(days=self.days)
