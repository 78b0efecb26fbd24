"""Where slips vote, the office that prints them decides nothing: a third subject opens, closes and publishes."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from services.ratings import repository
from services.ratings.ballots import Slip
from services.ratings.repository import MEETINGS
from shared.security.codes import fingerprint
from shared.storage.work import Work
from tests.component.ratings.conftest import Town, a_sheet, locs
from tests.component.ratings.test_voting import CHOICES, JSON, slips, stored, vote, voting
from tests.fixtures.apps import TOWN, Answer

pytestmark = pytest.mark.mongo

PRESIDING, OFFICE = "p1:teller", "o1:office"
STEPS = ("open", "close", "publish", "revoke")


async def step(town: Town, meeting: str, verb: str, who: str, **body: Any) -> Answer:
    body = {"reason": "有误"} if verb == "revoke" else body
    return await town.post(f"meetings/{meeting}:{verb}", body, as_=who)


async def cast(town: Town, codes: list[str]) -> None:
    for code in codes:
        assert (await vote(town, code)).status == 200


@pytest.mark.parametrize("method", ["online", "mixed"])
async def test_the_office_alone_takes_no_step_and_is_told_who_does(town: Town, method: str) -> None:
    meeting = await town.meeting(method=method)
    codes = await slips(town, meeting, 12)
    others = (OFFICE, "o1:office:teller", "p1:office:teller", "t3:teller")
    for verb in STEPS:
        before = len(await town.events())
        for who in others:
            refused = await step(town, meeting, verb, who)
            assert (refused.status, refused.code) == (403, "not-presiding"), (verb, who)
            assert "主持计票人" in refused.json["detail"]
        assert len(await town.events()) == before
        assert (await step(town, meeting, verb, PRESIDING)).status == 200, verb
        if verb == "open":
            await cast(town, codes)
            if method == "mixed":
                for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
                    await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=teller)


async def test_a_vote_by_slips_without_a_presiding_teller_does_not_begin(town: Town) -> None:
    meeting = await town.meeting(method="online", presiding="")
    await slips(town, meeting, 2)
    for who in (OFFICE, PRESIDING):
        refused = await step(town, meeting, "open", who)
        assert (refused.status, refused.code) == (403, "not-presiding")
        assert "请办公室先填写主持计票人" in refused.json["detail"]
    assert (await town.ask("PATCH", f"meetings/{meeting}", {"presiding": "p1"})).status == 200
    assert (await step(town, meeting, "open", PRESIDING)).status == 200
    emptied = await town.ask("PATCH", f"meetings/{meeting}", {"presiding": ""})
    assert (emptied.status, locs(emptied)) == (422, {"body.presiding"})


async def test_who_printed_or_counts_does_not_preside(town: Town) -> None:
    named = await town.post(
        "meetings",
        {
            "held_on": "2020-12-03",
            "scheme_id": await town.scheme(),
            "tellers": ["p1", "t2"],
            "presiding": "p1",
        },
    )
    assert (named.status, locs(named)) == (422, {"body.presiding"})
    meeting = await town.meeting(method="mixed")
    presiding_prints = await town.post(f"meetings/{meeting}/codes", {"count": 1}, as_="p1:office")
    assert (presiding_prints.status, presiding_prints.code) == (403, "not-presiding")
    assert (await town.post(f"meetings/{meeting}/codes", {"count": 2}, as_="o2:office")).status == 201
    printer = await town.ask("PATCH", f"meetings/{meeting}", {"presiding": "o2"})
    assert (printer.status, locs(printer)) == (422, {"body.presiding"})
    await step(town, meeting, "open", PRESIDING)
    for path, body in (("counts", a_sheet(1)), ("paper_slips", {"codes": ["0" * 16]})):
        refused = await town.post(f"meetings/{meeting}/{path}", body, as_=PRESIDING)
        assert (refused.status, refused.code) == (403, "not-teller"), path
    await town.post(f"meetings/{meeting}/counts", a_sheet(1), as_="t1:teller")
    counted = await town.ask("PATCH", f"meetings/{meeting}", {"presiding": "t1"})
    assert (counted.status, locs(counted)) == (422, {"body.presiding"})


async def test_on_paper_the_office_leads_as_ever(town: Town) -> None:
    meeting = await town.meeting(presiding="p1")
    for verb in STEPS:
        refused = await step(town, meeting, verb, PRESIDING)
        assert (refused.status, refused.code) == (403, "not-presiding")
        if verb == "close":
            for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
                await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=teller)
        assert (await step(town, meeting, verb, OFFICE)).status == 200, verb


async def test_a_vote_opened_before_there_were_presiding_tellers_is_ended_as_it_began(town: Town) -> None:
    meeting, codes = await voting(town)
    await as_before_the_update(town, meeting)
    await cast(town, codes)
    for verb in ("close", "publish", "revoke"):
        assert (await step(town, meeting, verb, PRESIDING)).status == 403
        assert (await step(town, meeting, verb, OFFICE)).status == 200, verb
    assert (await step(town, meeting, "open", OFFICE)).status == 403


async def test_a_vote_opened_before_may_be_given_a_presiding_teller(town: Town) -> None:
    meeting, codes = await voting(town)
    await as_before_the_update(town, meeting)
    await cast(town, codes)
    assert (await town.ask("PATCH", f"meetings/{meeting}", {"presiding": "p1"})).status == 200
    assert (await step(town, meeting, "close", OFFICE)).status == 403
    assert (await step(town, meeting, "close", PRESIDING)).status == 200


async def as_before_the_update(town: Town, meeting: str) -> None:
    """The document as release 0.1 stored it."""
    fields = {"presiding": "", "opened_by": ""}
    await town.driver.alive.store.database[MEETINGS.name].update_one(
        {"_id": meeting, "town": TOWN}, {"$unset": fields}
    )


async def test_slips_printed_handed_out_and_returned_are_stated_in_the_result(town: Town) -> None:
    meeting, codes = await voting(town, count=15)
    await cast(town, codes[:10])
    assert (await step(town, meeting, "close", PRESIDING, present=11, handed_out=13)).status == 200
    await step(town, meeting, "publish", PRESIDING)
    results = (await town.get(f"meetings/{meeting}/results")).json
    assert results["slips"] == {"printed": 15, "handed_out": 13, "returned": 10}
    assert (results["present"], results["issued"], results["returned"]) == (11, 13, 10)
    assert results["not_returned"] == 3
    assert (await town.events())[-1].data["result"]["slips"] == results["slips"]
    sheet = (await town.get(f"meetings/{meeting}/result_sheet")).json.decode()
    assert "到会11人。其中扫码票印制15张，发出13张，投回10张。" in sheet
    assert "主持计票人：＿" in sheet


async def test_slips_kept_in_the_drawer_are_not_issued_beside_paper_either(town: Town) -> None:
    meeting = await town.meeting(method="mixed")
    codes = await slips(town, meeting, 15)
    assert (await town.get(f"meetings/{meeting}/counts")).json["slips"] == {"printed": 15, "used": None}
    assert (await step(town, meeting, "open", PRESIDING)).status == 200
    await town.post(f"meetings/{meeting}/paper_slips", {"codes": codes[:1]}, as_="t1:teller")
    await cast(town, codes[1:3])
    for entry in (1, 2):
        await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=f"t{entry}:teller")
    assert (await step(town, meeting, "close", PRESIDING, present=50, handed_out=4)).status == 200
    await step(town, meeting, "publish", PRESIDING)
    results = (await town.get(f"meetings/{meeting}/results")).json
    assert results["slips"] == {"printed": 15, "handed_out": 4, "returned": 3}
    assert (results["issued"], results["returned"]) == (46 + 4 - 1, 46 + 2)


@pytest.mark.parametrize(
    ("stated", "status", "code"),
    [
        ({"present": 9}, 409, "too-many-ballots"),
        ({"handed_out": 9}, 409, "too-many-ballots"),
        ({"handed_out": 16}, 422, "unacceptable"),
    ],
)
async def test_more_votes_than_people_or_slips_end_nothing_and_leave_no_ballot(
    town: Town, stated: dict[str, int], status: int, code: str
) -> None:
    meeting, codes = await voting(town, count=15, present=10)
    await cast(town, codes[:10])
    refused = await step(town, meeting, "close", PRESIDING, **stated)
    assert (refused.status, refused.code) == (status, code)
    assert "10 张" not in refused.json["detail"]
    assert (await town.get(f"meetings/{meeting}")).json["state"] == "open"
    assert (await vote(town, codes[-1])).code == "voting-closed"
    assert (await step(town, meeting, "close", PRESIDING, present=10, handed_out=12)).status == 200


async def test_the_office_cannot_make_room_for_more_votes(town: Town) -> None:
    meeting, _ = await voting(town, present=5)
    refused = await town.ask("PATCH", f"meetings/{meeting}", {"present": 50})
    assert (refused.status, refused.code) == (403, "not-presiding")


async def test_paper_and_slips_together_are_no_more_than_the_people(town: Town) -> None:
    meeting, codes = await voting(town, method="mixed", present=49)
    await cast(town, codes[:5])
    for entry, teller in ((1, "t1:teller"), (2, "t2:teller")):
        await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=teller)
    assert (await step(town, meeting, "close", PRESIDING)).code == "too-many-ballots"
    assert (await step(town, meeting, "close", PRESIDING, present=50)).status == 200


async def test_who_presides_learns_from_a_refusal_only_that_counts_differ(town: Town) -> None:
    meeting, _ = await voting(town, method="mixed")
    await town.post(f"meetings/{meeting}/counts", a_sheet(1), as_="t1:teller")
    await town.post(f"meetings/{meeting}/counts", a_sheet(2, issued=47), as_="t2:teller")
    refused = await step(town, meeting, "close", PRESIDING)
    assert (refused.status, refused.code, locs(refused)) == (409, "counts-differ", set())


async def asked(town: Town, code: str) -> list[tuple[int, str]]:
    """All that can be asked about a code without voting with it, and what is told."""
    steps = [{"step": name, **CHOICES} for name in ("review", "change")]
    forms = [*steps, {"d1": "satisfied"}, {"d1": "splendid", "d2": "satisfied"}]
    bodies: list[dict[str, Any]] = [{"choices": {"d9": "satisfied"}}, {"choice": {}}]
    answers = [
        await town.driver.client.get(f"/r/{code}"),
        *[await town.driver.client.post(f"/r/{code}", data=form) for form in forms],
        *[await town.driver.client.post(f"/r/{code}", json=body) for body in bodies],
    ]
    return [(answer.status, re.sub(r"/r/\w+", "/r/", await answer.text())) for answer in answers]


async def test_a_code_that_has_voted_answers_as_before_to_all_but_a_vote(town: Town) -> None:
    meeting, codes = await voting(town, count=3)
    before = await asked(town, codes[0])
    await cast(town, codes[:1])
    assert await asked(town, codes[0]) == before == await asked(town, codes[1])
    assert (await vote(town, codes[0])).code == "code-used"
    await town.lead(meeting, "close")
    ended = [await asked(town, code) for code in codes[:2]]
    assert ended[0] == ended[1]
    assert {(await vote(town, code)).code for code in codes} == {"voting-closed"}


async def test_a_teller_cannot_ask_about_a_slip_without_using_it_up(town: Town) -> None:
    meeting, codes = await voting(town, count=3, method="mixed")
    await cast(town, codes[:1])
    for probe in ([codes[0], "0" * 16], [codes[1], "0" * 16]):
        told = await town.post(f"meetings/{meeting}/paper_slips", {"codes": probe}, as_="t1:teller")
        assert (told.status, locs(told)) == (409, {"body.codes.1"})
    asked_about = {"codes": codes[:2]}
    told = await town.post(f"meetings/{meeting}/paper_slips", asked_about, as_="t1:teller")
    assert told.json["voted"] == [0]
    used = {one["_id"] for one in await stored(town, "slips") if one["on_paper"]}
    assert used == {fingerprint(codes[1])}


async def hand_in(town: Town, meeting: str, code: str) -> Answer:
    return await town.post(f"meetings/{meeting}/paper_slips", {"codes": [code]}, as_="t1:teller")


async def test_no_slip_is_handed_in_after_the_box_was_counted(town: Town) -> None:
    """Neither where the meeting could not close, nor where it was opened again: its box stays shut."""
    meeting, codes = await voting(town, count=15, method="mixed", present=50)
    assert (await hand_in(town, meeting, codes[0])).status == 200
    await cast(town, codes[1:11])
    for entry in (1, 2):
        await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=f"t{entry}:teller")
    assert (await step(town, meeting, "close", PRESIDING)).code == "too-many-ballots"
    assert (await town.get(f"meetings/{meeting}")).json["state"] == "open"
    late = await hand_in(town, meeting, codes[11])
    assert (late.status, late.code) == (409, "voting-closed")
    for verb in ("close", "publish", "revoke", "open"):
        stated = {"present": 60} if verb == "close" else {}
        assert (await step(town, meeting, verb, PRESIDING, **stated)).status == 200, verb
    late = await hand_in(town, meeting, codes[12])
    assert (late.status, late.code) == (409, "voting-closed")
    for entry in (1, 2):
        await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=f"t{entry}:teller")
    for verb in ("close", "publish"):
        stated = {"present": 60} if verb == "close" else {}
        assert (await step(town, meeting, verb, PRESIDING, **stated)).status == 200, verb
    results = (await town.get(f"meetings/{meeting}/results")).json
    assert results["slips"] == {"printed": 15, "handed_out": None, "returned": 11}


async def test_a_slip_handed_in_while_the_box_is_counted_is_not_accepted(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The count comes between the reading of the tally and the commit: the request conflicts, and is refused then."""
    meeting, codes = await voting(town, count=15, method="mixed", present=5)
    await cast(town, codes[1:11])
    for entry in (1, 2):
        await town.post(f"meetings/{meeting}/counts", a_sheet(entry), as_=f"t{entry}:teller")
    named = repository.slips_named
    closings: list[Answer] = []

    async def closed_meanwhile(work: Work, meeting_id: str, ids: Sequence[str]) -> list[Slip]:
        found = await named(work, meeting_id, ids)
        if work.actor == "t1" and not closings:
            closings.append(await step(town, meeting, "close", PRESIDING))
        return found

    monkeypatch.setattr(repository, "slips_named", closed_meanwhile)
    late = await hand_in(town, meeting, codes[11])
    assert [closing.code for closing in closings] == ["too-many-ballots"]
    assert (late.status, late.code) == (409, "voting-closed")
    assert not [one for one in await stored(town, "slips") if one["on_paper"]]


