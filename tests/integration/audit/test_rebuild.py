"""Read models made anew: from the logs alone, while the system runs, to the same bytes."""

from typing import Any

import pytest

from services.cli.office import close_year
from services.host.installation import SOURCES
from services.reports.document import render_docx
from services.reports.domain import Report
from tests.integration.audit.conftest import TOWN, Office

REPORT = f"/reports/v1/towns/{TOWN}/years/2020/report"


async def heads(office: Office) -> dict[str, Any]:
    found = {s: await office.client.json("GET", f"/{s}/v1/towns/{TOWN}/head") for s in SOURCES}
    return {service: (head["sequence"], head["hash"]) for service, head in found.items()}


async def rebuilt(office: Office, service: str) -> str:
    status, output = await office.lvzhi("rebuild", service, TOWN)
    assert status == 0, output
    return output


async def test_reports_arrive_at_the_same_bytes(office: Office) -> None:
    before, stood = await office.client.download(f"{REPORT}.docx"), await heads(office)
    report = await office.client.json("GET", REPORT)
    said = await rebuilt(office, "reports")
    assert [f"/{TOWN}/{service}" in said for service in SOURCES] == [True] * 3
    again = await office.client.json("POST", f"{REPORT}:compile", {})
    assert again["version"] == report["version"]
    assert await office.client.download(f"{REPORT}.docx") == before
    assert await heads(office) == stood


async def without_proof(office: Office) -> bytes:
    """The Word file of the report as it stands, but for heads and hashes, which each closing moves on."""
    report = Report.model_validate_json(await office.client.download(f"{REPORT}.json"))
    heads = tuple(source.model_copy(update={"head": 0, "hash": ""}) for source in report.sources)
    return render_docx(report.model_copy(update={"sources": heads, "version": 1}))


async def test_a_closing_after_it_tells_the_same(office: Office) -> None:
    as_of = (await office.client.json("GET", REPORT))["as_of"]
    first = await close_year(office.client, TOWN, 2020, as_of)  # counts whom other tests have registered
    before = await without_proof(office)
    await rebuilt(office, "reports")
    later = await close_year(office.client, TOWN, 2020, as_of)
    assert later["version"] == first["version"] + 1
    assert await without_proof(office) == before
    assert (await office.lvzhi("check", TOWN))[0] == 0


@pytest.mark.parametrize("service", ["activities", "ratings"])
async def test_a_ledger_makes_its_copies_of_the_roster_anew(office: Office, service: str) -> None:
    await office.collection(service, "people").delete_many({"town": TOWN})
    await office.collection(service, "deputyships").update_many(
        {"town": TOWN}, {"$set": {"person_id": "nobody"}}
    )
    assert (await office.lvzhi("check", TOWN))[0] == 1
    stood = await heads(office)
    await rebuilt(office, service)
    status, output = await office.lvzhi("check", TOWN)
    assert status == 0, output
    assert {**await heads(office), service: 0} == {**stood, service: 0}


async def test_a_newcomer_who_heard_nothing_catches_up(office: Office) -> None:
    for name in ("inbox", "sources", "seals", "towns"):
        await office.collection("reports", name).delete_many({})
    await rebuilt(office, "reports")
    status, output = await office.lvzhi("check", TOWN)
    assert status == 0, output


async def test_who_copies_nothing_has_nothing_to_rebuild(office: Office) -> None:
    status, output = await office.lvzhi("rebuild", "roster", TOWN)
    assert status == 1
    assert "404" in output
