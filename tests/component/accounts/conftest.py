"""The accounts service at work: an office, a county, and whoever they make accounts for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from services.accounts.app import build
from services.accounts.domain import second_step
from services.accounts.handlers import passwords
from services.accounts.settings import Settings
from tests.fixtures.apps import TOWN, Answer, Drive, Driver
from tests.fixtures.clocks import FixedClock

COUNTY = TOWN[:6]
PASSWORD = "quiet river 42 stones"
CLERK = {"name": "wang01", "display_name": "王示例01", "roles": ["office"], "areas": [TOWN]}


def deputy(number: int = 1, **change: Any) -> dict[str, Any]:
    own = {"name": f"deputy{number}", "display_name": f"李示例{number:02}", "deputyship_id": f"d{number}"}
    return {"roles": ["deputy"], "areas": [TOWN], **own, **change}


@dataclass
class Desk:
    """Whoever makes accounts, with a token of the office or the county."""

    driver: Driver
    token: str

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> Answer:
        options.setdefault("token", self.token)
        return await self.driver.call(method, f"//accounts/v1{path}", body, **options)

    async def must(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        answer = await self.call(method, path, body, **options)
        assert answer.status in (200, 201, 204), answer.json
        return answer.json

    async def refused(
        self, method: str, path: str, body: Any, status: int, code: str, **options: Any
    ) -> Answer:
        answer = await self.call(method, path, body, **options)
        assert (answer.status, answer.json.get("code")) == (status, code), answer.json
        return answer

    async def made(self, body: Any, password: str = PASSWORD) -> Any:
        """An account whose holder has set a password, and the second step where it is asked for: with `secret`."""
        given = await self.must("POST", "/accounts", body)
        return given | {"secret": await self.set_up(given["set_up"]["code"], password)}

    async def set_up(self, code: str, password: str = PASSWORD) -> str | None:
        offer = (await self.must("POST", "/set_ups:open", {"code": code}, token=""))["second_step"]
        secret = offer["secret"] if offer is not None else None
        body = {"code": code, "password": password} | ({"digits": self.digits(secret)} if secret else {})
        await self.must("POST", "/set_ups", body, token="")
        return secret

    async def sign_in(
        self, name: str, password: str = PASSWORD, *, headers: Any = None, **more: Any
    ) -> Answer:
        body = {"name": name, "password": password, **more}
        return await self.call("POST", "/sign_ins", body, token="", headers=headers)

    def digits(self, secret: str, steps: int = 0) -> str:
        now = int(self.driver.alive.store.clock.now().timestamp()) // second_step.STEP_SECONDS
        return second_step.digits(secret, now + steps)

    async def events(self, town: str = TOWN) -> list[dict[str, Any]]:
        token = self.driver.token("auditor", area="340281")
        answer = await self.driver.call("GET", f"//accounts/v1/towns/{town}/events?limit=1000", token=token)
        return list(answer.json)

    def as_(self, token: str) -> "Desk":
        return Desk(self.driver, token)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the same kind, without the memory and time that make guessing dear."""
    cheap = PasswordHasher.from_parameters(CHEAPEST)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    monkeypatch.setattr(passwords, "NOBODYS", cheap.hash("nobody's"))


@pytest.fixture
async def office(drive: Drive, tmp_path: Path) -> Desk:
    driver = await drive(build(Settings(data_dir=tmp_path, chores_seconds=0.2)))
    return Desk(driver, driver.token("office"))


@pytest.fixture
def still(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still: digits are those of half a minute, which a test on a slow machine outlasts."""
    store = office.driver.alive.store
    monkeypatch.setattr(store, "clock", FixedClock(store.clock.now()))


@pytest.fixture
def county(office: Desk) -> Desk:
    return office.as_(office.driver.token("county", area=COUNTY, subject="county"))
