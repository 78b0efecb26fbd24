"""What the voters' door does when it is run at: who guesses waits, who votes does not."""

import asyncio

import pytest

from services.ratings.pages import limits
from services.ratings.pages.limits import SLIP_TIMES, WRONG_TIMES
from shared.security.codes import new
from tests.component.ratings.conftest import Town
from tests.component.ratings.test_voting import vote, voting

pytestmark = pytest.mark.mongo

WINDOW_SECONDS = 3600.0
"""Six hundred requests fit into it on the slowest machine."""


@pytest.fixture(autouse=True)
def long_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WINDOW_SECONDS", WINDOW_SECONDS)


async def statuses(town: Town, codes: list[str]) -> set[int]:
    async def asked(code: str) -> int:
        async with town.driver.client.get(f"/r/{code}") as answer:
            return answer.status

    return set(await asyncio.gather(*map(asked, codes)))


async def test_guessing_is_slowed_and_hinders_no_voter(town: Town) -> None:
    _, codes = await voting(town, count=30)
    assert await statuses(town, ["0000-not-a-code"] * WRONG_TIMES) == {404}
    guess = await town.driver.client.get(f"/r/{new(16)}")
    page = await guess.text()
    assert guess.status == 429
    assert 0 < int(guess.headers["Retry-After"]) <= WINDOW_SECONDS
    assert "请稍等" in page
    assert f"{guess.headers['Retry-After']} 秒" in page
    told = await town.driver.call("GET", f"//r/{new(16)}", headers={"Accept": "application/json"})
    assert (told.status, told.code) == (429, "too-many-tries")
    assert "Retry-After" in told.headers
    assert {(await vote(town, code)).status for code in codes} == {200}


async def test_a_slip_that_is_asked_for_over_and_over_waits_alone(town: Town) -> None:
    _, codes = await voting(town, count=2)
    assert await statuses(town, [codes[0]] * SLIP_TIMES) == {200}
    assert (await vote(town, codes[0])).code == "too-many-tries"
    assert await statuses(town, [codes[0], codes[1]]) == {429, 200}
