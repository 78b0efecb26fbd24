"""Staff and funds of the office in a year."""

from typing import Annotated

from pydantic import Field

from services.roster.schemas.values import In

Staff = Annotated[int, Field(ge=0, le=1000)]
Yuan = Annotated[int, Field(ge=0, le=100_000_000_000)]


class OfficeIn(In):
    """Money in whole yuan."""

    year: Annotated[int, Field(ge=1950, le=2999)]
    staff: Staff | None = None
    full_time_staff: Staff | None = None
    funds_budgeted: Yuan | None = None
    funds_spent: Yuan | None = None
