"""Findings about opinions of voters and rating meetings."""

from collections.abc import Iterator
from datetime import date

from services.reports.checks.draft import Books, Draft, finding, together
from services.reports.checks.expected import duty_meetings
from services.reports.events_in import Meeting
from services.reports.figures.contact import still_open
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year


def opinions(books: Books) -> Iterator[Draft]:
    waiting = ((fact.data.received_on, [fact]) for fact in still_open(books.year))
    yield from together(books, "opinions.open", "统计期内收到的选民意见中有{}条尚未办结。", waiting)


def ratings(books: Books) -> Iterator[Draft]:
    year = books.year
    for fact in year.rating_meetings:
        yield from _meeting(year, fact)
    silent = ((fact.data.held_on, [fact]) for fact in duty_meetings(year) if fact.data.result is None)
    message = "有{}场述职测评会的结果尚未公布，不计入测评数字。"
    yield from together(books, "ratings.unpublished", message, silent)
    for expectation in books.short("ratings.none"):
        message = f"统计期内组织代表向选民述职测评{expectation.recorded}场，规定每年不少于{expectation.required}场。"
        none = "统计期内没有组织代表向选民述职测评的记录。"
        yield finding("ratings.none", message if expectation.held else none, expectation.held)
    yield from _uncovered(year, books)


def _meeting(year: Year, fact: LedgerFact[Meeting]) -> Iterator[Draft]:
    meeting, result = fact.data, fact.data.result
    if result is None or meeting.held_on is None:
        return
    day, name = meeting.held_on, f"{year.dated(meeting.held_on)}{meeting.constituency}述职测评会"
    fewest = meeting.scheme.min_raters
    if fewest is not None and result.returned < fewest:
        message = f"{name}收回测评票{result.returned}张，少于评议办法规定的{fewest}人。"
        yield finding("ratings.few_raters", message, [fact], key=name, day=day)
    if result.suppressed:
        yield finding(
            "ratings.suppressed", f"{name}人数不足，结果不公布，不计入满意率。", [fact], key=name, day=day
        )
    unstated = [*_unstated(meeting)]
    if unstated:
        message = (
            f"{name}用扫码票投票，没有填写{'和'.join(unstated)}，投回的票是否多于到会的人、发出的票无从核对。"
        )
        yield finding("ratings.unstated", message, [fact], key=name, day=day)
    uneven = [
        row for row in result.deputies if sum(row.counts.values()) + row.abstain + row.spoiled != result.valid
    ]
    if uneven:
        message = f"{name}有{len(uneven)}名代表的各选项、弃权、划错之和不等于有效票{result.valid}张。"
        yield finding("ratings.uneven", message, [fact], key=name, day=day)


def _unstated(meeting: Meeting) -> Iterator[str]:
    """What the presiding teller has not stated of a vote by slips."""
    slips = meeting.result.slips if meeting.result is not None else None
    if slips is None:
        return
    if meeting.present is None:
        yield "到会人数"
    if slips.handed_out is None:
        yield "发出的扫码票张数"


def _uncovered(year: Year, books: Books) -> Iterator[Draft]:
    coverage = books.figures["ratings.term_coverage_rate"]
    if year.as_of < date(year.year, 12, 1) or coverage.numerator is None or coverage.denominator is None:
        return
    left = coverage.denominator - coverage.numerator
    if left:
        message = f"在任{books.year.rank}代表中有{left}名本届以来还没有向选民述职并接受测评。"
        yield Draft("ratings.uncovered", message, coverage.records)
