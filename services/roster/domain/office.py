"""Staff and funds of the congress's office in a year (代表法 2025 Art. 41, 42)."""

from services.roster.domain.dated import unfit
from shared.storage.work import Record


class OfficeYear(Record):
    """Money in whole yuan. `full_time_staff` are among the `staff`."""

    year: int
    staff: int | None = None
    full_time_staff: int | None = None
    funds_budgeted: int | None = None
    funds_spent: int | None = None


def check(office: OfficeYear) -> None:
    """Errors: Invalid."""
    if office.staff is not None and (office.full_time_staff or 0) > office.staff:
        raise unfit("full_time_staff", f"专职 {office.full_time_staff} 人，多于工作人员 {office.staff} 人")
