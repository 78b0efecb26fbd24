"""Accounts: who may make them for whom, what is refused, and what is never told."""

import asyncio
from typing import Any

import pytest

from tests.component.accounts.conftest import CLERK, COUNTY, PASSWORD, Desk, deputy
from tests.fixtures.apps import TOWN

OTHER = "340281198"


async def test_an_account_is_made_and_its_holder_sets_the_password(office: Desk) -> None:
    given = await office.must("POST", "/accounts", CLERK)
    assert (given["state"], given["second_step"]) == ("invited", False)
    assert given["set_up"]["url"].endswith("/accounts/set-up/" + given["set_up"]["code"].replace("-", ""))
    assert (await office.sign_in("wang01")).status == 401
    await office.set_up(given["set_up"]["code"])
    answer = await office.sign_in("ＷＡＮＧ01")
    assert (answer.status, answer.json["expires_in"], answer.json["account"]["state"]) == (201, 600, "active")
    own = office.as_(answer.json["access_token"])
    assert (await own.must("GET", "/me"))["id"] == given["id"]
    assert [item["name"] for item in (await own.must("GET", "/accounts"))["items"]] == ["wang01"]


async def test_a_disabled_account_is_enabled_with_a_new_set_up(office: Desk) -> None:
    given = await office.made(deputy(1))
    await office.must("POST", f"/accounts/{given['id']}:disable", {})
    assert (await office.sign_in(given["name"])).status == 401
    enabled = await office.must("POST", f"/accounts/{given['id']}:enable", {})
    await office.set_up(enabled["set_up"]["code"])
    assert (await office.sign_in(given["name"])).status == 201


async def test_a_session_elsewhere_is_ended_by_its_holder(office: Desk) -> None:
    await office.made(CLERK)
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    (here,) = (await own.must("GET", "/me/sessions"))["items"]
    await office.sign_in("wang01")
    (there,) = [one for one in (await own.must("GET", "/me/sessions"))["items"] if one["id"] != here["id"]]
    left = await own.must("POST", f"/me/sessions/{there['id']}:end", {})
    assert left["items"] == [here]


async def test_a_set_up_code_is_for_one_use(office: Desk) -> None:
    given = await office.must("POST", "/accounts", CLERK)
    code = given["set_up"]["code"]
    await office.set_up(code)
    body = {"code": code, "password": "another river 42 stones"}
    await office.refused("POST", "/set_ups", body, 404, "code-unknown", token="")
    await office.refused("POST", "/set_ups:open", {"code": code}, 404, "code-unknown", token="")
    again = await office.must("POST", f"/accounts/{given['id']}:reset", {})
    once_more = await office.must("POST", f"/accounts/{given['id']}:reset", {})
    stale = {"code": again["set_up"]["code"], "password": PASSWORD}
    await office.refused("POST", "/set_ups", stale, 404, "code-unknown", token="")
    await office.set_up(once_more["set_up"]["code"])


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "1234567890",
        "aaaaaaaaaaaa",
        "wang01",
        "wang012345",
        "password123",
        "王示例01",
        "2020123120",
        "renda2024!",
    ],
)
async def test_weak_passwords_are_refused_and_the_code_stays(office: Desk, password: str) -> None:
    code = (await office.must("POST", "/accounts", CLERK))["set_up"]["code"]
    body = {"code": code, "password": password}
    answer = await office.refused("POST", "/set_ups", body, 422, "password-weak", token="")
    assert password not in str(answer.json)
    await office.set_up(code)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"roles": ["deputy"]}, "body.deputyship_id"),
        ({"roles": ["teller"]}, "body.meeting_id"),
        ({"deputyship_id": "d1"}, "body.deputyship_id"),
        ({"meeting_id": "m1"}, "body.meeting_id"),
        ({"roles": []}, "body.roles"),
        ({"roles": ["service"]}, "body.roles.0"),
        ({"roles": ["king"]}, "body.roles.0"),
        ({"roles": ["office", "office"]}, "body.roles"),
        ({"areas": []}, "body.areas"),
        ({"areas": [TOWN, TOWN]}, "body.areas"),
        ({"areas": ["34028１"]}, "body.areas.0"),
        ({"areas": [""]}, "body.areas.0"),
        ({"areas": [TOWN[:8]]}, "body.areas.0"),
        ({"areas": [TOWN + "001"]}, "body.areas.0"),
        ({"name": "a b"}, "body.name"),
        ({"name": "x"}, "body.name"),
        ({"display_name": ""}, "body.display_name"),
        ({"password": PASSWORD}, "body.password"),
    ],
)
async def test_accounts_that_cannot_be(office: Desk, change: dict[str, Any], field: str) -> None:
    answer = await office.call("POST", "/accounts", CLERK | change)
    assert answer.status == 422, answer.json
    assert field in {error["loc"] for error in answer.json["errors"]}
    assert (await office.must("GET", "/accounts"))["items"] == []


