"""People over HTTP: entered twice and made one, erased for good, and everything held about one."""

from typing import Any

import pytest

from services.roster.app import build
from services.roster.settings import Settings
from shared.envelope import Event, verify_chain
from tests.component.roster.test_personal_data import dump
from tests.fixtures.apps import Drive, Driver

PHONE, CARD = "13900001234", "34022519800101124X"


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    assert (await driver.call("PUT", "", {"name": "示例镇"})).status == 201
    return driver


async def a_person(roster: Driver, name: str = "王示例01", **facts: Any) -> str:
    return str((await roster.post("/people", {"name": name, **facts}))["id"])


async def a_mandate(roster: Driver, person: str, level: str = "town") -> str:
    body = {"person_id": person, "level": level, "started_on": "2017-01-10"}
    return str((await roster.post("/deputyships", body))["id"])


async def test_the_first_of_very_many_pairs_are_listed(roster: Driver) -> None:
    await roster.post("/people:batch", {"items": [{"name": "王示例01"} for _ in range(25)]})
    for path, key in (("/people/duplicates", "items"), ("/duplicates", "people")):
        found = await roster.get(path)
        assert (len(found[key]), found["more"]) == (200, True)


async def test_who_was_entered_twice_is_listed_with_reasons_and_masked(roster: Driver) -> None:
    one = await a_person(roster, id_number=CARD, party="群众")
    other = await a_person(roster, "王示例01（新城村）", id_number=CARD.lower(), party="中共党员")
    await a_person(roster, "李示例02")
    (pair,) = (await roster.get("/people/duplicates"))["items"]
    assert [person["id"] for person in pair["people"]] == [one, other]
    assert pair["reasons"] == ["same_id_number"]
    assert [(d["field"], d["unsafe"]) for d in pair["differences"]] == [("name", False), ("party", False)]
    assert CARD not in str(pair)
    for role in ("deputy", "county", "teller"):
        assert (await roster.call("GET", "/people/duplicates", token=roster.token(role))).status == 403
    assert (await roster.call("GET", "/people/duplicates?name=x")).status == 422


async def test_a_merge_moves_every_mandate_and_leaves_a_tombstone(roster: Driver) -> None:
    gone = await a_person(roster, phone=PHONE, party="群众")
    kept = await a_person(roster, party="中共党员", education="大专")
    moved, stayed = await a_mandate(roster, gone, "county"), await a_mandate(roster, kept)
    before = len(await roster.events())
    asked = {"into": kept, "choices": {"party": "from"}}
    tombstone = await roster.post(f"/people/{gone}:merge", asked)
    assert (tombstone["merged_into"], tombstone["phone"]) == (kept, None)
    survivor = await roster.get(f"/people/{kept}")
    assert (survivor["phone"], survivor["party"], survivor["education"]) == (PHONE, "群众", "大专")
    mandates = (await roster.get(f"/deputyships?person_id={kept}"))["items"]
    assert sorted(one["id"] for one in mandates) == sorted([moved, stayed])
    (change,) = [c for one in mandates for c in one["changes"] if c["kind"] == "corrected"]
    assert (change["field"], change["before"], change["after"]) == ("person_id", gone, kept)
    told = (await roster.events())[before:]
    assert [event["type"] for event in told] == [
        "roster.person.changed.v1",
        "roster.deputyship.changed.v1",
        "roster.person.merged.v1",
        "roster.personal_data.read.v1",
    ]
    assert {row["person_id"] for row in (await roster.get("/deputies?as_of=2020-06-09"))["items"]} == {kept}
    assert (await roster.get("/people/duplicates"))["items"] == []
    assert (await roster.get("/integrity"))["faults"] == []
    for method, path, body in (
        ("PATCH", f"/people/{gone}", {"party": "群众"}),
        ("POST", f"/people/{gone}:merge", {"into": kept}),
        ("POST", "/deputyships", {"person_id": gone, "level": "city", "started_on": "2017-01-10"}),
    ):
        answer = await roster.call(method, path, body)
        assert (answer.status, answer.code) == (409, "person-merged")


async def test_two_people_are_not_made_one(roster: Driver) -> None:
    gone, kept = (
        await a_person(roster, gender="f", party="群众"),
        await a_person(roster, gender="m", party="农工党"),
    )
    await a_mandate(roster, gone)
    await a_mandate(roster, kept)
    before = await roster.events()
    answer = await roster.call("POST", f"/people/{gone}:merge", {"into": kept})
    assert (answer.status, answer.code) == (409, "merge-conflict")
    errors = [error["loc"] for error in answer.json["errors"]]
    assert errors == ["body.into", "body.choices.party", "body.into"]
    assert await roster.events() == before


