"""Half a year, any span and a term: reports of their own beside that of the year, from the same log."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest

from services.reports.app import build
from services.reports.routes.documents import DOCX
from services.reports.settings import Settings
from tests.component.reports.conftest import Office, handed_to
from tests.fixtures.apps import Drive
from tests.probes import eventually

pytestmark = pytest.mark.mongo


async def compiled(office: Office, period: str, as_of: str) -> dict[str, object]:
    base = f"/periods/{period}"
    closing = await office.driver.post(f"{base}/closings", {"as_of": as_of})
    assert (closing["period"], closing["as_of"]) == (period, as_of)
    await office.seal(closing["id"], as_of=as_of)

    async def done() -> bool:
        return bool((await office.driver.get(f"{base}/closings/{closing['id']}"))["state"] == "compiled")

    await eventually(done)
    return dict(await office.driver.get(f"{base}/report"))


def value(report: dict[str, object], id: str) -> object:
    figures = report["figures"]
    assert isinstance(figures, list)
    return next(figure["value"] for figure in figures if figure["id"] == id)


def unsigned(file: bytes) -> bytes:
    """The file without its manifest, as a program leaves it that keeps the text alone."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(file)) as archive, zipfile.ZipFile(target, "w") as kept:
        for name in archive.namelist():
            if not name.startswith("customXml/"):
                kept.writestr(name, archive.read(name))
    return target.getvalue()


async def test_a_half_a_span_and_a_term_stand_beside_the_year(drive: Drive) -> None:
    office = handed_to(
        await drive(build(Settings(seal_seconds=5, progress_seconds=0.1, schedule_seconds=60)))
    )
    driver, book = office.driver, office.book
    book.add("term", congress_number=17, started_on="2016-12-20", quota=63)
    year = await office.closed()
    half = await compiled(office, "2020-H1", "2020-06-30")
    span = await compiled(office, "2020-07-01--2021-06-30", "2020-12-07")
    term = await compiled(office, "term-17", "2020-12-07")

    assert [r["period"] for r in (year, half, span, term)] == [
        "2020",
        "2020-H1",
        "2020-07-01--2021-06-30",
        "term-17",
    ]
    assert [half["title"], term["title"]] == [
        "示例镇2020年上半年人大工作总结和下半年工作计划",
        "示例镇第十七届人民代表大会主席团工作报告",
    ]
    assert (half["from_on"], term["from_on"]) == ("2020-01-01", "2016-12-20")
    for id in ("training.times", "presidium.meetings", "suggestions.raised", "group_activities.times"):
        parts = [value(half, id), value(span, id)]
        assert sum(n for n in parts if isinstance(n, int)) == value(year, id) == value(term, id)

    # Each has words and steps of its own; the year is untouched by them, and is the period of its name.
    settings = (await driver.call("PUT", "/periods/2020-H1/settings", {"theme": "防汛救灾"})).json
    assert (settings["period"], settings["year"]) == ("2020-H1", None)
    half = await driver.get("/periods/2020-H1/report")
    assert "围绕防汛救灾" in str(half["sections"])
    await driver.post("/periods/2020-H1/report:approve", {})
    again = await driver.get("/years/2020/report")
    assert (again["status"], again["version"]) == ("draft", year["version"])
    assert await driver.get("/periods/2020/report") == again
    assert await driver.get("/periods/2020-01-01--2020-12-31/report") == again
    figure = await driver.get("/periods/2020-H1/figures/training.times")
    assert (figure["period"], figure["value"]) == ("2020-H1", value(half, "training.times"))
    county, boards = driver.token("county", area="340281"), "//reports/v1/areas/340281"
    board = await driver.get(f"{boards}/years/2020", token=county)
    assert [row["status"] for row in board["towns"]] == ["draft"]
    assert board["periods"] == ["2020", "2020-07-01--2021-06-30", "2020-H1", "term-17"]
    halves = await driver.get(f"{boards}/periods/2020-H1", token=county)
    assert (halves["year"], [row["status"] for row in halves["towns"]]) == (None, ["approved"])
    summed = {figure["id"]: figure["value"] for figure in halves["figures"]}
    assert summed["training.times"] == value(half, "training.times")
    shares = await driver.get(f"{boards}/periods/2020-H1/figures/training.times", token=county)
    assert [row["value"] for row in shares["items"]] == [value(half, "training.times")]
    assert (await driver.call("GET", f"{boards}/periods/2020-H3", token=county)).code == "no-period"
    next_year = datetime.now(UTC).year + 1
    later = {"until": f"{next_year}-01-05", "reason": "汛情"}
    granted = await driver.post("/periods/2020-H1/report:extend", later, token=county)
    assert (granted["period"], granted["until"]) == ("2020-H1", f"{next_year}-01-05")
    file = await driver.get("/periods/2020-07-01--2021-06-30/report.docx")
    place, headers = "/periods/2020-07-01--2021-06-30/wording", {"Content-Type": DOCX}
    kept = await driver.call("PUT", place, data=file, headers=headers)
    assert (kept.status, kept.json["removals"]) == (200, [])


async def test_a_summary_of_another_period_is_not_taken_for_this_one(office: Office) -> None:
    """A half and a quarter begin on the day of their year; without its manifest a file says its days alone."""
    driver, headers = office.driver, {"Content-Type": DOCX}
    await office.closed()
    await compiled(office, "2020-H1", "2020-06-30")
    half = await driver.get("/periods/2020-H1/report.docx")
    refused = await driver.call("PUT", "/years/2020/wording", data=half, headers=headers)
    assert (refused.status, refused.code) == (422, "document-unfit")
    assert "本期是2020年，到2020年12月31日为止" in refused.json["detail"]
    year = unsigned(await driver.get("/years/2020/report.docx"))
    refused = await driver.call("PUT", "/periods/2020-H1/wording", data=year, headers=headers)
    assert (refused.status, "本期是2020年上半年" in refused.json["detail"]) == (422, True)
    for period, file in (("2020", year), ("2020-H1", half), ("2020-H1", unsigned(half))):
        kept = await driver.call("PUT", f"/periods/{period}/wording", data=file, headers=headers)
        assert (kept.status, kept.json["removals"]) == (200, [])
