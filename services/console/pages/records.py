"""What the pages of records have in common: the version that stands, pages of a list, a chart of months."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from services.console.api import LATE_SECONDS, part
from services.console.visit import Visit

PAGE: Final = 30
LEVELS: Final = {"county": "县级", "city": "市级", "province": "省级"}


async def people_of(visit: Visit, record: Mapping[str, Any] | None = None) -> list[tuple[str, str]]:
    """(deputyship, name) of the deputies of a record's day, or of today; a mandate of another level says which."""
    day = record["held_on"] if record is not None else visit.today.isoformat()
    rows = await part(visit.api.get(visit.at("roster", "deputies"), as_of=day), LATE_SECONDS)
    return [
        (
            row["deputyship_id"],
            row["name"] + (f"（{LEVELS[row['level']]}）" if row["level"] in LEVELS else ""),
        )
        for row in (rows or {"items": []})["items"]
    ]


def removed(patch: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in patch.items() if name not in set(names)}


@dataclass(frozen=True)
class Bar:
    """A column of the chart, in units of the drawing."""

    month: int
    held: int
    held_before: int
    height: float
    height_before: float


def bars(months: Sequence[Mapping[str, int]], height: float = 100) -> list[Bar]:
    """Columns as high as their numbers say; the highest fills the drawing."""
    most = max((max(month["held"], month["held_before"]) for month in months), default=0) or 1
    return [
        Bar(
            m["month"],
            m["held"],
            m["held_before"],
            height * m["held"] / most,
            height * m["held_before"] / most,
        )
        for m in months
    ]


def following(visit: Visit, cursor: str | None) -> str:
    """The address of the next page of a list, with its filters."""
    if not cursor:
        return ""
    query = {name: value for name, value in visit.request.query.items() if name != "cursor" and value}
    return f"{visit.request.path}?{urlencode({**query, 'cursor': cursor})}"
