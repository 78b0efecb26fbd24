"""Addresses that nobody links to: strange identifiers and questions are answered, and are no fault of the system."""

import inspect
import re
import sys
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import pytest

from services.console.pages import PAGES
from services.console.visit import Page
from tests.console.conftest import TOWN, YEAR, SignIn

STRANGE: Final = ("'", "-1", "99999999999999999999", "2020-13-45", "\0😀", "x" * 300)
VARIABLE: Final = re.compile(r"\{(\w+)[^}]*\}")
ASKED: Final = re.compile(r'asked\("(\w+)"')
KNOWN: Final = {"year": str(YEAR), "town": TOWN, "service": "roster"}
NOBODY: Final = "01a22793-2554-75fb-8277-3b0d7dc77e36"


def addresses(page: Page) -> Iterator[str]:
    """With what is strange in the place of what varies, and as the answer to what the page's module asks."""
    named = VARIABLE.sub(lambda found: KNOWN.get(found[1], found[0]), page.path)
    if VARIABLE.search(named):
        for strange in ("../..", *STRANGE):
            yield VARIABLE.sub(quote(strange, safe=""), named)
    module = inspect.getsource(sys.modules[page.handler.__module__])
    for name in sorted(set(ASKED.findall(module))):
        for strange in STRANGE:
            yield f"{VARIABLE.sub(NOBODY, named)}?{name}={quote(strange)}"


@pytest.mark.nightly
async def test_strange_addresses_are_no_fault_of_the_system(at: SignIn) -> None:
    async with at() as clerk:
        request, failed = clerk.page.context.request, list[str]()
        for page in PAGES:
            for address in addresses(page) if page.method == "GET" and page.roles else ():
                answer = await request.get(clerk.url + address, max_redirects=0)
                failed += [f"{answer.status} {address}"] if answer.status >= 500 else []
                await answer.dispose()
        assert failed == []


async def test_a_number_that_is_none_is_told_where_no_form_is_shown_again(at: SignIn) -> None:
    async with at() as clerk:
        await clerk.go("/settings")
        csrf = await clerk.page.locator("[name=_csrf]").first.input_value()
        answer = await clerk.page.context.request.post(
            f"{clerk.url}/ratings/{NOBODY}/slips", form={"_csrf": csrf, "count": "一百"}
        )
        assert (answer.status, "填写有误" in await answer.text()) == (422, True)
