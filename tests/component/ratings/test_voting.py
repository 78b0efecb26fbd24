"""Slips and the voter's page: one code, one ballot, and nothing that joins the two."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.ratings.app import build
from services.ratings.handlers import boxes
from services.ratings.settings import Settings
from shared.security.codes import fingerprint
from tests.component.ratings.conftest import Town, a_sheet, locs
from tests.fixtures.apps import Answer, Drive

pytestmark = pytest.mark.mongo

JSON = {"Accept": "application/json"}
CHOICES = {"d1": "satisfied", "d2": "dissatisfied"}


async def slips(town: Town, meeting: str, count: int) -> list[str]:
    answer = await town.ask("POST", f"meetings/{meeting}/codes", {"count": count}, headers=JSON)
    assert answer.status == 201, answer.json
    return list(answer.json["codes"])


async def voting(town: Town, count: int = 12, **changes: Any) -> tuple[str, list[str]]:
    """An open meeting by slips, and its codes."""
    meeting = await town.meeting(**{"method": "online", **changes})
    codes = await slips(town, meeting, count)
    assert (await town.lead(meeting, "open")).status == 200
    return meeting, codes


async def vote(town: Town, code: str, choices: dict[str, str] | None = None) -> Answer:
    body = {"choices": CHOICES if choices is None else choices}
    return await town.driver.call("POST", f"//r/{code}", body, headers=JSON)


async def stored(town: Town, collection: str) -> list[dict[str, Any]]:
    return [document async for document in town.driver.alive.store.database[collection].find()]


async def test_slips_become_a_published_result(town: Town) -> None:
    meeting, codes = await voting(town)
    for code in codes[:10]:
        assert (await vote(town, code)).status == 200
    assert (await town.get(f"meetings/{meeting}/counts")).json["slips"] == {"printed": 12, "used": None}
    await town.lead(meeting, "close")
    assert (await town.get(f"meetings/{meeting}/counts")).json["slips"] is None
    await town.lead(meeting, "publish")
    results = (await town.get(f"meetings/{meeting}/results")).json
    assert (results["issued"], results["returned"], results["not_returned"], results["valid"]) == (
        12,
        10,
        2,
        10,
    )
    assert results["deputies"][0]["counts"]["satisfied"] == 10
    assert results["deputies"][1]["counts"]["dissatisfied"] == 10


async def test_a_code_opens_the_box_once(town: Town) -> None:
    _, codes = await voting(town)
    assert (await vote(town, codes[0])).status == 200
    again = await vote(town, codes[0])
    assert (again.status, again.json["code"]) == (409, "code-used")


async def test_voters_at_the_same_moment_each_count_once(town: Town) -> None:
    meeting, codes = await voting(town)
    answers = await asyncio.gather(*(vote(town, code) for code in [*codes, *codes]))
    assert sorted(answer.status for answer in answers) == [200] * 12 + [409] * 12
    await town.lead(meeting, "close")
    await town.lead(meeting, "publish")
    assert (await town.get(f"meetings/{meeting}/results")).json["returned"] == 12


async def test_a_slip_keeps_a_sealed_ballot_and_no_more(town: Town) -> None:
    _, codes = await voting(town)
    before = len(await town.events())
    for code in codes:
        await vote(town, code)
    used = await stored(town, "slips")
    assert {document["_id"] for document in used} == {fingerprint(code) for code in codes}
    fields = ("_id", "town", "version", "meeting_id", "used", "on_paper", "sealed", "void")
    assert {tuple(sorted(document)) for document in used} == {tuple(sorted(fields))}
    assert len({len(document["sealed"]) for document in used}) == 1
    assert len(await town.events()) == before
    everything = json.dumps(
        [await stored(town, name) for name in ("answers", "outbox", "inbox")], default=str
    )
    assert not any(code in everything for code in codes)


async def test_codes_stand_in_no_log(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    _, codes = await voting(town)
    capfd.readouterr()
    await town.driver.call("GET", f"//r/{codes[0]}")
    await vote(town, codes[0])
    await vote(town, codes[0])
    written = capfd.readouterr()
    assert codes[0] not in written.out + written.err
    assert "/r/" not in written.out + written.err


async def test_a_repeated_request_key_keeps_no_codes(town: Town) -> None:
    meeting = await town.meeting(method="online")
    headers = {**JSON, "Idempotency-Key": "k1"}
    await town.ask("POST", f"meetings/{meeting}/codes", {"count": 3}, headers=headers)
    assert await stored(town, "answers") == []


async def test_the_page_shows_deputies_and_options_and_takes_a_form(town: Town) -> None:
    _, codes = await voting(town)
    page = await town.driver.call("GET", f"//r/{codes[0].lower()}")
    text = page.json.decode()
    assert page.status == 200
    assert text.index("示例d1") < text.index("示例d2")
    assert all(label in text for label in ("满意", "基本满意", "不满意", "弃权"))
    assert "checked" not in text
    assert "<script" not in text
    review = await town.driver.client.post(f"/r/{codes[0]}", data={"step": "review", "d1": "satisfied"})
    text = await review.text()
    assert review.status == 200
    assert "示例d1" in text
    assert "未选，算弃权" in text
    assert "投票成功" not in text
    changing = await town.driver.client.post(f"/r/{codes[0]}", data={"step": "change", "d1": "satisfied"})
    assert (await changing.text()).count(" checked") == 1
    done = await town.driver.client.post(f"/r/{codes[0]}", data=CHOICES)
    assert done.status == 200
    assert "投票成功" in await done.text()
    again = await town.driver.client.post(f"/r/{codes[0]}", data=CHOICES)
    assert again.status == 409
    assert "已投过" in await again.text()


@pytest.mark.parametrize("code", ["0000000000000000", "nonsense", "%2e%2e"])
async def test_an_unknown_code_is_not_found(town: Town, code: str) -> None:
    assert (await town.driver.call("GET", f"//r/{code}")).status == 404
    assert (await vote(town, code)).status == 404


async def test_a_ballot_with_something_else_on_it_is_not_cast(town: Town) -> None:
    _, codes = await voting(town)
    for choices in ({"d9": "satisfied"}, {"d1": "splendid"}):
        assert (await vote(town, codes[0], choices)).status == 422
    malformed = await town.driver.call("POST", f"//r/{codes[0]}", {"choice": {}}, headers=JSON)
    assert malformed.status == 422
    assert (await vote(town, codes[0])).status == 200


async def test_the_box_is_shut_before_and_after(town: Town) -> None:
    meeting = await town.meeting(method="online")
    codes = await slips(town, meeting, 3)
    early = await vote(town, codes[0])
    assert (early.status, early.json["code"]) == (409, "voting-closed")
    await town.lead(meeting, "open")
    await town.lead(meeting, "close")
    assert (await vote(town, codes[0])).status == 409
    await town.lead(meeting, "publish")
    await town.lead(meeting, "revoke", {"reason": "有误"})
    await town.lead(meeting, "open")
    assert (await vote(town, codes[0])).status == 409


async def test_slips_are_printed_for_cutting(town: Town) -> None:
    meeting = await town.meeting(method="mixed")
    page = await town.ask("POST", f"meetings/{meeting}/codes", {"count": 2, "base_url": "https://rd.example"})
    text = page.json.decode()
    assert page.status == 201
    assert text.count("<svg") == 2
    assert len(set(re.findall(r"https://rd\.example/r/[0-9A-Z]{16}", text))) == 2


async def test_slips_bear_the_address_in_the_settings(drive: Drive, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, voters_url="https://piao.example.cn/")
    town = Town(await drive(build(settings)))
    meeting = await town.meeting(method="mixed")
    asked = {"Accept": "application/json"}
    printed = await town.ask("POST", f"meetings/{meeting}/codes", {"count": 1}, headers=asked)
    assert printed.json["urls"] == [f"https://piao.example.cn/r/{code}" for code in printed.json["codes"]]
    other = {"count": 1, "base_url": "https://rd.example"}
    printed = await town.ask("POST", f"meetings/{meeting}/codes", other, headers=asked)
    assert printed.json["urls"][0].startswith("https://rd.example/r/")


async def test_slips_are_printed_as_a_pdf_or_not_issued(town: Town, drive: Drive, tmp_path: Path) -> None:
    meeting = await town.meeting(method="online")
    pdf = {"Accept": "application/pdf"}
    answer = await town.ask("POST", f"meetings/{meeting}/codes", {"count": 2}, headers=pdf)
    assert (answer.status, answer.headers["Content-Type"]) == (201, "application/pdf")
    assert answer.json.startswith(b"%PDF")
    assert len(await stored(town, "slips")) == 2
    bare = Town(await drive(build(Settings(data_dir=tmp_path, slips_font=tmp_path / "none.ttf"))))
    refused = await bare.ask("POST", f"meetings/{meeting}/codes", {"count": 2}, headers=pdf)
    assert (refused.status, refused.code) == (503, "font-missing")
    assert len(await stored(town, "slips")) == 2


async def test_slips_are_fixed_by_opening_and_void_after_closing_however_many(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(boxes, "AT_ONCE", 5)
    meeting = await town.meeting(method="online")
    lost = await slips(town, meeting, 3)
    printed = {"count": 10, "instead": True}
    codes = (await town.ask("POST", f"meetings/{meeting}/codes", printed, headers=JSON)).json["codes"]
    codes += await slips(town, meeting, 1)
    assert len({one["_id"] for one in await stored(town, "slips")}) == len(set(codes)) == 11
    assert (await town.lead(meeting, "open")).status == 200
    refused = await town.post(f"meetings/{meeting}/codes", {"count": 1, "instead": True})
    assert (refused.status, refused.json["code"]) == (409, "meeting-state")
    assert (await vote(town, lost[0])).code == "slip-unknown"
    assert (await vote(town, codes[-1])).status == 200
    await town.lead(meeting, "close")
    assert sum(one["void"] for one in await stored(town, "slips")) == 10
    assert {(await vote(town, codes[n])).code for n in (0, 5, -2)} == {"voting-closed"}
    await town.lead(meeting, "publish")
    results = (await town.get(f"meetings/{meeting}/results")).json
    assert (results["issued"], results["returned"]) == (11, 1)


async def test_a_close_that_was_broken_off_is_taken_up_again(town: Town, tmp_path: Path) -> None:
    meeting, codes = await voting(town)
    await vote(town, codes[0])
    (key,) = (tmp_path / "box-keys").iterdir()
    key.rename(tmp_path / key.name)
    broken = await town.lead(meeting, "close")
    assert (broken.status, broken.code) == (503, "box-key-missing")
    assert (await town.get(f"meetings/{meeting}")).json["state"] == "open"
    assert (await vote(town, codes[1])).code == "voting-closed"
    (tmp_path / key.name).rename(key)
    assert (await town.lead(meeting, "close")).status == 200
    await town.lead(meeting, "publish")
    assert (await town.get(f"meetings/{meeting}/results")).json["returned"] == 1


@pytest.mark.parametrize(
    ("body", "who", "status"),
    [
        ({"count": 0}, "o1:office", 422),
        ({}, "o1:office", 422),
        ({"count": 1, "to": "x"}, "o1:office", 422),
        ({"count": 1}, "t1:teller", 403),
    ],
)
async def test_slips_are_for_the_office_to_print(
    town: Town, body: dict[str, Any], who: str, status: int
) -> None:
    meeting = await town.meeting(method="online")
    assert (await town.post(f"meetings/{meeting}/codes", body, as_=who)).status == status
    assert (await town.post("meetings/nowhere/codes", {"count": 1})).status == 404


async def test_paper_has_no_slips_and_slips_have_no_sheets(town: Town) -> None:
    paper = await town.meeting()
    assert (await town.post(f"meetings/{paper}/codes", {"count": 1})).json["code"] == "method-unsupported"
    online, _ = await voting(town)
    sheet = await town.post(f"meetings/{online}/counts", a_sheet(1), as_="t1:teller")
    assert (sheet.status, sheet.json["code"]) == (422, "method-unsupported")


async def test_paper_and_slips_end_in_one_result(town: Town) -> None:
    meeting, codes = await voting(town, method="mixed")
    for code in codes[:5]:
        await vote(town, code)
    assert (await town.lead(meeting, "close")).json["code"] == "counts-incomplete"
    for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
        await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=teller)
    await town.lead(meeting, "close")
    await town.lead(meeting, "publish")
    results = (await town.get(f"meetings/{meeting}/results")).json
    assert (results["issued"], results["returned"], results["void"], results["valid"]) == (58, 51, 1, 50)
    assert results["deputies"][0]["counts"]["satisfied"] == 35


async def test_weighted_groups_vote_on_paper(town: Town) -> None:
    options = [{"code": "good", "label": "好", "points": 100}, {"code": "poor", "label": "差", "points": 0}]
    groups = [{"code": "voters", "weight": 70}, {"code": "presidium", "weight": 30}]
    scheme = await town.scheme(options=options, formula="weighted", groups=groups)
    answer = await town.post("meetings", {"held_on": "2020-12-03", "scheme_id": scheme, "method": "online"})
    assert (answer.status, locs(answer)) == (422, {"body.method"})


async def test_dimensions_are_voted_on_one_by_one(town: Town) -> None:
    scheme = await town.scheme(dimensions=["参加活动", "联系选民"], min_published=5)
    meeting, codes = await voting(town, count=6, scheme_id=scheme)
    page = (await town.driver.call("GET", f"//r/{codes[0]}")).json.decode()
    assert page.count("<fieldset>") == 4
    assert page.count("联系选民</legend>") == 2
    assert (
        await vote(town, codes[0], {"d1/参加活动": "satisfied", "d2/联系选民": "dissatisfied"})
    ).status == 200
    assert (await vote(town, codes[1], {"d1": "satisfied"})).status == 422
    for code in codes[2:]:
        assert (await vote(town, code, {})).status == 200
    await town.lead(meeting, "close")
    await town.lead(meeting, "publish")
    lines = (await town.get(f"meetings/{meeting}/results")).json["deputies"]
    assert [(one["deputyship_id"], one["dimension"], one["counts"]["satisfied"]) for one in lines] == [
        ("d1", "参加活动", 1),
        ("d1", "联系选民", 0),
        ("d2", "参加活动", 0),
        ("d2", "联系选民", 0),
    ]
    assert lines[3]["counts"]["dissatisfied"] == 1


async def test_a_slip_handed_in_on_paper_opens_the_box_no_more(town: Town) -> None:
    meeting, codes = await voting(town, count=6, method="mixed")
    await vote(town, codes[0])
    refused = await town.post(
        f"meetings/{meeting}/paper_slips",
        {"codes": [codes[1], "0" * 16, codes[1].lower()]},
        as_="t1:teller",
    )
    assert (refused.status, refused.code) == (409, "slips-unfit")
    assert locs(refused) == {"body.codes.1", "body.codes.2"}
    for expected in ((2, 0), (0, 2)):
        taken = await town.post(f"meetings/{meeting}/paper_slips", {"codes": codes[:3]}, as_="t1:teller")
        assert (taken.json["accepted"], taken.json["known"], taken.json["voted"]) == (*expected, [0])
    assert (await vote(town, codes[1])).code == "code-used"
    assert (await vote(town, codes[3])).status == 200
    for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
        await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=teller)
    await town.lead(meeting, "close")
    await town.lead(meeting, "publish")
    results = (await town.get(f"meetings/{meeting}/results")).json
    assert (results["issued"], results["returned"]) == (46 + 4, 46 + 2)


@pytest.mark.parametrize(
    ("body", "who", "status"),
    [
        ({"codes": []}, "t1:teller", 422),
        ({}, "t1:teller", 422),
        ({"codes": ["x"], "to": "y"}, "t1:teller", 422),
        ({"codes": ["x"]}, "o1:office", 403),
    ],
)
async def test_slips_on_paper_are_for_tellers_to_take(
    town: Town, body: dict[str, Any], who: str, status: int
) -> None:
    meeting, _ = await voting(town, count=1, method="mixed")
    assert (await town.post(f"meetings/{meeting}/paper_slips", body, as_=who)).status == status
    assert (await town.post("meetings/nowhere/paper_slips", {"codes": ["x"]}, as_="t1:teller")).status == 404
