"""Deputies, groups, stations, and what changed among them."""

from collections.abc import Callable, Iterable

from services.reports.domain import RecordRef
from services.reports.events_in import Deputyship, Person
from services.reports.figures.definition import Definition, Kind, Measured, count, ordered, refs
from services.reports.figures.ledger import Fact
from services.reports.figures.year import Year, in_group


def _serving(level: str) -> Callable[[Year], Measured]:
    return lambda year: count(year.serving(level))


def _quota(year: Year) -> Measured:
    if year.town is None or year.town.data.quota is None:
        return Measured.missing(refs([year.town] if year.town else []))
    return Measured(year.town.data.quota, refs([year.town]))


def _vacant(year: Year) -> Measured:
    held = [*year.serving("town"), *year.suspended("town")]
    quota = _quota(year)
    if not isinstance(quota.value, int):
        return Measured.missing(refs(held))
    return Measured(quota.value - len(held), ordered([*quota.records, *refs(held)]))


def _people(year: Year, keep: Callable[[Person | None], bool]) -> Measured:
    """Distinct persons serving at any level; the records are the persons' and their mandates'."""
    persons = year.ledger.by_id(Person)
    kept = {
        f.data.person_id: f
        for f in year.serving()
        if keep(persons[f.data.person_id].data if f.data.person_id in persons else None)
    }
    return Measured(len(kept), ordered(_mandates_and_persons(year, frozenset(kept))))


def _mandates_and_persons(year: Year, person_ids: frozenset[str]) -> Iterable[RecordRef]:
    for fact in year.serving():
        if fact.data.person_id in person_ids:
            yield fact.ref
            person = year.ledger.by_id(Person).get(fact.data.person_id)
            if person:
                yield person.ref


def _grouped(year: Year) -> Measured:
    group_ids = [group.data.id for group in year.groups]
    members = [f for f in year.serving("town") if any(in_group(f.data, g, year.as_of) for g in group_ids)]
    return count(members)


def _town_women(year: Year) -> Measured:
    return count([f for f in year.serving("town") if _is_woman(year.ledger.get(Person, f.data.person_id))])


def _is_woman(person: Person | None) -> bool:
    return person is not None and person.gender == "f"


def _groups(level: str) -> Callable[[Year], Measured]:
    return lambda year: count([group for group in year.groups if group.data.level == level])


def by_elected(year: Year) -> list[Fact[Deputyship]]:
    return [
        f for f in year.deputyships if f.data.started_by == "by_election" and year.within(f.data.started_on)
    ]


def ended(year: Year) -> list[Fact[Deputyship]]:
    return [f for f in year.deputyships if year.within(f.data.ended_on)]


_SERVING = "截止日在任的{}人大代表人数（终止之日起不再计入，暂停执行职务的不计）。"

DEFINITIONS = (
    Definition(
        "deputies.town.quota", "镇代表名额", "县级人大常委会确定的镇人大代表名额。", "名", Kind.COUNT, _quota
    ),
    Definition(
        "deputies.town.serving", "在任镇代表", _SERVING.format("镇"), "名", Kind.COUNT, _serving("town")
    ),
    Definition(
        "deputies.town.suspended",
        "暂停执行职务的镇代表",
        "截止日代表资格存续而暂停执行代表职务的镇人大代表人数，另列，不计入在任。",
        "名",
        Kind.COUNT,
        lambda y: count(y.suspended("town")),
    ),
    Definition(
        "deputies.town.vacant",
        "镇代表缺额",
        "名额－在任－暂停执行职务的人数；未登记名额的为缺数据。",
        "名",
        Kind.COUNT,
        _vacant,
    ),
    Definition(
        "deputies.town.women",
        "在任镇代表中的妇女",
        "截止日在任的镇人大代表中性别登记为女的人数。",
        "名",
        Kind.COUNT,
        _town_women,
    ),
    Definition(
        "deputies.town.grouped",
        "已编组的镇代表",
        "截止日在任的镇人大代表中编入现有代表小组的人数。",
        "名",
        Kind.COUNT,
        _grouped,
    ),
    Definition(
        "deputies.county.serving",
        "在任县级代表",
        _SERVING.format("县级"),
        "名",
        Kind.COUNT,
        _serving("county"),
    ),
    Definition(
        "deputies.city.serving",
        "在任设区的市代表",
        _SERVING.format("设区的市"),
        "名",
        Kind.COUNT,
        _serving("city"),
    ),
    Definition(
        "deputies.province.serving",
        "在任省级代表",
        _SERVING.format("省级"),
        "名",
        Kind.COUNT,
        _serving("province"),
    ),
    Definition(
        "deputies.people",
        "各级代表人数",
        "截止日在任的各级人大代表的人数，一人兼任两级以上代表的只计一人。",
        "人",
        Kind.COUNT,
        lambda y: _people(y, lambda _: True),
    ),
    Definition(
        "deputies.women",
        "各级代表中的妇女",
        "各级代表人数（一人只计一次）中性别登记为女的人数。",
        "人",
        Kind.COUNT,
        lambda y: _people(y, _is_woman),
    ),
    Definition(
        "groups.town",
        "镇代表小组",
        "截止日存在的镇代表小组个数；未登记起止日期的视为存在。",
        "个",
        Kind.COUNT,
        _groups("town"),
    ),
    Definition(
        "groups.upper",
        "上级代表小组",
        "截止日存在的上级人大代表小组个数；未登记起止日期的视为存在。",
        "个",
        Kind.COUNT,
        _groups("upper"),
    ),
    Definition(
        "stations.open",
        "代表活动阵地",
        "截止日开放的代表活动室、联络站个数；未登记起止日期的视为开放。",
        "个",
        Kind.COUNT,
        lambda y: count(y.stations),
    ),
    Definition(
        "changes.by_elected",
        "补选代表",
        "任职开始日期在统计期内、由补选产生的代表人数。",
        "名",
        Kind.COUNT,
        lambda y: count(by_elected(y)),
    ),
    Definition(
        "changes.ended",
        "终止代表资格",
        "终止日期在统计期内的代表人数。",
        "名",
        Kind.COUNT,
        lambda y: count(ended(y)),
    ),
)
