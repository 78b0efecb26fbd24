"""The voter's page in a browser at phone size: from the scanned address to the receipt, and every page of refusal."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.ratings.pages.limits import SLIP_TIMES
from tests.component.ratings.conftest import Town
from tests.component.ratings.test_voting import slips, stored, vote, voting
from tests.fixtures.browser import Page, phone

pytestmark = [pytest.mark.mongo]

AUDIT = (Path(__file__).parents[2] / "fixtures" / "accessible.js").read_text("utf-8")
LIGHT = 30_000
REVIEW, SEND, BACK = "button[value=review]", "button:not([name])", "button[value=change]"


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Page]:
    """A phone on which no page may run a script."""
    async with phone(tmp_path / "browser", scripts=False) as page:
        yield page


def address(town: Town, code: str) -> str:
    return str(town.driver.client.make_url(f"/r/{code}"))


def choice(line: int, mark: int) -> str:
    return f"fieldset:nth-of-type({line + 1}) label:nth-of-type({mark + 1}) input"


async def sound(page: Page, *words: str) -> None:
    """The page says these words, and keeps nobody out."""
    text = await page.text()
    assert not [word for word in words if word not in text], text
    assert await page.evaluate(AUDIT) == []


async def quiet(page: Page, town: Town) -> None:
    """All that was loaded were pages of this service, light ones; nothing of them stays on the phone."""
    origin = str(town.driver.client.make_url("/"))
    assert {one.kind for one in page.loaded.values()} == {"Document"}
    assert all(one.url.startswith(f"{origin}r/") for one in page.loaded.values())
    assert all(0 < one.weight < LIGHT for one in page.loaded.values())
    assert (await page.ask("Network.getAllCookies"))["cookies"] == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0


async def counted(town: Town, meeting: str, others: list[str]) -> list[dict[str, int]]:
    """The published counts, after the others have abstained, so that there are enough to publish."""
    for code in others:
        assert (await vote(town, code, {})).status == 200
    for verb in ("close", "publish"):
        assert (await town.lead(meeting, verb)).status == 200
    return [line["counts"] for line in (await town.get(f"meetings/{meeting}/results")).json["deputies"]]


async def test_a_voter_scans_chooses_reviews_changes_and_gets_a_receipt(town: Town, bare: Page) -> None:
    scheme = await town.scheme(min_published=5)
    meeting, codes = await voting(town, count=5, scheme_id=scheme)
    await bare.open(address(town, codes[0]))
    await sound(bare, "代表述职测评", "示例d1", "示例d2", "不记名")
    await bare.tap(choice(0, 0))
    await bare.tap(choice(1, 1))
    await bare.tap(REVIEW, leaves=True)
    await sound(bare, "请核对，还没有投出", "基本满意")
    assert not any(document["used"] for document in await stored(town, "slips"))
    await bare.tap(BACK, leaves=True)
    assert await bare.evaluate(f'document.querySelector("{choice(1, 1)}").checked')
    await bare.tap(choice(1, 2))
    await bare.tap(REVIEW, leaves=True)
    await sound(bare, "不满意")
    await bare.tap(SEND, leaves=True)
    await sound(bare, "投票成功")
    await bare.open(address(town, codes[0]))
    await sound(
        bare, "代表述职测评"
    )  # the same page as before: that this slip has voted is told to who votes with it
    await bare.tap(REVIEW, leaves=True)
    await bare.tap(SEND, leaves=True)
    await sound(bare, "此票已投过", "每张票只计一次")
    await quiet(bare, town)
    first, second = await counted(town, meeting, codes[1:])
    assert (first["satisfied"], second["dissatisfied"]) == (1, 1)


async def test_a_voter_without_a_finger_gets_there_by_keys(town: Town, tmp_path: Path) -> None:
    scheme = await town.scheme(min_published=5)
    meeting, codes = await voting(town, count=5, scheme_id=scheme)
    async with phone(tmp_path / "browser") as page:
        await page.open(address(town, codes[0]))
        for key in ("Tab", " ", "Tab", "ArrowDown"):
            await page.press(key)
        seen = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert seen != "none"
        await page.press("Tab")
        await page.press("Enter", leaves=True)
        await sound(page, "请核对", "满意", "基本满意")
        await page.press("Tab")
        await page.press("Enter", leaves=True)
        await sound(page, "投票成功")
        await quiet(page, town)
    first, second = await counted(town, meeting, codes[1:])
    assert (first["satisfied"], second["basically_satisfied"]) == (1, 1)


async def test_every_refusal_is_a_page_one_understands(town: Town, bare: Page) -> None:
    draft = await town.meeting(method="online")
    early = (await slips(town, draft, 1))[0]
    meeting, codes = await voting(town, count=3)
    for code, words in (
        (early, ("现在不能投票", "测评尚未开始")),
        ("0" * 16, ("票号不存在，请核对",)),
        ("7KQ2-M1S", ("票号不存在，请核对", "对照票面")),
    ):
        await bare.open(address(town, code))
        await sound(bare, *words)
    await bare.open(address(town, f"{codes[0][:8].lower()}-{codes[0][8:]}"))  # as people type it
    await sound(bare, "示例d1")
    await bare.evaluate(f'document.querySelector("{choice(0, 0)}").value = "z"')
    await bare.tap("input[value=z]")
    await bare.tap(REVIEW, leaves=True)
    await sound(bare, "选票内容有误", "未投出")
    for _ in range(SLIP_TIMES):
        await town.driver.client.get(f"/r/{codes[1]}")
    await bare.open(address(town, codes[1]))
    await sound(bare, "请稍等", "秒再试")
    await town.lead(meeting, "close")
    await bare.open(address(town, codes[2]))
    await sound(bare, "现在不能投票", "测评已经结束")
    await quiet(bare, town)
    assert sorted(one.status for one in bare.loaded.values()) == [200, 404, 404, 409, 409, 422, 429]
