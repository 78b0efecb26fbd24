"""拍照录入 of the register of a reception: from the printed sheet and its photograph to the saved reception."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from services.activities.pages import printed, sign_in
from services.activities.schemas import RegisterQuery
from tests.console.conftest import TOWN, Office, SignIn
from tests.scan.photographs import photograph

DAY = "2020-06-14"


@pytest.mark.nightly
async def test_voters_are_counted_from_a_photograph(at: SignIn, example: Office, tmp_path: Path) -> None:
    (station, *_) = (await example.office.json("GET", f"/roster/v1/towns/{TOWN}/stations"))["items"]
    asked = RegisterQuery.model_validate({"held_on": DAY, "station_id": station["id"]})
    path = f"/activities/v1/towns/{TOWN}/reception_register?held_on={DAY}&station_id={station['id']}"
    pdf = await example.office.download(path, accept="application/pdf")
    layout = printed.layout(None, sign_in.register(asked.subject(TOWN), "", "", asked.held_on))
    taken = photograph(pdf, layout, 2103)
    file = tmp_path / "登记表.jpg"
    file.write_bytes(taken.data)
    voters = sum(ink for name, ink in taken.ink.items() if name.endswith("/voter"))
    async with at() as clerk:
        await clerk.go("/receptions/new")
        await clerk.page.get_by_text("拍照录入").press("Enter")
        await clerk.page.locator("#f-photos").set_input_files(file)
        await clerk.click("button", "识读")
        await clerk.sees("请先填日期、选站点")
        await clerk.fill("日期", DAY)
        await clerk.page.locator("[name='activity.station_id']").select_option(station["id"])
        await clerk.page.locator("#f-photos").set_input_files(file)
        await clerk.click("button", "识读")
        await clerk.sees(f"接待 {voters} 人次")
        assert await clerk.violations() == []
        await expect(clerk.page.get_by_label("接待人次")).to_have_value(str(voters))
        await clerk.page.get_by_label("接待人次").fill("999")
        await clerk.page.locator("#f-photos").set_input_files(file)
        await clerk.click("button", "识读")
        await clerk.sees(f"填的和照片上不一样，照片上数出 {voters} 人次")
        await expect(clerk.page.get_by_label("接待人次")).to_have_value("999")
        await clerk.page.get_by_label("接待人次").fill(str(voters))
        await clerk.press("Control+s")
        await clerk.saved("**/receptions")
        assert clerk.complaints == []
    listed = await example.office.json("GET", f"/activities/v1/towns/{TOWN}/activities?from={DAY}&to={DAY}")
    assert [held["voters_count"] for held in listed["items"] if held["kind"] == "reception"] == [voters]
