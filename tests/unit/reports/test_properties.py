"""What holds of every history: rates in bounds, sums that come out, no trace of ids or of the order of entry."""

import random
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.reports.compiler import compile_report, prove
from services.reports.domain import Figure, Report, Wording
from services.reports.domain.seals import SealedHead
from services.reports.events_in import SOURCES
from services.reports.figures import compute
from services.reports.figures.ledger import fold
from services.reports.figures.year import Year
from tests.fixtures.book import Book
from tests.fixtures.example import example
from tests.fixtures.histories import histories


def whatever_else(book: Book) -> None:
    """One of every other noun: places, terms, tasks and what belongs to no year."""
    book.add("person", name="无职务")
    for noun in ("station", "constituency", "term", "task", "by_election", "office"):
        book.add(noun, name="某")
    for noun in ("absence", "scheme", "duty_report"):
        book.add(noun)
    book.add("plan", year=2018, items=[])


as_ofs = st.dates(date(2020, 1, 1), date(2020, 12, 31))


@given(histories(), as_ofs)
def test_rates_lie_between_zero_and_one_and_nothing_is_negative_but_a_surplus(
    book: Book, as_of: date
) -> None:
    for figure in compute(Year(book.ledger, 2020, as_of)).values():
        assert_sound(figure)


def assert_sound(figure: Figure) -> None:
    if figure.numerator is not None and figure.denominator is not None:
        assert 0 <= figure.numerator <= figure.denominator, figure.id
        assert figure.value == figure.numerator / figure.denominator
    elif isinstance(figure.value, int) and figure.id != "deputies.town.vacant":
        assert figure.value >= 0, figure.id
    assert (figure.value is None) == (figure.status in ("missing", "not_applicable"))
    assert (figure.value == 0) == (figure.status == "zero")


@given(histories(), as_ofs)
def test_sums_come_out(book: Book, as_of: date) -> None:
    figures = compute(Year(book.ledger, 2020, as_of))

    def n(id: str) -> int:
        return int(figures[id].value or 0)

    if figures["congress.present"].status != "missing":
        parts = (
            n("congress.present") + n("congress.on_leave") + n("congress.absent") + n("congress.not_recorded")
        )
        assert n("congress.expected") == parts
    assert n("suggestions.replied") == sum(n(f"suggestions.class.{c}") for c in "abcd")
    assert n("opinions.received") == n("opinions.closed") + n("opinions.open")
    assert n("suggestions.overdue") <= n("suggestions.in_hand") <= n("suggestions.assigned")
    headline = [
        "training.times",
        "group_activities.times",
        "contact.receptions",
        "contact.visits",
        "contact.contacts",
    ]
    headline += ["contact.good_deeds", "activities.other", "supervision.inspections", "supervision.research"]
    headline += ["supervision.law_checks", "supervision.reviews", "supervision.inquiries"]
    assert sum(n(id) for id in headline) == len(Year(book.ledger, 2020, as_of).all_activities)


@given(histories(), as_ofs)
def test_every_record_is_counted_or_excluded_with_a_reason(book: Book, as_of: date) -> None:
    whatever_else(book)
    heads = [SealedHead(s, len(book.events[s]), "", book.ledger.counts(s)) for s in SOURCES]
    report = compile_report(Year(book.ledger, 2020, as_of), heads, Wording(), id="report")
    for source in report.sources:
        stream = f"/{book.town}/{source.source}"
        everything = {event.subject for event in book.events[source.source]}
        counted = {r.subject for figure in report.figures for r in figure.records if r.source == stream}
        excluded = [one.subject for one in source.excluded]
        assert counted.isdisjoint(excluded)
        assert counted | set(excluded) == everything
        assert (source.counted, len(excluded)) == (len(counted), len(set(excluded)))
        assert sum(source.counts.values()) == len(everything)
        assert all(one.reason for one in source.excluded)
    assert "proof.accounting" not in {finding.rule for finding in report.findings}


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_events_arrive_changes_nothing(book: Book, rng: random.Random) -> None:
    shuffled = list(book.all_events)
    rng.shuffle(shuffled)
    straight, mixed = (
        Year(fold(book.town, events), 2020, date(2020, 12, 7)) for events in (book.all_events, shuffled)
    )
    assert compute(straight) == compute(mixed)


def compiled(book: Book, as_of: str = "2020-12-07") -> Report:
    heads = [
        SealedHead(s, len(book.events[s]), book.events[s][-1].hash, book.ledger.counts(s)) for s in SOURCES
    ]
    year = prove(book.town, "2020", date.fromisoformat(as_of), book.events, heads)
    return compile_report(year, heads, Wording(theme="主题", campaign_label="两联一述"), id="report")


def test_ids_and_the_order_of_entry_leave_no_trace_but_in_the_proof() -> None:
    one, other = compiled(example(Book(prefix="a"))), compiled(example(Book(prefix="zz"), town_first=False))
    for part in ("title", "sections", "tables", "signature"):
        assert getattr(one, part) == getattr(other, part)
    assert [(f.id, f.message) for f in one.findings] == [(f.id, f.message) for f in other.findings]
    values = [[(f.id, f.value, f.status, len(f.records)) for f in report.figures] for report in (one, other)]
    assert values[0] == values[1]


def test_the_same_logs_give_the_same_bytes() -> None:
    assert compiled(example()).model_dump_json() == compiled(example()).model_dump_json()


@given(st.integers(0, 400))
def test_figures_of_an_earlier_day_never_count_later_events(days: int) -> None:
    as_of = date(2020, 1, 1) + timedelta(days=days % 366)
    figures = compute(Year(example_ledger(), 2020, as_of))
    later = [f for f in example_year_end() if f.held_on is not None and f.held_on > as_of]
    counted = {ref.subject for ref in figures["training.times"].records}
    assert counted.isdisjoint(f"activity/{activity.id}" for activity in later)


_LEDGER = example().ledger


def example_ledger() -> Any:
    return _LEDGER


def example_year_end() -> list[Any]:
    return [fact.data for fact in Year(_LEDGER, 2020, date(2020, 12, 31)).activities("training")]
