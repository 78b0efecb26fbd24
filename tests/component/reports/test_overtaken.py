"""Requests that another overtakes after their first read."""

from functools import partial

import pytest

from services.reports.handlers import recompiling
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.races import overtake

pytestmark = pytest.mark.mongo


async def test_a_draft_that_is_approved_while_it_is_compiled_again_stays_approved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.closed()
    approve = partial(office.driver.post, f"{YEAR}/report:approve", {})
    overtake(monkeypatch, recompiling, "recompile", approve)
    refused = await office.driver.call("POST", f"{YEAR}/report:compile", {})
    assert (refused.status, refused.json.get("code")) == (409, "wrong-status")
    report = await office.driver.get(f"{YEAR}/report")
    assert (report["status"], report["version"]) == ("approved", 2)


async def test_a_report_compiled_from_a_new_closing_is_not_compiled_again_from_the_one_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.closed()
    office.book.add("activity", kind="inspection", title="补登的视察", held_on="2020-11-02")
    overtake(monkeypatch, recompiling, "recompile", office.closed)
    answer = await office.driver.post(f"{YEAR}/report:compile", {})
    assert (answer["version"], answer["sources"]) == (
        2,
        (await office.driver.get(f"{YEAR}/report"))["sources"],
    )
    [inspections] = [one for one in answer["figures"] if one["id"] == "supervision.inspections"]
    assert inspections["value"] == 2
