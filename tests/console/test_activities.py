"""Activities at the page: entered by keys, by a pasted list and without script; nothing typed is lost."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from services.console.view import STATIC
from tests.console.conftest import TOWN, Office, SignIn
from tests.contract.attendance import CASES, MARKS, PEOPLE, marks_wanted, wanted
from tests.fixtures.clerk import DESK, PHONE, Clerk
from tests.probes import eventually

SIGNED = ["6*", "17*", "23*", "31.", "40-", "58-"]
RECORD = re.compile("/activities/[0-9a-f-]{36}$")
AWAY = {6: "illness", 17: "illness", 23: "illness", 31: "official_duty"}
OWN = ("id", "version", "title", "recorded_at", "recorded_by", "created_at", "updated_at")
"""Fields that differ between two entries of one sheet."""


async def recorded(example: Office, title: str) -> list[dict[str, Any]]:
    path = f"/activities/v1/towns/{TOWN}/activities"
    return list((await example.office.json("GET", path, q=title, limit=20))["items"])


async def only(example: Office, title: str) -> dict[str, Any]:
    (record,) = await recorded(example, title)
    return {name: value for name, value in record.items() if name not in OWN}


async def sheet_of_63(clerk: Clerk, title: str) -> None:
    """What a clerk does with a sheet of 63 on which six are missing."""
    clerk.decide()
    await clerk.type("7")
    await clerk.press("Enter")
    clerk.decide()
    await clerk.type("0612")
    await clerk.press("Enter")
    clerk.decide()
    await clerk.compose(title, 27)
    await clerk.press("Enter")
    clerk.decide()
    await clerk.compose("镇政府三楼会议室", 24)
    await clerk.press("Enter", "Enter", "Enter")
    for n, mark in enumerate(SIGNED, 1):
        clerk.decide()
        await clerk.type(mark)
        await clerk.press("Enter")
        await expect(clerk.page.locator("[data-n=present]")).to_have_text(str(63 - n))


async def paste(page: Page, text: str) -> None:
    await page.evaluate(
        """(text) => { const clipboardData = new DataTransfer(); clipboardData.setData("text", text);
        const paste = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(paste); }""",
        text,
    )


async def loaded(clerk: Clerk, path: str, sizes: list[int]) -> int:
    """Bytes that came over the line for a page."""
    sizes.clear()
    await clerk.go(path)
    await clerk.page.wait_for_load_state("networkidle")
    return sum(sizes)


async def test_a_sheet_of_63_is_entered_by_keys_and_the_same_without_script(
    at: SignIn, example: Office
) -> None:
    async with at() as clerk:
        network, sizes = await clerk.page.context.new_cdp_session(clerk.page), list[int]()
        network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        await network.send("Network.enable")
        assert await loaded(clerk, "/activities/new", sizes) <= 40_000, sizes
        assert await loaded(clerk, "/activities/new", sizes) <= 12_000, sizes
        clerk.begin()
        await sheet_of_63(clerk, "按键登记的培训")
        await clerk.press("Control+s")
        clerk.did("活动：应到 63 人，6 人没到")
        await clerk.saved(RECORD)
        await clerk.sees("已保存：按键登记的培训。应到63，实到57，请假4，缺席2。")
        assert (
            await clerk.page.evaluate(
                "Object.keys(localStorage).filter((k) => k.includes('activities')).length"
            )
            == 0
        )
        await clerk.page.go_back()
        await expect(clerk.page.get_by_label("名称")).to_have_value("")
        assert clerk.complaints == []
    with_keys = await only(example, "按键登记的培训")
    reasons = sorted(leave["reason"] for leave in with_keys["attendance"]["on_leave"])
    assert reasons == sorted(AWAY.values())
    async with at(script=False) as clerk:
        await clerk.go("/activities/new")
        await clerk.choose("种类", "7 学习培训")
        await clerk.fill("日期", "0612")
        await clerk.fill("名称", "没有脚本的培训")
        await clerk.fill("地点", "镇政府三楼会议室")
        await clerk.fill("没到的人", "６＊ 17* 23*\n31。 40— 58-")
        await clerk.click("button", "保存 Ctrl+S")
        await clerk.sees("应到63，实到57，请假4，缺席2")
    without = await only(example, "没有脚本的培训")
    for record in (with_keys, without):
        for part in ("present", "on_leave", "absent"):
            record["attendance"][part].sort(key=str)
    assert without == with_keys


@pytest.mark.nightly
async def test_a_pasted_list_is_shown_before_it_counts(at: SignIn, example: Office) -> None:
    async with at() as clerk:
        await clerk.go("/activities/new")
        names = await clerk.page.locator(".cell .nm").all_inner_texts()
        order = names[10:50][::-1]
        clerk.begin()
        await clerk.type("7")
        await clerk.press("Enter")
        await clerk.type("0619")
        await clerk.press("Enter", "Enter", "Enter", "Enter", "Enter")
        clerk.decide(3)
        clerk.keys += 2
        await paste(clerk.page, "#接龙\n" + "\n".join(f"{n}. {name}" for n, name in enumerate(order, 1)))
        await expect(clerk.page.locator("[data-paste]")).to_contain_text("认出 40 人，认不出 0 处")
        await clerk.press("Enter")
        await expect(clerk.page.locator("[data-n=not_recorded]")).to_have_text("23")
        await clerk.press("Control+s")
        clerk.did("活动：粘贴 40 人的接龙")
        await clerk.saved(RECORD)
        shown = [
            name.split("（")[0]
            for name in await clerk.page.locator(".people").first.locator("li").all_inner_texts()
        ]
        assert sorted(shown) == sorted(order)
        # a name that nobody has: the others count, it stays in the box and is named
        await clerk.go("/activities/new")
        await clerk.page.get_by_label("没到的人").focus()
        await paste(clerk.page, f"1. {names[0]}\n2. 张无此\n3. {names[1]}")
        await expect(clerk.page.locator("[data-paste]")).to_contain_text("认出 2 人，认不出 1 处：“张无此”")
        await clerk.press("Enter")
        await expect(clerk.page.get_by_label("没到的人")).to_have_value("张无此")
        await clerk.page.keyboard.press("Control+a")
        await clerk.type("+" + names[2])
        await clerk.press("Enter")
        await expect(clerk.page.locator("[data-n=present]")).to_have_text("3")
        await clerk.press("Backspace")
        await expect(clerk.page.locator("[data-n=present]")).to_have_text("2")
        await clerk.press("ArrowDown", "ArrowRight", "ArrowRight", "-")
        await expect(clerk.page.locator("[data-n=absent]")).to_have_text("1")


async def test_what_is_typed_is_not_lost_and_recorded_once(at: SignIn, example: Office) -> None:
    async with at() as clerk:
        page = clerk.page
        await clerk.go("/activities/new")
        # Enter that takes a candidate of the input method moves nothing and sends nothing
        title = page.get_by_label("名称")
        await title.focus()
        cdp = await page.context.new_cdp_session(page)
        await cdp.send("Input.imeSetComposition", {"text": "xun", "selectionStart": 3, "selectionEnd": 3})
        for code in (229, 13):
            enter = {
                "type": "rawKeyDown",
                "windowsVirtualKeyCode": code,
                "key": "Enter",
                "code": "Enter",
                "text": "\r",
            }
            await cdp.send("Input.dispatchKeyEvent", enter)
        await expect(title).to_be_focused()
        await cdp.send("Input.insertText", {"text": "断网登记"})
        await expect(title).to_have_value(re.compile("断网登记"))
        await title.fill("断网登记")
        await clerk.choose("种类", "7 学习培训")
        await clerk.fill("日期", "0626")
        box = page.get_by_label("没到的人")
        await box.fill("６＊")
        await box.press("Enter")
        await expect(page.locator("[data-n=leave]")).to_have_text("1")
        key = await page.locator("[name=_key]").input_value()
        await expect(page.locator("[data-state]")).to_contain_text("草稿已存在本机")
        # the tab is gone; the next one has everything, and the key
        await page.close()
        clerk.page = page = await clerk.page.context.new_page()
        await clerk.go("/activities/new")
        await expect(page.locator("[data-n=leave]")).to_have_text("1")
        assert await page.locator("[name=_key]").input_value() == key
        # another window with the same draft
        other = await page.context.new_page()
        await other.goto(clerk.url + "/activities/new")
        await expect(other.get_by_label("名称")).to_have_value("断网登记")
        # no line, then no session, then a service away: the entry stays
        await page.context.set_offline(True)
        await page.keyboard.press("Control+s")
        await expect(page.locator("[data-state]")).to_contain_text("没有连上服务器")
        cookies: Any = await page.context.cookies()
        await page.context.clear_cookies()
        await page.context.set_offline(False)
        await expect(page.locator("[data-state]")).to_contain_text("登录已到期")
        await page.context.add_cookies(cookies)
        assert await recorded(example, "断网登记") == []
        await page.get_by_role("button", name=re.compile("^保存 ")).dblclick()
        await clerk.saved(RECORD)
        await other.keyboard.press("Control+s")
        await other.wait_for_url(RECORD)
        assert len(await recorded(example, "断网登记")) == 1


async def test_a_change_meets_another_and_a_wrong_entry_is_voided(at: SignIn, example: Office) -> None:
    title, activities = "两人改的培训", f"/activities/v1/towns/{TOWN}/activities"
    sheet = {"of": "training", "held_on": "2020-06-26", "marks": "6*"}
    resolved = await example.office.json("POST", f"/activities/v1/towns/{TOWN}/attendance:resolve", sheet)
    body = {"kind": "training", "title": title, "held_on": "2020-06-26", "attendance": resolved["attendance"]}
    record = await example.office.json("POST", activities, body)
    async with at() as clerk:
        page = clerk.page
        await clerk.go(f"/activities/{record['id']}/change")
        await page.get_by_label("地点").fill("我写的地点")
        version = {"If-Match": f'"{record["version"]}"'}
        await example.office.patch(f"{activities}/{record['id']}", {"place": "别人写的地点"}, version)
        await page.keyboard.press("Control+s")
        await expect(page.locator("[data-theirs=place]")).to_contain_text("别人写的地点")
        await page.keyboard.press("Control+s")
        await page.wait_for_url(RECORD)
        (record,) = await recorded(example, title)
        assert (record["place"], len(record["attendance"]["present"])) == ("我写的地点", 62)
        await page.get_by_text("登记错了，作废这一条").click()
        await page.get_by_label("作废的原因").fill("试登记")
        await page.get_by_role("button", name="作废").click()
        await expect(page.locator("#main")).to_contain_text("这一条已作废：试登记")


async def test_the_script_reads_the_table_as_the_service_does(at: SignIn) -> None:
    """What it is not certain of it leaves to the service."""
    from tests.contract.attendance import NAMES, ROLL

    roll = [
        {"id": line.deputyship_id, "n": line.number, "name": line.name, "initials": line.initials}
        for line in ROLL.lines
    ]
    script = """async ([module, roll, texts]) => { const {read} = await import(module);
    return texts.map(([text, fallback]) => { const marks = read(text, roll, fallback);
        return marks && marks.map(([row, state]) => [row.id, state]); }); }"""
    lists = [case for case in CASES if "\n" in case["text"].get("present", "") and len(case["text"]) == 1]
    texts = [[case["text"], "present" if case.get("others") else "leave"] for case in MARKS]
    texts += [[case["text"]["present"], "present"] for case in lists]
    async with at() as clerk:
        await clerk.go("/keys")
        answers = await clerk.page.evaluate(script, [STATIC.path("marks.js"), roll, texts])
    for case, answer in zip(MARKS, answers, strict=False):
        if answer is not None:
            read = sorted(f"{NAMES[id]}={state}" for id, state in answer)
            assert (read, []) == marks_wanted(case), case["about"]
    for case, answer in zip(lists, answers[len(MARKS) :], strict=True):
        if answer is not None:
            of_table = wanted(case)
            assert of_table.doubts == [], case["about"]
            assert sorted(NAMES[id] for id, _ in answer) == of_table.present, case["about"]
    certain = [case["about"] for case, answer in zip(MARKS, answers, strict=False) if answer is not None]
    doubted = [case for case in MARKS if case.get("doubts")]
    assert len(certain) >= len(MARKS) - len(doubted) - 2
    assert len(PEOPLE) == len(roll)


@pytest.mark.nightly
async def test_pages_of_activities_and_meetings_are_accessible_at_both_sizes(
    at: SignIn, example: Office
) -> None:
    rows = (await example.office.json("GET", f"/roster/v1/towns/{TOWN}/deputies", as_of="2020-06-01"))[
        "items"
    ]
    await example.account("daibiao", "deputy", deputyship_id=rows[0]["deputyship_id"])
    for size, name in ((DESK, "bangong"), (PHONE, "bangong"), (PHONE, "daibiao")):
        async with at(name, size=size) as clerk:
            lists = ("/activities", "/sessions", "/presidium") if name == "bangong" else ("/activities",)
            forms = [f"{path}/new" for path in lists] if name == "bangong" else []
            for path in (*lists, *forms, *[f"{path} a" for path in lists]):
                await clerk.go(path.split()[0])
                if path.endswith(" a"):
                    await clerk.page.locator("[data-list] tbody a").first.click()
                assert await clerk.violations() == [], path
                assert not await clerk.overflows(), path
            assert clerk.complaints == []


async def test_a_photograph_is_kept_once_and_shown(at: SignIn, example: Office) -> None:
    body = {"kind": "training", "title": "带照片的培训", "held_on": "2020-07-01"}
    path = f"/activities/v1/towns/{TOWN}/activities"
    held = await example.office.json("POST", path, body)
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc0000003010100"
        "18dd8db00000000049454e44ae426082"
    )
    async with at() as clerk:
        await clerk.go(f"/activities/{held['id']}")
        await clerk.click("button", "上传")
        await clerk.sees("请先选一张照片或者一个 PDF 文件")
        file = {"name": "现场.png", "mimeType": "image/png", "buffer": picture}
        await clerk.page.get_by_label("照片或扫描件").set_input_files(file)  # type: ignore[arg-type]
        await clerk.click("button", "上传")
        await clerk.sees("已存：现场.png")
        await expect(clerk.page.get_by_role("img", name="现场.png")).to_be_visible()
        await eventually(
            lambda: clerk.page.evaluate("document.querySelector('.shots img').naturalWidth === 1")
        )
    assert len((await example.office.json("GET", f"{path}/{held['id']}"))["evidence"]) == 1


async def test_answers_to_lines_in_doubt_stay_in_a_draft(at: SignIn, example: Office) -> None:
    """They were asked on the page of the photographs, and have no field where the draft is taken up again."""
    title = "拿不准的草稿"
    async with at() as clerk:
        page = clerk.page
        await clerk.go("/activities/new?kind=training")
        await page.locator("[name=held_on]").fill("0612")
        await expect(page.locator("[data-about]")).to_contain_text("应到 63 人")
        await page.locator("[name=title]").fill(title)

        async def kept() -> bool:
            return title in str(await page.evaluate("Object.values(localStorage)"))

        await eventually(kept)
        id = await page.locator(".cell").first.get_attribute("data-id")
        await page.evaluate(
            """(id) => { const draft = document.querySelector("form[data-draft]").dataset.draft;
            const key = `lz.draft.${document.body.dataset.user}.${draft}`, kept = JSON.parse(localStorage.getItem(key));
            kept.values["doubt." + id] = ["absent"]; localStorage.setItem(key, JSON.stringify(kept)); }""",
            id,
        )
        for place in ("会议室", "礼堂"):
            await page.reload()
            await expect(page.locator("[data-restored]")).to_contain_text("拿不准的 1 人要重读")
            await expect(page.locator(f'.cell[data-id="{id}"] .st')).to_have_text("缺席")
            await page.locator("[name=place]").fill(place)
            await expect(page.locator("[data-state]")).to_contain_text("草稿已存在本机")
        await page.keyboard.press("Control+s")
        await page.wait_for_url(RECORD)
    (record,) = await recorded(example, title)
    assert (record["place"], record["attendance"]["absent"]) == ("礼堂", [id])
