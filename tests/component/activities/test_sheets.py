"""Sheets of suggestions and activities as PDF: what is printed on them, and when they are refused."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.component.activities.conftest import Office

RAISED = {
    "number": 12,
    "raised_on": "2020-03-02",
    "title": "增设路灯",
    "text": "新城村主街夜间没有照明。\n请增设路灯二十盏。",
    "category": "基础设施",
    "lead_deputyship_id": "d1",
    "co_deputyship_ids": ["d2", "d3"],
}


@pytest.fixture
def printed(office: Office, tmp_path: Path) -> Any:
    """Print a sheet; its text by page, as poppler reads it without a complaint."""

    async def printed(path: str, **options: Any) -> list[str]:
        answer = await office.driver.call("GET", path, **options)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/pdf"), answer.json
        file = tmp_path / "sheet.pdf"
        file.write_bytes(answer.json)
        told = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True)
        assert told.stderr == b""
        return told.stdout.decode().split("\f")[:-1]

    return printed


async def a_suggestion(office: Office, **fields: Any) -> str:
    return str((await office.post("/suggestions", {**RAISED, **fields}))["id"])


async def test_a_register_says_what_was_raised_and_each_step(office: Office, printed: Any) -> None:
    id = await a_suggestion(office, key=True, supervised_by="镇人大主席", intake={"one_matter": True})
    await office.post(
        f"/suggestions/{id}:assign", {"unit": "镇建设办", "on": "2020-03-30", "co_units": ["镇供电所"]}
    )
    await office.post(f"/suggestions/{id}:reply", {"on": "2020-05-10", "class": "b", "interviewed": True})
    await office.post(f"/suggestions/{id}:rate", {"process": "satisfied", "result": "dissatisfied"})
    (page,) = await printed(f"/suggestions/{id}/sheet?form=register")
    for words in (
        "示例镇人民代表大会",
        "代表建议、批评和意见登记表",
        "王示例01（第1组）",
        "王示例02、王示例03",
        "是（镇人大主席）",
        "一事一议：是",
        "请增设路灯二十盏。",
        "2020年3月30日　交办：镇建设办（会办：镇供电所），2020年6月30日前答复",
        "2020年5月10日　答复：B类，答复前与代表面商",
        "日期未登记　测评：办理态度满意，办理结果不满意",
        "领衔代表签名",
    ):
        assert "".join(words.split()) in "".join(page.split()), words


async def test_what_is_not_recorded_is_left_blank(office: Office, printed: Any) -> None:
    id = await a_suggestion(office, lead_deputyship_id=None, co_deputyship_ids=[], text="", category="")
    (page,) = await printed(f"/suggestions/{id}/sheet?form=register")
    assert "None" not in page
    assert "闭会期间" not in page


async def test_an_assignment_says_the_deadline_and_how_it_came_about(office: Office, printed: Any) -> None:
    id = await a_suggestion(office, raised_on="2020-11-01")
    await office.refused("GET", f"/suggestions/{id}/sheet?form=assign", None, status=409, code="wrong-state")
    await office.post(f"/suggestions/{id}:assign", {"unit": "镇建设办", "on": "2020-11-30"})
    (page,) = await printed(f"/suggestions/{id}/sheet?form=assign")
    text = "".join(page.split())
    for words in (
        "代表建议交办单",
        "镇建设办：",
        "王示例01等3名代表提出的第12号建议《增设路灯》交你单位办理",
        "请在2021年2月28日前书面答复代表",
        "该月无此日，取2月28日",
        "2020年12月10日前说明理由退回",
        "签收人",
        "示例镇人民代表大会主席团（盖章）2020年11月30日",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2021-02-18", "还有10天到期"),
        ("2021-02-28", "今日到期"),
        ("2021-03-01", "已经逾期1天"),
        ("2021-12-28", "已经逾期303天"),
    ],
)
async def test_a_reminder_is_of_what_is_due_soon_or_overdue(
    office: Office, printed: Any, on: str, words: str
) -> None:
    id = await a_suggestion(office, raised_on="2020-11-01")
    await office.post(f"/suggestions/{id}:assign", {"unit": "镇建设办", "on": "2020-11-30"})
    (page,) = await printed(f"/suggestions/{id}/sheet?form=remind&on={on}")
    text = "".join(page.split())
    assert f"答复期限为2021年2月28日，{words}" in text
    assert "2020年11月30日交办，加3个月为2021年2月30日，该月无此日，取2月28日" in text


async def test_there_is_no_reminder_of_what_is_not_due(office: Office) -> None:
    id = await a_suggestion(office, raised_on="2020-11-01")
    path = f"/suggestions/{id}/sheet?form=remind"
    await office.refused("GET", f"{path}&on=2021-02-20", None, status=409, code="wrong-state")
    await office.post(f"/suggestions/{id}:assign", {"unit": "镇建设办", "on": "2020-11-30"})
    early = await office.refused("GET", f"{path}&on=2021-02-17", None, status=409, code="wrong-state")
    assert "还有 11 天" in early.json["detail"]
    await office.post(f"/suggestions/{id}:reply", {"on": "2021-02-10", "class": "a"})
    await office.refused("GET", f"{path}&on=2021-03-20", None, status=409, code="wrong-state")


async def test_a_reminder_after_a_redo_is_of_the_new_deadline(office: Office, printed: Any) -> None:
    id = await a_suggestion(office, raised_on="2020-11-01")
    await office.post(f"/suggestions/{id}:assign", {"unit": "镇建设办", "on": "2020-11-30"})
    await office.post(f"/suggestions/{id}:reply", {"on": "2021-01-10", "class": "b"})
    await office.post(f"/suggestions/{id}:redo", {"on": "2021-02-01"})
    (page,) = await printed(f"/suggestions/{id}/sheet?form=remind&on=2021-04-02")
    assert "退回重新办理，答复期限为2021年4月1日，已经逾期1天" in "".join(page.split())
    (page,) = await printed(f"/suggestions/{id}/sheet?form=assign")
    assert "请在2021年2月28日前书面答复代表" in "".join(page.split())


async def test_the_summary_lists_what_was_asked_for_in_order(office: Office, printed: Any) -> None:
    for number in (10, 9, 100):
        await a_suggestion(office, number=number, title=f"建议{number}号")
    await a_suggestion(office, number=1, raised_on="2019-03-01", title="去年的")
    (page,) = await printed("/suggestions/summary_sheet?year=2020")
    assert [page.index(f"建议{n}号") for n in (9, 10, 100)] == sorted(
        page.index(f"建议{n}号") for n in (9, 10, 100)
    )
    assert "去年的" not in page
    assert "2020年提出" in page
    assert "共 3 件" in page
    assert "王示例01等" in page
    (page,) = await printed("/suggestions/summary_sheet?year=2020&q=100号")
    assert "共 1 件" in page
    (page,) = await printed("/suggestions/summary_sheet?year=2030")
    assert "共 0 件" in page


async def test_a_summary_goes_on_over_pages(office: Office, printed: Any) -> None:
    items = [{"number": n, "raised_on": "2020-03-01", "title": f"第{n}件的标题" * 6} for n in range(1, 61)]
    await office.post("/suggestions:batch", {"items": items})
    pages = await printed("/suggestions/summary_sheet?year=2020")
    assert len(pages) > 2
    assert all("承办单位" in page for page in pages)
    assert f"第 2 页，共 {len(pages)} 页" in pages[1]
    assert all(f"第{n}件的标题" in "".join(pages) for n in range(1, 61))


async def test_a_long_text_is_printed_whole_over_pages(office: Office, printed: Any) -> None:
    text = "".join(f"第{n:04}句话，不会丢。" for n in range(800))
    id = await a_suggestion(office, text=text)
    pages = await printed(f"/suggestions/{id}/sheet?form=register")
    assert len(pages) > 1
    whole = "".join("".join(pages).split())
    assert all(f"第{n:04}句话" in whole for n in range(0, 800, 97))
    assert "第0799句话，不会丢。" in whole


async def test_an_activity_sheet_has_the_numbers_of_the_sign_in_sheet(office: Office, printed: Any) -> None:
    attendance = {
        "present": ["d1", "d2", "d20"],
        "half_day": [{"deputyship_id": "d2", "portion": "morning"}],
        "on_leave": [{"deputyship_id": "d3", "reason": "illness"}],
        "absent": ["d4"],
    }
    body = {
        "kind": "group_activity",
        "title": "学习代表法",
        "held_on": "2020-06-09",
        "place": "新城村部",
        "group_id": "g1",
        "station_id": "st1",
        "topics": ["学习代表法"],
        "opinions_count": 0,
        "attendance": attendance,
    }
    id = (await office.post("/activities", body))["id"]
    (page,) = await printed(f"/activities/{id}/sheet")
    for words in (
        "代表活动登记表",
        "学习代表法",
        "新城村部",
        "意见（条） 0",
        "应到5人，实到2人，请假1人，缺席1人，没有记录1人，另有1人参加",
        "出席（上午）",
        "请假（病假）",
    ):
        assert "".join(words.split()) in "".join(page.split()), words
    assert "接待选民（人次）" not in page
    lines = [line.split() for line in page.splitlines() if "王示例0" in line or "李示例" in line]
    assert [line[0] for line in lines[:5]] == ["1", "2", "3", "4", "5"]
    assert [line[-1] for line in lines][3:] == ["缺席", "没有记录", "出席"]
    (page,) = await printed(f"/activities/{id}/sheet", token=office.driver.token("leader", subject="someone"))
    assert "病假" not in page
    assert "请假" in page


@pytest.mark.parametrize("role", ["leader", "deputy", "county", "auditor", "teller"])
async def test_only_the_office_prints_suggestions(office: Office, role: str) -> None:
    id = await a_suggestion(office)
    for path in (f"/suggestions/{id}/sheet?form=register", "/suggestions/summary_sheet"):
        await office.refused("GET", path, None, status=403, code="forbidden", token=office.driver.token(role))
