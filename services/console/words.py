"""The Chinese of codes, as people see them; one table a kind. The codes are those of the HTTP contract."""

from collections.abc import Mapping
from typing import Final

ROLES: Final = {
    "office": "人大办",
    "leader": "小组组长",
    "deputy": "代表",
    "teller": "计票员",
    "county": "县级",
    "auditor": "审计",
}

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "role": ROLES,
    "severity": {"block": "须先处理", "warn": "提醒", "info": "说明"},
    "account_state": {"invited": "待设口令", "active": "在用", "disabled": "已停用"},
}
