"""Every page and file that a role can reach by links: answered; pages accessible, nowhere wider than their window."""

import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from tests.console.conftest import COUNTY, TOWN, YEAR, Office, digits_of, sign_in
from tests.fixtures.clerk import DESK, PHONE, Clerk, clerk
from tests.fixtures.weight import weight

pytestmark = pytest.mark.nightly

ZOOMED: Final = {"width": DESK["width"] // 2, "height": DESK["height"] // 2}
"""The desk at 200 %: CSS pixels are twice as large, the window holds half of them."""
ROLES: Final = ("office", "leader", "deputy", "teller", "county", "auditor")
HEAVIEST: Final = 20_000
"""Bytes of a page, compressed, without the files that the browser keeps."""
FILES: Final = re.compile(
    r"\.(docx|pdf|xlsx|zip|png|csv|json|txt|html|ics)$|/(count_sheets|result_sheet|sign-in-sheet)$|:|/docs|/openapi|/print"
)
"""What is asked for and not looked at."""
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+|\w+\.[\w.]+")


async def rights(example: Office, role: str) -> dict[str, Any]:
    """What an account of a role is bound to."""
    if role in {"deputy", "leader"}:
        groups = await example.office.json("GET", f"/roster/v1/towns/{TOWN}/groups", limit=20)
        leaders = [group["leader_deputyship_id"] for group in groups["items"]]
        return {"deputyship_id": leaders[2 if role == "leader" else 3]}
    if role == "teller":
        meetings = await example.office.json("GET", f"/ratings/v1/towns/{TOWN}/meetings", limit=1)
        return {"meeting_id": meetings["items"][0]["id"]}
    return {"area": COUNTY} if role in {"county", "auditor"} else {}


@asynccontextmanager
async def walker(browser: Browser, example: Office, role: str) -> AsyncIterator[Clerk]:
    """Somebody of a role, signed in, in the example's town and year."""
    name = f"走动的{role}{uuid4().hex[:8]}"  # tests of other files walk through the same example
    made = await example.account(name, role, **await rights(example, role))
    secret = example.secrets.get(made["id"], "")
    async with clerk(browser, example.url) as person:
        await sign_in(person, name, digits=digits_of(secret, ahead=1) if secret else "")
        if "area" in await rights(example, role):
            await person.go(f"/county/{YEAR}/{TOWN}")
        year = person.page.locator("#year")
        if await year.count() and await year.input_value() != str(YEAR):
            async with person.page.expect_navigation():
                await year.select_option(str(YEAR))
        yield person


def kind(address: str) -> str:
    """Addresses that differ in identifiers and numbers only are of one kind."""
    parts = urlsplit(address)
    return ID.sub("*", parts.path) + "?" + "&".join(sorted(re.findall(r"(\w+)=", parts.query)))


async def links(page: Page) -> tuple[list[str], list[str]]:
    """The addresses of pages, and of files, to which a page links within this system."""
    found = await page.eval_on_selector_all(
        "a[href]", "all => all.map((a) => [a.getAttribute('href'), a.hasAttribute('download')])"
    )
    here = [(link, download) for link, download in found if link.startswith("/") and link != "/sign-out"]
    files = [link for link, download in here if download or FILES.search(urlsplit(link).path)]
    return [link for link, _ in here if link not in files], files


async def faults(person: Clerk) -> list[str]:
    """Of the page that is open: at both sizes, at 200 % and in large type."""
    found = await person.everywhere()
    _, page = weight(await person.page.content())
    found += [f"{page} bytes"] if page > HEAVIEST else []
    for size, large in ((ZOOMED, False), (DESK, True), (PHONE, True)):
        await person.page.set_viewport_size(ViewportSize(width=size["width"], height=size["height"]))
        await person.page.evaluate("(on) => document.documentElement.classList.toggle('large', on)", large)
        if await person.overflows():
            found.append(f"wider than {size['width']}{' in large type' if large else ''}")
    return found


@pytest.mark.parametrize("role", ROLES)
async def test_every_page_that_a_role_reaches(browser: Browser, example: Office, role: str) -> None:
    async with walker(browser, example, role) as person:
        ahead, seen, wrong = deque(["/"]), {kind("/")}, list[str]()
        while ahead:
            path = ahead.popleft()
            answer = await person.page.goto(example.url + path)
            assert answer is not None
            if answer.status >= 400:
                wrong.append(f"{path}: {answer.status}")
                continue
            if not answer.headers["content-type"].startswith("text/html"):
                continue  # a file, which the browser shows
            wrong += [f"{path}: {fault}" for fault in await faults(person)]
            pages, files = await links(person.page)
            for link in (*pages, *files):
                if kind(link) in seen:
                    continue
                seen.add(kind(link))
                if link in pages:
                    ahead.append(link)
                elif (file := await person.page.request.get(example.url + link)).status >= 400:
                    wrong.append(f"{path} → {link}: {file.status}")
        assert wrong == []
        assert person.complaints == []
        assert {request.url.split("/")[2] for request in person.sent if request.url.startswith("http")} == {
            example.url.split("/")[2]
        }