async def test_nobody_gives_more_than_they_have(office: Desk, county: Desk) -> None:
    for body in (
        CLERK | {"roles": ["county"]},
        CLERK | {"roles": ["auditor"]},
        CLERK | {"areas": [OTHER]},
        CLERK | {"areas": [COUNTY]},
        CLERK | {"areas": [TOWN, OTHER]},
    ):
        await office.refused("POST", "/accounts", body, 403, "beyond-own-rights")
    await county.refused("POST", "/accounts", CLERK | {"areas": ["3402"]}, 403, "beyond-own-rights")
    elsewhere = await county.must("POST", "/accounts", CLERK | {"areas": [OTHER]})
    await office.refused("GET", f"/accounts/{elsewhere['id']}", None, 404, "not-found")
    for command in ("reset", "disable", "enable", "letter"):
        await office.refused("POST", f"/accounts/{elsewhere['id']}:{command}", {}, 404, "not-found")
    above = await county.must(
        "POST", "/accounts", CLERK | {"name": "xian", "roles": ["county"], "areas": [TOWN]}
    )
    await office.refused("POST", f"/accounts/{above['id']}:disable", {}, 403, "beyond-own-rights")
    own = await county.must("POST", "/accounts", CLERK | {"name": "zhang", "areas": [TOWN]})
    await office.refused("PATCH", f"/accounts/{own['id']}", {"areas": [COUNTY]}, 403, "beyond-own-rights")
    await office.refused("PATCH", f"/accounts/{own['id']}", {"roles": ["county"]}, 403, "beyond-own-rights")


async def test_one_name_one_account_and_one_deputyship_one_account(office: Desk, county: Desk) -> None:
    await office.must("POST", "/accounts", CLERK)
    await county.refused("POST", "/accounts", CLERK | {"areas": [OTHER], "name": "WANG01"}, 409, "name-taken")
    first = await office.must("POST", "/accounts", deputy(1))
    twin = deputy(1, name="twin", roles=["leader", "deputy"])
    await office.refused("POST", "/accounts", twin, 409, "deputyship-taken")
    await office.must("POST", f"/accounts/{first['id']}:disable", {})
    await office.must("POST", "/accounts", twin)
    await office.refused("POST", f"/accounts/{first['id']}:enable", {}, 409, "deputyship-taken")
    both = await asyncio.gather(
        *(office.call("POST", "/accounts", deputy(2, name=name)) for name in ("one", "two"))
    )
    assert sorted(answer.status for answer in both) == [201, 409]


async def test_the_office_counts_no_meeting(office: Desk) -> None:
    both = CLERK | {"roles": ["office", "teller"], "meeting_id": "m1"}
    await office.refused("POST", "/accounts", both, 409, "office-and-teller")
    teller = await office.must("POST", "/accounts", CLERK | {"roles": ["teller"], "meeting_id": "m1"})
    change = {"roles": ["office", "teller"]}
    await office.refused("PATCH", f"/accounts/{teller['id']}", change, 409, "office-and-teller")


async def test_the_last_office_account_stays(office: Desk) -> None:
    first = await office.made(CLERK)
    await office.refused("POST", f"/accounts/{first['id']}:disable", {}, 409, "last-office")
    second = await office.must("POST", "/accounts", CLERK | {"name": "zhao01"})
    await office.refused("POST", f"/accounts/{first['id']}:disable", {}, 409, "last-office")
    change = {"roles": ["deputy"], "deputyship_id": "d1"}
    await office.refused("PATCH", f"/accounts/{first['id']}", change, 409, "last-office")
    await office.set_up(second["set_up"]["code"])
    paths = [f"/accounts/{account['id']}:disable" for account in (first, second)]
    both = await asyncio.gather(*(office.call("POST", path, {}) for path in paths))
    assert sorted(answer.status for answer in both) == [200, 409], "one of the two stays"


