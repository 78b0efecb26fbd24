"""The days of a membership, a suspension or a role: from the first, up to the last but not on it, in every copy."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from services.activities.domain.roster import Span as SpanOfActivities
from services.ratings.domain.roster import Span as SpanOfRatings
from services.reports.events_in.tolerant import Span as SpanOfReports
from services.roster.domain.dated import covers

Holds = Callable[[date | None, date | None, date], bool]
FROM, TO, DAY = date(2019, 3, 1), date(2019, 6, 1), timedelta(days=1)

COPIES: dict[str, Holds] = {
    "roster": lambda first, end, day: covers(SpanOfRatings(from_on=first, to_on=end), day),
    "activities": lambda first, end, day: SpanOfActivities(from_on=first, to_on=end).holds(day),
    "ratings": lambda first, end, day: SpanOfRatings(from_on=first, to_on=end).holds(day),
    "reports": lambda first, end, day: SpanOfReports(from_on=first, to_on=end).holds(day),
}


@pytest.mark.parametrize("service", COPIES)
@pytest.mark.parametrize(
    ("first", "end", "day", "holds"),
    [
        (FROM, TO, FROM - DAY, False),
        (FROM, TO, FROM, True),
        (FROM, TO, TO - DAY, True),
        (FROM, TO, TO, False),
        (FROM, FROM, FROM, False),
        (FROM, None, date.max, True),
        (None, TO, date.min, True),
        (None, None, FROM, True),
    ],
)
def test_every_copy_holds_on_the_same_days(
    service: str, first: date | None, end: date | None, day: date, holds: bool
) -> None:
    assert COPIES[service](first, end, day) is holds
