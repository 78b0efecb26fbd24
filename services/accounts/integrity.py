"""Integrity checks of accounts: references and invariants; what is made from the logs of others."""

from collections.abc import Iterator

from services.accounts.domain.accounts import Account, State
from services.accounts.repository import ACCOUNTS, ALL, CREDENTIALS, FOREIGN, INVITATIONS, SESSIONS
from shared.endpoints.integrity import Checks, Reference
from shared.events.rebuild import ReadModel


def account_faults(account: Account) -> Iterator[str]:
    if {"office", "teller"} <= set(account.roles):
        yield "同一账号既是人大办又是计票员"
    if (account.state is State.DISABLED) != (account.disabled_at is not None):
        yield "状态与停用时间不符"


READ_MODEL = ReadModel(streams=("roster", "ratings"), collections=FOREIGN)
CHECKS = Checks(
    collections=ALL,
    copies=FOREIGN,
    references=(
        Reference(CREDENTIALS, "_id", ACCOUNTS),
        Reference(SESSIONS, "account_id", ACCOUNTS),
        Reference(INVITATIONS, "account_id", ACCOUNTS),
    ),
    identities={ACCOUNTS.name: account_faults},
)
