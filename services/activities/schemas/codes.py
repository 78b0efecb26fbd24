"""Opinion codes of stations, and the form of voters."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from services.activities.domain.opinions import VoterCategory
from services.activities.schemas.values import In, PersonName


class CodeOut(BaseModel):
    """`url` is the content of the QR code: the address of this request, unless the poster names another one."""

    id: str
    town: str
    version: int
    station_id: str
    issued_on: date
    revoked_on: date | None
    url: str


class CodePage(BaseModel):
    items: list[CodeOut]
    next_cursor: str | None
    total: int | None = None


class PosterQuery(In):
    """`base_url`: how voters reach this system from outside, e.g. `https://example.gov.cn`."""

    base_url: (
        Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$", max_length=200)] | None
    ) = None


class OpinionForm(In):
    """The form of the voters' page; blanks are stripped, and all fields but `text` may be empty."""

    category: VoterCategory | Literal[""] = ""
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    name: PersonName = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^$|^[0-9+\- ]{5,20}$")] = ""