async def test_what_is_erased_is_nowhere_any_more_and_the_log_is_whole(roster: Driver) -> None:
    key = {"Idempotency-Key": "once"}
    made = await roster.post("/people", {"name": "王示例01", "phone": PHONE, "id_number": CARD}, headers=key)
    path = f"/people/{made['id']}"
    erased = await roster.post(f"{path}:erase", {"reason": "本人要求删除"})
    assert (erased["phone"], erased["id_number"], erased["name"]) == (None, None, "王示例01")
    assert erased["erased"]["by"] == "clerk"
    opened = {**(await roster.get(path)), **(await roster.get(f"{path}/export"))["person"]}
    assert PHONE not in str(opened)
    assert CARD not in str(opened)
    again = await roster.call(
        "POST", "/people", {"name": "王示例01", "phone": PHONE, "id_number": CARD}, headers=key
    )
    assert (again.status, again.code) == (409, "answer-forgotten")
    assert "sealed:" not in await dump(roster)
    events = await roster.events()
    assert [event["type"] for event in events[-2:]] == [
        "roster.person.erased.v1",
        "roster.personal_data.read.v1",
    ]
    verify_chain([Event.model_validate(event) for event in events])
    assert (await roster.get("/integrity"))["faults"] == []
    seen = await roster.get(path, token=roster.token("county", area="340281"))
    assert seen["erased"] is None


async def test_an_erasure_leaves_a_line_with_who_and_without_the_reason_given(
    roster: Driver, capsys: pytest.CaptureFixture[str]
) -> None:
    person = await a_person(roster, phone=PHONE)
    await roster.post(f"/people/{person}:erase", {"reason": f"本人要求（{PHONE}）"})
    await roster.get(f"/people/{person}/export")
    said = capsys.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if "personal data" in line]
    assert any("erased" in line and person in line and "clerk" in line for line in lines)
    assert any("read" in line and person in line and "clerk" in line for line in lines)
    assert "本人要求" not in "".join(lines)


async def test_two_candidates_of_one_by_election_are_two_people(roster: Driver) -> None:
    gone, kept = await a_person(roster), await a_person(roster)
    candidates = [{"name": "王示例01", "person_id": gone}, {"name": "王示例01（桥头）", "person_id": kept}]
    await roster.post(
        "/by_elections", {"constituency": "新城", "held_on": "2017-01-09", "candidates": candidates}
    )
    before = await roster.events()
    answer = await roster.call("POST", f"/people/{gone}:merge", {"into": kept})
    assert (answer.status, answer.code) == (409, "merge-conflict")
    assert await roster.events() == before


async def test_everything_held_about_one_person_is_given_to_the_office_alone(roster: Driver) -> None:
    gone, kept = await a_person(roster, phone=PHONE), await a_person(roster, id_number=CARD)
    mandate = await a_mandate(roster, gone)
    candidates = [{"name": "王示例01", "person_id": gone, "votes": 40}, {"name": "李示例02", "votes": 1}]
    vote = {
        "constituency": "新城",
        "held_on": "2017-01-09",
        "candidates": candidates,
        "elected": ["王示例01"],
    }
    election = await roster.post("/by_elections", vote)
    task = {"kind": "absent_twice", "deputyship_id": mandate, "opened_on": "2018-01-01"}
    task = await roster.post("/tasks", task)
    remark = {"remark": f"已电话 {PHONE} 核实"}
    assert (await roster.call("PATCH", f"/tasks/{task['id']}", remark)).status == 200
    group = await roster.post("/groups", {"number": 1, "leader_deputyship_id": mandate})
    await a_person(roster, "李示例02")
    await roster.post(f"/people/{gone}:merge", {"into": kept})
    held = await roster.get(f"/people/{kept}/export")
    assert (held["person"]["phone"], held["person"]["id_number"]) == (PHONE, CARD)
    assert [one["id"] for one in held["merged"]] == [gone]
    assert [one["id"] for one in held["deputyships"]] == [mandate]
    assert [one["id"] for one in held["leads"]] == [group["id"]]
    subjects = {event["subject"] for event in held["events"]}
    own = {f"by_election/{election['id']}", f"task/{task['id']}"}
    assert subjects == {f"person/{kept}", f"person/{gone}", f"deputyship/{mandate}", *own}
    stood = {"constituency": "新城", "held_on": "2017-01-09", "votes": 40, "elected": True}
    assert held["candidatures"] == [{"by_election_id": election["id"], **stood}]
    assert [one["remark"] for one in held["tasks"]] == [remark["remark"]]
    assert (await roster.get("/integrity"))["faults"] == []
    await roster.post(f"/people/{kept}:erase", {"reason": "本人要求"})
    assert PHONE not in str(await roster.get(f"/people/{kept}/export"))
    for role in ("deputy", "county", "auditor", "leader"):
        assert (await roster.call("GET", f"/people/{kept}/export", token=roster.token(role))).status == 403
    stranger = roster.token("office", area="340281101")
    assert (await roster.call("GET", f"/people/{kept}/export", token=stranger)).status == 404
    assert (await roster.call("GET", "/people/unknown/export")).status == 404


