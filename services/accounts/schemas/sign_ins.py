"""Sign-in of people."""

from typing import Self

from pydantic import BaseModel, model_validator

from services.accounts.schemas.accounts import AccountOut
from services.accounts.schemas.values import Code, Digits, In, Password


class SignInIn(In):
    """With `name`, `password` and, where asked for, `digits`; or with the code of a `letter`."""

    name: str | None = None
    password: Password | None = None
    digits: Digits | None = None
    letter: Code | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.letter is None) == (self.name is None or self.password is None):
            raise ValueError("应有登录名和口令，或者一封登录信的代码")
        if self.name is not None and len(self.name) > 200:
            raise ValueError("登录名过长")
        return self


class SignedIn(BaseModel):
    """The refresh token is used once: each renewal gives another."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 - RFC 6750
    expires_in: int
    refresh_token: str
    account: AccountOut


class PasswordIn(In):
    password: Password
    new_password: Password


class ProofIn(In):
    """That it is the holder who changes the second step: password, and the digits of the one there is."""

    password: Password | None = None
    digits: Digits | None = None


class DigitsIn(In):
    digits: Digits


class SessionOut(BaseModel):
    id: str
    how: str
    began_at: str
    expires_at: str


class SessionsOut(BaseModel):
    items: list[SessionOut]
