"""A vote is a whole form or none: what cannot be read is refused and uses up no slip."""

import pytest

from tests.component.malformed_forms import FORM, MALFORMED
from tests.component.ratings.conftest import Town
from tests.component.ratings.test_voting import CHOICES, vote, voting

pytestmark = pytest.mark.mongo


@pytest.mark.parametrize("case", MALFORMED)
async def test_a_vote_without_a_readable_form_is_refused(town: Town, case: str) -> None:
    headers, body, status = MALFORMED[case]
    _, codes = await voting(town)
    async with town.driver.client.post(f"/r/{codes[0]}", data=body, headers=headers) as answer:
        assert answer.status == status, await answer.text()
    assert (await vote(town, codes[0])).status == 200


@pytest.mark.parametrize("body", [b"", b"d1=satisfied", b"0=satisfied", b"other=1"])
async def test_a_form_that_lacks_a_line_is_no_blank_ballot(town: Town, body: bytes) -> None:
    _, codes = await voting(town)
    headers = {"Content-Type": FORM}
    async with town.driver.client.post(f"/r/{codes[0]}", data=body, headers=headers) as answer:
        assert answer.status == 422
    async with town.driver.client.post(f"/r/{codes[0]}", data=CHOICES) as cast:
        assert cast.status == 200
