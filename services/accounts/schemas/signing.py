"""Signed requests, as the adapter for such platforms hands them on."""

from typing import Annotated

from pydantic import StringConstraints

from services.accounts.domain.signing import Signed
from services.accounts.schemas.values import Id, In

Visible = Annotated[str, StringConstraints(pattern=r"^[!-~]+$", max_length=100)]


class SignatureIn(In):
    """A request of a platform, as far as it is signed, and its signature: HMAC-SHA256 in hexadecimal."""

    app_key: Id
    timestamp: Annotated[str, StringConstraints(pattern=r"^([0-9]{10}|[0-9]{13})$")]
    nonce: Annotated[Visible, StringConstraints(min_length=8)]
    method: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3,10}$")]
    target: Annotated[str, StringConstraints(pattern=r"^/[!-~]*$", max_length=8000)]
    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    signature: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]

    def signed(self) -> Signed:
        return Signed(**self.model_dump(exclude={"signature"}))
