"""Public cards over HTTP: what they show, when there is none, and that nobody else stands on them."""

import re
from datetime import date, timedelta
from typing import Any

import pytest

from services.reports.events_in import Deputyship, Person, Station
from tests.component.reports.conftest import Office
from tests.fixtures.apps import TOWN, Answer
from tests.fixtures.book import attendance

TODAY = date.today()  # noqa: DTZ011 - as the service's clock has it
PUBLIC = f"//reports/v1/public/towns/{TOWN}"


async def page(office: Office, path: str, **headers: str) -> Answer:
    """Without a token."""
    async with office.driver.client.get(path.removeprefix("/"), headers=headers) as response:
        return Answer(response.status, response.headers, await response.text())


def mandate(office: Office, n: int = 0) -> Deputyship:
    return [f.data for f in office.book.ledger.by_id(Deputyship).values() if f.data.level == "town"][n]


def name_of(office: Office, deputyship: Deputyship) -> str:
    person = office.book.ledger.get(Person, deputyship.person_id)
    assert person is not None
    return person.name


def station_of(office: Office) -> Station:
    stations = (fact.data for fact in office.book.ledger.by_id(Station).values())
    return next(station for station in stations if station.name == "新城村部")


def changed(office: Office, noun: str, record: Any, **data: Any) -> None:
    office.book.add(
        noun, record.id, **{**record.model_dump(mode="json", exclude={"id", "town", "version"}), **data}
    )


@pytest.fixture
async def shown(office: Office) -> Office:
    """The town shows cards, and held two trainings and a reception this year."""
    first, second = mandate(office, 0), mandate(office, 1)
    station = station_of(office)
    changed(office, "station", station, reception_day=15)
    for kind, present in (("training", [first.id, second.id]), ("training", [first.id])):
        office.book.add(
            "activity", kind=kind, title="学习", held_on=str(TODAY), attendance=attendance(present)
        )
    office.book.add(
        "activity",
        kind="reception",
        title="接待日",
        held_on=str(TODAY),
        station_id=station.id,
        attendance=attendance([first.id]),
    )
    office.book.add("suggestion", number=1, raised_on=str(TODAY), lead_deputyship_id=first.id, title="修路")
    office.book.add("opinion", received_on=str(TODAY), deputyship_id=first.id, station_id=station.id)
    switched(office, public=True)
    await office.tell()
    return office


def switched(office: Office, **data: Any) -> None:
    office.book.town_(
        name="示例镇", county_name="无为市", city_name="芜湖市", congress_number=17, quota=63, **data
    )


async def test_a_card_says_who_where_and_what_was_done_this_year(shown: Office) -> None:
    deputy = mandate(shown)
    answer = await page(shown, f"{PUBLIC}/deputies/{deputy.id}")
    assert answer.status == 200
    text = re.sub(r"<style>.*?</style>", "", answer.json, flags=re.DOTALL)
    for words in (
        name_of(shown, deputy),
        "示例镇人大代表",
        "第一代表小组",
        "每月15日（新城村部）",
        f"{TODAY.year}年履职情况",
        "参加学习培训 2 次",
        "参加接待选民 1 次",
        "领衔提出建议 1 件",
        "收到选民意见 1 条",
    ):
        assert words in text, words
    others = {name_of(shown, mandate(shown, n)) for n in range(1, 20)}
    assert not any(name in text for name in others)
    for secret in ("缺席", "请假", "%", "修路", "学历", "党员", "出生"):
        assert secret not in text


async def test_a_card_is_plain_and_may_be_kept_for_a_minute(shown: Office) -> None:
    path = f"{PUBLIC}/deputies/{mandate(shown).id}"
    answer = await page(shown, path)
    assert "<script" not in answer.json
    assert "http" not in answer.json
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    again = await page(shown, path, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, again.json) == (304, "")


async def test_a_station_has_its_groups_days_and_counts(shown: Office) -> None:
    station = station_of(shown)
    text = (await page(shown, f"{PUBLIC}/stations/{station.id}")).json
    for words in (
        "新城村部",
        "五洲村、太白村、新城村",
        "第一代表小组",
        "每月15日",
        "接待选民 1 次",
        "收到选民意见 1 条",
    ):
        assert words in text, words
    assert "示例1" not in text
    assert (await page(shown, f"{PUBLIC}/deputies/{station.id}")).status == 404


