"""The contract of the ratings: who may count, what is kept apart, sealed and withheld, and the voter's own page."""

import asyncio
import re
from typing import Any

import pytest

from tests.e2e.conftest import World
from tests.e2e.contract_client import Client, refused
from tests.e2e.contract_page import Page

pytestmark = [pytest.mark.own_servers, pytest.mark.e2e]

TWO = [{"code": "satisfied", "label": "满意"}, {"code": "dissatisfied", "label": "不满意"}]


async def a_meeting(world: World, **more: Any) -> tuple[str, str]:
    """The path of a meeting in draft, and the deputyship rated there."""
    scheme = {
        "name": "两项",
        "options": TWO,
        "formula": "satisfied_over_valid",
        "min_raters": 3,
        "min_published": 5,
    }
    kept = await world.office.post("ratings", "/schemes", scheme)
    deputy = world.book.mandates["t14"].id  # rated in this term anyway, so no figure of the book changes
    body = {"year": 2022, "held_on": "2022-12-01", "deputyship_ids": [deputy], "scheme_id": kept["id"]}
    more = {"presiding": "presiding", "present": 20, **more} if "method" in more else more
    made = await world.office.post("ratings", "/meetings", {**body, "method": "paper", **more})
    assert made["state"] == "draft"
    return world.office.at("ratings", f"/meetings/{made['id']}"), deputy


def sheet(deputy: str, entry: int, satisfied: int = 5, dissatisfied: int = 1, **more: Any) -> dict[str, Any]:
    counts = {deputy: {"satisfied": satisfied, "dissatisfied": dissatisfied, "abstain": 0, "spoiled": 0}}
    valid = satisfied + dissatisfied
    return {"entry": entry, "issued": valid, "returned": valid, "void": 0, "counts": counts, **more}


async def test_counts_are_keyed_twice_by_two_tellers_who_do_nothing_else(world: World) -> None:
    office, (first, second) = world.office, world.staff.tellers
    path, deputy = await a_meeting(world)
    refused(await first.send("POST", f"{path}:open", {}), 403)
    assert (await office.must("POST", f"{path}:open"))["state"] == "open"
    refused(await office.send("POST", f"{path}/counts", sheet(deputy, 1)), 403)
    await first.must("POST", f"{path}/counts", sheet(deputy, 1))
    refused(await first.send("POST", f"{path}/counts", sheet(deputy, 2)), (403, 409, 422))
    keyed = await second.must("POST", f"{path}/counts", sheet(deputy, 2, 4, 2))
    assert keyed["quarantined"] is True
    refused(await office.send("POST", f"{path}:close", {}), (409, 422))
    await second.must("POST", f"{path}/counts", sheet(deputy, 2))
    refused(await second.send("POST", f"{path}:publish", {}), 403)
    refused(await office.send("POST", f"{path}:publish", {}), (409, 422))
    refused(await office.send("GET", f"{path}/results"), (403, 404, 409))
    assert (await office.must("POST", f"{path}:close"))["state"] == "closed"
    assert (await office.must("POST", f"{path}:publish"))["state"] == "published"
    results = await office.must("GET", f"{path}/results")
    assert (results["issued"], results["returned"], results["valid"]) == (6, 6, 6)
    (row,) = results["deputies"]
    assert row["rate"]["formula"] == "satisfied_over_valid"
    assert (row["rate"]["numerator"], row["rate"]["denominator"]) == (5, 6)


async def test_sums_that_do_not_add_up_are_refused(world: World) -> None:
    path, deputy = await a_meeting(world)
    await world.office.must("POST", f"{path}:open", {})
    teller = world.staff.tellers[0]
    for wrong in (
        {"issued": 5},
        {"returned": 7},
        {"void": 1},
        {"issued": "6"},
        {"issued": 6.5},
        {"extra": 1},
    ):
        refused(await teller.send("POST", f"{path}/counts", sheet(deputy, 1) | wrong), (400, 409, 422))
    left_out = sheet(deputy, 1)
    left_out["counts"][deputy] = {"satisfied": 5, "dissatisfied": 1}
    await teller.must("POST", f"{path}/counts", left_out)


