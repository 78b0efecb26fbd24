"""Dead letters over HTTP: the office sees its own town's, without their content, and settles them."""

import pytest
from structlog.testing import capture_logs

from tests.fixtures.apps import Drive, Driver
from tests.integration.shared import toys
from tests.probes import eventually

ELSEWHERE = "340281198"
LAMP = {"name": "cursed", "bright": 0}


@pytest.fixture
def cursed() -> set[str]:
    return {"cursed"}


@pytest.fixture
async def watch(drive: Drive, cursed: set[str]) -> Driver:
    driver = await drive(toys.watch(cursed=cursed))
    await driver.says("lamps.lamp.lit.v1", {"id": "l1", **LAMP})
    await driver.says("lamps.lamp.lit.v1", {"id": "l2", "name": "secret name"})
    await eventually(lambda: driver.alive.consumer.parked == 2)
    return driver


async def test_the_list_says_what_and_why_but_not_the_content(watch: Driver) -> None:
    page = await watch.get("/dead")
    assert page["next_cursor"] is None
    first, second = page["items"]
    assert (first["id"], first["type"], first["subject"]) == ("lamps-1", "lamps.lamp.lit.v1", "lamp/l1")
    assert (first["sequence"], first["handler"]) == (1, "lamps.lamp.lit.v1")
    assert "nobody can copy" in first["reason"]
    assert first["parked"].endswith("Z")
    assert "bright" in second["reason"]
    assert "secret name" not in str(page)


async def test_the_line_of_the_log_has_the_reason_without_what_it_quotes(
    drive: Drive, cursed: set[str]
) -> None:
    driver = await drive(toys.watch(cursed=cursed))
    with capture_logs() as lines:
        await driver.says("lamps.lamp.lit.v1", {"id": "l1", **LAMP})
        await eventually(lambda: driver.alive.consumer.parked == 1)
    (line,) = [line for line in lines if line["event"] == "event parked"]
    (letter,) = (await driver.get("/dead"))["items"]
    assert letter["reason"] == f"{line['reason']}(a lamp nobody can copy)"


async def test_a_long_list_comes_in_pages(watch: Driver) -> None:
    first = await watch.get("/dead?limit=1")
    second = await watch.get(f"/dead?limit=1&cursor={first['next_cursor']}")
    assert [letter["id"] for page in (first, second) for letter in page["items"]] == ["lamps-1", "lamps-2"]
    assert second["next_cursor"] is None


async def test_letters_are_found_by_words_and_counted(watch: Driver) -> None:
    page = await watch.get("/dead?q=LAMPS nobody&total=true")
    assert ([letter["id"] for letter in page["items"]], page["total"]) == (["lamps-1"], 1)
    first = await watch.get("/dead?q=lamp&total=true&limit=1")
    second = await watch.get(f"/dead?q=lamp&total=true&limit=1&cursor={first['next_cursor']}")
    assert [letter["id"] for found in (first, second) for letter in found["items"]] == ["lamps-1", "lamps-2"]
    assert (first["total"], second["total"], second["next_cursor"]) == (2, 2, None)
    assert (await watch.get("/dead?q=secret&total=true"))["total"] == 0


async def test_one_is_shown_with_the_event(watch: Driver) -> None:
    letter = await watch.get("/dead/lamps-1")
    assert letter["event"]["data"]["name"] == "cursed"
    assert (await watch.call("GET", "/dead/lamps-9")).status == 404
    assert (await watch.call("GET", "/dead/nonsense")).code == "letter-unknown"


async def test_a_letter_is_refused_again_then_applied_once(watch: Driver, cursed: set[str]) -> None:
    refused = await watch.call("POST", "/dead/lamps-1:replay", {})
    assert (refused.status, refused.code) == (409, "letter-refused")
    cursed.clear()
    assert await watch.post("/dead/lamps-1:replay", {}) == {"id": "lamps-1", "state": "applied"}
    assert (await watch.call("POST", "/dead/lamps-1:replay", {})).status == 404
    assert [letter["id"] for letter in (await watch.get("/dead"))["items"]] == ["lamps-2"]


async def test_a_letter_is_given_up_with_a_reason(watch: Driver) -> None:
    assert (await watch.call("POST", "/dead/lamps-1:drop", {})).status == 422
    assert (await watch.call("POST", "/dead/lamps-1:drop", {"reason": "  "})).status == 422
    assert await watch.post("/dead/lamps-1:drop", {"reason": "a test"}) == {
        "id": "lamps-1",
        "state": "dropped",
    }
    (key,) = [key for key in await watch.alive.store.find("inbox", {}) if "dropped" in key]
    assert (key["dropped"]["reason"], key["dropped"]["by"]) == ("a test", "clerk")
    assert (await watch.call("GET", "/dead/lamps-1")).status == 404


async def test_only_the_office_and_operators_of_the_town_see_them(watch: Driver) -> None:
    for role in ("leader", "deputy", "teller", "auditor", "county"):
        assert (await watch.call("GET", "/dead", token=watch.token(role))).status == 403
    assert (await watch.call("GET", "/dead", token=watch.token("service"))).status == 200
    stranger = watch.token(area=ELSEWHERE)
    assert (await watch.call("GET", "/dead", token=stranger)).status == 404
    assert (await watch.call("POST", "/dead/lamps-1:replay", {}, token=stranger)).status == 403
    own = await watch.call("GET", f"//watch/v1/towns/{ELSEWHERE}/dead", token=stranger)
    assert own.json["items"] == []
