"""Findings about missing data: no town, no record of the period, no record of a service."""

from collections.abc import Iterator

from services.reports.checks.draft import Books, Draft, finding
from services.reports.checks.expected import duty_meetings
from services.reports.figures.year import Year


def nothing(books: Books) -> Iterator[Draft]:
    """Periods without records, in all or in one service, whose zeros are no facts."""
    year = books.year
    if year.town is None:
        yield finding(
            "records.no_town", "名册中没有登记本地的基本情况，总结没有地名和当地规则，请先登记后重新封账。"
        )
    done = _done(year)
    if not done and not duty_meetings(year):
        message = "统计期内没有登记任何会议、活动、意见、建议和测评，请先登记或者导入，再重新封账。"
        yield finding("records.none", message)
        return
    if not (year.serving() or year.suspended()):
        message = "名册中没有截止日在任的代表，应到、出席率和人数无从计算，请核实名册是否已经导入。"
        yield finding("records.none_of_source", message, key="roster")
    if not done:
        message = "统计期内有述职测评，没有登记任何会议、活动、意见和建议，请核实履职记录是否已经导入。"
        yield finding("records.none_of_source", message, key="activities")


def _done(year: Year) -> bool:
    lists = (
        *(year.sessions, year.presidium_meetings, year.all_activities),
        *(year.opinions, year.suggestions),
    )
    return any(lists)
