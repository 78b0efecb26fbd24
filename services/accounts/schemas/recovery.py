"""Recovery at the machine itself."""

from pydantic import BaseModel

from services.accounts.schemas.accounts import AccountOut, SetUpGiven
from services.accounts.schemas.values import In


class RecoveryIn(In):
    """`name`: of the account; without one, the first account is to be made. `second_step`: it is set up anew."""

    name: str | None = None
    second_step: bool = False


class RecoveryOut(BaseModel):
    account: AccountOut | None
    set_up: SetUpGiven
