"""A clerk's photographs on their way from the activities into the annex, with one command."""

import hashlib
import zipfile
from io import BytesIO

import pytest

from services.cli.client import Client
from services.cli.office import Unfinished
from services.cli.photographs import attach
from services.cli.recounting import about, feeds, recounted
from tests.e2e.conftest import World
from tests.fixtures.pictures import JPEG, PNG
from tests.probes import eventually

pytestmark = [pytest.mark.own_servers, pytest.mark.e2e]


async def test_photographs_are_carried_into_the_annex_and_the_document_still_holds(world: World) -> None:
    office, said = world.office, list[str]()
    client = Client(office.session, office.url, office.token)

    async def carried(most: int = 12) -> int:
        return await attach(client, office.town, "2023", most, said.append)

    with pytest.raises(Unfinished):
        await carried()
    ids = []
    for file, kind in ((b"%PDF-1.4\n%%EOF", "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png")):
        path = office.at("activities", "/evidence")
        ids.append((await office.must("POST", path, data=file, headers={"Content-Type": kind}))["id"])
    body = {"kind": "inspection", "title": "视察2处水站", "held_on": "2023-05-05", "evidence": ids}
    activity = await office.post("activities", "/activities", body)
    report = await office.closed(2023, "2023-12-31")
    assert report["photographs"] == []
    assert await carried(most=1) == 1
    assert said == ["已交来 2023-05-05 视察2处水站 的照片"]
    settings = await office.get("reports", "/periods/2023/settings")
    assert settings["photographs"] == [hashlib.sha256(JPEG).hexdigest()]
    assert await carried() == 1  # what was chosen stays chosen
    docx = await office.get("reports", "/periods/2023/report.docx")
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        assert archive.read("word/media/photograph1.jpeg") == JPEG
    found = recounted(docx, await feeds(client, office.town), *about(docx, office.town, (None, None)))
    assert found.faults == []

    async def cites(evidence: list[str]) -> None:
        await office.patch("activities", f"/activities/{activity['id']}", {"evidence": evidence})

        async def heard() -> bool:
            listed = (await office.get("reports", "/periods/2023/photographs"))["items"]
            return len(listed) == len(evidence)

        await eventually(heard)

    # Compiled while the activity had dropped it, the draft has it again once it is carried again.
    await cites([])
    path = office.at("reports", "/periods/2023/report:compile")
    assert (await office.must("POST", path, {}))["photographs"] == []
    await cites(ids)
    assert await carried() == 1
    report = await office.get("reports", "/periods/2023/report")
    assert [one["digest"] for one in report["photographs"]] == settings["photographs"]
