"""换届 at the page: a term ends with the mandates of its deputies, after a look at whom it touches."""

from typing import Any

from playwright.async_api import Browser

from tests.console.conftest import TOWN, Office, sign_in
from tests.fixtures.clerk import Clerk, clerk

ROSTER = f"/roster/v1/towns/{TOWN}"


async def test_a_term_ends_with_its_deputies_in_one_step(browser: Browser, empty: Office) -> None:
    town = {"name": "示例镇", "county_name": "示例市", "congress_number": 17, "quota": 2, "rules": {}}
    await empty.office.json("PUT", ROSTER, town)
    begun = {"congress_number": 17, "started_on": "2017-01-12"}
    term = await empty.office.json("POST", f"{ROSTER}/terms", begun)
    for name, level in (("王示例01", "town"), ("李示例02", "town"), ("张示例03", "county")):
        person = await empty.office.json("POST", f"{ROSTER}/people", {"name": name})
        mandate = {"person_id": person["id"], "level": level, **begun}
        await empty.office.json("POST", f"{ROSTER}/deputyships", mandate)
    await empty.account("bangong", "office")
    async with clerk(browser, empty.url) as office:
        await sign_in(office, "bangong")
        await office.go(f"/terms/{term['id']}")
        await office.click("link", "换届：本届代表一并任期届满")
        await office.sees("镇代表 2 名")
        assert await office.everywhere() == []
        await office.fill("下一届第一次会议第一天", "20160105")
        await office.page.get_by_role("button", name="核对无误").click()
        await office.sees("早于本届开始的日期")
        await office.fill("下一届第一次会议第一天", "20220105")
        await office.page.get_by_role("button", name="核对无误").click()
        await office.saved("**/terms")
        await office.sees("2022年1月5日")
        found = await empty.office.json("GET", f"{ROSTER}/deputyships")
        ended = {one["level"]: (one["status"], one["ended_reason"]) for one in found["items"]}
        assert ended == {"town": ("ended", "term_over"), "county": ("serving", None)}
        await elected_again(office, empty, found["items"][0])


async def elected_again(office: Clerk, system: Office, mandate: dict[str, Any]) -> None:
    """A further mandate of the same person, in the term that runs, and no second person."""
    following = {"congress_number": 18, "started_on": "2022-01-05"}
    await system.office.json("POST", f"{ROSTER}/terms", following)
    await office.go(f"/deputies/{mandate['id']}")
    await office.click("link", "登记新的任职")
    await office.fill("就任日期", "20220105")
    assert await office.everywhere() == []
    await office.page.locator("button.main-act").click()
    await office.saved("**/deputies/*")
    of_person = f"{ROSTER}/deputyships?person_id={mandate['person_id']}"
    numbers = [one["congress_number"] for one in (await system.office.json("GET", of_person))["items"]]
    assert sorted(numbers) == [17, 18]
    assert len((await system.office.json("GET", f"{ROSTER}/people"))["items"]) == 3
