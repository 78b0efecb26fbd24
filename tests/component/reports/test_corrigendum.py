"""An approved report that turns out wrong: put right by a new edition, both kept, and what changed is told."""

import pytest

from tests.component.reports.conftest import YEAR, Office

pytestmark = pytest.mark.mongo


async def test_what_was_approved_is_corrected_and_never_written_over(office: Office) -> None:
    driver, book = office.driver, office.book
    draft = await office.closed()
    assert draft["corrects"] is None
    approved = await driver.post(f"{YEAR}/report:approve", {})
    book.add("activity", kind="inspection", title="补登的视察", held_on="2020-11-02")
    await office.tell()

    await office.seal(await office.close())
    closings = [e for e in await driver.events() if e["type"] == "reports.closing.requested.v1"]
    new = await office.compiled(closings[-1]["data"]["id"])
    assert (new["status"], new["corrects"]) == ("draft", approved["version"])

    found = await driver.get(f"{YEAR}/report/differences")
    assert (found["since"], found["version"]) == (approved["version"], new["version"])
    [inspections] = [one for one in found["figures"] if one["id"] == "supervision.inspections"]
    assert (inspections["before"]["value"], inspections["after"]["value"]) == (1, 2)
    assert [record["subject"].partition("/")[0] for record in inspections["records"]] == ["activity"]

    # A draft of the corrigendum that is worded anew still corrects the approved edition.
    again = (await driver.call("PATCH", f"{YEAR}/paragraphs/opening", {"text": "更正稿。"})).json
    assert again["corrects"] == approved["version"]
    kept = await driver.get(f"{YEAR}/report?version={approved['version']}")
    assert (kept["status"], kept["figures"]) == ("approved", approved["figures"])
    corrected = await driver.post(f"{YEAR}/report:approve", {})
    assert (corrected["status"], corrected["corrects"]) == ("approved", approved["version"])

    for path, status, code in (
        (f"{YEAR}/report/differences?since=99", 404, "no-report"),
        (f"{YEAR}/report/differences?since=0", 422, "invalid-input"),
        (f"{YEAR}/report/differences?before=1", 422, "invalid-input"),
        ("/years/1999/report/differences", 404, "no-report"),
    ):
        answer = await driver.call("GET", path)
        assert (answer.status, answer.code) == (status, code), path
    teller = await driver.call("GET", f"{YEAR}/report/differences", token=driver.token("teller"))
    assert (teller.status, teller.code) == (403, "forbidden")
