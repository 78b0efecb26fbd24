"""How long what is stored about people is kept, as dated data with its basis."""

from datetime import date, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict


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


_SINCE: Final = date(2021, 11, 1)
"""Day on which the law on the protection of personal information came into force."""

ACCOUNTS: Final = Retention(
    id="accounts.disabled",
    what="停用账号的登录名和姓名",
    after="停用",
    days=180,
    basis="个人信息保护法第十九条（保存期限应当为实现处理目的所必要的最短时间）、第四十七条（目的已实现的应当主动删除）",
    effective_from=_SINCE,
)
AUDIT: Final = Retention(
    id="accounts.audit",
    what="审计记录",
    after="发生",
    days=1095,
    basis="网络安全法第二十一条（网络日志留存不少于六个月）；个人信息保护法第五十六条（处理情况记录至少保存三年）",
    effective_from=_SINCE,
)
SESSIONS: Final = Retention(
    id="accounts.sessions",
    what="登录和续期令牌的散列",
    after="到期",
    days=7,
    basis="个人信息保护法第十九条",
    effective_from=_SINCE,
)
ATTEMPTS: Final = Retention(
    id="accounts.attempts",
    what="登录失败的次数",
    after="最后一次失败",
    days=1,
    basis="个人信息保护法第十九条",
    effective_from=_SINCE,
)
INVITATIONS: Final = Retention(
    id="accounts.invitations",
    what="一次性链接和登录信的散列",
    after="到期",
    days=1,
    basis="个人信息保护法第十九条",
    effective_from=_SINCE,
)
RULES: Final = (ACCOUNTS, AUDIT, SESSIONS, ATTEMPTS, INVITATIONS)
