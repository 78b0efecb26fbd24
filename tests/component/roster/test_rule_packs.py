"""Rule packs over HTTP: the town's own, and those a county pushes to all towns below its area."""

from typing import Any, Final

import pytest

from services.roster import repository
from services.roster.app import build
from services.roster.domain.rule_packs import RulePack
from services.roster.handlers import rule_packs, towns
from services.roster.schemas.towns import TownIn
from services.roster.settings import Settings
from shared.storage.work import Work
from tests.fixtures.apps import TOWN, Drive, Driver

OTHER = "340281200"
ELSEWHERE = "340282100"
PACK = {"effective_from": "2021-01-01", "rules": {"reply_months": 2}, "basis": "示例市规程"}
PUSHED = "//roster/v1/areas/340281/rule_packs/reply"


@pytest.fixture
async def roster(drive: Drive) -> Driver:
    driver = await drive(build(Settings()))
    for town in (TOWN, OTHER, ELSEWHERE):
        answer = await driver.call(
            "PUT",
            f"//roster/v1/towns/{town}",
            {"name": "示例镇", "rules": {"presidium_quorum": True}},
            token=driver.token(area=town),
        )
        assert answer.status == 201, answer.json
    return driver


async def push(roster: Driver, body: Any = PACK, path: str = PUSHED, **who: str) -> Any:
    token = roster.token("county", area=who.get("area", "340281"), subject="county-clerk")
    return await roster.call("PUT", path, body, token=token)


async def test_the_towns_own_packs_are_put_as_a_whole(roster: Driver) -> None:
    body = {"items": [{"id": "t1", **PACK}, {"id": "t2", **PACK, "effective_from": "2022-01-01"}]}
    put = await roster.call("PUT", "/rule_packs", body)
    assert (put.status, [one["id"] for one in put.json["items"]]) == (200, ["t1", "t2"])
    assert [(one["scope"], one["pushed_by"]) for one in put.json["items"]] == [("town", None)] * 2
    before = await roster.events()
    assert (before[-1]["type"], len(before[-1]["data"]["rule_packs"])) == ("roster.town.changed.v1", 2)
    assert (await roster.call("PUT", "/rule_packs", body)).status == 200
    assert await roster.events() == before
    early = await roster.get("/rule_packs?on=2020-12-31")
    assert early["in_force"] == {"presidium_quorum": True}
    assert (await roster.get("/rule_packs?on=2021-01-01"))["in_force"]["reply_months"] == 2
    other_day = await roster.call(
        "GET", "/rule_packs?on=2020-12-31", headers={"If-None-Match": put.headers["ETag"]}
    )
    assert (other_day.status, other_day.json["in_force"]) == (200, {"presidium_quorum": True})
    emptied = await roster.call(
        "PUT", "/rule_packs", {"items": []}, headers={"If-Match": put.headers["ETag"]}
    )
    assert (emptied.status, emptied.json["items"]) == (200, [])


async def test_a_county_sees_whom_a_push_touches_and_who_has_it(roster: Driver) -> None:
    county = roster.token("county", area="340281", subject="county-clerk")
    trial = (await push(roster, path=f"{PUSHED}?dry_run=true")).json
    assert [(item["town"], item["changed"]) for item in trial["items"]] == [(TOWN, True), (OTHER, True)]
    path = "//roster/v1/areas/340281/rule_packs"
    assert await roster.get(path, token=county) == {"items": [], "towns": [TOWN, OTHER]}
    await push(roster)
    listed = await roster.get(path, token=county)
    assert [(item["pack"]["id"], item["towns"]) for item in listed["items"]] == [("reply", [TOWN, OTHER])]
    again = (await push(roster, path=f"{PUSHED}?dry_run=true")).json
    assert [item["changed"] for item in again["items"]] == [False, False]


async def test_a_county_pushes_to_every_town_below_and_again_changes_nothing(roster: Driver) -> None:
    first = (await push(roster)).json
    assert [(one["town"], one["changed"]) for one in first["items"]] == [(TOWN, True), (OTHER, True)]
    assert first["pack"]["pushed_by"] == "340281"
    event = (await roster.events())[-1]
    assert (event["actor"], event["data"]["rules"]) == ("county-clerk", {"presidium_quorum": True})
    assert event["data"]["rule_packs"] == [first["pack"]]
    again = (await push(roster)).json
    assert [(one["version"], one["changed"]) for one in again["items"]] == [(2, False), (2, False)]
    far = await roster.get(f"//roster/v1/towns/{ELSEWHERE}/rule_packs", token=roster.token(area=ELSEWHERE))
    assert far["items"] == []
    newer = (await push(roster, {**PACK, "rules": {"reply_months": 4}})).json
    assert [one["changed"] for one in newer["items"]] == [True, True]
    assert len((await roster.get("/rule_packs"))["items"]) == 1


async def test_a_push_that_broke_off_goes_on_where_it_stopped(roster: Driver) -> None:
    await push(roster, path=f"//roster/v1/areas/{TOWN}/rule_packs/reply", area=TOWN)
    late = (await push(roster)).json
    assert [one["changed"] for one in late["items"]] == [True, True]
    assert [one["changed"] for one in (await push(roster)).json["items"]] == [False, False]


