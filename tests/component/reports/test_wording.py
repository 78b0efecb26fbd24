"""An edited file handed in over HTTP: removals are confirmed, headings stay, what is left out is named."""

from typing import Any

from services.reports.routes.documents import DOCX
from tests.component.reports.conftest import YEAR, Office
from tests.component.reports.test_report import paragraph
from tests.fixtures.documents import W, append, changed
from tests.unit.reports.document import edits


def cut(root: Any) -> None:
    """The second half of the text taken out."""
    body = root.find(f"{W}body")
    headings = [p for p in body if p.find(f"{W}pPr/{W}pStyle[@{W}val='Heading1']") is not None]
    last = next(p for p in body if p.find(f"{W}pPr/{W}pStyle[@{W}val='AnnexNote']") is not None)
    for p in list(body)[body.index(headings[len(headings) // 2]) : body.index(last)]:
        body.remove(p)


TABLE = "自制表格0\t自制表格1\n自制表格0\t自制表格1"


def with_heading(root: Any) -> None:
    last = next(p for p in root.iter(f"{W}p") if p.find(f"{W}pPr/{W}pStyle[@{W}val='AnnexNote']") is not None)
    last.addprevious(edits.paragraph("九、探索新做法", "Heading1"))
    last.addprevious(edits.paragraph("镇人大开展了各项探索。"))
    last.addprevious(edits.table())


async def test_many_removals_are_listed_by_heading_and_kept_only_when_confirmed(office: Office) -> None:
    await office.closed()
    edited = changed(await office.driver.get(f"{YEAR}/report.docx"), cut)
    headers = {"Content-Type": DOCX}
    tried = await office.driver.call("PUT", f"{YEAR}/wording?dry_run=true", data=edited, headers=headers)
    gone = [(one["heading"], len(one["paragraphs"])) for one in tried.json["removals"]]
    assert (tried.status, tried.json["needs_confirm"], len(gone) > 1) == (200, True, True)
    refused = await office.driver.call("PUT", f"{YEAR}/wording", data=edited, headers=headers)
    assert (refused.status, refused.code) == (409, "removals-unconfirmed")
    assert len(refused.json["errors"]) == sum(number for _, number in gone)
    assert (await office.driver.get(f"{YEAR}/report"))["version"] == 1
    path = f"{YEAR}/wording?confirm=true"
    stale = await office.driver.call("PUT", path, data=edited, headers={**headers, "If-Match": '"7"'})
    assert (stale.status, stale.code) == (412, "stale-version")
    kept = await office.driver.call("PUT", path, data=edited, headers=headers)
    assert (kept.status, kept.json["removals"]) == (200, tried.json["removals"])
    left = [section["heading"] for section in (await office.driver.get(f"{YEAR}/report"))["sections"]]
    assert not {heading for heading, _ in gone} & set(left)


async def test_the_check_document_is_no_summary(office: Office) -> None:
    await office.closed()
    data = await office.driver.get(f"{YEAR}/report/check.docx")
    refused = await office.driver.call("PUT", f"{YEAR}/wording", data=data, headers={"Content-Type": DOCX})
    assert (refused.status, "核对说明" in refused.json["detail"]) == (422, True)


async def test_a_heading_of_their_own_stays_with_its_table(office: Office) -> None:
    await office.closed()
    edited = changed(await office.driver.get(f"{YEAR}/report.docx"), with_heading)
    kept = await office.driver.call("PUT", f"{YEAR}/wording", data=edited, headers={"Content-Type": DOCX})
    assert ([one["text"] for one in kept.json["headings"]], kept.json["removals"]) == (["探索新做法"], [])
    assert kept.json["ignored"] == []
    assert kept.json["deviations"]
    last = (await office.driver.get(f"{YEAR}/report"))["sections"][-1]
    assert last["heading"] == "探索新做法"
    assert [p["text"] for p in last["paragraphs"]] == ["镇人大开展了各项探索。", TABLE]
    answer = await office.driver.call("PATCH", f"{YEAR}/settings", {"theme": "乡村振兴"})
    assert answer.status == 200
    again = await office.driver.get(f"{YEAR}/report")
    assert again["sections"][-1] == last
    shown = await office.driver.get(f"{YEAR}/wording")
    assert [one["text"] for one in shown["headings"]] == ["探索新做法"]


async def test_a_file_of_an_earlier_edition_changes_only_what_the_office_changed(office: Office) -> None:
    await office.closed()
    first = changed(await office.driver.get(f"{YEAR}/report.docx"), lambda root: append(root, "另有列席。"))
    second = await office.driver.call("PATCH", f"{YEAR}/paragraphs/training", {"text": "培训照计划进行。"})
    assert second.status == 200
    kept = await office.driver.call("PUT", f"{YEAR}/wording", data=first, headers={"Content-Type": DOCX})
    assert [one["state"] for one in kept.json["paragraphs"]].count("edited") == 1
    assert paragraph(await office.driver.get(f"{YEAR}/report"), "training")["text"] == "培训照计划进行。"
