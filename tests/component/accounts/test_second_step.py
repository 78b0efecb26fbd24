"""The second step is changed by its holder alone: with the password, and the digits of the one there is."""

from typing import Any

import pytest

from tests.component.accounts.conftest import CLERK, PASSWORD, Desk

pytestmark = pytest.mark.usefixtures("still")


async def with_second_step(office: Desk) -> tuple[Desk, str]:
    """(the clerk signed in, the secret)."""
    await office.made(CLERK)
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    secret = (await own.must("POST", "/me/second_step", {"password": PASSWORD}))["secret"]
    await own.must("POST", "/me/second_step:confirm", {"digits": own.digits(secret, -1)})
    return own, secret


@pytest.mark.parametrize("path", ["/me/second_step", "/me/second_step:drop"])
async def test_it_is_neither_dropped_nor_replaced_without_a_proof(office: Desk, path: str) -> None:
    own, secret = await with_second_step(office)
    now = own.digits(secret)
    refusals: list[tuple[dict[str, Any], int, str]] = [
        ({}, 422, "invalid-input"),
        ({"digits": now}, 422, "invalid-input"),
        ({"password": PASSWORD}, 401, "second-step-required"),
        ({"password": "wrong", "digits": now}, 401, "sign-in-refused"),
        ({"password": PASSWORD, "digits": "000000"}, 401, "sign-in-refused"),
        ({"password": PASSWORD, "digits": own.digits(secret, -1)}, 401, "sign-in-refused"),
    ]
    for body, status, code in refusals:
        answer = await own.call("POST", path, body)
        while answer.status == 429:
            pytest.fail("the refusals of one test are fewer than the free attempts")
        assert (answer.status, answer.code) == (status, code), body
        assert (await own.must("GET", "/me"))["second_step"] is True


async def test_a_token_alone_binds_no_device(office: Desk) -> None:
    """It may be a stolen one: the holder would be locked out."""
    await office.made(CLERK)
    own = office.as_((await office.sign_in("wang01")).json["access_token"])
    await own.refused("POST", "/me/second_step", {}, 422, "invalid-input")
    await own.refused("POST", "/me/second_step", {"password": "wrong"}, 401, "sign-in-refused")
    await own.refused("POST", "/me/second_step:confirm", {"digits": "000000"}, 409, "wrong-state")


async def test_it_is_dropped_with_password_and_digits(office: Desk) -> None:
    own, secret = await with_second_step(office)
    proof = {"password": PASSWORD, "digits": own.digits(secret)}
    assert (await own.must("POST", "/me/second_step:drop", proof))["second_step"] is False
    assert (await office.sign_in("wang01")).status == 201


async def test_it_is_replaced_with_password_and_digits(office: Desk) -> None:
    own, secret = await with_second_step(office)
    proof = {"password": PASSWORD, "digits": own.digits(secret)}
    other = (await own.must("POST", "/me/second_step", proof))["secret"]
    assert other != secret
    await own.must("POST", "/me/second_step:confirm", {"digits": own.digits(other)})
    refused = await office.sign_in("wang01", digits=own.digits(secret, 1))
    assert refused.status == 401
    assert (await office.sign_in("wang01", digits=own.digits(other, 1))).status == 201


async def test_guessing_the_password_there_waits_as_at_sign_in(office: Desk) -> None:
    own, secret = await with_second_step(office)
    for n in range(6):
        body = {"password": f"guess {n}", "digits": own.digits(secret)}
        answer = await own.call("POST", "/me/second_step:drop", body)
    assert (answer.status, answer.code) == (429, "too-many-attempts")