async def test_a_deputy_whose_mandate_ends_signs_in_no_more(office: Desk) -> None:
    account = await office.made(deputy(1))
    assert (await office.sign_in("deputy1")).status == 201
    await office.driver.says("roster.deputyship.ended.v1", {"id": "d1", "status": "ended"})
    assert (await office.must("GET", f"/accounts/{account['id']}"))["state"] == "disabled"
    assert (await office.sign_in("deputy1")).status == 401


async def test_events_have_no_name_password_or_code(office: Desk) -> None:
    account = await office.made(CLERK)
    await office.sign_in("wang01", "wrong password")
    await office.sign_in("wang01")
    events = await office.events()
    assert [event["type"].removeprefix("accounts.") for event in events] == [
        "account.added.v1",
        "account.set_up.v1",
        "sign_in.refused.v1",
        "sign_in.succeeded.v1",
    ]
    told = str(events)
    for secret in ("wang01", "王示例01", PASSWORD, "argon2", account["set_up"]["code"].replace("-", "")):
        assert secret not in told


async def test_a_stale_version_is_refused(office: Desk) -> None:
    account = await office.must("POST", "/accounts", CLERK)
    answer = await office.call("POST", f"/accounts/{account['id']}:disable", {}, headers={"If-Match": '"7"'})
    assert (answer.status, answer.code) == (412, "stale-version")


async def test_rights_change_where_they_are_recorded_and_with_what_they_need(
    office: Desk, county: Desk
) -> None:
    account = await office.made(CLERK)
    await office.made(CLERK | {"name": "zhao01"})
    path = f"/accounts/{account['id']}"
    for areas in ([OTHER], [COUNTY], [TOWN, OTHER]):
        await county.refused("PATCH", path, {"areas": areas}, 422, "rights-unfit")
    await county.refused("PATCH", path, {"roles": ["county"]}, 409, "wrong-state")
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    renamed = await office.must("PATCH", path, {"display_name": "王示例02"})
    assert renamed["display_name"] == "王示例02"
    await own.must("GET", "/me")
    await county.must("PATCH", path, {"roles": ["auditor"]})
    await own.refused("GET", "/me", None, 401, "unauthenticated")
    again = office.as_((await office.sign_in("wang01")).json["access_token"])
    assert (await again.must("GET", "/me"))["roles"] == ["auditor"]
    await again.refused("POST", "/accounts", deputy(1), 403, "forbidden")


async def test_accounts_are_found_by_name_and_initials_in_stroke_order(office: Desk, county: Desk) -> None:
    for number, name in enumerate(("魏小明", "丁红", "王小红"), 1):
        await office.must("POST", "/accounts", deputy(number, display_name=name))
    await county.must("POST", "/accounts", CLERK | {"name": "elsewhere", "areas": [OTHER]})

    async def names(query: str) -> list[str]:
        return [item["display_name"] for item in (await office.must("GET", f"/accounts?{query}"))["items"]]

    assert await names("order=strokes") == ["丁红", "王小红", "魏小明"]
    assert await names("q=wx&order=strokes") == ["王小红", "魏小明"]
    assert await names("q=DEPUTY2") == ["丁红"]
    assert await names("deputyship_id=d3") == ["王小红"]
    assert await names("state=active") == []
    first = await office.must("GET", "/accounts?order=strokes&limit=2&total=true")
    assert first["total"] == 3
    assert await names(f"order=strokes&limit=2&cursor={first['next_cursor']}") == ["魏小明"]
    answer = await office.call("GET", "/accounts?state=gone")
    assert (answer.status, answer.json["errors"][0]["loc"]) == (422, "query.state")


async def test_clients_are_found_by_the_day_they_end(office: Desk) -> None:
    for name, day in (("县系统", "2099-12-31"), ("省平台", "2098-06-30"), ("县门户", "2099-06-30")):
        body = {"name": name, "roles": ["service"], "areas": [TOWN], "expires_on": day}
        await office.must("POST", "/clients", body)
    page = await office.must("GET", "/clients?from=2099-01-01&order=expires_on&total=true")
    assert ([item["name"] for item in page["items"]], page["total"]) == (["县门户", "县系统"], 2)
    found = await office.must("GET", "/clients?q=spt&signs=false&roles=service")
    assert [item["name"] for item in found["items"]] == ["省平台"]
