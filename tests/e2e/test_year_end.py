"""One town's year, from its ledgers to its Word document: both ways to run, one behaviour, every fact of the year."""

import io
import json
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from services.office import WORKBOOKS
from services.reports.document import check
from tests.e2e.facts import FIGURES, SENTENCES
from tests.fixtures.systems import Deploy, System

EXAMPLES = Path("examples")
TOWN = "340281199"
BASE = f"/reports/v1/towns/{TOWN}/years/2020"

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def a_year(system: System) -> dict[str, Any]:
    """Import the example, close the year, and fetch the report in every form, all as a clerk does it."""
    office = await system.token(TOWN, "office")
    tellers = [await system.token(TOWN, "teller", subject=f"teller-{n}") for n in (1, 2)]
    shared = ("--url", system.url, "--token", office)
    await system.cli("import", str(EXAMPLES), *shared, "--teller", tellers[0], "--teller", tellers[1])
    words = tomllib.loads((EXAMPLES / "总结设置.toml").read_text("utf-8"))
    body = json.loads(json.dumps({k: v for k, v in words.items() if k not in ("year", "as_of")}, default=str))
    status, said = await system.request("PUT", f"{BASE}/settings", office, body)
    assert status in (200, 201), said
    out = system.data / "总结.docx"
    await system.cli("report", TOWN, "2020", "--as-of", "2020-12-07", "-o", str(out), *shared)
    files = {"docx": out.read_bytes()}
    for ending in ("html", "xlsx", "json"):
        status, content = await system.request("GET", f"{BASE}/report.{ending}", office)
        assert status == 200, content
        files[ending] = content
    return files


def text_of(docx: bytes) -> str:
    """All the text of the Word file, numerals in content controls included."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        xml = archive.read("word/document.xml").decode()
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)
    return "\n".join("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", p)) for p in paragraphs)


def without_proof(docx: bytes) -> dict[str, str]:
    """The parts of the Word file, the appendix of the proof cut out between its bookmark's ends."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    start = re.search(
        r'<w:bookmarkStart [^>]*w:name="proof"[^>]*w:id="(\d+)"|<w:bookmarkStart [^>]*w:id="(\d+)"[^>]*w:name="proof"',
        parts["word/document.xml"],
    )
    assert start is not None
    end = re.search(rf'<w:bookmarkEnd w:id="{start[1] or start[2]}"/>', parts["word/document.xml"])
    assert end is not None
    body = parts["word/document.xml"]
    parts["word/document.xml"] = body[: start.start()] + body[end.end() :]
    return parts


def told(report: dict[str, Any]) -> dict[str, Any]:
    """What the report says, without the ids and hashes that no two runs share."""
    said = {key: report[key] for key in ("town", "year", "as_of", "title", "status", "tables", "signed_on")}
    said["sections"] = report["sections"]
    said["figures"] = [{k: v for k, v in f.items() if k != "records"} for f in report["figures"]]
    said["findings"] = [{k: v for k, v in f.items() if k != "records"} for f in report["findings"]]
    said["sources"] = [
        {k: v for k, v in s.items() if k in ("source", "state", "counts", "counted")}
        for s in report["sources"]
    ]
    return said


async def test_the_year_states_every_fact_and_both_ways_to_run_tell_the_same(deploy: Deploy) -> None:
    alone = await a_year(await deploy("standalone"))
    apart = await a_year(await deploy("distributed"))
    for files in (alone, apart):
        states_every_fact(files)
    assert told(alone["json"]) == told(apart["json"])
    assert without_proof(alone["docx"]) == without_proof(apart["docx"])


def states_every_fact(files: dict[str, Any]) -> None:
    report = files["json"]
    figures = {figure["id"]: figure for figure in report["figures"]}
    for id, value in FIGURES.items():
        assert figures[id]["value"] == value, id
        assert figures[id]["records"] or value == 0, id
    text = text_of(files["docx"])
    for number, words in SENTENCES.items():
        missing = [word for word in words if word not in text]
        assert not missing, f"fact {number} is not stated: {missing}"
    assert check(files["docx"]) == []
    assert all(source["state"] == "sealed" for source in report["sources"])


async def test_the_same_workbooks_again_change_nothing_and_the_same_heads_give_the_same_bytes(
    deploy: Deploy,
) -> None:
    system = await deploy("standalone")
    first = await a_year(system)
    office = await system.token(TOWN, "office")
    heads = first["json"]["sources"]
    report = f"{BASE}/report"
    assert (await system.request("GET", f"{report}.docx", office))[1] == (
        await system.request("GET", f"{report}.docx", office)
    )[1]
    tellers = [await system.token(TOWN, "teller", subject=f"teller-{n}") for n in (1, 2)]
    said = await system.cli(
        "import",
        str(EXAMPLES),
        "--url",
        system.url,
        "--token",
        office,
        "--teller",
        tellers[0],
        "--teller",
        tellers[1],
    )
    assert said.count("新增 0，修改 0") == len(WORKBOOKS) + 3
    for source in heads:
        name = source["source"].rsplit("/", 1)[-1]
        events = (
            await system.request("GET", f"/{name}/v1/towns/{TOWN}/events?after={source['head']}", office)
        )[1]
        assert {event["type"] for event in events} <= {f"{name}.year.sealed.v1"}
