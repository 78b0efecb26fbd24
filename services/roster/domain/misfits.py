"""What does not fit in the make-up of the congress, each by its rule and law. It is said, and changes nothing."""

from collections.abc import Iterator

from services.roster.domain import quota
from services.roster.domain.composition import Makeup
from services.roster.domain.dated import Value

_SMALLEST_GROUP = 3
_MOST_SEATS = 3


class Misfit(Value):
    rule: str
    basis: str
    message: str


def misfits(makeup: Makeup) -> list[Misfit]:
    return [*_quota(makeup), *_constituencies(makeup), *_presidium(makeup), *_groups(makeup)]


def _quota(makeup: Makeup) -> Iterator[Misfit]:
    law, seats, term = "选举法（2020）第十二条至第十四条", makeup.seats, makeup.term
    if makeup.terms and term is None:
        yield Misfit(
            rule="terms.none", basis="地方组织法（2022）第九条", message="当日不在已登记的任何一届之内。"
        )
    if seats.quota is None:
        yield Misfit(rule="deputies.quota_unknown", basis=law, message="镇代表名额没有登记，缺额无从计算。")
        return
    if seats.vacant is not None and seats.vacant < 0:
        message = f"现有镇代表比名额{seats.quota}名多{-seats.vacant}名。"
        yield Misfit(rule="deputies.over_quota", basis=law, message=message)
    population = term.population if term and term.population is not None else makeup.town.population
    elected_on = term.started_on if term else makeup.day
    if population is not None and not quota.fits(seats.quota, population, elected_on):
        lawful = quota.lawful(population, elected_on)
        message = f"人口{population}人，依法计算名额为{lawful}名（可差一名），登记{seats.quota}名。"
        yield Misfit(rule="deputies.quota_population", basis=quota.basis(elected_on), message=message)


def _constituencies(makeup: Makeup) -> Iterator[Misfit]:
    law = "选举法（2020）第二十五条"
    drawn = {one.name for one in makeup.constituencies}
    for one in makeup.by_constituency:
        if one.quota is not None and not 1 <= one.quota <= _MOST_SEATS:
            message = f"{one.constituency}应选{one.quota}名，选区应选一名至三名。"
            yield Misfit(rule="constituency.seats", basis=law, message=message)
        if one.vacant is not None and one.vacant < 0:
            message = f"{one.constituency}现有代表比应选{one.quota}名多{-one.vacant}名。"
            yield Misfit(rule="constituency.over", basis=law, message=message)
        if drawn and one.constituency not in drawn:
            message = f"{one.constituency}不在已登记的选区之内。"
            yield Misfit(rule="constituency.unknown", basis=law, message=message)
    seats = [one.seats for one in makeup.constituencies]
    total = sum(one or 0 for one in seats)
    if seats and None not in seats and makeup.quota is not None and total != makeup.quota:
        message = f"各选区应选名额合计{total}名，代表名额{makeup.quota}名。"
        yield Misfit(rule="constituency.sum", basis="选举法（2020）第十五条", message=message)


def _presidium(makeup: Makeup) -> Iterator[Misfit]:
    law = "地方组织法（2022）第十八条"
    roles = [role for member in makeup.presidium.members for role in member.roles]
    chairs, vice = roles.count("chair"), roles.count("vice_chair")
    if makeup.serving and chairs != 1:
        yield Misfit(rule="presidium.chair", basis=law, message=f"登记主席{chairs}名，应为一名。")
    if vice > 2:
        yield Misfit(rule="presidium.vice_chairs", basis=law, message=f"登记副主席{vice}名，至多二名。")
    size, rules = makeup.presidium.size, makeup.town.rules
    least, most = rules.get("presidium_min"), rules.get("presidium_max")
    if (isinstance(least, int) and size < least) or (isinstance(most, int) and size > most):
        message = f"主席团成员{size}名，规定为{least or '若干'}至{most or '若干'}名。"
        basis = "省级乡镇人大工作条例（各地有别，由规则包规定）"
        yield Misfit(rule="presidium.size", basis=basis, message=message)


def _groups(makeup: Makeup) -> Iterator[Misfit]:
    for group in makeup.by_group:
        name = group.name or f"第{group.number}代表小组"
        if group.members < _SMALLEST_GROUP:
            message = f"{name}现有成员{group.members}名，不足{_SMALLEST_GROUP}名。"
            yield Misfit(rule="group.small", basis="地方组织法（2022）第四十三条", message=message)
        if group.leader_deputyship_id is None:
            yield Misfit(rule="group.leader", basis="每个代表小组有组长", message=f"{name}没有登记组长。")
