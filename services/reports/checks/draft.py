"""How a check says what it found, and what every check is given."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from services.reports.checks.expected import Expected, expected
from services.reports.checks.rules import IDS, RULES
from services.reports.domain import Figure, Finding, RecordRef, Severity
from services.reports.figures.definition import refs
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.year import Year
from shared.norms import Norm, Norms


@dataclass(frozen=True)
class Draft:
    """A finding before it has an id; `key` tells findings of one rule apart by business data (a quarter, a number).

    `paragraph`: whose words it is about.
    """

    rule: str
    message: str
    records: tuple[RecordRef, ...] = ()
    key: str = ""
    day: date | None = None
    """Whose rules it is held against: the record's own, that on which a duty arose, or else that of the figures."""
    paragraph: str = ""


@dataclass(frozen=True)
class Books:
    """The year and its figures: all that a check may look at; `norms` say which rule holds on which day."""

    year: Year
    figures: Mapping[str, Figure]
    norms: Norms = RULES

    @cached_property
    def expected(self) -> tuple[Expected, ...]:
        return tuple(expected(self.year))

    def short(self, rule: str) -> list[Expected]:
        """What is missing of the things one rule expects."""
        return [
            expectation for expectation in self.expected if expectation.rule == rule and expectation.missing
        ]

    def value(self, id: str) -> int:
        """The number of a count or sum; 0 where there is none."""
        value = self.figures[id].value
        return value if isinstance(value, int) else 0


Check = Callable[[Books], Iterator[Draft]]
Case = tuple[date | None, Sequence[LedgerFact[Any]]]
"""The day on which something was, or a duty arose, and the records that show it; without a day, that of the figures."""


def finding(
    rule: str,
    message: str,
    facts: Iterable[LedgerFact[Any]] = (),
    *,
    key: object = "",
    day: date | None = None,
) -> Draft:
    return Draft(rule, message, refs(facts), str(key), day)


def together(
    books: Books,
    rule: str,
    message: str | Callable[[list[Case]], str],
    cases: Iterable[Case],
    *,
    key: object = "",
) -> Iterator[Draft]:
    """One finding for all cases of one version of the rule, none for those of days on which none holds. `message` has a
    place for their number, or makes the words of them."""
    versions: dict[Norm, list[Case]] = {}
    for case in cases:
        norm = books.norms.on(rule, case[0] or books.year.as_of)
        if norm is not None:
            versions.setdefault(norm, []).append(case)
    for held in versions.values():
        text = message.format(len(held)) if isinstance(message, str) else message(held)
        yield finding(rule, text, (fact for _, facts in held for fact in facts), key=key, day=held[0][0])


def settle(drafts: Iterable[Draft], books: Books) -> list[Finding]:
    """Findings of the rules in force on their day, gravest first; ids from rule and key alone."""
    grades, order = list(Severity), list(IDS)
    in_force = [
        (draft, norm)
        for draft in drafts
        if (norm := books.norms.on(draft.rule, draft.day or books.year.as_of)) is not None
    ]
    in_force.sort(key=lambda pair: (grades.index(Severity(pair[1].severity)), order.index(pair[1].id)))
    seen: dict[str, int] = {}
    findings = []
    for draft, norm in in_force:
        name = f"{norm.id}:{draft.key}" if draft.key else norm.id
        seen[name] = seen.get(name, 0) + 1
        findings.append(
            Finding(
                id=name if seen[name] == 1 else f"{name}:{seen[name]}",
                rule=norm.id,
                severity=Severity(norm.severity),
                message=draft.message,
                basis=norm.basis,
                records=draft.records,
                paragraph=draft.paragraph,
            )
        )
    return findings
