"""Whom a name in a workbook means on a day."""

from datetime import date

import pytest

from services.ratings.events_in import Deputyship, Person
from services.ratings.names import Directory, NameUnresolved

DAY = date(2020, 12, 3)


def held(id: str, person: str, level: str = "town", **dates: date) -> Deputyship:
    dates.setdefault("started_on", date(2017, 1, 1))
    return Deputyship.model_validate({"id": id, "town": "t", "person_id": person, "level": level, **dates})


def directory(*deputyships: Deputyship) -> Directory:
    names = {"p1": "王示例01", "p2": "李示例02（新城村）", "p3": "王示例01"}
    people = [Person(id=id, town="t", name=name) for id, name in names.items()]
    return Directory.from_records(people, deputyships)


def test_the_town_mandate_is_meant_where_there_is_one() -> None:
    found = directory(held("d1", "p1", "county"), held("d2", "p1"))
    assert found.deputyship("王示例01", DAY) == "d2"
    assert found.deputyship("王示例01（县级）", DAY) == "d1"


def test_else_the_only_other() -> None:
    assert directory(held("d1", "p1", "county")).deputyship("王示例０１", DAY) == "d1"


def test_people_of_one_name_are_written_with_a_mark_and_read_again() -> None:
    found = directory(held("d1", "p1"), held("d3", "p3"), held("d4", "p3", "county"))
    written = [found.written(one, DAY) for one in ("d1", "d3", "d4")]
    assert written == ["王示例01（编号p1）", "王示例01（编号p3）", "王示例01（县级）"]
    assert [found.deputyship(words, DAY) for words in written] == ["d1", "d3", "d4"]
    assert found.deputyship("王示例01（编号p3）（县级）", DAY) == "d4"
    with pytest.raises(NameUnresolved):
        found.deputyship("王示例01（编号p2）", DAY)


def test_a_short_name_is_written_as_wide_as_a_long_one_and_read_again() -> None:
    people = [Person(id=id, town="t", name=name) for id, name in {"p1": "王伟", "p2": "李小明"}.items()]
    found = Directory.from_records(people, [held("d1", "p1", "county"), held("d2", "p1"), held("d3", "p2")])
    written = [found.written(one, DAY) for one in ("d1", "d2", "d3")]
    assert written == ["王　伟（县级）", "王　伟", "李小明"]
    assert [found.deputyship(words, DAY) for words in written] == ["d1", "d2", "d3"]


def test_a_name_may_itself_end_in_brackets() -> None:
    found = directory(held("d1", "p2"), held("d2", "p2", "county"))
    assert found.deputyship("李示例02（新城村）", DAY) == "d1"
    assert found.deputyship("李示例02(新城村)（县级）", DAY) == "d2"


@pytest.mark.parametrize(
    ("written", "deputyships"),
    [
        ("赵示例09", (held("d1", "p1"),)),
        ("王示例01（乡级）", (held("d1", "p1"),)),
        ("王示例01（县级）", (held("d1", "p1"),)),
        ("王示例01", (held("d1", "p1", ended_on=DAY),)),
        ("王示例01", (held("d1", "p1", started_on=date(2020, 12, 4)),)),
        ("王示例01", (held("d1", "p1", "county"), held("d2", "p1", "city"))),
        ("王示例01", (held("d1", "p1"), held("d2", "p3"))),
    ],
)
def test_who_is_not_one_deputy_that_day_is_unclear(written: str, deputyships: tuple[Deputyship, ...]) -> None:
    with pytest.raises(NameUnresolved):
        directory(*deputyships).deputyship(written, DAY)


def test_a_former_name_means_its_person_unless_somebody_bears_it_on_the_day() -> None:
    renamed = date(2019, 5, 1)
    former = {"name": "王示例01", "until": renamed}
    one = Person.model_validate({"id": "p1", "town": "t", "name": "赵示例", "former_names": [former]})
    found = Directory.from_records([one], [held("d1", "p1")])
    assert {found.deputyship(name, DAY) for name in ("王示例01", "赵示例")} == {"d1"}
    both = Directory.from_records(
        [one, Person(id="p2", town="t", name="王示例01")], [held("d1", "p1"), held("d2", "p2")]
    )
    assert both.deputyship("王示例01", DAY) == "d2"
    with pytest.raises(NameUnresolved):
        both.deputyship("王示例01", date(2019, 4, 30))
