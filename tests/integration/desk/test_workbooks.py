"""A clerk with workbooks of all kinds at the command line: checked, marked, imported, mapped; and sheets printed."""

import io
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from services.cli.client import Refused
from services.roster.sheets import SHEETS
from shared.workbook import XLSX, write
from tests.fixtures.ledgers import ROSTERS, file_of
from tests.integration.desk.conftest import TOWN, Desk
from tests.probes import eventually

EXAMPLES = Path("examples")
TOWN_ROW: dict[str, list[dict[str, Any]]] = {
    "镇情况": [{"code": TOWN, "name": "示例镇", "congress_number": 17}]
}


def roster_of(folder: Path) -> Path:
    """A workbook with nothing but the town."""
    path = folder / "镇.xlsx"
    path.write_bytes(write([sheet for sheet in SHEETS if sheet.name in TOWN_ROW], TOWN_ROW))
    return path


def roster_with_problems() -> bytes:
    """A town, and two people: the name of one holds what cannot be seen, the number of the other is no number."""
    people: list[dict[str, Any]] = [
        {"name": "王示例01\u200b", "gender": "m"},
        {"name": "李示例02", "id_number": "34022519800101123"},
    ]
    mandates: list[dict[str, Any]] = [
        {"person": "王示例01", "level": "town", "group": 9},
        {"person": "李示例02", "level": "town"},
    ]
    book = openpyxl.load_workbook(
        io.BytesIO(write(SHEETS, {**TOWN_ROW, "人员": people, "代表资格": mandates}))
    )
    book["代表资格"]["F2"] = "昨天"
    book["代表资格"]["F3"] = "2017年1月10日"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


