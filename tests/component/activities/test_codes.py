"""What a voter leaves by the code on a station's wall: without token, script or cookie, and on no other record."""

import json
import re
from typing import Any

import pytest
import structlog

from services.activities.app import build
from services.activities.domain.codes import AN_HOUR_MOST
from services.activities.settings import Settings
from shared.security.codes import grouped
from tests.component.activities.conftest import Office
from tests.fixtures.apps import Drive

LEFT = {
    "category": "道路交通",
    "text": "村东桥栏断了，孩子上学危险",
    "name": "王大爷",
    "phone": "13900001234",
}


async def a_code(office: Office) -> Any:
    return await office.post("/stations/st1/opinion_codes", {})


async def open_page(office: Office, code: str, form: dict[str, str] | None = None) -> tuple[int, str, Any]:
    """As a telephone would: no token, the address alone."""
    method = "GET" if form is None else "POST"
    async with office.driver.client.request(method, f"/o/{code}", data=form) as answer:
        return answer.status, await answer.text(), answer.headers


async def test_a_voter_leaves_an_opinion_and_gets_a_receipt(office: Office) -> None:
    code = await a_code(office)
    assert code["url"].endswith(f"/o/{code['id']}")
    status, page, headers = await open_page(office, grouped(code["id"]).lower())
    assert status == 200
    assert "示例镇人大代表新城村部" in page
    assert not re.search(r"<script|https?://|\son\w+=", page)
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "Set-Cookie" not in headers
    assert headers["Referrer-Policy"] == "no-referrer"
    with structlog.testing.capture_logs() as lines:
        status, page, _ = await open_page(office, code["id"], LEFT)
    assert status == 200
    assert lines == []
    receipt = re.search(r"回执号：(码\w+)", page)
    assert receipt
    [opinion] = (await office.get("/opinions?channel=qr"))["items"]
    assert (opinion["text"], opinion["category"], opinion["station_id"], opinion["state"]) == (
        *(LEFT["text"], "道路交通", "st1", "received"),
    )
    contact = await office.get(f"/opinions/{opinion['id']}/contact")
    assert contact == {"version": 1, "name": "王大爷", "phone": "13900001234"}
    event, read = await office.driver.events()
    assert read["type"] == "activities.personal_data.read.v1"
    assert (event["type"], event["actor"]) == ("activities.opinion.received.v1", "")
    assert not [
        word for word in LEFT.values() if word in json.dumps(event, ensure_ascii=False) and word != "道路交通"
    ]
    assert (await office.get("/integrity"))["faults"] == []


async def test_words_alone_will_do_and_nothing_else_does(office: Office) -> None:
    code = (await a_code(office))["id"]
    status, _, _ = await open_page(office, code, {"text": "路灯不亮"})
    assert status == 200
    [opinion] = (await office.get("/opinions"))["items"]
    await office.refused("GET", f"/opinions/{opinion['id']}/contact", None, status=404, code="not-found")
    for form, fault in (
        ({"text": "  ", "name": "王<b>"}, "请填写意见内容"),
        ({"text": "路灯", "phone": "打我电话"}, "电话只填数字"),
        ({"text": "字" * 2001}, "不超过 2000 字"),
    ):
        status, page, _ = await open_page(office, code, form)
        assert (status, fault in page, "<b>" in page) == (422, True, False)
        assert form["text"].strip() in page
    status, _, _ = await open_page(office, code, {"text": "字" * 20_000})
    assert status == 413
    assert len((await office.get("/opinions"))["items"]) == 1


async def test_a_wrong_and_a_withdrawn_code_get_a_page_that_says_so(office: Office) -> None:
    code = await a_code(office)
    revoked = await office.post(f"/opinion_codes/{code['id']}:revoke", {})
    assert revoked["revoked_on"]
    for written, expected, words in (
        (code["id"], 409, "已停用"),
        ("0" * 12, 404, "没有这个意见码"),
        ("x", 404, "没有这个意见码"),
    ):
        for form in (None, {"text": "路灯不亮"}):
            status, page, headers = await open_page(office, written, form)
            assert (status, words in page) == (expected, True)
            assert headers["Content-Type"].startswith("text/html")
    assert (await office.get("/opinions"))["items"] == []


async def test_one_code_takes_so_many_an_hour(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.activities.domain.codes.AN_HOUR_MOST", 2)
    assert AN_HOUR_MOST > 2
    code, other = (await a_code(office))["id"], (await a_code(office))["id"]
    answers = [(await open_page(office, code, {"text": "路灯不亮"}))[0] for _ in range(3)]
    assert answers == [200, 200, 429]
    assert (await open_page(office, other, {"text": "路灯不亮"}))[0] == 200


async def test_a_poster_is_one_page_with_the_code(office: Office) -> None:
    code = await a_code(office)
    path = f"/opinion_codes/{code['id']}/poster"
    answer = await office.driver.call("GET", f"{path}?base_url=https://rd.example.cn/lz/")
    page = answer.json.decode()
    assert answer.status == 200
    assert f"https://rd.example.cn/lz/o/{code['id']}" in page
    assert ("<svg" in page, grouped(code["id"]) in page, "新城村部" in page) == (True, True, True)
    listed = await office.get("/opinion_codes?station_id=st1")
    assert [one["id"] for one in listed["items"]] == [code["id"]]
    assert (await office.get("/opinion_codes?station_id=st2"))["items"] == []
    assert (await office.get(f"/opinion_codes?from={code['issued_on']}&total=true"))["total"] == 1
    assert (await office.get("/opinion_codes?to=2020-01-01&order=issued_on&total=true"))["total"] == 0


async def test_a_poster_bears_the_address_in_the_settings(drive: Drive) -> None:
    office = Office(await drive(build(Settings(voters_url="https://piao.example.cn/"))))
    await office.driver.says(
        "roster.station.opened.v1", {"id": "st1", "name": "新城村部", "kind": "activity_room"}
    )
    code = await a_code(office)
    assert code["url"] == f"https://piao.example.cn/o/{code['id']}"
    poster = await office.driver.call("GET", f"/opinion_codes/{code['id']}/poster")
    assert code["url"] in poster.json.decode()


async def test_codes_are_the_offices(office: Office) -> None:
    code = await a_code(office)
    issue, revoke = "/stations/st1/opinion_codes", f"/opinion_codes/{code['id']}:revoke"
    poster = f"/opinion_codes/{code['id']}/poster"
    deputy = office.driver.token("deputy")
    for method, path, body in (("POST", issue, {}), ("POST", revoke, {}), ("GET", poster, None)):
        await office.refused(method, path, body, status=403, code="forbidden", token=deputy)
        await office.refused(method, path, body, status=401, code="unauthenticated", token="none")
    for path in (issue, revoke):
        await office.refused("POST", path, {"extra": 1}, status=422, code="invalid-input")
    await office.refused("GET", f"{poster}?base_url=ftp://x", None, status=422, code="invalid-input")
    await office.refused("POST", "/stations/unknown/opinion_codes", {}, status=404, code="not-found")
    await office.refused("POST", "/opinion_codes/unknown:revoke", {}, status=404, code="not-found")
    await office.refused("GET", "/opinion_codes/unknown/poster", None, status=404, code="not-found")
    stranger = office.driver.token(area="340281198")
    await office.refused("GET", "/opinion_codes", None, status=404, code="not-found", token=stranger)
    assert await office.get("/opinion_codes", token=deputy)
