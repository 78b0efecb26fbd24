"""Suggestions, opinions, sessions, presidium and rating meetings are voided at their pages, with a reason."""

import re
from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, Office, SignIn
from tests.sampling import sampled

KEPT = f"/activities/v1/towns/{TOWN}"
ENTRIES = (
    ("suggestions", "suggestions", {"number": 990, "raised_on": "2020-11-02", "title": "重复的建议"}),
    ("opinions", "opinions", {"received_on": "2020-11-02", "text": "路灯不亮"}),
    ("sessions", "sessions", {"congress_number": 17, "session_number": 99, "held_on": "2020-11-02"}),
    ("presidium", "presidium_meetings", {"number": 99, "held_on": "2020-11-02"}),
)


@pytest.mark.parametrize(("page", "path", "entry"), sampled(ENTRIES, every=4))
async def test_a_record_is_voided_at_its_page(
    at: SignIn, example: Office, page: str, path: str, entry: dict[str, Any]
) -> None:
    record = await example.office.json("POST", f"{KEPT}/{path}", entry)
    async with at() as clerk:
        await clerk.go(f"/{page}/{record['id']}")
        await clerk.click("link", "登记错了，作废这一条")
        assert await clerk.everywhere() == []
        await clerk.fill("作废的原因", "登记重复")
        await clerk.click("button", "作废")
        await clerk.saved(re.compile(f"/{page}/[^/]*$"))
        await clerk.sees("作废：登记重复")
        assert await clerk.everywhere() == []
        for name in ("改", "更正", "登记错了，作废这一条"):
            await expect(
                clerk.page.locator("#main").get_by_role("link", name=name, exact=True)
            ).to_have_count(0)
        await clerk.go({"opinions": "/receptions?state=voided"}.get(page, f"/{page}"))
        await clerk.sees("已作废")
        answer = await clerk.page.context.request.get(f"{clerk.url}/{page}/{record['id']}/void")
        assert answer.status == 404
    kept = await example.office.json("GET", f"{KEPT}/{path}/{record['id']}")
    assert kept["void_reason"] == "登记重复"


async def test_suggestions_entered_twice_are_told_and_settled(at: SignIn, example: Office) -> None:
    raised = {"raised_on": "2020-11-03", "title": "关于增设渡口路灯的建议"}
    made = [
        await example.office.json("POST", f"{KEPT}/suggestions", raised | {"number": n})
        for n in (980, 981, 982)
    ]
    async with at() as clerk:
        await clerk.go("/suggestions")
        await clerk.click("link", "去核对")
        await clerk.sees("关于增设渡口路灯的建议")
        assert await clerk.everywhere() == []
        await clerk.click("link", "作废 982 号")
        await clerk.fill("作废的原因", "与980号重复")
        await clerk.click("button", "作废")
        await clerk.saved(re.compile("/suggestions/[^/]*$"))
        await clerk.go("/activities/duplicates")
        twice = clerk.page.get_by_role("region", name="关于增设渡口路灯的建议")
        await twice.get_by_role("button", name="不是同一件，以后不再提示").click()
        await clerk.saved(re.compile("/activities/duplicates$"))
        await expect(clerk.page.locator("#main")).not_to_contain_text("关于增设渡口路灯的建议")
    for record in made[:2]:
        await example.office.json("POST", f"{KEPT}/suggestions/{record['id']}:void", {"reason": "试验"})


async def test_a_rating_meeting_is_voided_at_its_page(at: SignIn, example: Office) -> None:
    ratings = f"/ratings/v1/towns/{TOWN}"
    (scheme, *_) = (await example.office.json("GET", f"{ratings}/schemes"))["items"]
    entry = {"held_on": "2020-11-02", "constituency": "误记选区", "scheme_id": scheme["id"]}
    record = await example.office.json("POST", f"{ratings}/meetings", entry)
    async with at() as clerk:
        await clerk.go(f"/ratings/{record['id']}")
        await clerk.click("link", "登记错了，作废这一条")
        assert await clerk.everywhere() == []
        await clerk.fill("作废的原因", "登记重复")
        await clerk.click("button", "作废")
        await clerk.saved(re.compile("/ratings/[^/]*$"))
        await clerk.sees("作废：登记重复")
        assert await clerk.everywhere() == []
        for name in ("改", "去填", "登记错了，作废这一条"):
            await expect(
                clerk.page.locator("#main").get_by_role("link", name=name, exact=True)
            ).to_have_count(0)
        await clerk.go("/ratings")
        await expect(clerk.page.get_by_role("row", name="误记选区")).to_contain_text("已作废")
