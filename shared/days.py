"""Days that a record can be dated with: those a spreadsheet knows. Any other is a slip of the pen."""

from datetime import date
from typing import Annotated, Final

from pydantic import Field

FIRST_DAY: Final = date(1900, 3, 1)
LAST_DAY: Final = date(2199, 12, 31)

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
