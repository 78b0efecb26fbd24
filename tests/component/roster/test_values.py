"""Values of a person that mean one thing: words of the national lists, and numbers that fit the record."""

from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from services.roster.sheets import SHEETS
from shared.workbook import write
from tests.fixtures.apps import AS_XLSX, Drive, Driver

CARD = "11010519491231002X"


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇"})).status == 201
    return driver


def told(answer: Any) -> dict[str, str]:
    return {error["loc"]: error["message"] for error in answer.json["errors"]}


async def test_writings_are_kept_as_one_word_of_the_national_list(roster: Driver) -> None:
    body = {"name": "王示例01", "party": "中共 党员", "ethnicity": "汉 族", "education": "大学"}
    made = await roster.post("/people", body)
    assert (made["party"], made["ethnicity"], made["education"]) == ("中共党员", "汉族", "本科")
    changed = await roster.call("PATCH", f"/people/{made['id']}", {"party": "中共党员（预备）"})
    assert changed.json["party"] == "中共预备党员"
    again = await roster.call("PATCH", f"/people/{made['id']}", {"party": "预备党员"})
    assert again.json["version"] == changed.json["version"]


async def test_what_is_on_no_list_is_refused_at_its_field_and_its_cell(roster: Driver) -> None:
    wrong = {"party": "党外", "ethnicity": "汗族", "education": "大专以上"}
    answer = await roster.call("POST", "/people", {"name": "王示例01", **wrong})
    assert answer.status == 422
    assert told(answer).keys() == {"body.party", "body.ethnicity", "body.education"}
    assert "中共党员" in told(answer)["body.party"]
    assert "GB/T 4762" in told(answer)["body.party"]
    rows = [{"name": "王示例01", "party": "群众"}, {"name": "李示例02", **wrong}]
    sent = await roster.call("POST", "/imports", data=write(SHEETS, {"人员": rows}), headers=AS_XLSX)
    assert told(sent).keys() == {"人员.D3", "人员.E3", "人员.F3"}
    assert "汉族" in told(sent)["人员.D3"]
    assert (await roster.get("/people"))["items"] == []


async def test_the_composition_counts_by_the_list_and_not_by_the_writing(roster: Driver) -> None:
    writings = [("党员", "汉"), ("党员（预备）", "汉 族"), ("普通群众", "回"), ("民建", "维族")]
    for number, (party, ethnicity) in enumerate(writings):
        body = {"name": f"王示例0{number}", "party": party, "ethnicity": ethnicity}
        person = await roster.post("/people", body)
        mandate = {"person_id": person["id"], "level": "town", "started_on": "2017-01-10"}
        await roster.post("/deputyships", mandate)
    structure = (await roster.get("/composition?as_of=2020-06-01"))["structure"]
    assert structure["non_party"] == {"count": 2, "known": 4}
    assert structure["ethnic_minority"] == {"count": 2, "known": 4}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"id_number": "110105194912310021"}, "校验码"),
        ({"id_number": "110105194913310029"}, "不是日期"),
        ({"id_number": "110105491231002"}, "15 位的旧号码"),
        ({"id_number": CARD, "gender": "m"}, "性别"),
        ({"id_number": CARD, "born_year": 1985}, "出生年份"),
    ],
)
async def test_a_number_that_is_wrong_or_contradicts_the_record_is_refused(
    roster: Driver, facts: dict[str, Any], said: str
) -> None:
    answers = [
        await roster.call("POST", "/people", {"name": "甲", **facts}),
        await roster.call("POST", "/people:batch", {"items": [{"name": "乙"}, {"name": "甲", **facts}]}),
        await roster.call(
            "POST",
            "/imports",
            data=write(SHEETS, {"人员": [{"name": "甲", **facts}]}),
            headers=AS_XLSX,
        ),
    ]
    assert [answer.status for answer in answers] == [422] * 3
    places = ["body.id_number", "body.items.1.id_number", "人员.I2"]
    assert [said in told(answer)[place] for answer, place in zip(answers, places, strict=True)] == [True] * 3
    assert (await roster.get("/people"))["items"] == []


async def test_a_later_correction_is_held_against_the_number(roster: Driver) -> None:
    made = await roster.post("/people", {"name": "甲", "id_number": "11010519491231002ｘ", "gender": "f"})
    assert made["id_number"] == CARD
    path = f"/people/{made['id']}"
    assert "body.id_number" in told(await roster.call("PATCH", path, {"gender": "m"}))
    assert "body.id_number" in told(await roster.call("PATCH", path, {"born_year": 1985}))
    assert (await roster.call("PATCH", path, {"born_year": 1949})).status == 200


async def test_a_merge_that_would_contradict_the_number_is_refused(roster: Driver) -> None:
    gone = await roster.post("/people", {"name": "甲", "id_number": CARD})
    kept = await roster.post("/people", {"name": "甲", "gender": "m"})
    answer = await roster.call("POST", f"/people/{gone['id']}:merge", {"into": kept["id"]})
    assert (answer.status, list(told(answer))) == (422, ["body.into"])
