"""Every route's negatives: wrong field, missing field, forbidden, not found; and a refusal announces nothing."""

from typing import Any

import pytest

from tests.component.ratings.conftest import Town, a_sheet, locs

pytestmark = pytest.mark.mongo

WRITES: dict[str, tuple[str, dict[str, Any], str]] = {
    "schemes": ("schemes", {"name": "测评"}, "o1:office"),
    "meetings": ("meetings", {"held_on": "2020-12-03", "scheme_id": "{scheme}"}, "o1:office"),
    "duty_reports": ("duty_reports", {"meeting_id": "{meeting}", "deputyship_id": "d1"}, "o1:office"),
    "counts": ("meetings/{meeting}/counts", a_sheet(1), "t1:teller"),
    "open": ("meetings/{meeting}:open", {}, "o1:office"),
    "close": ("meetings/{meeting}:close", {}, "o1:office"),
    "publish": ("meetings/{meeting}:publish", {}, "o1:office"),
    "revoke": ("meetings/{meeting}:revoke", {"reason": "有误"}, "o1:office"),
}
REQUIRED = {
    "schemes": "name",
    "meetings": "held_on",
    "duty_reports": "meeting_id",
    "counts": "issued",
    "revoke": "reason",
}


def filled(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**names)
    if isinstance(value, dict):
        return {key: filled(inner, names) for key, inner in value.items()}
    return value


@pytest.fixture
async def names(town: Town) -> dict[str, str]:
    scheme = await town.scheme()
    return {"scheme": scheme, "meeting": await town.opened(scheme_id=scheme)}


async def test_every_write_names_what_is_wrong_and_is_for_one_role_only(
    town: Town, names: dict[str, str]
) -> None:
    before = len(await town.events())
    for route, (pattern, content, who) in WRITES.items():
        path, body = filled(pattern, names), filled(content, names)
        answer = await town.post(path, {**body, "surprise": 1}, as_=who)
        assert (answer.status, locs(answer)) == (422, {"body.surprise"}), route
        if field := REQUIRED.get(route):
            lacking = {key: value for key, value in body.items() if key != field}
            answer = await town.post(path, lacking, as_=who)
            assert (answer.status, locs(answer)) == (422, {f"body.{field}"}), route
        for role in {"office", "leader", "deputy", "teller", "county", "auditor"} - {who.split(":")[1]}:
            answer = await town.post(path, body, as_=f"x1:{role}")
            assert answer.status == 403, (route, role)
        assert (await town.driver.call("POST", f"/{path}", body, token="x")).status == 401, route
        assert (await town.ask("POST", path, body, as_=who, area="340282")).status == 403, route
        if "{meeting}" in pattern:
            nowhere = pattern.format(meeting="nowhere")
            assert (await town.post(nowhere, body, as_=who)).status == 404, route
    assert len(await town.events()) == before


async def test_what_is_not_there_or_of_others_is_not_found(town: Town, names: dict[str, str]) -> None:
    for pattern in ("schemes", "meetings", "duty_reports", "meetings/{meeting}/results"):
        path = pattern.format(**names)
        assert (await town.ask("GET", path, area="340282")).status == 404, path
        assert (await town.driver.call("GET", f"/{path}", token="x")).status == 401, path
    for path in ("schemes", "meetings", "meetings/{}/results", "meetings/{}/counts"):
        nowhere = path.format("nowhere") if "{" in path else f"{path}/nowhere"
        assert (await town.get(nowhere)).status == 404, nowhere


async def test_meetings_and_duty_reports_come_in_batches(town: Town) -> None:
    await town.deputy("d1", "示例d1")
    meeting = {"held_on": "2020-12-03", "scheme_id": await town.scheme(), "deputyship_ids": ["d1"]}
    made = await town.post("meetings:batch", {"items": [meeting]})
    assert made.status == 201, made.json
    (point,) = made.json["items"]
    report = {"meeting_id": point["id"], "deputyship_id": "d1"}
    filed = await town.post("duty_reports:batch", {"items": [report]})
    assert (filed.status, [one["meeting_id"] for one in filed.json["items"]]) == (201, [point["id"]])
    twice = await town.post("duty_reports:batch", {"items": [report]})
    assert 400 <= twice.status < 500
    assert len((await town.get("duty_reports")).json["items"]) == 1


async def test_duty_reports_are_not_for_tellers(town: Town) -> None:
    assert (await town.get("duty_reports", as_="t1:teller")).status == 403


async def test_a_scheme_that_cannot_be_computed_is_refused(town: Town) -> None:
    options = [{"code": "a.b", "label": "甲"}, {"code": "c", "label": "乙"}]
    for fields, loc in (
        ({"formula": "thresholds"}, "body.thresholds"),
        ({"formula": "weighted"}, "body.options"),
        ({"formula": "by_feeling"}, "body.formula"),
        ({"options": [{"code": "a", "label": "甲"}]}, "body.options"),
        ({"options": options}, "body.options.0.code"),
        ({"min_published": 0}, "body.min_published"),
    ):
        answer = await town.post("schemes", {"name": "n", **fields})
        assert answer.status == 422, loc
        assert loc in locs(answer)
    assert await town.events() == []


async def test_a_stale_change_is_refused(town: Town) -> None:
    id = await town.scheme()
    await town.ask("PATCH", f"schemes/{id}", {"min_raters": 30})
    stale = await town.ask("PATCH", f"schemes/{id}", {"min_raters": 40}, headers={"If-Match": '"1"'})
    assert (stale.status, stale.json["code"]) == (412, "stale-version")


async def test_a_change_that_breaks_the_scheme_is_refused(town: Town) -> None:
    id = await town.scheme()
    answer = await town.ask("PATCH", f"schemes/{id}", {"formula": "weighted"})
    assert (answer.status, locs(answer)) == (422, {"body.options"})
