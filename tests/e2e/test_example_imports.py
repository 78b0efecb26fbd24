"""The example's workbooks go into the three ledgers, change nothing the second time, and say the year's facts."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from examples.build import HERE
from services.host.standalone import services
from shared.settings import Settings
from tests.fixtures.apps import AS_XLSX, Drive, Driver

WORKBOOKS = {"roster": "名册.xlsx", "activities": "履职.xlsx", "ratings": "测评.xlsx"}


async def send(driver: Driver, query: str = "", data: bytes = b"", **who: Any) -> dict[str, int]:
    """Totals of an import, of the example where no other `data` is given, without those that are zero."""
    data = data or (HERE / WORKBOOKS[driver.alive.service.name]).read_bytes()
    answer = await driver.call("POST", f"/imports{query}", data=data, headers=AS_XLSX, **who)
    assert answer.status == 200, answer.json
    return {outcome: n for outcome, n in answer.json["totals"].items() if n}


async def tell(teller: Driver, *listeners: Driver) -> None:
    events = await teller.events()
    await asyncio.gather(*(one.says(event["type"], event["data"]) for one in listeners for event in events))


async def items(driver: Driver, path: str) -> list[dict[str, Any]]:
    return list((await driver.get(f"{path}?limit=200"))["items"])


@pytest.mark.slow
async def test_the_year_goes_in_and_only_once(drive: Drive) -> None:
    names, ledger, votes = [await drive(service) for service in services(Settings())[:3]]
    assert await send(names) == {"new": 191}
    assert await send(names) == {"unchanged": 191}
    await tell(names, ledger, votes)
    assert await send(ledger) == {"new": 225}
    assert await send(ledger) == {"unchanged": 225}
    await the_counts_go_in(votes)
    await the_records_say_the_facts(ledger)
    await what_is_exported_changes_nothing(names, 192)  # one more says where he stood whose mandate is over
    await what_is_exported_changes_nothing(ledger, 225)
    await what_is_exported_changes_nothing(votes, 22)
    for n, sheet in ((1, "计票（第一遍）"), (2, "计票（第二遍）")):
        token = votes.token("teller", subject=f"teller-{n}")
        exported = await exported_by(votes)
        assert await send(votes, f"?sheets={sheet}", exported, token=token) == {"unchanged": 16}


async def exported_by(driver: Driver) -> bytes:
    return bytes(await driver.get("/exports"))


async def what_is_exported_changes_nothing(driver: Driver, rows: int) -> None:
    """Nor is the second export any different from the first."""
    exported = await exported_by(driver)
    assert await send(driver, data=exported) == {"unchanged": rows}
    assert await exported_by(driver) == exported


async def the_counts_go_in(votes: Driver) -> None:
    """Office, two tellers, office again: nobody may do all of it."""
    first, second = (votes.token("teller", subject=f"teller-{n}") for n in (1, 2))
    assert await send(votes) == {"new": 22}
    assert await send(votes, "?sheets=计票（第一遍）", token=first) == {"new": 16}
    assert await send(votes, "?sheets=计票（第二遍）", token=second) == {"new": 16}
    assert await send(votes) == {"changed": 5, "unchanged": 17}
    assert await send(votes) == {"unchanged": 22}
    assert Counter(meeting["state"] for meeting in await items(votes, "/meetings")) == {"published": 5}


async def the_records_say_the_facts(ledger: Driver) -> None:
    (session,) = await items(ledger, "/sessions")
    attendance = session["attendance"]
    assert [len(attendance[name]) for name in ("present", "on_leave", "absent")] == [58, 4, 1]
    assert len(session["expected"]) == 63
    assert [report["kind"] for report in session["reports"]] == ["government", "presidium", "budget"]
    meetings = await items(ledger, "/presidium_meetings")
    assert [len(meeting["expected"]) for meeting in meetings] == [9] * 4
    assert {(int(meeting["held_on"][5:7]) + 2) // 3 for meeting in meetings} == {1, 2, 3, 4}
    trainings = await ledger.get("/activities?kind=training&state=held&limit=200")
    assert len(trainings["items"]) > 20

    held = [one for one in await items(ledger, "/activities") if one["kind"] == "group_activity"]
    gaps = Counter(
        len(one["expected"]) - sum(len(named) for named in one["attendance"].values()) for one in held
    )
    assert gaps == {0: 18, 1: 1}, "one person was not written down, once"
    states = Counter(one["state"] for one in await items(ledger, "/suggestions"))
    assert states == {"closed": 22, "replied": 2, "rated": 2, "redo": 1, "assigned": 3, "raised": 2}
