"""How long what is stored about people is kept, as dated data with its basis."""

from typing import Final

from shared.norms import SHORTEST, SINCE, Retention

ACCOUNTS: Final = Retention(
    id="accounts.disabled",
    what="停用账号的登录名和姓名",
    after="停用",
    days=180,
    basis=SHORTEST,
    effective_from=SINCE,
)
AUDIT: Final = Retention(
    id="accounts.audit",
    what="审计记录",
    after="发生",
    days=1095,
    basis="网络安全法第二十一条（网络日志留存不少于六个月）；个人信息保护法第五十六条（处理情况记录至少保存三年）",
    effective_from=SINCE,
)
SESSIONS: Final = Retention(
    id="accounts.sessions",
    what="登录和续期令牌的散列",
    after="到期",
    days=7,
    basis="个人信息保护法第十九条",
    effective_from=SINCE,
)
ATTEMPTS: Final = Retention(
    id="accounts.attempts",
    what="登录失败的次数",
    after="最后一次失败",
    days=1,
    basis="个人信息保护法第十九条",
    effective_from=SINCE,
)
INVITATIONS: Final = Retention(
    id="accounts.invitations",
    what="一次性链接和登录信的散列",
    after="到期",
    days=1,
    basis="个人信息保护法第十九条",
    effective_from=SINCE,
)
REVOCATIONS: Final = Retention(
    id="accounts.revocations",
    what="已撤销的令牌和登录的散列",
    after="令牌到期",
    days=1,
    basis="个人信息保护法第十九条",
    effective_from=SINCE,
)
NONCES: Final = Retention(
    id="accounts.nonces",
    what="签名请求用过的随机串的散列",
    after="请求过期",
    days=1,
    basis="个人信息保护法第十九条",
    effective_from=SINCE,
)
RULES: Final = (ACCOUNTS, AUDIT, SESSIONS, ATTEMPTS, INVITATIONS, REVOCATIONS, NONCES)
