"""Sign-in: right and wrong, fast and slow, once and again; whatever is wrong looks the same."""

import asyncio
from pathlib import Path

import pytest
from argon2 import Parameters, extract_parameters

from services.accounts.app import build
from services.accounts.domain import waits
from services.accounts.handlers import passwords
from services.accounts.settings import Settings
from tests.component.accounts.conftest import CLERK, PASSWORD, Desk, deputy
from tests.fixtures.apps import TOWN, Answer, Drive


def body_of(answer: Answer) -> dict[str, object]:
    return {name: value for name, value in answer.json.items() if name != "instance"}


async def test_whatever_is_wrong_looks_the_same(office: Desk) -> None:
    await office.made(CLERK)
    await office.must("POST", "/accounts", deputy(1))
    gone = await office.made(deputy(2))
    await office.must("POST", f"/accounts/{gone['id']}:disable", {})
    wrong = await office.sign_in("wang01", "not the password")
    for name in ("nobody", "deputy1", "deputy2", "x" * 200, "王示例", "' or 1=1"):
        answer = await office.sign_in(name)
        assert (answer.status, body_of(answer)) == (401, body_of(wrong))
        assert set(answer.headers) == set(wrong.headers)


async def test_as_dear_a_hash_is_verified_whether_there_is_an_account_or_not(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the time it takes tells nothing."""
    await office.made(CLERK)
    verify = passwords._verify
    verified: list[Parameters] = []

    def verifying(password: str, phc: str) -> bool:
        verified.append(extract_parameters(phc))
        return verify(password, phc)

    monkeypatch.setattr(passwords, "_verify", verifying)
    for name in ("wang01", "nobody"):
        assert (await office.sign_in(name, "not the password")).status == 401
    there, absent = verified
    assert there == absent


async def test_a_wait_grows_and_keeps_nobody_else_out(office: Desk) -> None:
    await office.made(CLERK)
    refused = [await office.sign_in("wang01", f"guess {n}") for n in range(waits.FREE)]
    assert {answer.status for answer in refused} == {401}
    answer = await office.sign_in("wang01")
    assert (answer.status, answer.code) == (429, "too-many-attempts")
    assert 0 < int(answer.headers["Retry-After"]) <= waits.FIRST_SECONDS
    absent = [await office.sign_in("nobody", f"guess {n}") for n in range(waits.FREE + 1)]
    assert (absent[-1].status, absent[-1].code) == (429, answer.code), "no name is betrayed by it"


async def test_the_holder_elsewhere_is_not_kept_out(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.made(CLERK)
    for n in range(waits.FREE + 2):
        await office.sign_in("wang01", f"guess {n}")
    monkeypatch.setattr("services.accounts.routes.sources.Sources.source", lambda *_: "another place")
    assert (await office.sign_in("wang01")).status == 201


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 201)])
async def test_behind_a_trusted_proxy_each_source_waits_for_itself(
    drive: Drive, tmp_path: Path, proxies: int, status: int
) -> None:
    """All connections have the address of the proxy for TLS. Where there is none, anybody writes the header."""
    driver = await drive(build(Settings(data_dir=tmp_path, proxies=proxies)))
    office = Desk(driver, driver.token("office"))
    await office.made(CLERK)
    for n in range(waits.FREE + 1):
        outside = {"X-Forwarded-For": "198.51.100.7"}
        refused = await office.sign_in("wang01", f"guess {n}", headers=outside)
    assert refused.status == 429
    held = await office.sign_in("wang01", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"})
    assert held.status == status


async def test_many_guesses_at_once_are_counted_one_by_one(office: Desk) -> None:
    await office.made(CLERK)
    answers = await asyncio.gather(*(office.sign_in("wang01", f"guess {n}") for n in range(15)))
    assert sum(answer.status == 401 for answer in answers) <= waits.FREE + 1


@pytest.mark.usefixtures("still")
async def test_a_county_needs_the_second_step(county: Desk) -> None:
    account = await county.made(
        {"name": "xian01", "display_name": "县示例01", "roles": ["county"], "areas": ["340281"]}
    )
    assert (await county.sign_in("xian01")).code == "second-step-required"
    assert (await county.sign_in("xian01", digits="000000")).status == 401
    used = county.digits(account["secret"])
    assert (await county.sign_in("xian01", digits=used)).status == 401, "used when it was set up"
    answer = await county.sign_in("xian01", digits=county.digits(account["secret"], 1))
    assert answer.status == 201
    own = county.as_(answer.json["access_token"])
    await own.refused("POST", "/me/second_step:drop", {}, 409, "wrong-state")
    assert (await own.must("GET", "/me"))["second_step"] is True


async def test_a_county_account_is_not_set_up_without_the_second_step(county: Desk) -> None:
    body = {"name": "xian01", "display_name": "县示例01", "roles": ["county"], "areas": ["340281"]}
    code = (await county.must("POST", "/accounts", body))["set_up"]["code"]
    for digits in ({}, {"digits": "123456"}):
        sent = {"code": code, "password": PASSWORD, **digits}
        await county.refused("POST", "/set_ups", sent, 422, "invalid-input", token="")


@pytest.mark.usefixtures("still")
async def test_an_office_may_have_the_second_step(office: Desk) -> None:
    account = await office.made(CLERK)
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    offer = await own.must("POST", "/me/second_step", {"password": PASSWORD})
    assert offer["url"].startswith("otpauth://totp/")
    assert offer["qr"].startswith("<svg")
    await own.refused("POST", "/me/second_step:confirm", {"digits": "000000"}, 422, "invalid-input")
    await own.must("POST", "/me/second_step:confirm", {"digits": own.digits(offer["secret"], -1)})
    assert (await office.sign_in("wang01")).code == "second-step-required"
    assert (await office.sign_in("wang01", digits=own.digits(offer["secret"]))).status == 201
    again = await office.must("POST", f"/accounts/{account['id']}:reset", {"second_step": True})
    assert await office.set_up(again["set_up"]["code"]) not in (None, offer["secret"])


async def test_a_letter_signs_a_phone_in_once(office: Desk) -> None:
    account = await office.must("POST", "/accounts", deputy(1))
    letter = await office.must("POST", f"/accounts/{account['id']}:letter", {})
    assert letter["url"].endswith("/l/" + letter["code"].replace("-", ""))
    assert letter["qr"].startswith("<svg")
    answer = await office.call("POST", "/sign_ins", {"letter": letter["code"].lower()}, token="")
    assert answer.status == 201
    own = office.as_(answer.json["access_token"])
    (session,) = (await own.must("GET", "/me/sessions"))["items"]
    assert session["how"] == "letter"
    await office.refused("POST", "/sign_ins", {"letter": letter["code"]}, 404, "code-unknown", token="")
    assert letter["code"].replace("-", "") not in str(await office.events())


async def test_letters_are_for_deputies_only(office: Desk) -> None:
    account = await office.made(CLERK)
    await office.refused("POST", f"/accounts/{account['id']}:letter", {}, 409, "wrong-state")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "wang01"},
        {"password": PASSWORD},
        {"letter": "A", "name": "wang01", "password": PASSWORD},
        {"name": "x" * 201, "password": PASSWORD},
        {"name": "wang01", "password": ""},
        {"name": "wang01", "password": "x" * 1001},
        {"name": "wang01", "password": PASSWORD, "digits": "12345a"},
    ],
)
async def test_requests_that_are_no_sign_in(office: Desk, body: dict[str, str]) -> None:
    answer = await office.refused("POST", "/sign_ins", body, 422, "invalid-input", token="")
    assert body.get("password", "-") not in str(answer.json) or not body.get("password")


async def test_who_changes_the_password_is_signed_out_everywhere(office: Desk) -> None:
    await office.made(CLERK)
    own, other = [office.as_((await office.sign_in("wang01")).json["access_token"]) for _ in range(2)]
    body = {"password": "not the password", "new_password": "other river 42 stones"}
    await own.refused("POST", "/me:password", body, 401, "sign-in-refused")
    await own.must("POST", "/me:password", body | {"password": PASSWORD})
    for desk in (own, other):
        await desk.refused("GET", "/me", None, 401, "unauthenticated")
    assert (await office.sign_in("wang01")).status == 401
    assert (await office.sign_in("wang01", "other river 42 stones")).status == 201


async def test_an_account_disabled_in_mid_session_is_out_at_once(office: Desk) -> None:
    await office.made(CLERK | {"name": "zhao01"})
    account = await office.made(CLERK)
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    await own.must("GET", "/me")
    await office.must("POST", f"/accounts/{account['id']}:disable", {})
    await own.refused("GET", "/accounts", None, 401, "unauthenticated")
    answer = await own.call("GET", f"/towns/{TOWN}/events")
    assert answer.status == 401
    assert (await office.sign_in("wang01")).status == 401
