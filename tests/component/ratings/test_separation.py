"""Duties at a meeting are of people: another token of the same subject, or a later entry, changes nothing."""

import pytest

from tests.component.ratings.conftest import ROW, Town, a_sheet, locs
from tests.component.ratings.test_presiding import OFFICE, PRESIDING, as_before_the_update, cast, step
from tests.component.ratings.test_voting import slips, voting
from tests.fixtures.apps import TOWN

pytestmark = pytest.mark.mongo

WRONG = {"d1": ROW, "d2": {**ROW, "satisfied": 29, "dissatisfied": 5}}


async def differing(town: Town, meeting: str, first: str, second: str) -> None:
    await town.post(f"meetings/{meeting}/counts", a_sheet(1), as_=first)
    await town.post(f"meetings/{meeting}/counts", a_sheet(2, counts=WRONG), as_=second)


@pytest.mark.parametrize("tellers", [[], ["o1", "t2"]])
async def test_who_counts_does_not_learn_where_entries_differ_by_an_office_token_either(
    town: Town, tellers: list[str]
) -> None:
    meeting = await town.opened(tellers=tellers)
    await differing(town, meeting, "o1:teller", "t2:teller")
    seen = (await town.get(f"meetings/{meeting}/counts", as_=OFFICE)).json
    assert (seen["quarantined"], seen["differences"]) == (True, [])
    refused = await town.post(f"meetings/{meeting}:close", as_=OFFICE)
    assert (refused.code, locs(refused)) == ("counts-differ", set())
    others = (await town.get(f"meetings/{meeting}/counts", as_="o2:office")).json
    assert len(others["differences"]) == 2
    assert len(locs(await town.post(f"meetings/{meeting}:close", as_="o2:office"))) == 2


async def test_who_presides_is_not_told_in_how_many_places_counts_differ(town: Town) -> None:
    meeting, _ = await voting(town, method="mixed")
    told = []
    for second in ({}, {"d1": ROW, "d2": {**ROW, "satisfied": 29, "spoiled": 1}}, WRONG):
        counts = {"counts": second} if second else {"issued": 47}
        await town.post(f"meetings/{meeting}/counts", a_sheet(1), as_="t1:teller")
        await town.post(f"meetings/{meeting}/counts", a_sheet(2, **counts), as_="t2:teller")
        told.append((await step(town, meeting, "close", PRESIDING)).json["detail"])
    assert len(set(told)) == 1
    assert not any(character.isdigit() for character in told[0])


async def test_who_counted_does_not_preside_even_if_replaced_or_counted_anew(town: Town) -> None:
    meeting, codes = await voting(town, method="mixed", tellers=["t1", "t2"])
    await cast(town, codes)
    await town.post(f"meetings/{meeting}/counts", a_sheet(1), as_="t1:teller")
    await town.ask("PATCH", f"meetings/{meeting}", {"tellers": ["t2", "t3"]})
    for entry, teller in ((1, "t3:teller"), (2, "t2:teller")):
        await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=teller)
    replaced = await town.ask("PATCH", f"meetings/{meeting}", {"presiding": "t1"})
    assert (replaced.status, locs(replaced)) == (422, {"body.presiding"})
    for verb in ("close", "publish", "revoke", "open"):
        assert (await step(town, meeting, verb, PRESIDING)).status == 200, verb
    again = await town.ask("PATCH", f"meetings/{meeting}", {"presiding": "t3", "tellers": ["t1", "t2"]})
    assert (again.status, locs(again)) == (422, {"body.presiding"})


async def test_who_opened_does_not_count_after_another_presides(town: Town) -> None:
    meeting, _ = await voting(town, method="mixed")
    assert (await town.ask("PATCH", f"meetings/{meeting}", {"presiding": "p2"})).status == 200
    refused = await town.post(f"meetings/{meeting}/counts", a_sheet(1), as_=PRESIDING)
    assert (refused.status, refused.code) == (403, "not-teller")


async def test_a_presiding_teller_named_to_a_vote_of_before_is_not_taken_away_again(town: Town) -> None:
    meeting, codes = await voting(town)
    await as_before_the_update(town, meeting)
    await cast(town, codes)
    await town.ask("PATCH", f"meetings/{meeting}", {"presiding": "p1"})
    emptied = await town.ask("PATCH", f"meetings/{meeting}", {"presiding": ""})
    assert (emptied.status, locs(emptied)) == (422, {"body.presiding"})


async def test_the_same_number_of_people_sent_again_is_no_change_of_it(town: Town) -> None:
    meeting, _ = await voting(town, present=12)
    same = await town.ask("PATCH", f"meetings/{meeting}", {"present": 12, "constituency": "第二选区"})
    assert (same.status, same.json["constituency"]) == (200, "第二选区")
    other = await town.ask("PATCH", f"meetings/{meeting}", {"present": 13, "constituency": "第二选区"})
    assert (other.status, other.code) == (403, "not-presiding")


async def test_a_scheme_of_before_that_is_changed_publishes_five_or_more(town: Town) -> None:
    scheme = await town.scheme()
    await town.driver.alive.store.database["schemes"].update_one(
        {"_id": scheme, "town": TOWN}, {"$set": {"min_published": 3}}
    )
    renamed = await town.ask("PATCH", f"schemes/{scheme}", {"name": "新办法"})
    assert (renamed.status, renamed.json["min_published"]) == (200, 5)


async def test_slips_printed_for_a_vote_that_became_paper_decide_nothing(town: Town) -> None:
    meeting = await town.meeting(method="online")
    codes = await slips(town, meeting, 3)
    assert (await town.ask("PATCH", f"meetings/{meeting}", {"method": "paper"})).status == 200
    assert (await step(town, meeting, "open", OFFICE)).status == 200
    answer = await town.driver.client.post(f"/r/{codes[0]}", json={"choices": {"d1": "satisfied"}})
    assert answer.status == 409
    back = await town.ask("PATCH", f"meetings/{meeting}", {"method": "online"})
    assert back.status == 409