async def test_the_short_address_is_in_the_code_and_opens_the_same_page(shown: Office) -> None:
    answer = await shown.driver.get("/public_cards?base_url=https://renda.example.gov.cn")
    assert answer["public"] is True
    item = next(one for one in answer["items"] if one["id"] == mandate(shown).id)
    assert item["url"].startswith(f"https://renda.example.gov.cn/reports/p/{TOWN}/")
    short = item["url"].removeprefix("https://renda.example.gov.cn")
    assert (await page(shown, short)).json == (await page(shown, item["path"])).json
    assert item["qr"].startswith("<svg")


async def gone(office: Office, deputy: Deputyship) -> None:
    """Nothing is found, in the same words as for a deputy who never was."""
    never = await page(office, f"{PUBLIC}/deputies/nobody")
    answer = await page(office, f"{PUBLIC}/deputies/{deputy.id}")
    assert (answer.status, answer.json) == (404, never.json)
    assert "max-age" not in answer.headers["Cache-Control"]
    assert name_of(office, deputy) not in answer.json


async def test_nothing_is_shown_before_the_office_switches_it_on(office: Office) -> None:
    await office.tell()
    await gone(office, mandate(office))
    assert await office.driver.get("/public_cards") == {"public": False, "items": []}
    switched(office, public=True)
    await office.tell()
    assert (await page(office, f"{PUBLIC}/deputies/{mandate(office).id}")).status == 200
    switched(office)
    await office.tell()
    await gone(office, mandate(office))


@pytest.mark.parametrize(
    "change",
    [
        {"suspensions": [{"from_on": str(TODAY), "to_on": None}], "status": "suspended"},
        {"ended_on": str(TODAY), "status": "ended", "ended_reason": "resigned"},
        {"started_on": str(TODAY + timedelta(days=2))},
        {"started_on": str(TODAY), "ended_on": str(TODAY), "status": "voided", "void_reason": "误登记"},
        {"level": "county"},
    ],
)
async def test_who_does_not_serve_the_town_is_not_shown(shown: Office, change: dict[str, Any]) -> None:
    deputy = mandate(shown)
    changed(shown, "deputyship", deputy, **change)
    await shown.tell()
    await gone(shown, deputy)
    assert deputy.id not in {one["id"] for one in (await shown.driver.get("/public_cards"))["items"]}


async def test_a_name_that_was_corrected_is_not_shown_any_more(shown: Office) -> None:
    deputy = mandate(shown)
    before = name_of(shown, deputy)
    person = shown.book.ledger.get(Person, deputy.person_id)
    changed(shown, "person", person, name="丁更正")
    await shown.tell()
    text = (await page(shown, f"{PUBLIC}/deputies/{deputy.id}")).json
    assert "丁更正" in text
    assert before not in text


async def test_a_former_name_is_not_shown(shown: Office) -> None:
    deputy = mandate(shown)
    before = name_of(shown, deputy)
    person = shown.book.ledger.get(Person, deputy.person_id)
    former = [{"name": before, "until": "2020-01-01"}]
    changed(shown, "person", person, name="丁更名", former_names=former)
    await shown.tell()
    text = (await page(shown, f"{PUBLIC}/deputies/{deputy.id}")).json
    assert "丁更名" in text
    assert before not in text


async def test_whoever_asked_for_erasure_is_never_shown_again(shown: Office) -> None:
    deputy = mandate(shown)
    person = shown.book.ledger.get(Person, deputy.person_id)
    assert person is not None
    data = person.model_dump(mode="json", exclude={"id", "town", "version"})
    shown.book.add("person", person.id, verb="erased", **data)
    await shown.tell()
    await gone(shown, deputy)
    changed(shown, "person", person, education="本科")
    await shown.tell()
    await gone(shown, deputy)


async def test_a_closed_station_is_not_shown(shown: Office) -> None:
    station = station_of(shown)
    changed(shown, "station", station, closed_on=str(TODAY))
    await shown.tell()
    assert (await page(shown, f"{PUBLIC}/stations/{station.id}")).status == 404


async def test_a_card_asked_for_too_often_is_refused_for_a_while(shown: Office) -> None:
    path = f"{PUBLIC}/deputies/{mandate(shown).id}"
    answers = [await page(shown, path) for _ in range(130)]
    assert {answer.status for answer in answers} == {200, 429}
    assert "Retry-After" in answers[-1].headers
    assert (await page(shown, f"{PUBLIC}/deputies/{mandate(shown, 1).id}")).status == 200


async def test_only_the_office_reads_the_addresses(shown: Office) -> None:
    for role in ("leader", "deputy", "county", "auditor", "teller"):
        answer = await shown.driver.call("GET", "/public_cards", token=shown.driver.token(role))
        assert answer.status == 403
