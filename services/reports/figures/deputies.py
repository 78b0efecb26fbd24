"""Figures of deputies, groups and stations on the day of the figures."""

from collections.abc import Callable, Iterable

from services.reports.domain import RecordRef
from services.reports.events_in import Deputyship, Person
from services.reports.figures.definition import Definition, FigureKind, Measured, count, ordered, refs
from services.reports.figures.ledger import LedgerFact
from services.reports.figures.mandates import in_group
from services.reports.figures.year import Year, leader
from shared.chinese.standards import EDUCATION, ETHNICITY, HAN, IN_THE_PARTY, PARTY, Standard, college


def _serving(level: str) -> Callable[[Year], Measured]:
    return lambda year: count(year.serving(level))


def _quota(year: Year) -> Measured:
    """Of the town, unless the term of the day has another number."""
    of_town = year.town.data.quota if year.town else None
    if year.term is not None and year.term.data.quota not in (None, of_town):
        return Measured(year.term.data.quota, refs([year.term]))
    if year.town is None or of_town is None:
        return Measured.missing(refs([year.town] if year.town else []))
    return Measured(of_town, refs([year.town]))


def _vacant(year: Year) -> Measured:
    held = [*year.serving("town"), *year.suspended("town")]
    quota = _quota(year)
    if not isinstance(quota.value, int):
        return Measured.missing(refs(held))
    return Measured(quota.value - len(held), ordered([*quota.records, *refs(held)]))


def _people(year: Year, keep: Callable[[Person | None], bool]) -> Measured:
    """Distinct persons serving at any level; records are those of persons and mandates."""
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


def _held(year: Year) -> dict[str, list[LedgerFact[Deputyship]]]:
    """Serving mandates by person."""
    held: dict[str, list[LedgerFact[Deputyship]]] = {}
    for fact in year.serving():
        held.setdefault(fact.data.person_id, []).append(fact)
    return held


def _overlap(year: Year) -> Measured:
    held = [mandates for mandates in _held(year).values() if len(mandates) > 1]
    return Measured(sum(len(m) - 1 for m in held), refs(fact for m in held for fact in m))


def _multiple(year: Year) -> Measured:
    held = [mandates for mandates in _held(year).values() if len(mandates) > 1]
    return Measured(len(held), refs(fact for m in held for fact in m))


def _of_town(
    standard: Standard, text: Callable[[Person], str], keep: Callable[[str], bool]
) -> Callable[[Year], Measured]:
    """Count of serving town deputies by the code of a field; missing where a writing is not on its list."""

    def measure(year: Year) -> Measured:
        serving = year.serving("town")
        persons = [year.ledger.get(Person, fact.data.person_id) for fact in serving]
        codes = [standard.code(text(person)) if person else None for person in persons]
        if None in codes:
            return Measured.missing(refs(serving))
        return count([fact for fact, code in zip(serving, codes, strict=True) if code and keep(code)])

    return measure


_SERVING = "截止日在任的{}人大代表人数（终止之日起不再计入，暂停执行职务的不计）。"

