"""First passwords, set by the holder with a one-time code."""

from typing import Literal

from pydantic import BaseModel

from services.accounts.schemas.values import Area, Code, Digits, DisplayName, In, Name, Password


class SetUpOpen(In):
    code: Code


class SecondStepOffer(BaseModel):
    """The secret for an authenticator, as text, address and SVG picture."""

    secret: str
    url: str
    qr: str


class SetUpOut(BaseModel):
    """What a code is for. `first`: it makes the first account of the installation, which needs a name and an area."""

    first: bool
    name: str | None
    display_name: str | None
    second_step: SecondStepOffer | None


class FirstAccount(In):
    name: Name
    display_name: DisplayName
    role: Literal["office", "county"] = "office"
    area: Area


class SetUpIn(In):
    """`digits`: of the second step, where `second_step` was offered; a first account of a town may leave them out.
    `account`: for the first account."""

    code: Code
    password: Password
    digits: Digits | None = None
    account: FirstAccount | None = None
