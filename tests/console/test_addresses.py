"""Addresses and forms that no page has: they are answered, and are no fault of the system."""

import asyncio
import inspect
import re
import sys
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import pytest
from playwright.async_api import Browser
from yarl import URL

from services.console.pages import PAGES
from services.console.visit import Page
from shared.documents.pictures import UPLOAD_BYTES
from shared.workbook import MAX_BYTES, XLSX
from tests.console.conftest import TOWN, YEAR, Office, SignIn
from tests.console.test_roles import walker
from tests.fixtures.clerk import Clerk

SURROGATE: Final = "%ED%A0%80"
STRANGE: Final = (
    *(
        quote(text, safe="")
        for text in ("'", "-1", "²", "٣", "1" + "0" * 30, "9" * 5000, "2020-13-45", "\0", "\0😀")
    ),
    "x" * 300,
    SURROGATE,
)
"""As they stand in an address."""
VARIABLE: Final = re.compile(r"\{(\w+)[^}]*\}")
ASKED: Final = re.compile(r'asked\("(\w+)"')
KNOWN: Final = {"year": str(YEAR), "town": TOWN, "service": "roster"}
NOBODY: Final = "01a22793-2554-75fb-8277-3b0d7dc77e36"


def addresses(page: Page) -> Iterator[str]:
    """With what is strange in the place of what varies, and as the answer to what the page's module asks."""
    named = VARIABLE.sub(lambda found: KNOWN.get(found[1], found[0]), page.path)
    if VARIABLE.search(named):
        for strange in (quote("../..", safe=""), *STRANGE):
            yield VARIABLE.sub(strange, named)
    module = inspect.getsource(sys.modules[page.handler.__module__])
    for name in sorted(set(ASKED.findall(module))) if page.method == "GET" else ():
        for strange in STRANGE:
            yield f"{VARIABLE.sub(NOBODY, named)}?{name}={strange}"


async def csrf(clerk: Clerk) -> str:
    await clerk.go("/settings")
    return await clerk.page.locator("[name=_csrf]").first.input_value()


@pytest.mark.nightly
@pytest.mark.parametrize("role", ["office", "teller", "county"])
async def test_strange_addresses_are_no_fault_of_the_system(
    browser: Browser, example: Office, role: str
) -> None:
    async with walker(browser, example, role) as clerk:
        request, failed, token = clerk.page.context.request, list[str](), await csrf(clerk)
        for page in PAGES:
            for address in addresses(page) if page.roles and role in page.roles else ():
                sent: Any = {"_csrf": token} if page.method == "POST" else None
                answer = await request.fetch(
                    clerk.url + address, method=page.method, form=sent, max_redirects=0
                )
                failed += [f"{answer.status} {page.method} {address}"] if answer.status >= 500 else []
                await answer.dispose()
        assert failed == []


async def test_a_number_that_is_none_is_told_where_no_form_is_shown_again(at: SignIn) -> None:
    async with at() as clerk:
        answer = await clerk.page.context.request.post(
            f"{clerk.url}/ratings/{NOBODY}/slips", form={"_csrf": await csrf(clerk), "count": "一百"}
        )
        assert (answer.status, "填写有误" in await answer.text()) == (422, True)


async def test_what_no_page_sends_is_refused(at: SignIn) -> None:
    refused: list[tuple[str, dict[str, str], int]] = [
        ("/drafts", {"key": "x", "content": "{"}, 400),
        ("/drafts", {"key": "x", "content": "[" * 100_000}, 400),
        ("/drafts", {"key": "x", "content": r'"\ud800"'}, 400),
        ("/drafts", {"key": "x", "content": "9" * 5000}, 400),
        *(("/year", {"year": year}, 404) for year in ("²", "٢٠٢٠", "0000", "9999", "9" * 5000, "2020\0")),
    ]
    async with at() as clerk:
        token, request = await csrf(clerk), clerk.page.context.request
        for address, form, status in refused:
            answer = await request.post(clerk.url + address, form={"_csrf": token, **form}, max_redirects=0)
            assert answer.status == status, (address, form)
        for address in ("/report/0000", f"/activities?month={quote('²')}", "/activities?month=" + "9" * 5000):
            answer = await request.get(clerk.url + address, max_redirects=0)
            assert answer.status == (404 if "report" in address else 200), address


