"""The report of an area over HTTP: what is accepted counts, what is not is named, and it verifies from the logs."""

import csv
import json
import re
import zipfile
from io import BytesIO, StringIO
from typing import Any

from recount import area, read
from shared.clock import SystemClock
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN, Answer

AREA = f"//reports/v1/areas/340281{YEAR}"
PERIOD = "//reports/v1/areas/340281/periods/2020"


async def step(office: Office, *steps: str) -> None:
    county = office.driver.token("county", area="340281", subject="county")
    for verb in steps:
        body = {"reasons": ["请补充"]} if verb == "return" else {}
        token = county if verb in ("accept", "return") else None
        await office.driver.post(f"{YEAR}/report:{verb}", body, token=token)


async def asked(office: Office, path: str = f"{AREA}/report.docx") -> Answer:
    county = office.driver.token("county", area="34", subject="county")
    return await office.driver.call("GET", path, token=county)


async def events(office: Office) -> list[Any]:
    records = [json.loads(event.encode()) for log in office.book.events.values() for event in log]
    return records + await office.driver.events()


def text(docx: Any) -> str:
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        return re.sub("<[^>]+>", "", archive.read("word/document.xml").decode())


async def test_accepted_reports_are_summed_and_the_document_verifies_from_the_logs(office: Office) -> None:
    await office.closed()
    assert (await asked(office)).code == "no-report"
    await step(office, "approve", "submit", "accept")
    keys = await office.driver.get("//reports/jwks.json")
    for name in ("report.docx", "report/check.docx"):
        answer = await asked(office, f"{AREA}/{name}")
        assert answer.status == 200
        result = area.verify(read(answer.json), await events(office), keys=keys)
        assert result.faults == []
        assert result.correct > 100
        assert (await asked(office, f"{AREA}/{name}")).json == answer.json
        assert (await asked(office, f"{PERIOD}/{name}")).json == answer.json
    assert "无为市2020年乡镇人大工作总结" in text((await asked(office)).json)
    assert "2021年1月8日" in text((await asked(office, f"{AREA}/report.docx?signed_on=2021-01-08")).json)
    assert (await asked(office, f"//reports/v1/areas/34{YEAR}/report.docx")).code == "area-too-wide"
    for part in ("3402811", TOWN):  # the text speaks of the whole county
        assert (await asked(office, f"//reports/v1/areas/{part}{YEAR}/report.docx")).code == "no-report"
    today = SystemClock().today()
    assert f"常务委员会{today.year}年{today.month}月{today.day}日" in text((await asked(office)).json)


async def test_a_corrigendum_counts_once_it_is_accepted_and_what_is_returned_does_not(office: Office) -> None:
    await office.closed()
    await step(office, "approve", "submit", "accept")
    office.book.add("session", held_on="2020-11-11")
    await office.tell()
    closing = await office.close()
    await office.seal(closing)
    await office.compiled(closing)
    pending = text((await asked(office)).json)
    assert "人民代表大会会议1次" in pending
    assert "另有更正稿，尚未上报" in pending
    await step(office, "approve", "submit")
    assert "更正稿已上报，尚未接收" in text((await asked(office)).json)
    await step(office, "accept")
    corrected = (await asked(office)).json
    assert "人民代表大会会议2次" in text(corrected)
    keys = await office.driver.get("//reports/jwks.json")
    assert area.verify(read(corrected), await events(office), keys=keys).faults == []
    await step(office, "return")
    assert (await asked(office)).code == "no-report"


async def test_figures_are_csv_that_says_what_its_columns_are(office: Office) -> None:
    report: Any = await office.closed()
    answer = await asked(office, f"{AREA}/board.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "board.csv-metadata.json" in answer.headers["Link"]
    lines = list(csv.DictReader(StringIO(bytes(answer.json).decode())))
    said = {line["figure"]: line for line in lines}
    for figure in report["figures"]:
        line = said[figure["id"]]
        assert (line["town"], line["figure_status"]) == (TOWN, figure["status"])
        assert line["value"] == ("" if figure["value"] is None else str(figure["value"]))
    assert (await asked(office, f"{PERIOD}/board.csv")).json == answer.json
    described = (await asked(office, f"{AREA}/board.csv-metadata.json")).json
    assert (await asked(office, f"{PERIOD}/board.csv-metadata.json")).json == described
    assert [column["name"] for column in described["tableSchema"]["columns"]] == list(lines[0])
    assert described["url"] == "board.csv"
    one = bytes((await asked(office, f"{AREA}/board.csv?figures=congress.sessions")).json).decode()
    assert one.count("\r\n") == 2
    assert (await asked(office, f"{AREA}/board.csv?figures=no.such")).code == "no-figure"
    assert (await asked(office, f"//reports/v1/areas/34{YEAR}/board.csv")).code == "area-too-wide"
