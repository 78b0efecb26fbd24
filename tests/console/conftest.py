"""A system with the example's year in it, accounts of every role, and people at browsers."""

import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser

from services.accounts.domain import second_step
from services.cli.client import Client, calling
from services.cli.office import import_folder
from services.host.standalone import first_set_up, running_system
from shared.process.serve import key_store
from shared.settings import Settings
from tests.fixtures.clerk import DESK, Clerk, browsing, clerk
from tests.fixtures.mongo import dropped_afterwards

TOWN = "340281199"
COUNTY = "340281"
YEAR = 2020
PASSWORD = "correct horse battery"


@dataclass
class Office:
    """`service`: a client that may make accounts; `office`: one with the office's rights, to compare records by."""

    url: str
    service: Client
    office: Client
    tellers: list[str]
    """Tokens of two."""
    cookies: dict[str, list[Any]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """Of second steps, by account."""
    invitation: str = ""
    """The one-time address at which the first account is made."""

    async def account(self, name: str, *roles: str, area: str = TOWN, **rights: Any) -> dict[str, Any]:
        """Make an account and set its password."""
        body = {"name": name, "display_name": name, "roles": list(roles), "areas": [area], **rights}
        made: dict[str, Any] = await self.service.json("POST", "/accounts/v1/accounts", body)
        code = made["set_up"]["code"]
        opened = await self.service.json("POST", "/accounts/v1/set_ups:open", {"code": code})
        chosen = {"code": code, "password": PASSWORD}
        if opened["second_step"] is not None:
            self.secrets[made["id"]] = opened["second_step"]["secret"]
            chosen["digits"] = digits_of(self.secrets[made["id"]])
        await self.service.json("POST", "/accounts/v1/set_ups", chosen)
        return made


def digits_of(secret: str, *, ahead: int = 0) -> str:
    """What an authenticator shows now, or so many steps later: each is good for one use."""
    return second_step.digits(secret, int(time.time()) // 30 + ahead)


@asynccontextmanager
async def running_office(mongo_url: str, data: Path, **others: Any) -> AsyncIterator[Office]:
    """A system without records; `others`: further settings."""
    async with dropped_afterwards(mongo_url) as prefix:
        settings = Settings(
            port=0, data_dir=data, mongodb_url=mongo_url, amqp_url=None, database_prefix=prefix, **others
        )
        async with running_system(settings) as system, calling() as session:
            keys = key_store(settings)
            service = Client(session, system.url, keys.mint("tests", COUNTY, ["county"]))
            office = Client(session, system.url, keys.mint("office", TOWN, ["office"]))
            tellers = [keys.mint(f"teller-{n}", TOWN, ["teller"]) for n in (1, 2)]
            invitation = await first_set_up(system) or ""
            yield Office(system.url, service, office, tellers, invitation=invitation)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test waits for the example's year to be brought in."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(1200))


@pytest.fixture(scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with browsing() as started:
        yield started


@pytest.fixture(scope="package")
async def example(mongo_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """The example's year, with an office, a county and two tellers."""
    async with running_office(mongo_url, tmp_path_factory.mktemp("console")) as office:
        await import_folder(
            office.office, Path("examples"), office.tellers, dry_run=False, echo=lambda _: None
        )
        await office.account("bangong", "office")
        yield office


@pytest.fixture
async def empty(mongo_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    """A system without records and accounts."""
    async with running_office(mongo_url, tmp_path / "data") as office:
        yield office


SignIn = Callable[..., AbstractAsyncContextManager[Clerk]]


@pytest.fixture
def at(browser: Browser, example: Office) -> SignIn:
    """Gives a browser with somebody signed in, in the example's year."""

    @asynccontextmanager
    async def signed_in(
        name: str = "bangong", *, size: dict[str, int] = DESK, script: bool = True
    ) -> AsyncIterator[Clerk]:
        async with clerk(
            browser, example.url, size=size, script=script, cookies=example.cookies.get(name, ())
        ) as person:
            if name not in example.cookies:
                await sign_in(person, name)
                async with person.page.expect_navigation():
                    await person.page.locator("#year").select_option(str(YEAR))
                    if not script:
                        await person.page.get_by_role("button", name="换").click()
                example.cookies[name] = list(await person.page.context.cookies())
            yield person

    return signed_in


async def sign_in(person: Clerk, name: str, password: str = PASSWORD, digits: str = "") -> None:
    await person.go("/sign-in")
    await person.fill("登录名", name)
    await person.fill("口令", password)
    if digits:
        await person.fill("动态口令", digits)
    await person.click("button", "登录")
    await person.page.wait_for_url(re.compile(r"(?!.*sign-in)"))