async def test_who_watches_towns_opens_only_those_of_the_own_area(browser: Browser, example: Office) -> None:
    async with walker(browser, example, "auditor") as clerk:
        token = await csrf(clerk)
        for town in ("²" * 9, "٣" * 9, "340281", "340282101", f"{TOWN}/../{TOWN}", f"{TOWN}\0"):
            answer = await clerk.page.context.request.post(
                f"{clerk.url}/county/open", form={"_csrf": token, "town": town}, max_redirects=0
            )
            assert (answer.status, "没有这个乡镇" in await answer.text()) == (404, True), town


async def raw(url: str, request: bytes, headers: bytes, body: bytes = b"") -> int:
    """The status of an answer to bytes that no client would send."""
    at = URL(url)
    reader, writer = await asyncio.open_connection(at.host, at.port)
    length = f"\r\nHost: {at.host}:{at.port}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n".encode()
    writer.write(request + b" HTTP/1.1" + length + headers + b"\r\n" + body)
    status = int((await reader.readline()).split()[1])
    writer.close()
    return status


async def test_bytes_that_are_no_text_are_no_fault_of_the_system(at: SignIn) -> None:
    async with at() as clerk:
        token = (await csrf(clerk)).encode()
        (own,) = await clerk.page.context.cookies()
        cookie = f"Cookie: {own['name']}={own['value']}\r\n".encode()
        multipart = b"Content-Type: multipart/form-data; boundary=x\r\n"
        field = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        files = (
            field % (b"_csrf", b"", token)
            + field % (b"files", b'; filename="\xff.xlsx"', b"PK")
            + b"--x--\r\n"
        )
        form = b"Content-Type: application/x-www-form-urlencoded\r\n"
        for request, headers, body in (
            (b"POST /excel", cookie + multipart, files),
            (b"GET /", b"Cookie: %s=\xff\xfe\r\n" % own["name"].encode(), b""),
            (b"POST /preferences", cookie + form + b"X-CSRF: \xff\r\n", b"large=1"),
            (b"POST /preferences", cookie + form + b"Origin: http://[\r\n", b"_csrf=" + token),
            (b"GET /activities?q=\xff", cookie, b""),
            (b"GET /people/\xff", cookie, b""),
        ):
            assert await raw(clerk.url, request, headers, body) < 500, request


@pytest.mark.nightly
async def test_a_scan_as_large_as_the_services_take_is_handed_on(at: SignIn) -> None:
    async with at() as clerk:
        scan: Any = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + bytes(UPLOAD_BYTES)}
        answer = await clerk.page.context.request.post(
            f"{clerk.url}/ratings/{NOBODY}/ballots", multipart={"_csrf": await csrf(clerk), "ballots": scan}
        )
        assert answer.status == 404, "no such meeting"


async def test_a_workbook_that_is_too_large_is_told_by_its_name(at: SignIn) -> None:
    async with at() as clerk:
        book: Any = {"name": "名册.xlsx", "mimeType": XLSX, "buffer": b"PK" + bytes(MAX_BYTES)}
        answer = await clerk.page.context.request.post(
            f"{clerk.url}/excel", multipart={"_csrf": await csrf(clerk), "files": book}
        )
        assert (answer.status, "“名册.xlsx”超过" in await answer.text()) == (422, True)


async def test_a_sign_in_leads_back_to_the_whole_address(example: Office) -> None:
    async with aiohttp.ClientSession() as http:
        address = f"{example.url}/activities?q=%E8%B5%B0%26%E8%AE%BF&month=6"
        async with http.get(address, allow_redirects=False) as answer:
            (target,) = URL(answer.headers["Location"]).query.getall("next")
    assert target == "/activities?q=%E8%B5%B0%26%E8%AE%BF&month=6"