DEFINITIONS = (
    Definition(
        "deputies.town.quota",
        "镇代表名额",
        "县级人大常委会确定的镇人大代表名额：截止日所在届次登记的，没有登记的以镇的基本情况为准。",
        "名",
        FigureKind.COUNT,
        _quota,
    ),
    Definition(
        "deputies.town.serving", "在任镇代表", _SERVING.format("镇"), "名", FigureKind.COUNT, _serving("town")
    ),
    Definition(
        "deputies.town.suspended",
        "暂停执行职务的镇代表",
        "截止日代表资格存续而暂停执行代表职务的镇人大代表人数，另列，不计入在任。",
        "名",
        FigureKind.COUNT,
        lambda y: count(y.suspended("town")),
    ),
    Definition(
        "deputies.town.vacant",
        "镇代表缺额",
        "名额－在任－暂停执行职务的人数；未登记名额的为缺数据。",
        "名",
        FigureKind.COUNT,
        _vacant,
    ),
    Definition(
        "deputies.town.women",
        "在任镇代表中的妇女",
        "截止日在任的镇人大代表中性别登记为女的人数。",
        "名",
        FigureKind.COUNT,
        _town_women,
    ),
    Definition(
        "deputies.town.grouped",
        "已编组的镇代表",
        "截止日在任的镇人大代表中编入现有代表小组的人数。",
        "名",
        FigureKind.COUNT,
        _grouped,
    ),
    Definition(
        "deputies.county.serving",
        "在任县级代表",
        _SERVING.format("县级"),
        "名",
        FigureKind.COUNT,
        _serving("county"),
    ),
    Definition(
        "deputies.city.serving",
        "在任设区的市代表",
        _SERVING.format("设区的市"),
        "名",
        FigureKind.COUNT,
        _serving("city"),
    ),
    Definition(
        "deputies.province.serving",
        "在任省级代表",
        _SERVING.format("省级"),
        "名",
        FigureKind.COUNT,
        _serving("province"),
    ),
    Definition(
        "deputies.people",
        "各级代表人数",
        "截止日在任的各级人大代表的人数，一人兼任两级以上代表的只计一人。",
        "人",
        FigureKind.COUNT,
        lambda y: _people(y, lambda _: True),
    ),
    Definition(
        "deputies.women",
        "各级代表中的妇女",
        "各级代表人数（一人只计一次）中性别登记为女的人数。",
        "人",
        FigureKind.COUNT,
        lambda y: _people(y, _is_woman),
    ),
    Definition(
        "groups.town",
        "镇代表小组",
        "截止日存在的镇代表小组个数；未登记起止日期的视为存在。",
        "个",
        FigureKind.COUNT,
        _groups("town"),
    ),
    Definition(
        "groups.upper",
        "上级代表小组",
        "截止日存在的上级人大代表小组个数；未登记起止日期的视为存在。",
        "个",
        FigureKind.COUNT,
        _groups("upper"),
    ),
    Definition(
        "stations.open",
        "代表活动阵地",
        "截止日开放的代表活动室、联络站个数；未登记起止日期的视为开放。",
        "个",
        FigureKind.COUNT,
        lambda y: count(y.stations),
    ),
    Definition(
        "deputies.mandates",
        "各级代表职务数",
        "截止日在任的各级人大代表职务之和，一人兼任几级计几个。",
        "个",
        FigureKind.COUNT,
        lambda y: count(y.serving()),
    ),
    Definition(
        "deputies.overlap",
        "兼任重复的职务数",
        "一人兼任两级以上代表的，第一个以外的职务之和；各级代表人数＝代表职务数－重复的职务数。",
        "个",
        FigureKind.COUNT,
        _overlap,
    ),
    Definition(
        "deputies.multiple",
        "兼任两级以上代表的人数",
        "截止日同时担任两级以上人大代表的人数。",
        "人",
        FigureKind.COUNT,
        _multiple,
    ),
    Definition(
        "deputies.town.non_party",
        "非中共党员的镇代表",
        "截止日在任的镇人大代表中政治面貌按国家标准《政治面貌代码》登记为中共党员、中共预备党员以外的人数；"
        "有代表未登记、或者登记的不在该名单上的为缺数据。",
        "名",
        FigureKind.COUNT,
        _of_town(PARTY, lambda p: p.party, lambda code: code not in IN_THE_PARTY),
    ),
    Definition(
        "deputies.town.minority",
        "少数民族镇代表",
        "截止日在任的镇人大代表中民族按国家标准《中国各民族名称的罗马字母拼写法和代码》登记为汉族以外的人数；"
        "有代表未登记、或者登记的不在该名单上的为缺数据。",
        "名",
        FigureKind.COUNT,
        _of_town(ETHNICITY, lambda p: p.ethnicity, lambda code: code != HAN),
    ),
    Definition(
        "deputies.town.college",
        "大专以上学历的镇代表",
        "截止日在任的镇人大代表中学历按国家标准《学历代码》登记为大专以上的人数；"
        "有代表未登记、或者登记的不在该名单上的为缺数据。",
        "名",
        FigureKind.COUNT,
        _of_town(EDUCATION, lambda p: p.education, college),
    ),
    Definition(
        "groups.led",
        "有组长的代表小组",
        "截止日登记了组长的代表小组个数。",
        "个",
        FigureKind.COUNT,
        lambda y: count([g for g in y.groups if leader(y, g.data)]),
    ),
    Definition(
        "stations.rooms",
        "代表活动室",
        "截止日开放的代表活动室个数。",
        "个",
        FigureKind.COUNT,
        lambda y: count([s for s in y.stations if s.data.kind == "activity_room"]),
    ),
    Definition(
        "stations.liaison",
        "代表联络站",
        "截止日开放的代表联络站个数。",
        "个",
        FigureKind.COUNT,
        lambda y: count([s for s in y.stations if s.data.kind == "liaison"]),
    ),
)
