"""How far ahead records are dated."""

from datetime import date

from shared.errors import FieldError, Invalid
from shared.storage.work import Work


def check_day(work: Work, day: date | None, loc: str) -> None:
    """Errors: Invalid at `loc` for a day after the end of next year. What is entered ahead is planned, and plans
    reach no further; a later day is a mistyped year, and the record would be missing in its own."""
    latest = date(work.clock.today().year + 1, 12, 31)
    if day is not None and day > latest:
        message = f"{day} 太远：事先登记的最晚到 {latest}，请核对年份"
        raise Invalid(message, errors=[FieldError(loc, message)])
