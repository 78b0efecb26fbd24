"""An account that was made for one meeting has duties at no other, whether or not the meeting names its tellers."""

import pytest

from tests.component.ratings.conftest import Town, a_sheet
from tests.component.ratings.test_imports import send, staffed
from tests.component.ratings.test_voting import slips
from tests.fixtures.apps import Answer

__all__ = ["staffed"]

pytestmark = pytest.mark.mongo


async def asked(town: Town, meeting: str, code: str, who: str) -> list[Answer]:
    """All that a teller may ask about the count of a meeting."""
    path = f"meetings/{meeting}"
    return [
        await town.post(f"{path}/counts", a_sheet(1), as_=who),
        await town.post(f"{path}/paper_slips", {"codes": [code]}, as_=who),
        await town.get(f"{path}/counts", as_=who),
        await town.get(f"{path}/paper_ballots", as_=who),
        await town.ask("POST", f"{path}/sheets:read", data=b"photograph", as_=who),
    ]


async def test_a_teller_of_one_meeting_counts_at_no_other(town: Town) -> None:
    meeting = await town.meeting(method="mixed")
    codes = await slips(town, meeting, 3)
    assert (await town.lead(meeting, "open")).status == 200
    refused = await asked(town, meeting, codes[0], "t1:teller@another")
    assert [(answer.status, answer.code) for answer in refused] == [(403, "not-teller")] * 5
    for who in (f"t1:teller@{meeting}", "t1:teller"):
        answers = await asked(town, meeting, codes[0], who)
        assert [answer.status for answer in answers[:4]] == [201, 200, 200, 200]
        assert (answers[4].status, answers[4].code) == (409, "counts-incomplete")


async def test_who_presides_at_one_meeting_leads_no_other(town: Town) -> None:
    meeting = await town.meeting(method="mixed")
    await slips(town, meeting, 3)
    refused = await town.post(f"meetings/{meeting}:open", as_="p1:teller@another")
    assert (refused.status, refused.code) == (403, "not-presiding")
    assert (await town.post(f"meetings/{meeting}:open", as_=f"p1:teller@{meeting}")).status == 200


async def test_no_teller_of_another_meeting_imports_a_count_sheet(staffed: Town) -> None:
    assert (await send(staffed, "o1:office")).status == 200
    told = await send(staffed, "t1:teller@another", query="?sheets=计票（第一遍）")
    assert "您的账号只用于另一场测评会" in str(told.json), told.json
    assert (await send(staffed, "t1:teller", query="?sheets=计票（第一遍）")).json["applied"]