@pytest.mark.parametrize(
    ("verb", "body", "loc"),
    [
        ("merge", {"into": "nobody"}, "body.into"),
        ("merge", {}, "body.into"),
        ("merge", {"into": "self"}, "body.into"),
        ("merge", {"into": "x", "choices": {"party": "both"}}, "body.choices.party"),
        ("merge", {"into": "x", "choices": {"shoe_size": "from"}}, "body.choices.shoe_size"),
        ("merge", {"into": "x", "why": "y"}, "body.why"),
        ("erase", {}, "body.reason"),
        ("erase", {"reason": " "}, "body.reason"),
        ("erase", {"reason": "x", "phone": True}, "body.phone"),
    ],
)
async def test_bad_input_is_named_and_leaves_nothing(
    roster: Driver, verb: str, body: dict[str, Any], loc: str
) -> None:
    person = await a_person(roster)
    if body.get("into") == "self":
        body = {"into": person}
    before = await roster.events()
    answer = await roster.call("POST", f"/people/{person}:{verb}", body)
    assert answer.status == 422, answer.json
    assert any(error["loc"].startswith(loc) for error in answer.json["errors"]), answer.json
    assert await roster.events() == before


@pytest.mark.parametrize(("verb", "body"), [("merge", {"into": "x"}), ("erase", {"reason": "x"})])
async def test_who_may_not_is_kept_out(roster: Driver, verb: str, body: dict[str, Any]) -> None:
    path = f"/people/{await a_person(roster)}:{verb}"
    assert (await roster.call("POST", path, body, token="")).status == 401
    assert (await roster.call("POST", path, body, token=roster.token("deputy"))).status == 403
    other = roster.token("office", area="340281200")
    assert (await roster.call("POST", path, body, token=other)).status == 403
    assert (await roster.call("POST", f"/people/unknown:{verb}", body)).status == 404
    stale = {"If-Match": '"9"'}
    assert (await roster.call("POST", path, body, headers=stale)).status == 412


async def test_who_is_declared_somebody_else_is_listed_no_more(roster: Driver) -> None:
    one, other = [await a_person(roster) for _ in range(2)]
    assert len((await roster.get("/people/duplicates"))["items"]) == 1
    after = await roster.post(f"/people/{one}:differ", {"others": [other]})
    assert after["different_from"] == [other]
    assert (await roster.get("/people/duplicates"))["items"] == []
    assert (await roster.get(f"/people/{other}"))["different_from"] == [one]
    assert (await roster.call("POST", f"/people/{one}:differ", {"others": [one]})).status == 422


async def test_a_new_deputy_is_registered_with_the_person_or_not_at_all(drive: Drive) -> None:
    roster = await drive(build(Settings()))
    assert (await roster.call("PUT", "", {"name": "示例镇", "congress_number": 18})).status == 201
    person = {"name": "王示例01", "gender": "f", "phone": PHONE}
    wrong = {"level": "town", "started_on": "2022-01-10", "group_id": "nobody"}
    refused = await roster.call("POST", "/deputies", {"person": person, "deputyship": wrong})
    assert (refused.status, refused.json["errors"][0]["loc"]) == (422, "body.deputyship.group_id")
    assert (await roster.get("/people"))["items"] == []
    born = {**person, "born_year": 1700}
    refused = await roster.call("POST", "/deputies", {"person": born, "deputyship": wrong})
    assert refused.json["errors"][0]["loc"] == "body.person.born_year"
    mandate = {"level": "town", "started_on": "2022-01-10"}
    key = {"Idempotency-Key": "once"}
    made = await roster.post("/deputies", {"person": person, "deputyship": mandate}, headers=key)
    again = await roster.call("POST", "/deputies", {"person": person, "deputyship": mandate}, headers=key)
    assert again.json == made
    assert made["congress_number"] == 18
    (row,) = (await roster.get("/deputies?as_of=2022-02-01"))["items"]
    assert (row["deputyship_id"], row["person_id"]) == (made["id"], made["person_id"])
    assert [event["type"] for event in await roster.events()][1:3] == [
        "roster.person.registered.v1",
        "roster.deputyship.started.v1",
    ]
