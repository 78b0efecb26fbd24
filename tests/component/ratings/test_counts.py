"""The two-person rule over HTTP: entries, quarantine, who may do what, and that a refusal leaves nothing behind."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.ratings.repository import TALLIES
from tests.component.ratings.conftest import ROW, Town, a_sheet, locs
from tests.fixtures.apps import TOWN

pytestmark = pytest.mark.mongo


async def sheets(town: Town, meeting: str) -> int:
    tally = await town.driver.alive.store.reading(TOWN, "test").get(TALLIES, meeting)
    return len(tally.sheets) if tally else 0


async def test_entries_that_differ_quarantine_the_meeting_until_one_is_keyed_again(town: Town) -> None:
    id = await town.opened()
    await town.post(f"meetings/{id}/counts", a_sheet(1), as_="t1:teller")
    wrong = {"d1": ROW, "d2": {**ROW, "satisfied": 29, "dissatisfied": 5}}
    second = await town.post(f"meetings/{id}/counts", a_sheet(2, counts=wrong), as_="t2:teller")
    assert second.json["quarantined"]
    cells = {"counts.d2.satisfied", "counts.d2.dissatisfied"}
    for teller in ("t1:teller", "t2:teller", "t2:office:teller"):
        seen = (await town.get(f"meetings/{id}/counts", as_=teller)).json
        assert (seen["quarantined"], seen["differences"]) == (True, [])
    assert second.json["differences"] == []

    refused = await town.post(f"meetings/{id}:close")
    assert (refused.status, refused.json["code"], locs(refused)) == (409, "counts-differ", cells)
    assert (await town.get(f"meetings/{id}")).json["state"] == "open"
    state = (await town.get(f"meetings/{id}/counts")).json
    assert {one["loc"] for one in state["differences"]} == cells

    again = await town.post(f"meetings/{id}/counts", a_sheet(2), as_="t2:teller")
    assert not again.json["quarantined"]
    assert (await town.post(f"meetings/{id}:close")).status == 200


async def test_of_several_sheets_the_one_that_differs_is_named(town: Town) -> None:
    scheme = await town.scheme(dimensions=["出席", "联系"])
    id = await town.opened(scheme_id=scheme)
    wrong = {"d1": ROW, "d2": {**ROW, "satisfied": 29, "dissatisfied": 5}}
    for dimension, counts in (("出席", wrong), ("联系", {"d1": ROW, "d2": ROW})):
        await town.post(f"meetings/{id}/counts", a_sheet(1, dimension=dimension), as_="t1:teller")
        sheet = a_sheet(2, dimension=dimension, counts=counts)
        second = await town.post(f"meetings/{id}/counts", sheet, as_="t2:teller")
        assert second.json["quarantined"] is (dimension == "出席")
    seen = (await town.get(f"meetings/{id}/counts", as_="t2:teller")).json
    assert seen["quarantined"]
    assert [one["dimension"] for one in seen["tries"] if one["differs"]] == ["出席"]
    refused = await town.post(f"meetings/{id}:close")
    assert {error["message"] for error in refused.json["errors"]} == {"出席：两遍录入不一致"}


@pytest.mark.parametrize("entries", [(), (1,), (2,)])
async def test_both_entries_are_needed_to_close(town: Town, entries: tuple[int, ...]) -> None:
    id = await town.opened()
    for entry in entries:
        await town.post(f"meetings/{id}/counts", a_sheet(entry), as_=f"t{entry}:teller")
    refused = await town.post(f"meetings/{id}:close")
    assert (refused.status, refused.json["code"]) == (409, "counts-incomplete")


async def test_one_person_cannot_key_both(town: Town) -> None:
    id = await town.opened()
    await town.post(f"meetings/{id}/counts", a_sheet(1), as_="t1:teller")
    refused = await town.post(f"meetings/{id}/counts", a_sheet(2), as_="t1:teller")
    assert (refused.status, refused.json["code"]) == (403, "same-teller")
    assert await sheets(town, id) == 1


async def test_an_entry_is_corrected_by_its_own_teller_only(town: Town) -> None:
    id = await town.opened()
    await town.post(f"meetings/{id}/counts", a_sheet(1), as_="t1:teller")
    refused = await town.post(f"meetings/{id}/counts", a_sheet(1), as_="t3:teller")
    assert (refused.status, refused.json["code"]) == (409, "counts-taken")


async def test_only_named_tellers_count(town: Town) -> None:
    id = await town.opened(tellers=["t1", "t2"])
    refused = await town.post(f"meetings/{id}/counts", a_sheet(1), as_="t3:teller")
    assert (refused.status, refused.json["code"]) == (403, "not-teller")
    assert await sheets(town, id) == 0


@pytest.mark.parametrize("who", ["t1:office", "t2:office:teller", "t3:office"])
async def test_who_counts_does_not_publish(town: Town, who: str) -> None:
    id = await town.counted()
    await town.ask("PATCH", f"meetings/{id}", {"tellers": ["t1", "t2", "t3"]})
    await town.post(f"meetings/{id}:close")
    before = len(await town.events())
    refused = await town.post(f"meetings/{id}:publish", as_=who)
    assert (refused.status, refused.json["code"]) == (403, "teller-may-not-publish")
    assert len(await town.events()) == before
    assert (await town.post(f"meetings/{id}:publish", as_="o1:office")).status == 200


@pytest.mark.parametrize(
    ("changes", "loc"),
    [
        ({"issued": 45}, "body.returned"),
        ({"void": 47}, "body.void"),
        ({"void": 2}, "body.counts.d1"),
        ({"counts": {"d1": ROW}}, "body.counts.d2"),
        ({"counts": {"d1": ROW, "d2": {**ROW, "splendid": 0}}}, "body.counts.d2.splendid"),
        ({"counts": {"d1": ROW, "d2": ROW, "d9": ROW}}, "body.counts.d9"),
        ({"counts": {"d1": ROW, "d2": {**ROW, "spoiled": 1}}}, "body.counts.d2"),
        ({"entry": 3}, "body.entry"),
        ({"issued": -1}, "body.issued"),
        ({"issued": "46"}, "body.issued"),
        ({"issued": 46.0}, "body.issued"),
        ({"teller": "t2"}, "body.teller"),
    ],
)
async def test_a_sheet_that_is_wrong_leaves_nothing_behind(
    town: Town, changes: Mapping[str, Any], loc: str
) -> None:
    id = await town.opened()
    before = len(await town.events())
    refused = await town.post(f"meetings/{id}/counts", {**a_sheet(1), **changes}, as_="t1:teller")
    assert refused.status == 422
    assert loc in locs(refused)
    assert await sheets(town, id) == 0
    assert len(await town.events()) == before


@pytest.mark.parametrize("state", ["draft", "closed", "published"])
async def test_counts_are_taken_in_an_open_meeting_only(town: Town, state: str) -> None:
    id = await (town.meeting() if state == "draft" else town.counted())
    for verb in {"draft": (), "closed": ("close",), "published": ("close", "publish")}[state]:
        await town.post(f"meetings/{id}:{verb}")
    refused = await town.post(f"meetings/{id}/counts", a_sheet(1), as_="t1:teller")
    assert (refused.status, refused.json["code"]) == (409, "meeting-state")


async def test_every_sheet_that_was_keyed_is_on_record(town: Town) -> None:
    """A teller who keys again and again, to learn from the answers what the other one has keyed, is seen."""
    id = await town.opened(("d1",))
    await town.post(f"meetings/{id}/counts", a_sheet(1, ("d1",)), as_="t1:teller")
    for satisfied in (28, 29, 30):
        row = {**ROW, "satisfied": satisfied, "dissatisfied": 34 - satisfied}
        await town.post(f"meetings/{id}/counts", a_sheet(2, counts={"d1": row}), as_="t2:teller")
    tries = (await town.get(f"meetings/{id}/counts")).json["tries"]
    assert [(one["teller"], one["entry"], one["differs"]) for one in tries] == [
        ("t1", 1, False),
        ("t2", 2, True),
        ("t2", 2, True),
        ("t2", 2, False),
    ]
    assert set(tries[0]) == {"entry", "teller", "dimension", "group", "at", "differs"}


async def test_counting_is_announced_to_nobody(town: Town) -> None:
    id = await town.opened()
    before = len(await town.events())
    await town.post(f"meetings/{id}/counts", a_sheet(1), as_="t1:teller")
    assert len(await town.events()) == before


async def test_what_is_left_out_counts_as_none(town: Town) -> None:
    id = await town.opened(("d1",))
    body = a_sheet(1, counts={"d1": {"satisfied": 45}})
    answer = await town.post(f"meetings/{id}/counts", body, as_="t1:teller")
    assert answer.status == 201
    assert answer.json["counts"]["d1"] == {**dict.fromkeys(ROW, 0), "satisfied": 45}
