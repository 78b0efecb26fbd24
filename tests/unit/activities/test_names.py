"""What people write in a workbook, and whom they mean."""

from datetime import date

import pytest

from services.activities.domain.roster import Deputyship, Group, Person
from services.activities.names import Directory, NameUnresolved

DAY = date(2020, 6, 9)
TOWN = "340281199"


def a_mandate(one: str, person: str, **state: object) -> Deputyship:
    return Deputyship.model_validate({"id": one, "town": TOWN, "person_id": person, **state})


DIRECTORY = Directory.from_records(
    [
        Person(id="p1", town=TOWN, name="王示例01"),
        Person(id="p2", town=TOWN, name="李示例02（新城村）"),
        Person(id="p3", town=TOWN, name="赵示例03"),
        Person(id="p4", town=TOWN, name="赵示例03"),
    ],
    [
        a_mandate("d1", "p1"),
        a_mandate("d1c", "p1", level="county", group_id="g5"),
        a_mandate("d2c", "p2", level="county"),
        a_mandate("d2x", "p2", level="city", ended_on="2020-01-01"),
        a_mandate("d3", "p3"),
        a_mandate("d4", "p4"),
    ],
    [Group(id="g5", town=TOWN, number=5)],
    [],
)


def test_a_short_name_is_written_as_wide_as_a_long_one_and_read_again() -> None:
    people = [Person(id=id, town=TOWN, name=name) for id, name in {"p1": "王伟", "p2": "李小明"}.items()]
    mandates = [a_mandate("d1", "p1", level="county"), a_mandate("d2", "p1"), a_mandate("d3", "p2")]
    found = Directory.from_records(people, mandates, [], [])
    written = [found.written(one, DAY) for one in ("d1", "d2", "d3")]
    assert written == ["王　伟（县级）", "王　伟", "李小明"]
    assert [found.deputyship(words, DAY) for words in written] == ["d1", "d2", "d3"]


def test_people_of_one_name_are_written_with_a_mark_and_read_again() -> None:
    ids = [f"01a213a8-5361-7069-8b26-25e7442dd88{n}" for n in (1, 2)]
    people = [Person(id=id, town="t", name="王伟") for id in ids]
    mandates = [a_mandate("d1", ids[0]), a_mandate("d2", ids[1]), a_mandate("d3", ids[1], level="county")]
    found = Directory.from_records(people, mandates, [], [])
    written = [found.written(one, DAY) for one in ("d1", "d2", "d3")]
    assert written == ["王　伟（编号442dd881）", "王　伟（编号442dd882）", "王　伟（县级）"]
    assert [found.deputyship(words, DAY) for words in written] == ["d1", "d2", "d3"]
    assert found.deputyship("王伟(编号442dd882)（县级）", DAY) == "d3"
    for words, why in (("王伟", "几人"), ("王伟（编号00000000）", "没有"), ("李伟（编号442dd881）", "没有")):
        with pytest.raises(NameUnresolved, match=why):
            found.deputyship(words, DAY)


@pytest.mark.parametrize(
    ("written", "group", "meant"),
    [
        ("王示例01", None, "d1"),
        ("王示例０１", None, "d1"),
        ("王示例01", "g5", "d1c"),
        ("王示例01", "g1", "d1"),
        ("王示例01（县级）", None, "d1c"),
        ("王示例01(县级)", None, "d1c"),
        ("李示例02（新城村）", None, "d2c"),
        ("李示例02（新城村）（县级）", None, "d2c"),
    ],
)
def test_a_name_stands_for_one_mandate(written: str, group: str | None, meant: str) -> None:
    assert DIRECTORY.deputyship(written, DAY, groups=(group,) if group else ()) == meant


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("无此人", "没有"),
        ("李示例02", "没有"),
        ("李示例02（新城村）（市级）", "不是代表"),
        ("赵示例03", "几人"),
        ("王示例01（省级）", "不是代表"),
    ],
)
def test_a_name_that_means_nobody_or_several_is_said_to(written: str, why: str) -> None:
    with pytest.raises(NameUnresolved, match=why):
        DIRECTORY.deputyship(written, DAY)


def test_a_text_with_nobody_unknown_in_it_is_waited_for_no_longer() -> None:
    assert all(map(DIRECTORY.resolves, ("全体", "第1小组", "王示例01", "1、王示例01\n2、赵示例03", "无")))
    assert not DIRECTORY.resolves("无此人")
    assert not DIRECTORY.resolves("王示例01、无此人")