async def test_a_check_prints_every_problem_and_fails(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "我们镇的名册（改）.xlsx"
    file.write_bytes(roster_with_problems())
    code, output = await desk.lvzhi("import", file, "--dry-run", "--marked", tmp_path / "marked")
    assert code == 1
    for place in ("人员.A2", "人员.I3", "代表资格.F2", "代表资格.G2"):
        assert f"{place}：" in output
    assert "代表资格.A2" not in output  # that person's row is wrong itself
    assert "代表资格.A3" not in output
    assert "34022519800101123" not in output
    assert "共有 4 处错误" in output
    marked = openpyxl.load_workbook(tmp_path / "marked" / "我们镇的名册（改）-问题.xlsx")
    assert [row[1].value for row in marked["问题"].iter_rows(min_row=3)] == ["A2", "I3", "F2", "G2"]
    assert marked["代表资格"]["F2"].comment is not None
    with pytest.raises(Refused):
        await desk.client.json("GET", f"/roster/v1/towns/{TOWN}")


async def test_a_refused_import_answers_in_the_type_that_is_asked_for(desk: Desk) -> None:
    place, data = f"/roster/v1/towns/{TOWN}/imports", roster_with_problems()
    with pytest.raises(Refused) as refused:
        await desk.client.upload(place, data, {"Content-Type": XLSX})
    errors = refused.value.problem["errors"]
    assert [error["cell"] for error in errors] == ["A2", "I3", "F2", "G2"]
    assert errors[2] == {
        "loc": "代表资格.F2", "message": "任职日期：应填日期，如 2020-06-09，读到的是“昨天”", "sheet": "代表资格",
        "cell": "F2", "column": "任职日期", "was": "昨天", "becomes": "日期，如 2020-06-09",
    }  # fmt: skip
    assert "有 4 处错误，在 3 行，另有 1 行" in refused.value.problem["detail"]
    async with desk.client.session.post(
        desk.client.url + place,
        data=data,
        headers={"Authorization": f"Bearer {desk.client.token}", "Content-Type": XLSX, "Accept": XLSX},
    ) as answer:
        assert (answer.status, answer.content_type) == (422, XLSX)
        assert openpyxl.load_workbook(io.BytesIO(await answer.read())).sheetnames[0] == "问题"


async def test_a_ledger_of_another_make_is_imported_once_it_is_confirmed(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "镇.xlsx").write_bytes(write(SHEETS[:1], TOWN_ROW))
    assert (await desk.lvzhi("import", tmp_path / "镇.xlsx"))[0] == 0
    ledger, profile = tmp_path / "花名册.xlsx", tmp_path / "对照.toml"
    ledger.write_bytes(file_of(ROSTERS[0]))
    code, output = await desk.lvzhi("import", ledger, "--map", profile)
    assert (code, "代表资格的“任职日期”" in output) == (1, True)
    assert "13800000001" not in output
    profile.write_text(profile.read_text("utf-8").replace("（请填写）", "2017-01-10"), "utf-8")
    code, output = await desk.lvzhi("import", ledger, "--map", profile)
    assert code == 0, output
    people = {person["name"]: person["born_year"] for person in await desk.items("roster", "people")}
    assert people == {"王示例01": 1975, "李示例02": 1980}
    assert [one["level"] for one in await desk.items("roster", "deputyships")] == ["town", "town"]
    wrong = openpyxl.load_workbook(ledger)
    wrong.active["E3"] = "不详"
    wrong.save(ledger)
    code, output = await desk.lvzhi("import", ledger, "--map", profile)
    assert (code, "原表 Sheet1!E3" in output) == (1, True), output


@pytest.mark.nightly
@pytest.mark.slow
async def test_what_is_printed_comes_as_pdf(desk: Desk, tmp_path: Path) -> None:
    assert (await desk.lvzhi("import", EXAMPLES))[0] == 0
    (station, *_) = await desk.items("roster", "stations")
    await desk.client.json("POST", f"/activities/v1/towns/{TOWN}/stations/{station['id']}/opinion_codes", {})
    meeting = openpyxl.load_workbook(EXAMPLES / "测评.xlsx")["述职测评会"]["A2"].value
    out = tmp_path / "印"
    for arguments in (
        ("sign-in", "--of", "session", "--on", "2020-06-01", "--title", "人代会"),
        ("counts", "--meeting", str(meeting)),
        ("posters", "--base-url", "https://renda.example.gov.cn"),
        ("summary", "--year", "2020"),
    ):
        code, output = await desk.lvzhi("sheets", TOWN, *arguments, "-o", out)
        assert code == 0, output
    files = sorted(out.iterdir())
    assert len(files) == 4
    assert all(file.read_bytes().startswith(b"%PDF-1.7") for file in files)
    again, output = await desk.lvzhi("sheets", TOWN, "counts", "--meeting", str(meeting), "-o", out)
    assert (again, "请先移开" in output) == (1, True)


async def test_sheets_of_suggestions_and_activities_are_printed_one_by_one(
    desk: Desk, tmp_path: Path
) -> None:
    assert (await desk.lvzhi("import", roster_of(tmp_path)))[0] == 0
    place = f"/activities/v1/towns/{TOWN}"
    for number in (1, 2):
        body = {"number": number, "raised_on": "2020-03-01", "title": "修路/亮化"}
        made = await desk.client.json("POST", f"{place}/suggestions", body)
    assigned = {"unit": "镇建设办", "on": "2020-03-05"}
    await desk.client.json("POST", f"{place}/suggestions/{made['id']}:assign", assigned)
    training = {"kind": "training", "title": "学习", "held_on": "2020-04-01"}
    await desk.client.json("POST", f"{place}/activities", training)
    for kind, count in (("registers", 2), ("assignments", 1), ("reminders", 1), ("activities", 1)):
        code, output = await desk.lvzhi("sheets", TOWN, kind, "--year", "2020", "-o", tmp_path / kind)
        assert code == 0, output
        files = [*(tmp_path / kind).iterdir()]
        assert len(files) == count
        assert all(file.read_bytes().startswith(b"%PDF-1.7") for file in files)
    none, output = await desk.lvzhi("sheets", TOWN, "registers", "--year", "2019", "-o", tmp_path / "无")
    assert (none, "没有要印" in output) == (1, True)


async def test_an_opinion_is_erased_by_the_number_of_its_receipt(desk: Desk) -> None:
    station = {"name": "新城村部", "kind": "activity_room"}
    town = {"name": "示例镇"}
    await desk.client.json("PUT", f"/roster/v1/towns/{TOWN}", town)
    made = await desk.client.json("POST", f"/roster/v1/towns/{TOWN}/stations", station)
    place = f"/activities/v1/towns/{TOWN}/stations/{made['id']}/opinion_codes"

    async def issued() -> bool:
        """Once the station is known there."""
        with suppress(Refused):
            await desk.client.json("POST", place, {})
            return True
        return False

    await eventually(issued)
    (code,) = await desk.items("activities", "opinion_codes")
    form = {"text": "门前路灯坏了", "name": "王大爷"}
    async with desk.client.session.post(f"{desk.client.url}/o/{code['id']}", data=form) as answer:
        (receipt,) = re.findall(r"回执号：(\S+?)<", await answer.text())
    arguments = ("opinion", "erase", TOWN, receipt, "--reason", "本人要求")
    status, output = await desk.lvzhi(*arguments)
    assert status == 0, output
    (opinion,) = await desk.items("activities", "opinions")
    assert (opinion["text"], opinion["erased"]["reason"]) == ("", "本人要求")
    again, output = await desk.lvzhi(*arguments)
    assert (again, "已在" in output) == (1, True)
    unknown, output = await desk.lvzhi("opinion", "erase", TOWN, "码AAAA", "--reason", "本人要求")
    assert (unknown, "没有编号或回执号" in output) == (1, True)


async def test_a_page_may_ask_what_a_ledger_is(desk: Desk) -> None:
    place = f"/roster/v1/towns/{TOWN}/imports:propose"
    answer = await desk.client.upload(place, file_of(ROSTERS[0]), {"Content-Type": XLSX})
    (page,) = answer["pages"]
    assert [one["sheet"] for one in page["into"]] == ["人员", "代表资格"]
    assert page["into"][0]["columns"]["出生年份"] == "出生年月"
    with pytest.raises(Refused) as refused:
        await desk.client.upload(place, b"\0\1", {"Content-Type": XLSX})
    assert refused.value.problem["code"] == "workbook-unreadable"
