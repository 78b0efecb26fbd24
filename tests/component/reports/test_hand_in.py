"""Handing in: a window with a lock, an extension with who and why, and a receipt that its holder can check."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from joserfc import jws
from joserfc.jwk import KeySet

from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN, Answer

AREA = f"//reports/v1/areas/340281{YEAR}"


UNTIL = f"{datetime.now(UTC).year + 1}-01-05"


def county(office: Office) -> str:
    return office.driver.token("county", area="340281", subject="county-clerk")


async def approved(office: Office) -> None:
    await office.closed()
    await office.driver.post(f"{YEAR}/report:approve", {})


async def windowed(office: Office, **body: Any) -> Answer:
    sent = {"due_on": "2020-12-15", "reason": "人大办〔2020〕9号", **body}
    return await office.driver.call("PUT", f"{AREA}/window", sent, token=county(office))


async def test_a_receipt_names_what_was_handed_in_and_is_signed(office: Office) -> None:
    await approved(office)
    assert (await office.driver.call("GET", f"{YEAR}/report/receipt")).code == "no-receipt"
    submitted = await office.driver.post(f"{YEAR}/report:submit", {})
    receipt = await office.driver.get(f"{YEAR}/report/receipt")
    file = await office.driver.call("GET", f"{YEAR}/report.json")
    assert (receipt["edition"], receipt["late"]) == (submitted["version"], False)
    assert receipt["digest"] == hashlib.sha256(json_bytes(file)).hexdigest()
    keys = KeySet.import_key_set(await office.driver.get("//reports/jwks.json"))
    signed = jws.deserialize_compact(receipt.pop("statement"), keys, algorithms=["ES256"])
    assert json.loads(signed.payload) == receipt
    [event] = [e for e in await office.driver.events() if e["type"] == "reports.report.submitted.v1"]
    assert event["data"]["receipt"].items() <= receipt.items()
    await office.driver.post(f"{YEAR}/report:accept", {}, token=county(office))
    assert (await office.driver.get(f"{YEAR}/report/receipt"))["digest"] == receipt["digest"]


def json_bytes(answer: Answer) -> bytes:
    """The file as it was sent: the driver has parsed it."""
    return json.dumps(answer.json, ensure_ascii=False, indent=2).encode()


async def test_after_a_locked_window_only_an_extension_lets_a_town_hand_in(office: Office) -> None:
    await approved(office)
    assert (await windowed(office, locked=True)).status == 200
    shut = await office.driver.call("POST", f"{YEAR}/report:submit", {})
    assert (shut.status, shut.code) == (409, "hand-in-closed")
    assert "2020年12月15日" in shut.json["detail"]
    late = await office.driver.call(
        "POST", f"{YEAR}/report:extend", {"until": "2021-01-05", "reason": "汛情"}, token=county(office)
    )
    assert (late.status, late.json["errors"][0]["loc"]) == (422, "body.until")
    body = {"until": UNTIL, "reason": "汛情"}
    assert (await office.driver.call("POST", f"{YEAR}/report:extend", body)).status == 403
    granted = await office.driver.post(f"{YEAR}/report:extend", body, token=county(office))
    assert (granted["granted_by"], granted["reason"]) == ("county-clerk", "汛情")
    await office.driver.post(f"{YEAR}/report:submit", {})
    receipt = await office.driver.get(f"{YEAR}/report/receipt")
    assert (receipt["late"], receipt["extended_until"]) == (True, UNTIL)
    board = await office.driver.get(AREA, token=county(office))
    assert (board["window"]["set_by"], board["window"]["locked"]) == ("county-clerk", True)
    [row] = board["towns"]
    assert (row["town"], row["late"], row["extended_until"]) == (TOWN, True, UNTIL)
    types = [event["type"] for event in await office.driver.events()]
    assert "reports.extension.granted.v1" in types


async def test_a_window_without_a_lock_takes_late_reports_and_says_so(office: Office) -> None:
    await approved(office)
    first = await windowed(office)
    assert (await windowed(office)).json == first.json
    await office.driver.post(f"{YEAR}/report:submit", {})
    assert (await office.driver.get(f"{YEAR}/report/receipt"))["late"]
    refused = await office.driver.call(
        "PUT", f"{AREA}/window", {"due_on": "2020-12-15"}, token=county(office)
    )
    assert (refused.status, refused.json["errors"][0]["loc"]) == (422, "body.reason")


async def test_a_window_or_an_extension_of_a_mistyped_year_is_refused(office: Office) -> None:
    far = await windowed(office, due_on="2099-12-15")
    assert (far.status, far.json["errors"][0]["loc"]) == (422, "body.due_on")
    body = {"until": "2099-01-05", "reason": "汛情"}
    far = await office.driver.call("POST", f"{YEAR}/report:extend", body, token=county(office))
    assert (far.status, far.json["errors"][0]["loc"]) == (422, "body.until")
    assert (await office.driver.get(AREA, token=county(office)))["window"] is None


async def test_the_days_of_a_year_and_the_year_have_one_window(office: Office) -> None:
    await windowed(office)
    days = "//reports/v1/areas/340281/periods/2020-01-01--2020-12-31"
    sent = {"due_on": "2020-12-31", "reason": "延长"}
    changed = await office.driver.call("PUT", f"{days}/window", sent, token=county(office))
    assert (changed.status, changed.json["period"]) == (200, "2020")
    assert (await office.driver.get(AREA, token=county(office)))["window"]["due_on"] == "2020-12-31"
