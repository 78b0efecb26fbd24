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


@pytest.mark.parametrize("route", WRITES)
async def test_an_unknown_field_is_refused(town: Town, names: dict[str, str], route: str) -> None:
    path, body, who = filled(WRITES[route][0], names), filled(WRITES[route][1], names), WRITES[route][2]
    before = len(await town.events())
    answer = await town.post(path, {**body, "surprise": 1}, as_=who)
    assert (answer.status, locs(answer)) == (422, {"body.surprise"})
    assert len(await town.events()) == before


@pytest.mark.parametrize("route", REQUIRED)
async def test_a_missing_field_is_named(town: Town, names: dict[str, str], route: str) -> None:
    path, body, who = filled(WRITES[route][0], names), filled(WRITES[route][1], names), WRITES[route][2]
    del body[REQUIRED[route]]
    answer = await town.post(path, body, as_=who)
    assert (answer.status, locs(answer)) == (422, {f"body.{REQUIRED[route]}"})


@pytest.mark.parametrize("route", WRITES)
async def test_other_roles_may_not_write(town: Town, names: dict[str, str], route: str) -> None:
    path, body, who = filled(WRITES[route][0], names), filled(WRITES[route][1], names), WRITES[route][2]
    before = len(await town.events())
    for role in {"office", "leader", "deputy", "teller", "county", "auditor"} - {who.split(":")[1]}:
        answer = await town.post(path, body, as_=f"x1:{role}")
        assert answer.status == 403, role
    assert (await town.driver.call("POST", f"/{path}", body, token="x")).status == 401
    assert (await town.ask("POST", path, body, as_=who, area="340282")).status == 403
    assert len(await town.events()) == before


@pytest.mark.parametrize("route", ["counts", "open", "close", "publish", "revoke"])
async def test_a_meeting_that_is_not_there_is_not_found(town: Town, route: str) -> None:
    path, body, who = WRITES[route]
    assert (await town.post(path.format(meeting="nowhere"), body, as_=who)).status == 404


@pytest.mark.parametrize("path", ["schemes", "meetings", "duty_reports", "meetings/{meeting}/results"])
async def test_reads_outside_ones_area_find_nothing(town: Town, names: dict[str, str], path: str) -> None:
    answer = await town.ask("GET", path.format(**names), area="340282")
    assert answer.status == 404
    assert (await town.driver.call("GET", f"/{path.format(**names)}", token="x")).status == 401


@pytest.mark.parametrize(
    "path", ["schemes/nowhere", "meetings/nowhere", "meetings/nowhere/results", "meetings/nowhere/counts"]
)
async def test_what_does_not_exist_is_not_found(town: Town, path: str) -> None:
    assert (await town.get(path)).status == 404


async def test_duty_reports_are_not_for_tellers(town: Town) -> None:
    assert (await town.get("duty_reports", as_="t1:teller")).status == 403


@pytest.mark.parametrize(
    ("body", "loc"),
    [
        ({"name": "n", "formula": "thresholds"}, "body.thresholds"),
        ({"name": "n", "formula": "weighted"}, "body.options"),
        ({"name": "n", "formula": "by_feeling"}, "body.formula"),
        ({"name": "n", "options": [{"code": "a", "label": "甲"}]}, "body.options"),
        (
            {"name": "n", "options": [{"code": "a.b", "label": "甲"}, {"code": "c", "label": "乙"}]},
            "body.options.0.code",
        ),
        ({"name": "n", "min_published": 0}, "body.min_published"),
    ],
)
async def test_a_scheme_that_cannot_be_computed_is_refused(
    town: Town, body: dict[str, Any], loc: str
) -> None:
    answer = await town.post("schemes", body)
    assert answer.status == 422
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
