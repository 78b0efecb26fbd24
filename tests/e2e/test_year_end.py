"""One town's year, from its ledgers to its Word document: both ways to run, one behaviour, every fact of the year."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from services.cli.books import WORKBOOKS
from services.reports.document import check
from tests.e2e.comparing import text_of, told, without_proof
from tests.e2e.example import BASE, EXAMPLES, TOWN, a_year
from tests.e2e.facts import FIGURES, SENTENCES
from tests.fixtures.page_pictures import differences_of, drawn, side_by_side
from tests.fixtures.paper import printed
from tests.fixtures.systems import System

pytestmark = [pytest.mark.e2e]


@pytest.fixture(scope="module")
async def alone(standalone: System) -> dict[str, Any]:
    return await a_year(standalone)


async def test_the_year_states_every_fact_and_both_ways_to_run_tell_the_same(
    alone: dict[str, Any], distributed: System
) -> None:
    apart = await a_year(distributed)
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


def test_the_readme_shows_the_document_as_it_is(alone: dict[str, Any], tmp_path: Path) -> None:
    pages = drawn(printed(tmp_path, alone["docx"]), tmp_path, dots=64)
    shown = {"report.png": side_by_side(pages[:3], tmp_path / "report.png")}
    assert differences_of(shown, Path("docs/images")) == [], "out/pages has what the pages look like now"


async def test_the_same_workbooks_again_change_nothing_and_the_same_heads_give_the_same_bytes(
    alone: dict[str, Any], standalone: System
) -> None:
    system = standalone
    office = await system.token(TOWN, "office")
    heads = alone["json"]["sources"]
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
    named = f"/roster/v1/towns/{TOWN}/people?name={quote('高示例59')}"
    people = (await system.request("GET", named, office))[1]
    out = system.data / "本人.json"
    options = ("-o", str(out), "--url", system.url, "--token", office)
    await system.cli("export-person", people["items"][0]["id"], *options)
    held = json.loads(out.read_text("utf-8"))
    assert list(held) == ["roster", "activities", "ratings", "reports"]
    assert [one["leave"] for one in held["activities"]["held"] if one["leave"]]
    for source in heads:
        name = source["source"].rsplit("/", 1)[-1]
        events = (
            await system.request("GET", f"/{name}/v1/towns/{TOWN}/events?after={source['head']}", office)
        )[1]
        assert {event["type"] for event in events} <= {
            *(f"{name}.{kind}.v1" for kind in ("year.sealed", "personal_data.read"))
        }
