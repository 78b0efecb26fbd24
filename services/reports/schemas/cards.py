"""Addresses of public cards, for the office that puts them up."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints


class AddressQuery(BaseModel):
    """`base_url`: how voters reach this system from outside, e.g. `https://example.gov.cn`."""

    model_config = ConfigDict(extra="forbid")

    base_url: (
        Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$", max_length=200)] | None
    ) = None


class CardAddress(BaseModel):
    """`path`: of the page; `url`: the short address; `qr`: it as a QR code, an SVG element."""

    kind: Literal["deputy", "station"]
    id: str
    name: str
    path: str
    url: str
    qr: str


class CardAddresses(BaseModel):
    """`public`: whether the town shows cards; where it does not, there are none."""

    public: bool
    items: list[CardAddress]
