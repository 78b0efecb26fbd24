"""Days that a record can be dated with, for a deputy of the year 20 or 20200 is a slip of the pen."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field

FIRST_DAY: Final = date(1900, 3, 1)
LAST_DAY: Final = date(2999, 12, 31)

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