async def test_only_the_tellers_named_may_count(world: World) -> None:
    path, deputy = await a_meeting(world, tellers=["teller-2", "somebody"])
    await world.office.must("POST", f"{path}:open", {})
    first, second = world.staff.tellers
    refused(await first.send("POST", f"{path}/counts", sheet(deputy, 1)), 403)
    await second.must("POST", f"{path}/counts", sheet(deputy, 1))


async def test_too_few_ballots_are_never_shown(world: World) -> None:
    meeting = world.book.meetings["few"]
    for caller in (world.office, world.callers["county"], world.callers["teller-1"]):
        reply = await caller.send("GET", world.office.at("ratings", f"/meetings/{meeting.id}/results"))
        if reply.status == 200:
            assert reply.body["suppressed"] is True
            assert "satisfied" not in str(reply.body["deputies"])
            assert "人数不足，不公布" in str(reply.body)
        else:
            refused(reply, (403, 404, 409))


async def test_grades_and_points_are_told_by_their_formula(world: World) -> None:
    graded, points = world.book.meetings["graded"], world.book.meetings["points"]
    found = await world.office.get("ratings", f"/meetings/{graded.id}/results")
    said = {row["deputyship_id"]: row for row in found["deputies"]}
    competent, basic = (said[world.book.mandates[handle].id] for handle in ("t3", "t4"))
    assert competent["rate"]["formula"] == basic["rate"]["formula"] == "thresholds"
    assert "competent" in str(competent)
    assert "basically_competent" not in str(basic["rate"]) or basic["rate"] != competent["rate"]
    (weighted,) = (await world.office.get("ratings", f"/meetings/{points.id}/results"))["deputies"]
    assert weighted["rate"]["formula"] == "weighted"
    share = weighted["rate"]["numerator"] / weighted["rate"]["denominator"]
    assert share in (pytest.approx(78.0), pytest.approx(0.78))  # (12·100 + 6·60 + 2·0) / 20


async def test_a_revoked_result_is_no_longer_shown(world: World) -> None:
    meeting = world.book.meetings["revoked"]
    refused(
        await world.office.send("GET", world.office.at("ratings", f"/meetings/{meeting.id}/results")),
        (404, 409),
    )


async def test_a_revoked_meeting_is_counted_anew_as_a_new_version(world: World) -> None:
    office = world.office
    path, deputy = await a_meeting(world)
    for satisfied, dissatisfied in ((5, 1), (4, 2)):
        await office.must("POST", f"{path}:open")
        for entry, teller in enumerate(world.staff.tellers, start=1):
            await teller.must("POST", f"{path}/counts", sheet(deputy, entry, satisfied, dissatisfied))
        await office.must("POST", f"{path}:close")
        await office.must("POST", f"{path}:publish")
        results = await office.must("GET", f"{path}/results")
        assert results["deputies"][0]["counts"]["satisfied"] == satisfied
        refused(await office.send("POST", f"{path}:revoke", {}), (400, 422))  # never without a reason
        await office.must("POST", f"{path}:revoke", {"reason": "计票有误"})


async def test_where_slips_vote_a_third_subject_leads_and_the_office_does_not(world: World) -> None:
    office, presiding, nobody = world.office, world.callers["presiding"], world.nobody()
    path, deputy = await a_meeting(world, method="online")
    slips = (await office.must("POST", f"{path}/codes", {"count": 6})).decode()
    codes = sorted(set(re.findall(r"/r/([\w-]+)", slips)))
    for verb in ("open", "close", "publish"):
        for caller in (office, *world.staff.tellers):
            problem = refused(await caller.send("POST", f"{path}:{verb}", {}), 403)
            assert "主持计票人" in problem["detail"]
        stated = {"present": 6, "handed_out": 5} if verb == "close" else {}
        await presiding.must("POST", f"{path}:{verb}", stated)
        if verb == "open":
            for code in codes[:5]:
                await nobody.must("POST", f"/r/{code}", {"choices": {deputy: "satisfied"}})
    results = await office.must("GET", f"{path}/results")
    assert results["slips"] == {"printed": 6, "handed_out": 5, "returned": 5}


