"""The compiled report over HTTP: its figures and documents, the office's words, the way to the county, the board."""

from typing import Any

import pytest

from services.reports.routes.documents import DOCX
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN
from tests.fixtures.documents import append, changed, controls, write


def paragraph(report: dict[str, Any], id: str) -> dict[str, Any]:
    found = [p for section in report["sections"] for p in section["paragraphs"] if p["id"] == id]
    assert found, id
    return dict(found[0])


async def test_a_figure_names_its_records(office: Office) -> None:
    await office.closed()
    figure = await office.driver.get(f"{YEAR}/figures/congress.sessions")
    assert (figure["value"], figure["status"], len(figure["records"])) == (1, "value", 1)
    assert figure["records"][0]["subject"].startswith("session/")
    assert "起始日至截止日" in figure["definition"]
    assert (await office.driver.call("GET", f"{YEAR}/figures/no.such")).code == "no-figure"


async def test_compiling_again_from_the_same_heads_gives_the_same_bytes(office: Office) -> None:
    await office.closed()
    before = {
        form: await office.driver.get(f"{YEAR}/report.{form}") for form in ("docx", "html", "xlsx", "json")
    }
    assert (await office.driver.post(f"{YEAR}/report:compile", {}))["version"] == 1
    assert {form: await office.driver.get(f"{YEAR}/report.{form}") for form in before} == before


async def test_settings_are_said_in_the_report_and_empty_ones_are_not(office: Office) -> None:
    report = await office.closed()
    assert "围绕" not in paragraph(report, "opening")["text"]
    body = {
        "theme": "乡村建设",
        "campaign_label": "两联一述",
        "problems": ["经费偏紧。"],
        "signed_on": "2020-12-08",
    }
    answer = await office.driver.call("PUT", f"{YEAR}/settings", body)
    assert (answer.status, answer.json["version"]) == (200, 1)
    report = await office.driver.get(f"{YEAR}/report")
    assert "乡村建设" in paragraph(report, "opening")["text"]
    assert any("两联一述" in section["heading"] for section in report["sections"])
    assert paragraph(report, "problems.own.1")["text"] == "经费偏紧。"
    assert (report["signed_on"], report["version"]) == ("2020-12-08", 2)
    stale = await office.driver.call("PUT", f"{YEAR}/settings", {}, headers={"If-Match": '"7"'})
    assert (stale.status, stale.code) == (412, "stale-version")


async def test_a_setting_that_is_not_sent_stays_as_it_is(office: Office) -> None:
    await office.closed()
    path = f"{YEAR}/settings"
    body = {"theme": "乡村建设", "problems": ["经费偏紧。"], "plans": ["办好建议。"]}
    await office.driver.call("PUT", path, body)
    answer = await office.driver.call("PATCH", path, {"form": "report", "problems": ["人手偏少。"]})
    assert (answer.status, answer.json["version"]) == (200, 2), answer.json
    assert (answer.json["theme"], answer.json["form"]) == ("乡村建设", "report")
    assert answer.json["paragraphs"] == {"plans": ["办好建议。"], "problems": ["人手偏少。"]}
    answer = await office.driver.call("PATCH", path, {"paragraphs": {"plans": ["早作计划。"]}})
    assert answer.json["paragraphs"] == {"plans": ["早作计划。"], "problems": ["人手偏少。"]}
    stale = await office.driver.call("PATCH", path, {}, headers={"If-Match": '"7"'})
    assert (stale.status, stale.code) == (412, "stale-version")
    wrong = await office.driver.call("PATCH", path, {"outline": "Z"})
    assert (wrong.status, wrong.json["errors"][0]["loc"]) == (422, "body.outline")


async def test_the_staffs_wording_survives_the_next_compile(office: Office) -> None:
    report = await office.closed()
    path = f"{YEAR}/paragraphs/training"
    text = paragraph(report, "training")["text"].replace("举办", "共举办")
    assert (await office.driver.call("PATCH", path, {"text": text})).status == 200
    office.book.add("opinion", received_on="2020-11-01", state="closed", closed_on="2020-11-02")
    await office.tell()
    closing = await office.close()
    await office.seal(closing)
    reworded = paragraph(await office.compiled(closing), "training")
    assert (reworded["text"], reworded["edited"]) == (text, True)
    assert "training.times" in reworded["figures"]
    restored = await office.driver.call("PATCH", path, {"text": ""})
    assert paragraph(restored.json, "training")["edited"] is False
    missing = await office.driver.call("PATCH", f"{YEAR}/paragraphs/nothing", {"text": "x"})
    assert missing.code == "no-paragraph"


