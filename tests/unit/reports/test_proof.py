"""A year is folded only from logs that are what was sealed: chain, head and numbers of records."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from services.reports.compiler import NotProven, prove
from services.reports.domain.seals import SealedHead
from tests.fixtures.book import SOURCES, Book

DAY = date(2020, 12, 31)


@pytest.fixture
def book() -> Book:
    book = Book()
    book.town_()
    book.deputies(2)
    for service in ("activities", "ratings"):  # of a kind that is not counted
        book.announce(service, "replay.requested.v1", "replay/1", {})
    return book


def heads(book: Book, **counts: Mapping[str, int]) -> list[SealedHead]:
    """What the services have sealed; `counts` replaces what a service says of its records."""
    return [
        SealedHead(
            service,
            len(book.events[service]),
            book.events[service][-1].hash,
            counts.get(service, book.ledger.counts(service)),
        )
        for service in SOURCES
    ]


def refusal(book: Book, sealed: list[SealedHead]) -> tuple[str, str]:
    """The one service that is not proven, and why."""
    with pytest.raises(NotProven) as refused:
        prove(book.town, "2020", DAY, book.events, sealed)
    [trouble] = refused.value.troubles.items()
    return trouble


def test_logs_as_they_were_sealed_are_folded(book: Book) -> None:
    year = prove(book.town, "2020", DAY, book.events, heads(book))
    assert year.ledger.counts("roster") == {"town": 1, "person": 2, "deputyship": 2}


def test_a_kind_without_records_may_be_sealed_as_none(book: Book) -> None:
    counts = {**book.ledger.counts("roster"), "group": 0}
    year = prove(book.town, "2020", DAY, book.events, heads(book, roster=counts))
    assert year.ledger.counts("roster") == book.ledger.counts("roster")


@pytest.mark.parametrize(
    "counts",
    [
        {"town": 1, "person": 2, "deputyship": 3},
        {"town": 1, "person": 1, "deputyship": 2},
        {"town": 1, "person": 2},
        {"town": 1, "person": 2, "deputyship": 2, "group": 1},
        {},
    ],
)
def test_records_that_differ_from_the_sealed_counts_are_refused(book: Book, counts: dict[str, int]) -> None:
    """Chain and head are right: something was lost or added between the records and the log."""
    service, reason = refusal(book, heads(book, roster=counts))
    assert service == "roster"
    assert reason.startswith("记录数与封账不符")


def test_counts_of_each_service_are_compared(book: Book) -> None:
    for service in SOURCES:
        assert refusal(book, heads(book, **{service: {"session": 9}}))[0] == service


def test_a_log_that_goes_on_or_ends_elsewhere_is_refused(book: Book) -> None:
    roster, *others = heads(book)
    for wrong in (replace(roster, upto=roster.upto - 1), replace(roster, hash="0" * 64)):
        service, reason = refusal(book, [wrong, *others])
        assert (service, "散列值不符" in reason) == ("roster", True)


def test_a_log_with_a_gap_is_refused(book: Book) -> None:
    sealed = heads(book)
    del book.events["roster"][1]
    service, reason = refusal(book, sealed)
    assert (service, reason.startswith("事件链不完整")) == ("roster", True)


def test_a_fact_of_an_unknown_version_is_refused(book: Book) -> None:
    book.announce("roster", "person.changed.v2", "person/p", {"id": "p", "town": book.town, "version": 1})
    service, reason = refusal(book, heads(book))
    assert (service, "请先升级程序" in reason) == ("roster", True)


def test_every_service_that_does_not_fit_is_named(book: Book) -> None:
    wrong = [replace(head, hash="0" * 64) for head in heads(book)]
    with pytest.raises(NotProven) as refused:
        prove(book.town, "2020", DAY, book.events, wrong)
    assert list(refused.value.troubles) == list(SOURCES)