async def test_paper_and_slips_end_in_one_tally(world: World) -> None:
    office, presiding, nobody = world.office, world.callers["presiding"], world.nobody()
    path, deputy = await a_meeting(world, method="mixed")
    slips = (await office.must("POST", f"{path}/codes", {"count": 3})).decode()
    codes = sorted(set(re.findall(r"/r/([\w-]+)", slips)))
    await presiding.must("POST", f"{path}:open")
    refused(await office.send("POST", f"{path}/codes", {"count": 1}), (409, 422))  # fixed at opening
    await voted(nobody, codes[0], "satisfied")
    for entry, teller in enumerate(world.staff.tellers, start=1):
        await teller.must("POST", f"{path}/counts", sheet(deputy, entry))
    await presiding.must("POST", f"{path}:close")
    await presiding.must("POST", f"{path}:publish")
    results = await office.must("GET", f"{path}/results")
    assert (results["issued"], results["returned"], results["not_returned"]) == (9, 7, 2)
    assert results["deputies"][0]["counts"]["satisfied"] == 6


async def test_voters_rate_by_a_slip_each_once(world: World) -> None:
    office, presiding, nobody = world.office, world.callers["presiding"], world.nobody()
    path, deputy = await a_meeting(world, method="online")
    slips = await office.send("POST", f"{path}/codes", {"count": 6})
    assert slips.status in (200, 201), slips.body
    text = slips.body.decode() if isinstance(slips.body, bytes) else str(slips.body)
    codes = sorted(set(re.findall(r"/r/([\w-]+)", text)))
    assert len(codes) == 6
    await presiding.must("POST", f"{path}:open", {})
    choices = ("satisfied", "satisfied", "dissatisfied", "satisfied", "satisfied")
    for code, choice in zip(codes, choices, strict=False):
        assert await voted(nobody, code, choice)
    unknown = await nobody.send("GET", "/r/NOSUCHCODE00000000")
    assert unknown.status == 404
    await presiding.must("POST", f"{path}:close", {})
    await presiding.must("POST", f"{path}:publish", {})
    results = await office.must("GET", f"{path}/results")
    assert (results["issued"], results["returned"], results["not_returned"]) == (6, 5, 1)
    (row,) = results["deputies"]
    assert row["deputyship_id"] == deputy
    assert (row["counts"]["satisfied"], row["counts"]["dissatisfied"]) == (4, 1)
    told = str(await office.get("ratings", "/events?limit=1000"))
    assert not any(code in told for code in codes)


async def voted(nobody: Client, code: str, choice: str) -> bool:
    page = await nobody.send("GET", f"/r/{code}")
    assert page.status == 200
    form = Page(page.body.decode())
    wanted = {c.value for c in form.choices}
    assert any(value.endswith(choice) for value in wanted), wanted
    done = await nobody.send("POST", f"/r/{code}", data=exact(form, choice))
    assert done.status == 200, done.body
    again = await nobody.send("POST", f"/r/{code}", data=exact(form, choice))
    assert again.status >= 400
    return True


def exact(form: Page, choice: str) -> dict[str, str]:
    """Each row's choice of that very code (`satisfied` is also how `dissatisfied` ends)."""
    return form.hidden | {
        c.name: c.value for c in form.choices if re.split(r"[^a-z_]", c.value)[-1] == choice
    }


async def test_two_at_once_never_spend_a_slip_twice(world: World) -> None:
    office, nobody = world.office, world.nobody()
    path, _ = await a_meeting(world, method="online")
    slips = await office.send("POST", f"{path}/codes", {"count": 1})
    text = slips.body.decode() if isinstance(slips.body, bytes) else str(slips.body)
    (code,) = set(re.findall(r"/r/([\w-]+)", text))
    await world.callers["presiding"].must("POST", f"{path}:open", {})
    form = Page((await nobody.send("GET", f"/r/{code}")).body.decode())
    replies = await asyncio.gather(
        *(nobody.send("POST", f"/r/{code}", data=exact(form, "satisfied")) for _ in range(6))
    )
    assert min(reply.status for reply in replies) == 200
    assert sum(reply.status == 200 for reply in replies) == 1
