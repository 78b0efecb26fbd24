"""Codes of one account or town against another, and requests at the same time: each code does one thing, once."""

import asyncio
from functools import partial
from typing import Any

import pytest

from services.accounts.handlers import clients, invitations, passwords, sessions, sign_ins
from shared.storage.work import Work
from tests.component.accounts.conftest import CLERK, PASSWORD, Desk, deputy
from tests.component.accounts.test_tokens import CLIENT, renew
from tests.fixtures.apps import TOWN
from tests.fixtures.races import overtake
from tests.probes import PATIENCE

ANOTHER = "340281102"


@pytest.fixture
def machine(office: Desk) -> Desk:
    return office.as_(office.driver.token("service", area="", subject="machine"))


async def test_one_of_many_makes_the_first_account(office: Desk, machine: Desk) -> None:
    code = (await machine.must("POST", "/recoveries", {}))["set_up"]["code"]

    async def made(number: int) -> int:
        account = {"name": f"wang{number}", "display_name": "王示例01", "area": f"{TOWN[:-1]}{number}"}
        body = {"code": code, "password": PASSWORD, "account": account}
        return (await office.call("POST", "/set_ups", body, token="")).status

    async with asyncio.timeout(PATIENCE):
        statuses = await asyncio.gather(*(made(number) for number in range(1, 4)))
    assert sorted(statuses) == [201, 404, 404]


async def test_the_code_of_an_account_makes_no_other(office: Desk) -> None:
    given = await office.must("POST", "/accounts", CLERK)
    account = {"name": "zhao01", "display_name": "赵示例01", "area": ANOTHER}
    body = {"code": given["set_up"]["code"], "password": PASSWORD, "account": account}
    await office.refused("POST", "/set_ups", body, 422, "invalid-input", token="")
    assert await office.events(ANOTHER) == [], "nothing is recorded elsewhere"
    await office.set_up(given["set_up"]["code"])


async def test_a_letter_is_void_once_the_account_is_reset(office: Desk) -> None:
    account = await office.made(deputy(1))
    letter = (await office.must("POST", f"/accounts/{account['id']}:letter", {}))["code"]
    await office.must("POST", f"/accounts/{account['id']}:reset", {})
    await office.refused("POST", "/sign_ins", {"letter": letter}, 404, "code-unknown", token="")


@pytest.mark.parametrize("later", ["letter", "change"])
async def test_no_letter_outlives_the_rights_it_was_given_for(
    office: Desk, later: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = await office.made(deputy(1))
    path, given = f"/accounts/{account['id']}", []

    async def give() -> None:
        given.append((await office.call("POST", f"{path}:letter", {}, headers={"If-Match": '"2"'})).json)

    change = partial(office.must, "PATCH", path, {"deputyship_id": "d2"})
    if later == "letter":
        overtake(monkeypatch, invitations, "invite", change)
        await give()
        assert given[0]["code"] == "stale-version"
    else:
        overtake(monkeypatch, sessions, "end_all", give)
        await change()
        await office.refused("POST", "/sign_ins", {"letter": given[0]["code"]}, 404, "code-unknown", token="")


async def test_a_sign_in_that_a_new_password_overtakes_is_refused(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.made(CLERK)
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    sign_in, change = sign_ins.sign_in, [{"password": PASSWORD, "new_password": "another river 43 stones"}]

    async def overtaken(*args: Any) -> Any:
        begun = await sign_in(*args)
        if change:
            await own.must("POST", "/me:password", change.pop())
        return begun

    monkeypatch.setattr(sign_ins, "sign_in", overtaken)
    refused = await office.sign_in("wang01")
    assert (change, refused.status, refused.code) == ([], 401, "sign-in-refused")


async def test_one_who_knew_the_password_does_not_change_it_after_the_holder(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password fits, then the holder changes it, then the other's change is written."""
    await office.made(CLERK)
    thief, holder = [office.as_((await office.sign_in("wang01")).json["access_token"]) for _ in range(2)]
    hashed, own = passwords.hashed, [{"password": PASSWORD, "new_password": "another river 43 stones"}]

    async def overtaken(password: str) -> str:
        if own:
            await holder.must("POST", "/me:password", own.pop())
        return await hashed(password)

    monkeypatch.setattr(passwords, "hashed", overtaken)
    taken = {"password": PASSWORD, "new_password": "stolen river 44 stones"}
    await thief.refused("POST", "/me:password", taken, 401, "sign-in-refused")
    assert (await office.sign_in("wang01", password="another river 43 stones")).status == 201


ENDING: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/me:password", {"password": PASSWORD, "new_password": "another river 43 stones"}),
    ("POST", "/accounts/{id}:reset", {}),
    ("POST", "/accounts/{id}:disable", {}),
    ("PATCH", "/accounts/{id}", {"roles": ["deputy"], "deputyship_id": "d1"}),
]


@pytest.mark.parametrize(("method", "path", "body"), ENDING, ids=[path for _, path, _ in ENDING])
async def test_what_ends_all_sessions_ends_one_that_begins_meanwhile(
    office: Desk, method: str, path: str, body: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.made({**CLERK, "name": "zhao01"})
    account = await office.made(CLERK)
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    end_all = sessions.end_all
    begun: list[Any] = []

    async def slowly(work: Work, id: str) -> None:
        await end_all(work, id)
        if not begun:
            begun.append((await office.sign_in("wang01")).json)

    monkeypatch.setattr(sessions, "end_all", slowly)
    await (own if path.startswith("/me") else office).must(method, path.format(id=account["id"]), body)
    (late,) = begun
    assert (await renew(office, late["refresh_token"])).status == 400
    assert (await office.as_(late["access_token"]).call("GET", "/me")).status == 401


@pytest.mark.parametrize("command", ["rotate", "disable"])
async def test_one_of_two_at_once_acts_on_the_version_that_both_saw(office: Desk, command: str) -> None:
    client = await office.must("POST", "/clients", CLIENT)
    seen = {"If-Match": f'"{client["version"]}"'}
    path = f"/clients/{client['id']}:{command}"
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*(office.call("POST", path, {}, headers=seen) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412]


@pytest.mark.parametrize("command", ["rotate_client", "disable_client"])
async def test_a_client_that_is_changed_meanwhile_is_not_changed_again(
    office: Desk, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await office.must("POST", "/clients", CLIENT)
    seen, path = {"If-Match": f'"{client["version"]}"'}, f"/clients/{client['id']}"
    overtake(monkeypatch, clients, command, partial(office.must, "POST", f"{path}:rotate", {}))
    verb = command.removesuffix("_client")
    await office.refused("POST", f"{path}:{verb}", {}, 412, "stale-version", headers=seen)
    assert (await office.must("GET", path))["version"] == client["version"] + 1


async def test_one_of_two_resets_at_once_gives_the_code(office: Desk) -> None:
    account = await office.made(CLERK)
    shown = await office.must("GET", f"/accounts/{account['id']}")
    seen, path = {"If-Match": f'"{shown["version"]}"'}, f"/accounts/{account['id']}:reset"
    async with asyncio.timeout(PATIENCE):
        answers = await asyncio.gather(*(office.call("POST", path, {}, headers=seen) for _ in range(3)))
    assert sorted(answer.status for answer in answers) == [200, 412, 412]