async def test_what_the_county_pushed_stays_when_the_town_changes_its_own(roster: Driver) -> None:
    await push(roster)
    await roster.call(
        "PUT", "/rule_packs", {"items": [{"id": "reply", **PACK, "rules": {"reply_months": 1}}]}
    )
    await roster.call("PUT", "", {"name": "示例镇", "rules": {}})
    held = await roster.get("/rule_packs?on=2021-06-01")
    assert sorted(one["pushed_by"] or "" for one in held["items"]) == ["", "340281"]
    assert held["in_force"] == {"reply_months": 1}
    assert (await roster.get("/integrity"))["faults"] == []


async def test_a_town_that_is_registered_later_has_what_was_pushed_above_it(roster: Driver) -> None:
    pushed = (await push(roster)).json["pack"]
    wider = roster.token("county", area="34", subject="province")
    answer = await roster.call("PUT", "//roster/v1/areas/34/rule_packs/reply", PACK, token=wider)
    assert (await push(roster, {**PACK, "rules": {"reply_months": 4}})).status == 200
    for town, packs in (("340281300", ["34", "340281"]), ("340282300", ["34"]), ("350281300", [])):
        token = roster.token(area=town)
        path = f"//roster/v1/towns/{town}"
        assert (await roster.call("PUT", path, {"name": "新镇"}, token=token)).status == 201
        found = await roster.get(f"{path}/rule_packs", token=token)
        assert [one["pushed_by"] for one in found["items"]] == packs
        told = await roster.get(f"{path}/events", token=token)
        assert [len(event["data"]["rule_packs"]) for event in told] == [len(packs)]
    late = await roster.get("//roster/v1/towns/340281300/rule_packs", token=roster.token(area="340281300"))
    assert late["items"] == [answer.json["pack"], {**pushed, "rules": {"reply_months": 4}}]


@pytest.mark.parametrize("known", [True, False])
async def test_a_town_registered_while_a_pack_is_pushed_has_it_whoever_is_first(
    drive: Drive, known: bool
) -> None:
    """Each begins, and before it is committed the other comes and goes; with the very first push as well."""
    roster = await drive(build(Settings()))
    if known:
        await push(roster, {**PACK, "rules": {}})
    store = roster.alive.store

    begun = 0

    async def registering(work: Work) -> None:
        nonlocal begun
        begun += 1
        await towns.put_town(work, TownIn(name="镇"))
        if begun == 1:
            assert (await push(roster)).status == 200

    await store.execute(town=TOWN, actor="clerk", run=registering)
    newer = RulePack.model_validate(
        {"id": "reply", "scope": "county", "pushed_by": "340281", **PACK, "rules": {"redo_months": 1}}
    )

    async def pushing(work: Work) -> None:
        await rule_packs.keep_pushed(work, newer)
        if OTHER not in await repository.towns_below(store, "340281"):
            path, token = f"//roster/v1/towns/{OTHER}", roster.token(area=OTHER)
            assert (await roster.call("PUT", path, {"name": "镇"}, token=token)).status == 201

    await store.execute(town="340281", actor="county-clerk", run=pushing)
    assert await repository.towns_below(store, "340281") == [TOWN, OTHER]
    (early,) = (await roster.get("/rule_packs"))["items"]
    assert (early["rules"], begun) == (PACK["rules"], 2)
    assert (await roster.events())[0]["data"]["rule_packs"] == [early]


@pytest.mark.parametrize(
    ("changes", "loc"),
    [
        ({"scope": "town"}, "body.scope"),
        ({"effective_from": None}, "body.effective_from"),
        ({"effective_from": "2021-02-30"}, "body.effective_from"),
        ({"effective_to": "2020-12-31"}, "body.effective_to"),
        ({"rules": []}, "body.rules"),
        ({"pushed_by": "34"}, "body.pushed_by"),
    ],
)
async def test_a_bad_push_is_named_and_reaches_nobody(
    roster: Driver, changes: dict[str, Any], loc: str
) -> None:
    answer = await push(roster, {**PACK, **changes})
    assert answer.status == 422, answer.json
    assert any(error["loc"].startswith(loc) for error in answer.json["errors"]), answer.json
    assert (await push(roster, path="//roster/v1/areas/340281/rule_packs/a%20b")).status == 422
    assert [event["type"] for event in await roster.events()] == ["roster.town.registered.v1"]


async def test_who_may_not_push_is_kept_out(roster: Driver) -> None:
    assert (await roster.call("PUT", PUSHED, PACK, token="")).status == 401
    assert (await roster.call("PUT", PUSHED, PACK, token=roster.token(area="340281"))).status == 403
    assert (await push(roster, area="340282")).status == 403
    assert (await push(roster, area="34028110")).status == 403


