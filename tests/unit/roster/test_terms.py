"""Terms of the congress: one after the other, each until the first session of the next."""

from datetime import date

import pytest

from services.roster.domain.terms import Term, check_order, term_on
from services.roster.errors import ImpossibleDate


def a_term(number: int, started_on: date, ended_on: date | None = None) -> Term:
    return Term(
        id=f"t{number}", town="340281199", congress_number=number, started_on=started_on, ended_on=ended_on
    )


SEVENTEENTH = a_term(17, date(2017, 1, 12))
EIGHTEENTH = a_term(18, date(2021, 12, 28))


def test_a_term_lasts_until_the_next_one_begins() -> None:
    both = [EIGHTEENTH, SEVENTEENTH]
    assert term_on(both, date(2017, 1, 11)) is None
    assert term_on(both, date(2021, 12, 27)) == SEVENTEENTH
    assert term_on(both, date(2021, 12, 28)) == EIGHTEENTH


def test_a_day_after_the_last_known_end_lies_in_no_term() -> None:
    assert term_on([a_term(17, date(2017, 1, 12), date(2021, 12, 28))], date(2021, 12, 28)) is None


@pytest.mark.parametrize(
    ("term", "loc"),
    [
        (a_term(16, date(2017, 1, 13)), "body.ended_on"),
        (a_term(16, date(2012, 1, 10), date(2017, 1, 13)), "body.ended_on"),
        (a_term(18, date(2017, 1, 11)), "body.started_on"),
        (a_term(18, date(2021, 12, 28), date(2021, 12, 27)), "body.ended_on"),
    ],
)
def test_terms_that_cross_are_refused(term: Term, loc: str) -> None:
    with pytest.raises(ImpossibleDate) as refusal:
        check_order(term, [SEVENTEENTH])
    assert refusal.value.errors[0].loc == loc


def test_terms_that_meet_are_in_order() -> None:
    check_order(a_term(16, date(2012, 1, 10), date(2017, 1, 12)), [SEVENTEENTH, EIGHTEENTH])
