"""拍照录入: from the photographs of a signed sheet of 63 to the saved record, with a script and without."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from services.activities.domain.roll import Line
from services.activities.pages import printed, sign_in
from services.activities.schemas import RollQuery
from services.console.forms import day
from tests.console.conftest import TOWN, Office, SignIn
from tests.console.test_activities import RECORD
from tests.scan.photographs import Photograph, photograph

SEEDS = (2101, 2102, 2105)
DAY = day("0612", date.today()).isoformat()  # noqa: DTZ011
"""What the form makes of 0612."""
REASONS = {"illness": "illness", "official_duty": "official_duty", "family": "family", "other": "other"}


async def photographs(example: Office, folder: Path) -> tuple[list[Photograph], list[Path]]:
    """The three pages of the sheet as printed for everybody, filled in and photographed."""
    asked = {"of": "training", "held_on": DAY}
    path = f"/activities/v1/towns/{TOWN}/sign_in_sheet?of=training&held_on={DAY}&title=安全生产培训"
    pdf = await example.office.download(path, accept="application/pdf")
    answer = await example.office.json("POST", f"/activities/v1/towns/{TOWN}/attendance:resolve", asked)
    roll = [Line.model_validate(line) for line in answer["roll"]]
    subject = RollQuery.model_validate(asked).subject(TOWN)
    layout = printed.layout(
        None, sign_in.sign_in(subject, "", "", RollQuery.model_validate(asked).held_on, roll)
    )
    taken = [photograph(pdf, layout, seed, page=n) for n, seed in enumerate(SEEDS, 1)]
    files = [folder / f"{n}.jpg" for n in range(len(taken))]
    for file, one in zip(files, taken, strict=True):
        file.write_bytes(one.data)
    return taken, files


def signed(taken: list[Photograph]) -> set[str]:
    """Who signed, and nothing else is on the line."""
    return {
        name.rpartition("/")[0]
        for one in taken
        for name, ink in one.ink.items()
        if ink and name.endswith("/signature")
    }


def on_leave(taken: list[Photograph]) -> dict[str, str]:
    boxes = (name.rpartition("/") for one in taken for name, ink in one.ink.items() if ink)
    return {id: REASONS[column] for id, _, column in boxes if column in REASONS}


async def entered(example: Office, address: str) -> tuple[set[str], dict[str, Any], list[str]]:
    """Of the activity whose page this is."""
    path = f"/activities/v1/towns/{TOWN}/activities/{address.rpartition('/')[2]}"
    record = await example.office.json("GET", path)
    attendance = record["attendance"]
    leaves = {leave["deputyship_id"]: leave["reason"] for leave in attendance["on_leave"]}
    return set(attendance["present"]), leaves, record["evidence"]


async def test_63_names_are_read_from_photographs(at: SignIn, example: Office, tmp_path: Path) -> None:
    taken, files = await photographs(example, tmp_path)
    async with at() as clerk:
        await clerk.go("/activities/new?kind=training")
        clerk.begin()
        await clerk.page.get_by_label("日期").first.click()
        clerk.keys += 1
        await clerk.type("0612")
        clerk.decide()
        await clerk.page.get_by_text("拍照录入").press("Enter")
        clerk.keys += 1
        await clerk.page.locator("#f-photos").set_input_files(files)
        clerk.keys += 2
        clerk.decide()
        await clerk.click("button", "识读")
        await expect(clerk.page.locator("[role=status]").filter(has_text="人签名")).to_be_visible()
        assert await clerk.violations() == []
        assert await clerk.page.locator(".look img").count() > 0
        names = "Array.from(document.querySelectorAll('[name^=\"doubt.\"]'), (one) => one.name.slice(6))"
        doubtful = set(await clerk.page.evaluate(names))
        await clerk.press("Control+s")
        clerk.did("活动：63 人的签到册拍照")
        await clerk.saved(RECORD)
        await expect(clerk.page.locator("[data-flash]")).to_contain_text("人没有登记到没到，没有算在应到里")
        assert clerk.complaints == []
        present, leaves, evidence = await entered(example, clerk.page.url)
    assert len(doubtful) <= 6
    assert present - doubtful == signed(taken) - doubtful
    wanted = on_leave(taken)
    assert {id: leaves.get(id) for id in leaves.keys() | wanted if id not in doubtful} == {
        id: reason for id, reason in wanted.items() if id not in doubtful
    }
    assert evidence == []


async def test_photographs_that_were_not_read_are_not_dropped_by_a_save(at: SignIn, tmp_path: Path) -> None:
    file = tmp_path / "1.jpg"
    file.write_bytes(b"not read")
    for script in (True, False):
        async with at(script=script) as clerk:
            await clerk.go("/activities/new?kind=training")
            await clerk.page.locator("[name=held_on]").fill("0612")
            await clerk.page.get_by_text("拍照录入").press("Enter")
            await clerk.page.locator("#f-photos").set_input_files(file)
            await clerk.click("button", "保存 Ctrl+S")
            await expect(clerk.page.get_by_role("alert")).to_contain_text("照片还没有识读")
            await expect(clerk.page.locator("#e-photos")).to_contain_text("照片还没有识读")
            assert clerk.page.url.endswith("/activities/new?kind=training")


@pytest.mark.nightly
async def test_lines_in_doubt_stay_so_while_other_pages_are_read(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    taken, files = await photographs(example, tmp_path)
    async with at() as clerk:
        await clerk.go("/activities/new?kind=training")
        await clerk.page.locator("[name=held_on]").fill("0612")
        await clerk.page.locator("[name=title]").fill("分两次拍照")
        await clerk.page.get_by_text("拍照录入").press("Enter")
        read = await clerk.page.evaluate("document.querySelectorAll('.look').length")
        assert read == 0
        for file in files[:2]:
            await clerk.page.locator("#f-photos").set_input_files(file)
            async with clerk.page.expect_navigation():
                await clerk.click("button", "识读")
            if file is files[0]:
                first = clerk.page.locator(".look").first
                name = await first.locator("input").first.get_attribute("name")
                await first.get_by_text("缺席").click()
        kept = clerk.page.locator(".look").filter(has=clerk.page.locator(f'[name="{name}"]'))
        await expect(kept).to_contain_text("前面识读的，请对照纸上")
        await expect(kept.locator("[value=absent]")).to_be_checked()
        assert str(name).removeprefix("doubt.") not in await clerk.page.locator("[name=marked]").input_value()
        await clerk.go("/activities/new?kind=training")
        await expect(clerk.page.locator("[data-restored]")).to_contain_text("人要重读")
        assert await clerk.page.locator("[name=title]").input_value() == "分两次拍照"
        marked = await clerk.page.locator("[name=marked]").input_value()
        assert marked.count(":present") >= len(signed(taken[:2])) - 6  # those in doubt
        await clerk.page.locator("[data-forget]").click()


@pytest.mark.nightly
async def test_photographs_are_read_without_script_and_kept_where_asked(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    taken, files = await photographs(example, tmp_path)
    async with at(script=False) as clerk:
        await clerk.go("/activities/new")
        await clerk.choose("种类", "7 学习培训")
        await clerk.fill("日期", "0612")
        await clerk.fill("名称", "没有脚本的拍照")
        await clerk.page.get_by_text("拍照录入").click()
        await clerk.page.locator("#f-photos").set_input_files(files[:1])
        await clerk.page.get_by_label("照片留作佐证").check()
        await clerk.click("button", "识读")
        await clerk.sees("这次没有第 2、3 页")
        await clerk.click("button", "保存 Ctrl+S")
        await clerk.sees("已保存：没有脚本的拍照")
        present, leaves, evidence = await entered(example, clerk.page.url)
    assert (
        len(present ^ signed(taken[:1])) + len(leaves.keys() ^ on_leave(taken[:1]).keys()) <= 3
    )  # the doubtful
    assert len(evidence) == 1


@pytest.mark.nightly
async def test_another_days_sheet_is_named_and_nothing_is_marked(
    at: SignIn, example: Office, tmp_path: Path
) -> None:
    _, files = await photographs(example, tmp_path)
    async with at(script=False) as clerk:
        await clerk.go("/activities/new")
        await clerk.choose("种类", "7 学习培训")
        await clerk.fill("日期", "0613")
        await clerk.page.get_by_text("拍照录入").click()
        await clerk.page.locator("#f-photos").set_input_files(files[:1])
        await clerk.click("button", "识读")
        await clerk.sees("这是另一次会议或者活动的表")
        assert await clerk.page.locator("[name=marked]").input_value() == ""
        # A photograph that says nothing says of nobody that they came.
        assert await clerk.page.locator("[name=others]:checked").input_value() == "not_recorded"
