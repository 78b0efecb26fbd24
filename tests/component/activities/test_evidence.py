"""Photographs and scans: kept as they came in, for those of the town alone."""

import hashlib

from tests.component.activities.conftest import Office

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 3000


async def test_a_photograph_comes_back_as_it_was(office: Office) -> None:
    name = {"Content-Type": "image/jpeg", "Content-Disposition": 'attachment; filename="0320.jpg"'}
    kept = await office.post("/evidence", None, data=JPEG, headers=name)
    assert (kept["filename"], kept["size_bytes"], kept["sha256"]) == (
        "0320.jpg",
        len(JPEG),
        hashlib.sha256(JPEG).hexdigest(),
    )
    activity = {"kind": "visit", "title": "走访", "held_on": "2020-03-20", "evidence": [kept["id"]]}
    assert (await office.post("/activities", activity))["evidence"] == [kept["id"]]
    answer = await office.driver.call(
        "GET", f"/evidence/{kept['id']}", token=office.driver.token("county", area="340281")
    )
    assert (answer.status, answer.json) == (200, JPEG)
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == (
        "image/jpeg",
        "nosniff",
    )
    assert "0320.jpg" in answer.headers["Content-Disposition"]
    assert await office.told() == ["activity.held.v1"]


async def test_only_photographs_and_scans_of_the_own_town(office: Office) -> None:
    jpeg = {"Content-Type": "image/jpeg"}
    await office.refused(
        "POST", "/evidence", None, status=422, code="evidence-unfit", data=b"<svg onload=x>", headers=jpeg
    )
    html = {"Content-Type": "text/html"}
    await office.refused(
        "POST", "/evidence", None, status=415, code="unsupported-type", data=b"<p>", headers=html
    )
    deputy = office.driver.token("deputy")
    await office.refused(
        "POST", "/evidence", None, status=403, code="forbidden", data=JPEG, headers=jpeg, token=deputy
    )
    kept = await office.post("/evidence", None, data=JPEG, headers=jpeg)
    stranger = office.driver.token(area="340281198")
    path = f"/evidence/{kept['id']}"
    await office.refused("GET", path, None, status=404, code="not-found", token=stranger)
    await office.refused("GET", "/evidence/unknown", None, status=404, code="not-found")
