"""Findings about officials: posts a town's congress does not fill, nominations, removals, resignations not recorded."""

import re
from collections.abc import Iterator
from typing import Final

from services.reports.checks.draft import Books, Draft, finding
from services.reports.events_in import AcceptedResignation, Election, Removal, Session
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.votes import REMOVED, RESIGNED, said_by_title
from services.reports.notation import session_name

NOMINATORS: Final = 10
"""Minimum number of deputies who nominate together (组织法 2022 Art. 26)."""
_FIFTH: Final = 5
"""Of all deputies, that many parts propose a removal (组织法 2022 Art. 31)."""
OFFICES: Final = re.compile(
    r"(.*(乡|镇|苏木))?(第.+届)?(人民政府|政府|人民代表大会|人大)?(主席团)?(常务)?副?(主席|乡长|镇长|苏木达)"
)
"""Posts that a town's congress fills (组织法 2022 Art. 12)."""


def officials(books: Books) -> Iterator[Draft]:
    for fact in books.year.sessions:
        yield from _competence(fact)
        yield from _nominations(fact)
        yield from _removals(books, fact)
    yield from _unrecorded(books)


def _competence(fact: LedgerFact[Session]) -> Iterator[Draft]:
    session = fact.data
    acts: tuple[tuple[str, Election | AcceptedResignation | Removal], ...] = (
        *(("选举", election) for election in session.elections),
        *(("接受辞职", resignation) for resignation in session.resignations_accepted),
        *(("罢免", removal) for removal in session.removals),
    )
    for act, one in acts:
        post = re.sub(r"[\s（(].*", "", one.post)
        if post and not OFFICES.fullmatch(post):
            message = (
                f"{session_name(session)}登记{act}“{one.post}”，选举和罢免的是本级人大主席、副主席和"
                "人民政府正职、副职，请核实职务或者改记他处。"
            )
            key = f"{session.session_number}/{act}{one.post}"
            yield finding("officials.competence", message, [fact], key=key, day=session.held_on)


def _nominations(fact: LedgerFact[Session]) -> Iterator[Draft]:
    session, name = fact.data, session_name(fact.data)
    for election in session.elections:
        signed, key = (
            len(set(election.nominators)),
            f"{session.session_number}/{election.post}/{election.name}",
        )
        if election.nominated_by == "deputies" and signed < NOMINATORS:
            who = f"{name}{election.post}人选{election.name}"
            message = f"{who}登记联合提名代表{signed}名，法律规定{NOMINATORS}名以上。"
            yield finding("nominations.few", message, [fact], key=key, day=session.held_on)
    silent = [election for election in session.elections if not election.nominated_by]
    if silent:
        message = f"{name}选举的{len(silent)}名没有登记由谁提名（主席团，或者代表十人以上联合）。"
        yield finding("nominations.none", message, [fact], key=session.session_number, day=session.held_on)


def _removals(books: Books, fact: LedgerFact[Session]) -> Iterator[Draft]:
    session, name = fact.data, session_name(fact.data)
    base = len(books.year.turnout(session).expected)
    for removal in session.removals:
        signed, key = len(set(removal.proposers)), f"{session.session_number}/{removal.post}/{removal.name}"
        if removal.proposed_by == "deputies" and signed * _FIFTH < base:
            message = f"{name}罢免{removal.post}的议案登记联名代表{signed}名，法律规定为代表{base}名的五分之一以上。"
            yield finding("officials.removal", message, [fact], key=key, day=session.held_on)
        if removal.passed is None:
            message = f"{name}罢免{removal.post}的议案没有登记是否通过。"
            yield finding("officials.unsettled", message, [fact], key=key, day=session.held_on)


def _unrecorded(books: Books) -> Iterator[Draft]:
    year = books.year
    for what, says, field in (
        ("接受辞职", RESIGNED, "resignations_accepted"),
        ("罢免", REMOVED, "removals"),
    ):
        for fact in said_by_title(year, says):
            if not getattr(fact.data, field):
                message = f"{session_name(fact.data)}有决议说到{what}，没有逐人登记职务、姓名和票数。"
                key = f"{fact.data.session_number}/{what}"
                yield finding("officials.unrecorded", message, [fact], key=key, day=fact.data.held_on)