@pytest.mark.parametrize(
    ("items", "loc"),
    [
        ([{"id": "a", **PACK, "pushed_by": "34"}], "body.items.0.pushed_by"),
        ([{"id": "a b", **PACK}], "body.items.0.id"),
        ([{**PACK}], "body.items.0.id"),
        ([{"id": "a", **PACK}, {"id": "a", **PACK}], "body.items.1.id"),
        ([{"id": "a", **PACK, "effective_to": "2020-01-01"}], "body.items.0.effective_to"),
    ],
)
async def test_bad_packs_of_the_towns_own_are_named(roster: Driver, items: Any, loc: str) -> None:
    answer = await roster.call("PUT", "/rule_packs", {"items": items})
    assert answer.status == 422, answer.json
    assert loc in [error["loc"] for error in answer.json["errors"]]


async def test_only_the_office_sets_them_and_a_stranger_finds_none(roster: Driver) -> None:
    body: dict[str, Any] = {"items": []}
    assert (await roster.call("PUT", "/rule_packs", body, token=roster.token("deputy"))).status == 403
    stranger = roster.token(area=OTHER)
    assert (await roster.call("PUT", "/rule_packs", body, token=stranger)).status == 403
    assert (await roster.call("GET", "/rule_packs", token=stranger)).status == 404
    unknown = "//roster/v1/towns/340281999/rule_packs"
    assert (await roster.call("GET", unknown, token=roster.token(area="340281999"))).status == 404
    assert (await roster.call("PUT", "/rule_packs", body, headers={"If-Match": '"9"'})).status == 412


NONSENSE: Final = (
    ({"reply_months": "three"}, "reply_months"),
    ({"reply_months": 0}, "reply_months"),
    ({"reply_months": True}, "reply_months"),
    ({"reply_month": 2}, "reply_month"),
    ({"closing_on": "12-32"}, "closing_on"),
    ({"closing_on": "02-29"}, "closing_on"),
    ({"leave_approver": "mayor"}, "leave_approver"),
    ({"calendar": {"2027": {"holidays": ["1 May"]}}}, "calendar.2027.holidays.0"),
    ({"presidium_min": 9, "presidium_max": 7}, ""),
)


@pytest.mark.parametrize(("rules", "at"), NONSENSE)
async def test_nonsense_is_refused_where_it_enters_and_reaches_no_town(
    roster: Driver, rules: dict[str, Any], at: str
) -> None:
    before = await roster.events()
    own = {"items": [{"id": "t", **PACK, "rules": rules}]}
    answers = (
        (await push(roster, {**PACK, "rules": rules}), "body.rules"),
        (await roster.call("PUT", "/rule_packs", own), "body.items.0.rules"),
        (await roster.call("PATCH", "", {"rules": rules}), "body.rules"),
    )
    for answer, place in answers:
        assert (answer.status, answer.code) == (422, "invalid-input")
        assert {error["loc"] for error in answer.json["errors"]} == {".".join(filter(None, (place, at)))}
    assert await roster.events() == before


async def test_a_preview_says_which_rules_change_in_which_town(roster: Driver) -> None:
    own = {"items": [{"id": "t", **PACK, "rules": {"reply_months": 1}}]}
    await roster.call("PUT", "/rule_packs", own)
    trial = (await push(roster, path=f"{PUSHED}?dry_run=true")).json["items"]
    assert [(item["town"], item["changed"], item["rules"]) for item in trial] == [
        (TOWN, True, []),  # its own rule is narrower
        (OTHER, True, [{"rule": "reply_months", "before": None, "after": 2}]),
    ]
    assert (await push(roster)).json["items"] == [{**item, "version": item["version"] + 1} for item in trial]


async def test_a_withdrawn_pack_leaves_every_town_and_reaches_no_later_one(roster: Driver) -> None:
    await push(roster)
    county = roster.token("county", area="340281", subject="county-clerk")
    path = f"{PUSHED}:withdraw"
    assert (await roster.call("POST", path, {}, token=county)).status == 422
    trial = await roster.post(f"{path}?dry_run=true", {"reason": "发错了"}, token=county)
    assert [item["changed"] for item in trial["items"]] == [True, True]
    taken = await roster.post(path, {"reason": "发错了"}, token=county)
    change = [{"rule": "reply_months", "before": 2, "after": None}]
    assert [(item["town"], item["rules"]) for item in taken["items"]] == [(TOWN, change), (OTHER, change)]
    assert (await roster.get("/rule_packs"))["items"] == []
    [listed] = (await roster.get("//roster/v1/areas/340281/rule_packs", token=county))["items"]
    assert (listed["withdrawn"], listed["towns"]) == ("发错了", [])
    again = await roster.post(path, {"reason": "发错了"}, token=county)
    assert [item["changed"] for item in again["items"]] == [False, False]
    token = roster.token(area="340281300")
    await roster.call("PUT", "//roster/v1/towns/340281300", {"name": "新镇"}, token=token)
    late = await roster.get("//roster/v1/towns/340281300/rule_packs", token=token)
    assert late["items"] == []
    assert [item["changed"] for item in (await push(roster)).json["items"]] == [True, True, True]
    unknown = await roster.call(
        "POST", "//roster/v1/areas/340281/rule_packs/none:withdraw", {"reason": "错"}, token=county
    )
    assert unknown.status == 404
