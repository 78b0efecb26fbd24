"""Findings (核对意见) about the composition of the congress, each with its rule and law; they refuse no entry."""

from collections.abc import Iterator
from datetime import date

from services.roster.domain import quota
from services.roster.domain.composition import Makeup
from services.roster.domain.dated import Value
from services.roster.domain.law import RULES
from services.roster.domain.rule_packs import in_force
from shared.norms import Severity

_SMALLEST_GROUP = 3
_MOST_SEATS = 3


class CompositionFinding(Value):
    """`severity` is warn or info: a finding refuses no entry."""

    rule: str
    basis: str
    severity: Severity
    message: str


Mismatch = tuple[str, date, str]
"""Rule id, day the rule is looked up for, message."""


def findings(makeup: Makeup) -> list[CompositionFinding]:
    """Findings whose rule is in force on its day."""
    mismatches = (*_quota(makeup), *_constituencies(makeup), *_presidium(makeup), *_groups(makeup))
    return [
        CompositionFinding(rule=norm.id, basis=norm.basis, severity=norm.severity, message=message)
        for rule, day, message in mismatches
        if (norm := RULES.on(rule, day)) is not None
    ]


def _quota(makeup: Makeup) -> Iterator[Mismatch]:
    seats, term = makeup.seats, makeup.term
    if makeup.terms and term is None:
        yield "terms.none", makeup.day, "当日不在已登记的任何一届之内。"
    if seats.quota is None:
        yield "deputies.quota_unknown", makeup.day, "镇代表名额没有登记，缺额无从计算。"
        return
    if seats.vacant is not None and seats.vacant < 0:
        message = f"现有镇代表比名额{seats.quota}名多{-seats.vacant}名。"
        yield "deputies.over_quota", makeup.day, message
    population = term.population if term and term.population is not None else makeup.town.population
    elected_on = term.started_on if term else makeup.day
    if population is not None and not quota.fits(seats.quota, population, elected_on):
        lawful = quota.lawful(population, elected_on)
        message = f"人口{population}人，依法计算名额为{lawful}名（可差一名），登记{seats.quota}名。"
        yield "deputies.quota_population", elected_on, message


def _constituencies(makeup: Makeup) -> Iterator[Mismatch]:
    drawn = {constituency.name for constituency in makeup.constituencies}
    for count in makeup.by_constituency:
        if count.quota is not None and not 1 <= count.quota <= _MOST_SEATS:
            message = f"{count.constituency}应选{count.quota}名，选区应选一名至三名。"
            yield "constituency.seats", makeup.day, message
        if count.vacant is not None and count.vacant < 0:
            message = f"{count.constituency}现有代表比应选{count.quota}名多{-count.vacant}名。"
            yield "constituency.over", makeup.day, message
        if drawn and count.constituency not in drawn:
            message = f"{count.constituency}不在已登记的选区之内。"
            yield "constituency.unknown", makeup.day, message
    seats = [constituency.seats for constituency in makeup.constituencies]
    total = sum(number or 0 for number in seats)
    if seats and None not in seats and makeup.quota is not None and total != makeup.quota:
        message = f"各选区应选名额合计{total}名，代表名额{makeup.quota}名。"
        yield "constituency.sum", makeup.day, message


def _presidium(makeup: Makeup) -> Iterator[Mismatch]:
    roles = [role for member in makeup.presidium.members for role in member.roles]
    chairs, vice = roles.count("chair"), roles.count("vice_chair")
    if makeup.serving and chairs != 1:
        yield "presidium.chair", makeup.day, f"登记主席{chairs}名，应为一名。"
    if vice > 2:
        yield "presidium.vice_chairs", makeup.day, f"登记副主席{vice}名，至多二名。"
    size = makeup.presidium.size
    rules = in_force(makeup.town.rules, makeup.town.rule_packs, makeup.day)
    least, most = rules.get("presidium_min"), rules.get("presidium_max")
    if (isinstance(least, int) and size < least) or (isinstance(most, int) and size > most):
        message = f"主席团成员{size}名，规定为{least or '若干'}至{most or '若干'}名。"
        yield "presidium.size", makeup.day, message


def _groups(makeup: Makeup) -> Iterator[Mismatch]:
    for group in makeup.by_group:
        name = group.name or f"第{group.number}代表小组"
        if group.members < _SMALLEST_GROUP:
            message = f"{name}现有成员{group.members}名，不足{_SMALLEST_GROUP}名。"
            yield "group.small", makeup.day, message
        if group.leader_deputyship_id is None:
            yield "group.leader", makeup.day, f"{name}没有登记组长。"
