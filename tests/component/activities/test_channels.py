"""Channels of voters' opinions: every one the field knows, in its words."""

from datetime import date

import pytest

from services.activities.domain.opinions import Channel
from services.activities.sheets import CHANNELS, SHEETS
from shared.workbook import write
from tests.component.activities.conftest import Office
from tests.fixtures.apps import AS_XLSX


def test_every_channel_has_its_word() -> None:
    assert set(CHANNELS.values()) == set(Channel)


@pytest.mark.parametrize("channel", ["wechat", "web", "hotline"])
async def test_an_opinion_comes_in_by_it(office: Office, channel: str) -> None:
    opinion = await office.post("/opinions", {"received_on": "2020-04-15", "channel": channel})
    assert opinion["channel"] == channel
    assert (await office.driver.events())[-1]["data"]["channel"] == channel
    exported = (await office.driver.call("GET", "/exports")).json
    again = await office.driver.call("POST", "/imports", data=exported, headers=AS_XLSX)
    assert again.json["totals"]["unchanged"] == 1, again.json


@pytest.mark.parametrize("channel", ["reception", "qr", "hotline", "web"])
async def test_a_row_says_it_in_words(office: Office, channel: str) -> None:
    row = {"reference": "意1", "received_on": date(2020, 4, 15), "channel": channel}
    imported = await office.driver.call(
        "POST", "/imports", data=write(SHEETS, {"选民意见": [row]}), headers=AS_XLSX
    )
    assert imported.json["totals"]["new"] == 1, imported.json
    assert (await office.get("/opinions"))["items"][0]["channel"] == channel
