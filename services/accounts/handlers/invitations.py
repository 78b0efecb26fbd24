"""Codes that are given once and used once: set-up links, letters, and the one that makes the first account."""

import os
from datetime import timedelta
from typing import Final

from services.accounts import repository
from services.accounts.domain.accounts import Account
from services.accounts.domain.credentials import (
    CODE_LENGTH,
    FIRST_VALID,
    LETTER_VALID,
    SET_UP_VALID,
    Invitation,
    Purpose,
)
from services.accounts.domain.second_step import SECRET_BYTES, encode
from services.accounts.errors import CodeUnknown
from services.accounts.repository import INVITATIONS
from shared.security import codes
from shared.storage.work import Work

VALID: Final[dict[Purpose, timedelta]] = {
    Purpose.FIRST: FIRST_VALID,
    Purpose.SET_UP: SET_UP_VALID,
    Purpose.LETTER: LETTER_VALID,
}


async def invite(
    work: Work, purpose: Purpose, account: Account | None = None, *, second_step: bool = False
) -> tuple[Invitation, str]:
    """(invitation, code); the code is returned only here. Those given before for the same purpose end. `second_step`:
    it is set up with the password."""
    account_id = account.id if account is not None else None
    for before in await repository.invitations_of(work, account_id):
        if before.purpose is purpose:
            work.remove(INVITATIONS, before)
    code = codes.new(CODE_LENGTH)
    invitation = Invitation(
        id=codes.fingerprint(code),
        town=work.town,
        purpose=purpose,
        account_id=account_id,
        expires_at=work.clock.now() + VALID[purpose],
        secret=new_secret() if second_step else None,
    )
    return work.create(INVITATIONS, invitation, "given"), code


async def invitation_with(work: Work, written: str, *purposes: Purpose) -> Invitation:
    """Errors: CodeUnknown, the same for wrong, used and expired ones."""
    code = codes.read(written, CODE_LENGTH)
    invitation = await repository.invitation(work.reader, codes.fingerprint(code)) if code else None
    if invitation is None or invitation.purpose not in purposes or invitation.expires_at <= work.clock.now():
        raise CodeUnknown
    return invitation


async def withdraw(work: Work, account_id: str, *purposes: Purpose) -> None:
    """Those of the purposes, or all."""
    for invitation in await repository.invitations_of(work, account_id):
        if not purposes or invitation.purpose in purposes:
            work.remove(INVITATIONS, invitation)


def new_secret() -> str:
    return encode(os.urandom(SECRET_BYTES))
