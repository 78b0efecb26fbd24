"""Requests that another overtakes after their first read."""

from functools import partial
from types import ModuleType
from typing import Any

import pytest

from services.reports.handlers import editions, paragraphs, recompiling, webhooks, year_settings
from services.reports.webhooks import streams
from tests.component.reports.conftest import YEAR, Office
from tests.fixtures.apps import TOWN
from tests.fixtures.races import overtake
from tests.probes import eventually

pytestmark = pytest.mark.mongo
THEME = {"theme": "防汛救灾"}
SIGNER = {"signer": "王示例01"}
HOOK = {"url": "https://receiver.example.cn/hook", "types": ["reports.report.*"]}


async def themed(office: Office) -> None:
    answer = await office.driver.call("PATCH", f"{YEAR}/settings", THEME)
    assert answer.status == 200, answer.json


@pytest.mark.parametrize(
    ("method", "path", "body", "version", "module", "use_case"),
    [
        ("POST", "report:approve", {}, 1, editions, "step"),
        ("PUT", "settings", SIGNER, 0, year_settings, "put_settings"),
        ("PATCH", "settings", SIGNER, 0, year_settings, "patch_settings"),
        ("PATCH", "paragraphs/opening", {"text": "改写。"}, 1, paragraphs, "reword"),
    ],
)
async def test_what_is_asked_of_one_version_is_not_done_to_the_next(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    body: Any,
    version: int,
    module: ModuleType,
    use_case: str,
) -> None:
    await office.closed()
    overtake(monkeypatch, module, use_case, partial(themed, office))
    seen = {"If-Match": f'"{version}"'}
    answer = await office.driver.call(method, f"{YEAR}/{path}", body, headers=seen)
    assert (answer.status, answer.json.get("code")) == (412, "stale-version")
    report = await office.driver.get(f"{YEAR}/report")
    assert (report["status"], report["version"]) == ("draft", 2)
    assert (await office.driver.get(f"{YEAR}/settings"))["signer"] == ""


async def test_settings_changed_at_the_same_time_are_both_kept(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtake(monkeypatch, year_settings, "put_settings", partial(themed, office))
    answer = await office.driver.call("PATCH", f"{YEAR}/settings", SIGNER)
    assert (answer.json["theme"], answer.json["signer"]) == (THEME["theme"], SIGNER["signer"])


async def test_a_draft_that_is_approved_while_it_is_compiled_again_stays_approved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.closed()
    approve = partial(office.driver.post, f"{YEAR}/report:approve", {})
    overtake(monkeypatch, recompiling, "recompile", approve)
    refused = await office.driver.call("POST", f"{YEAR}/report:compile", {})
    assert (refused.status, refused.json.get("code")) == (409, "wrong-status")
    report = await office.driver.get(f"{YEAR}/report")
    assert (report["status"], report["version"]) == ("approved", 2)


async def test_a_report_compiled_from_a_new_closing_is_not_compiled_again_from_the_one_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.closed()
    office.book.add("activity", kind="inspection", title="补登的视察", held_on="2020-11-02")
    overtake(monkeypatch, recompiling, "recompile", office.closed)
    answer = await office.driver.post(f"{YEAR}/report:compile", {})
    assert (answer["version"], answer["sources"]) == (
        2,
        (await office.driver.get(f"{YEAR}/report"))["sources"],
    )
    [inspections] = [one for one in answer["figures"] if one["id"] == "supervision.inspections"]
    assert inspections["value"] == 2


async def test_a_key_that_is_replaced_meanwhile_is_not_replaced_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = await office.driver.post("/webhooks", HOOK)
    path, seen = f"/webhooks/{hook['id']}:rotate", {"If-Match": '"1"'}
    overtake(monkeypatch, webhooks, "rotate", partial(office.driver.post, path, {}, headers=seen))
    late = await office.driver.call("POST", path, {}, headers=seen)
    assert (late.status, late.json.get("code")) == (412, "stale-version")
    assert (await office.driver.get(f"/webhooks/{hook['id']}"))["version"] == 2


async def test_a_change_of_a_webhook_that_is_refused_passes_over_no_event(told: Office) -> None:
    store = told.driver.alive.store
    hook = await told.driver.post("/webhooks", HOOK)
    path, body = f"/webhooks/{hook['id']}", {"types": ["roster.*"]}

    async def heard() -> bool:
        return f"/{TOWN}/roster" in await streams.reaches(store, TOWN)

    async def begun() -> bool:
        return bool(await store.find("webhook_cursors", {"_id": f"{hook['id']} /{TOWN}/roster"}, limit=1))

    await eventually(heard)
    stale = await told.driver.call("PATCH", path, body, headers={"If-Match": '"7"'})
    assert (stale.status, await begun()) == (412, False)
    assert (await told.driver.call("PATCH", path, body)).status == 200
    assert await begun()