@pytest.mark.parametrize("fewest", [1, 4])
async def test_no_scheme_publishes_fewer_than_five(town: Town, fewest: int) -> None:
    refused = await town.post("schemes", {"name": "n", "min_published": fewest})
    assert (refused.status, locs(refused)) == (422, {"body.min_published"})
    default = await town.post("schemes", {"name": "n"})
    assert default.json["min_published"] == 10
    lowered = await town.ask("PATCH", f"schemes/{default.json['id']}", {"min_published": fewest})
    assert lowered.status == 422


async def test_a_scheme_of_before_publishes_five_or_more_from_the_next_opening_on(town: Town) -> None:
    scheme = await town.scheme()
    await town.driver.alive.store.database["schemes"].update_one(
        {"_id": scheme, "town": TOWN}, {"$set": {"min_published": 3}}
    )
    meeting, codes = await voting(town, scheme_id=scheme)
    assert (await town.get(f"meetings/{meeting}")).json["scheme"]["min_published"] == 5
    await cast(town, codes[:4])
    for verb in ("close", "publish"):
        await town.lead(meeting, verb)
    assert (await town.get(f"meetings/{meeting}/results")).json["suppressed"]


async def test_slips_are_printed_again_by_others_and_all_of_them_are_remembered(town: Town) -> None:
    meeting = await town.meeting(method="online", presiding="")
    for who in ("o1:office", "o2:office"):
        await town.ask(
            "POST", f"meetings/{meeting}/codes", {"count": 1, "instead": True}, headers=JSON, as_=who
        )
    for printer in ("o1", "o2"):
        refused = await town.ask("PATCH", f"meetings/{meeting}", {"presiding": printer})
        assert (refused.status, locs(refused)) == (422, {"body.presiding"})
