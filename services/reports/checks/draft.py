"""Draft findings, the input of checks, and how drafts become findings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from services.reports.checks.expected import Expected, expected
from services.reports.checks.rules import IDS, RULES
from services.reports.domain import Figure, Finding, RecordRef, Severity
from services.reports.figures.accounting import Account, account
from services.reports.figures.definition import refs
from services.reports.figures.ledger import LedgerFact, Referred
from services.reports.figures.year import Year
from services.reports.notation import ranked
from shared.norms import Norm, Norms


@dataclass(frozen=True)
class Draft:
    """A finding without an id; `key` distinguishes findings of one rule by business data (a quarter, a number).

    `paragraph`: id of the paragraph concerned.
    """

    rule: str
    message: str
    records: tuple[RecordRef, ...] = ()
    key: str = ""
    day: date | None = None
    """Day whose rules apply: that of the record or of the duty, by default that of the figures."""
    paragraph: str = ""


@dataclass(frozen=True)
class Books:
    """Input of a check: period, figures, and norms by day."""

    year: Year
    figures: Mapping[str, Figure]
    norms: Norms = RULES

    @cached_property
    def expected(self) -> tuple[Expected, ...]:
        return tuple(expected(self.year))

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """Accounts of all records, by stream."""
        return account(self.year, self.figures.values())

    def short(self, rule: str) -> list[Expected]:
        """Unmet expectations of one rule."""
        return [
            expectation for expectation in self.expected if expectation.rule == rule and expectation.missing
        ]

    def value(self, id: str) -> int:
        """The number of a count or sum; 0 where there is none."""
        value = self.figures[id].value
        return value if isinstance(value, int) else 0


Check = Callable[[Books], Iterator[Draft]]
Case = tuple[date | None, Sequence[LedgerFact[Any]]]
"""Day of a breach (by default that of the figures) and its records."""
R = TypeVar("R", bound=Referred)


def finding(
    rule: str,
    message: str,
    facts: Iterable[Referred] = (),
    *,
    key: object = "",
    day: date | None = None,
) -> Draft:
    return Draft(rule, message, refs(facts), str(key), day)


def together(
    books: Books,
    rule: str,
    message: str | Callable[[list[tuple[date | None, Sequence[R]]]], str],
    cases: Iterable[tuple[date | None, Sequence[R]]],
    *,
    key: object = "",
) -> Iterator[Draft]:
    """One finding for all cases under one version of the rule; cases without a version are dropped.

    `message` has a placeholder for the number of cases, or makes the text from the cases.
    """
    versions: dict[Norm, list[tuple[date | None, Sequence[R]]]] = {}
    for case in cases:
        norm = books.norms.on(rule, case[0] or books.year.as_of)
        if norm is not None:
            versions.setdefault(norm, []).append(case)
    for held in versions.values():
        text = message.format(len(held)) if isinstance(message, str) else message(held)
        yield finding(rule, text, (fact for _, facts in held for fact in facts), key=key, day=held[0][0])


def settle(drafts: Iterable[Draft], books: Books) -> list[Finding]:
    """Findings of the rules in force on their day, most severe first; ids consist of rule and key."""
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
                basis=ranked(norm.basis, books.year.rank),
                records=draft.records,
                paragraph=draft.paragraph,
            )
        )
    return findings
