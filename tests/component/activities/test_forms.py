"""The voters' page takes a whole form or refuses it, by the rules of the other doors of opinions."""

import pytest

from tests.component.activities.conftest import Office
from tests.component.activities.test_codes import a_code, open_page
from tests.component.malformed_forms import MALFORMED


@pytest.mark.parametrize("case", MALFORMED)
async def test_an_opinion_without_a_readable_form_is_refused(office: Office, case: str) -> None:
    headers, body, status = MALFORMED[case]
    code = (await a_code(office))["id"]
    async with office.driver.client.post(f"/o/{code}", data=body, headers=headers) as answer:
        assert answer.status == status, await answer.text()
    assert (await office.get("/opinions"))["items"] == []


async def test_an_opinion_is_of_a_category_that_is_offered(office: Office) -> None:
    code = (await a_code(office))["id"]
    for sent, status in (
        ({"category": "随便写的", "text": "路灯不亮"}, 422),
        ({"text": "路灯不亮", "note": "x"}, 400),
    ):
        assert (await open_page(office, code, sent))[0] == status
    assert (await open_page(office, code, {"category": "道路交通", "text": "路灯不亮"}))[0] == 200
    assert len((await office.get("/opinions"))["items"]) == 1
