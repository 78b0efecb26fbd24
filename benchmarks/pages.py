"""Benchmark of the console's heaviest page: CPU of the browser until the attendance sheet of 63 takes marks."""

import statistics
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page, async_playwright

from benchmarks.stand import Result, Stand
from services.cli.client import Client, calling
from services.host.standalone import running_system
from shared.process.serve import key_store
from shared.settings import Settings
from shared.workbook import XLSX
from tests.fixtures.browser import program

TOWN: Final = "340281199"
PASSWORD: Final = "correct horse battery"
VISITS: Final = 7
READY: Final = (
    "document.documentElement.dataset.ready === '1' && document.querySelectorAll('.cell').length >= 63"
)


async def measure(stand: Stand) -> list[Result]:
    settings = Settings(port=0, data_dir=stand.folder / "pages", mongodb_url=None, amqp_url=None)
    async with running_system(settings) as system, calling() as session:
        keys = key_store(settings)
        office = Client(session, system.url, keys.mint("bench", TOWN, ["office"]))
        roster = Path("examples/名册.xlsx").read_bytes()
        await office.upload(f"/roster/v1/towns/{TOWN}/imports", roster, {"Content-Type": XLSX})
        await _account(Client(session, system.url, keys.mint("bench", TOWN[:6], ["county"])))
        spent = await _visits(system.url)
    path = "attendance sheet of 63 to ready, in the browser"
    return [Result(path, statistics.median(spent), "s CPU", budget=0.2, less_is_better=True)]


async def _account(county: Client) -> None:
    body = {"name": "bench", "display_name": "bench", "roles": ["office"], "areas": [TOWN]}
    made = await county.json("POST", "/accounts/v1/accounts", body)
    chosen = {"code": made["set_up"]["code"], "password": PASSWORD}
    await county.json("POST", "/accounts/v1/set_ups", chosen)


async def _visits(url: str) -> list[float]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program(), args=["--no-sandbox"])
        try:
            page = await browser.new_page(viewport={"width": 1366, "height": 768})
            await page.goto(f"{url}/sign-in")
            await page.locator("[name=name]").fill("bench")
            await page.locator("[name=password]").fill(PASSWORD)
            async with page.expect_navigation():
                await page.locator("main form button").click()
            return [await _visit(page, url) for _ in range(VISITS)]
        finally:
            await browser.close()


async def _visit(page: Page, url: str) -> float:
    """CPU seconds of the page's main thread from the navigation until it is ready."""
    await page.goto("about:blank")
    protocol = await page.context.new_cdp_session(page)
    await protocol.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = await _busy(protocol)
    await page.goto(f"{url}/activities/new")
    await page.wait_for_function(READY)
    return await _busy(protocol) - before


async def _busy(protocol: Any) -> float:
    metrics = (await protocol.send("Performance.getMetrics"))["metrics"]
    return float(next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration"))
