"""A suggestion, an opinion, a session and a presidium meeting are voided at their pages, with a reason."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.console.conftest import TOWN, Office, SignIn

KEPT = f"/activities/v1/towns/{TOWN}"
ENTRIES = (
    ("suggestions", "suggestions", {"number": 990, "raised_on": "2020-11-02", "title": "重复的建议"}),
    ("opinions", "opinions", {"received_on": "2020-11-02", "text": "路灯不亮"}),
    ("sessions", "sessions", {"congress_number": 17, "session_number": 99, "held_on": "2020-11-02"}),
    ("presidium", "presidium_meetings", {"number": 99, "held_on": "2020-11-02"}),
)


@pytest.mark.parametrize(("page", "path", "entry"), ENTRIES)
async def test_a_record_is_voided_at_its_page(
    at: SignIn, example: Office, page: str, path: str, entry: dict[str, Any], tmp_path: Path
) -> None:
    record = await example.office.json("POST", f"{KEPT}/{path}", entry)
    looks = Path(os.environ.get("LOOKS", tmp_path))
    async with at() as clerk:
        await clerk.go(f"/{page}/{record['id']}")
        await clerk.click("link", "登记错了，作废这一条")
        assert await clerk.everywhere() == []
        await clerk.look(looks / f"void-{page}.png")
        await clerk.fill("作废的原因", "登记重复")
        await clerk.click("button", "作废")
        await clerk.saved(re.compile(f"/{page}/[^/]*$"))
        await clerk.sees("作废：登记重复")
        assert await clerk.everywhere() == []
        await clerk.look(looks / f"voided-{page}.png")
        for name in ("改", "更正", "登记错了，作废这一条"):
            await expect(
                clerk.page.locator("#main").get_by_role("link", name=name, exact=True)
            ).to_have_count(0)
        await clerk.go({"opinions": "/receptions?state=voided"}.get(page, f"/{page}"))
        await clerk.sees("已作废")
        await clerk.look(looks / f"list-{page}.png")
        answer = await clerk.page.context.request.get(f"{clerk.url}/{page}/{record['id']}/void")
        assert answer.status == 404
    kept = await example.office.json("GET", f"{KEPT}/{path}/{record['id']}")
    assert kept["void_reason"] == "登记重复"