async def test_a_trial_of_a_paragraph_tells_its_numbers_and_keeps_nothing(office: Office) -> None:
    report = await office.closed()
    path = f"{YEAR}/paragraphs/training"
    tried = await office.driver.post(f"{path}:check", {"text": "全年培训代表9876人次。"})
    assert [flag["text"] for flag in tried["flags"]] == ["9876"]
    assert "9876" in "".join(piece["text"] for piece in tried["differences"] if piece["kind"] == "new")
    same = await office.driver.post(f"{path}:check", {"text": paragraph(report, "training")["text"]})
    assert (same["state"], same["flags"], same["differences"]) == ("kept", [], [])
    assert paragraph(await office.driver.get(f"{YEAR}/report"), "training")["edited"] is False
    missing = await office.driver.call("POST", f"{YEAR}/paragraphs/nothing:check", {"text": "x"})
    assert missing.code == "no-paragraph"


def write_over(root: Any) -> None:
    write(controls(root, "training.times")[0], "99")


async def test_a_file_that_was_edited_and_handed_back_is_kept_and_shown_as_differences(
    office: Office,
) -> None:
    await office.closed()
    file = await office.driver.get(f"{YEAR}/report.docx")
    edited = changed(changed(file, lambda root: append(root, "另有列席12人。")), write_over)
    headers = {"Content-Type": DOCX}
    tried = await office.driver.call("PUT", f"{YEAR}/wording?dry_run=true", data=edited, headers=headers)
    assert (tried.status, tried.json["applied"], tried.json["report_version"]) == (200, False, 1)
    kept = await office.driver.call("PUT", f"{YEAR}/wording", data=edited, headers=headers)
    assert (kept.status, kept.json["applied"], kept.json["report_version"]) == (200, True, 2)
    shown = (await office.driver.get(f"{YEAR}/wording"))["paragraphs"]
    flags = [(flag["text"], flag["figure"]) for one in shown for flag in one["flags"]]
    assert sorted(flags) == [("12", None), ("99", "training.times")]
    assert "wording.unbound" in [
        one["rule"] for one in (await office.driver.get(f"{YEAR}/report"))["findings"]
    ]
    assert "<ins>99</ins>" in (await office.driver.get(f"{YEAR}/report.html")).decode()
    made = await office.driver.get(f"{YEAR}/report.docx")
    again = await office.driver.call("PUT", f"{YEAR}/wording", data=made, headers=headers)
    assert {one["state"] for one in again.json["paragraphs"]} == {"kept"}
    assert again.json["report_version"] == 2
    for unfit, reason in ((made[: len(made) // 2], "已经损坏"), (b"text", "不是 Word 文件")):
        refused = await office.driver.call("PUT", f"{YEAR}/wording", data=unfit, headers=headers)
        assert (refused.status, refused.code) == (422, "document-unfit")
        assert reason in refused.json["detail"]
    assert (await office.driver.get(f"{YEAR}/wording"))["paragraphs"] == shown


async def test_wording_that_no_longer_states_the_numbers_is_a_finding(office: Office) -> None:
    await office.closed()
    answer = await office.driver.call("PATCH", f"{YEAR}/paragraphs/training", {"text": "培训二十多次。"})
    rules = [finding["rule"] for finding in answer.json["findings"]]
    assert "wording.outdated" in rules


async def test_a_report_goes_from_draft_to_accepted_and_changes_after_approval_are_listed(
    office: Office,
) -> None:
    await office.closed()
    county = office.driver.token("county", area="340281", subject="county")
    assert (await office.driver.call("POST", f"{YEAR}/report:submit", {})).code == "wrong-status"
    assert (await office.driver.post(f"{YEAR}/report:approve", {}))["status"] == "approved"
    reword = await office.driver.call("PATCH", f"{YEAR}/paragraphs/training", {"text": "改"})
    assert reword.code == "wrong-status"
    again = await office.driver.call("POST", f"{YEAR}/report:compile", {})
    assert (again.status, again.code) == (409, "wrong-status")
    assert (await office.driver.post(f"{YEAR}/report:submit", {}))["status"] == "submitted"
    refused = await office.driver.call("POST", f"{YEAR}/report:accept", {})
    assert refused.status == 403
    returned = await office.driver.post(f"{YEAR}/report:return", {"reasons": ["请核对场次"]}, token=county)
    assert (returned["status"], returned["reasons"]) == ("returned", ["请核对场次"])
    await office.driver.post(f"{YEAR}/report:compile", {})
    for step in ("approve", "submit"):
        await office.driver.post(f"{YEAR}/report:{step}", {})
    accepted = await office.driver.post(f"{YEAR}/report:accept", {}, token=county)
    assert (accepted["status"], accepted["changes"]) == ("accepted", [])
    session = next(e for e in office.book.events["activities"] if e.subject.startswith("session/"))
    office.book.add(
        "session",
        session.data["id"],
        **{k: v for k, v in session.data.items() if k not in ("id", "town", "version")},
    )
    await office.tell()
    changes = (await office.driver.get(f"{YEAR}/report"))["changes"]
    assert [change["subject"] for change in changes] == [session.subject]


async def test_findings_that_block_keep_a_report_from_approval(office: Office) -> None:
    ids = [office.book.deputy() for _ in range(2)]
    broken = {"issued": 30, "returned": 30, "void": 1, "valid": 30, "deputies": []}
    office.book.meeting(ids, held_on="2020-11-11", constituency="第九选区", result=broken)
    await office.closed()
    answer = await office.driver.call("POST", f"{YEAR}/report:approve", {})
    assert (answer.status, answer.code) == (409, "blocked")
    assert "第九选区" in answer.json["errors"][0]["message"]


@pytest.mark.parametrize("form", ["docx", "html", "xlsx", "json"])
async def test_documents_are_named_after_the_report(office: Office, form: str) -> None:
    await office.closed()
    answer = await office.driver.call("GET", f"{YEAR}/report.{form}")
    assert answer.status == 200
    assert "%E7%A4%BA%E4%BE%8B%E9%95%87" in answer.headers["Content-Disposition"]


async def test_the_board_names_every_town_by_code_and_adds_up(office: Office) -> None:
    await office.closed()
    county = office.driver.token("county", area="340281")
    board = await office.driver.get("//reports/v1/areas/340281/years/2020", token=county)
    assert [(row["town"], row["name"], row["status"]) for row in board["towns"]] == [
        (TOWN, "示例镇", "draft")
    ]
    path = "//reports/v1/areas/340281/years/2020?figures="
    (row,) = (await office.driver.get(f"{path}training.times", token=county))["towns"]
    assert [(figure["id"], figure["value"]) for figure in row["figures"]] == [("training.times", 23)]
    assert (await office.driver.call("GET", f"{path}no.such", token=county)).code == "no-figure"
    figures = {figure["id"]: figure for figure in board["figures"]}
    assert (figures["training.times"]["value"], figures["training.times"]["towns"]) == (23, 1)
    assert figures["congress.attendance_rate"]["denominator"] == 63
    page = (await office.driver.get("//reports/v1/areas/340281/years/2020/board.html", token=county)).decode()
    assert f'<td class="short">{TOWN}</td><th scope="row" class="short">示例镇</th>' in page
    other = office.driver.token("county", area="340282")
    assert (
        await office.driver.call("GET", "//reports/v1/areas/340281/years/2020", token=other)
    ).status == 404


async def test_a_deputy_reads_but_does_not_close_and_a_teller_does_neither(office: Office) -> None:
    await office.closed()
    deputy, teller = office.driver.token("deputy"), office.driver.token("teller")
    assert (await office.driver.call("GET", f"{YEAR}/report", token=deputy)).status == 200
    assert (await office.driver.call("POST", f"{YEAR}/closings", {}, token=deputy)).status == 403
    assert (await office.driver.call("GET", f"{YEAR}/report", token=teller)).status in (403, 404)
