"""The HTTP door as its callers meet it."""

import json
from typing import Any

import pytest
from aiohttp import ClientPayloadError

from tests.unit.shared.serving import NOTE, NOTES, TOWN, Served, problem, put


async def test_created_record_has_address_and_version(served: Served, office: dict[str, str]) -> None:
    answer = await served.client.post(NOTES, json=NOTE, headers=office)
    body = await answer.json()
    assert answer.status == 201
    assert (body["title"], body["version"], body["town"]) == ("春耕", 1, TOWN)
    assert answer.headers["ETag"] == '"1"'
    again = await served.client.get(answer.headers["Location"], headers=office)
    assert (again.status, await again.json(), again.headers["ETag"]) == (200, body, '"1"')


async def test_unchanged_record_is_not_sent_again(served: Served, office: dict[str, str]) -> None:
    note = await put(served, office)
    answer = await served.client.get(
        f"{NOTES}/{note['id']}", headers=office | {"If-None-Match": 'W/"1", "7"'}
    )
    assert (answer.status, await answer.read()) == (304, b"")


async def test_change_touches_only_what_was_sent(served: Served, office: dict[str, str]) -> None:
    note = await put(served, office, pages=3)
    answer = await served.client.patch(f"{NOTES}/{note['id']}", json={"pages": None}, headers=office)
    assert await answer.json() == {**note, "pages": None, "version": 2}
    assert answer.headers["ETag"] == '"2"'


async def test_empty_change_is_none(served: Served, office: dict[str, str]) -> None:
    note = await put(served, office)
    answer = await served.client.patch(f"{NOTES}/{note['id']}", json={}, headers=office)
    assert (answer.status, await answer.json()) == (200, note)


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ('"1"', 200),
        ("*", 200),
        ('"7", "1"', 200),
        ('"2"', 412),
        ('W/"1"', 412),
        ("1", 200),
        ('"1', 400),
        ("", 400),
    ],
)
async def test_if_match(served: Served, office: dict[str, str], tags: str, status: int) -> None:
    note = await put(served, office)
    answer = await served.client.patch(
        f"{NOTES}/{note['id']}", json={"pages": 1}, headers=office | {"If-Match": tags}
    )
    assert answer.status == status
    if status == 412:
        await problem(answer, 412, "stale-version")


async def test_change_in_between_is_noticed(served: Served, office: dict[str, str]) -> None:
    note = await put(served, office)

    def meddle() -> None:
        served.store.before_commit = lambda: None
        served.store.documents["notes", note["id"]]["version"] = 2

    served.store.before_commit = meddle
    stale = office | {"If-Match": '"1"'}
    await problem(
        await served.client.patch(f"{NOTES}/{note['id']}", json={"pages": 1}, headers=stale),
        412,
        "stale-version",
    )


async def test_command_runs_once_and_without_body(served: Served, office: dict[str, str]) -> None:
    note = await put(served, office)
    answer = await served.client.post(f"{NOTES}/{note['id']}:close", headers=office)
    assert (answer.status, (await answer.json())["state"], answer.headers["ETag"]) == (200, "closed", '"2"')
    await problem(
        await served.client.post(f"{NOTES}/{note['id']}:close", json={}, headers=office), 409, "conflict"
    )


async def test_idempotency_key_replays_the_answer(served: Served, office: dict[str, str]) -> None:
    keyed = office | {"Idempotency-Key": "a-1"}
    first = await served.client.post(NOTES, json=NOTE, headers=keyed)
    again = await served.client.post(NOTES, json=NOTE, headers=keyed)
    assert (first.status, await first.read(), first.headers["Location"]) == (
        again.status,
        await again.read(),
        again.headers["Location"],
    )
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    await problem(await served.client.post(NOTES, json={**NOTE, "pages": 1}, headers=keyed), 409, "conflict")
    other = served.token("office", subject="another") | {"Idempotency-Key": "a-1"}
    answer = await served.client.post(NOTES, json={**NOTE, "title": "秋收"}, headers=other)
    assert answer.status == 201


async def test_batch_is_all_or_nothing(served: Served, office: dict[str, str]) -> None:
    items = [{**NOTE, "title": title} for title in ("甲", "乙", "重复")]
    body = await problem(
        await served.client.post(f"{NOTES}:batch", json={"items": items}, headers=office), 409, "conflict"
    )
    assert body["errors"] == [{"loc": "body.items.2.title", "message": "重复"}]
    items[2]["title"] = "不行"
    body = await problem(
        await served.client.post(f"{NOTES}:batch", json={"items": items}, headers=office),
        422,
        "invalid-input",
    )
    assert body["errors"] == [{"loc": "body.items.2", "message": "不行就是不行"}]
    assert not served.store.documents
    answer = await served.client.post(f"{NOTES}:batch", json={"items": items[:2]}, headers=office)
    assert [item["title"] for item in (await answer.json())["items"]] == ["甲", "乙"]


async def test_pages_hold_every_record_once(served: Served, office: dict[str, str]) -> None:
    for number in range(7):
        await put(served, office, title=f"第{number}篇", words=["春"] if number % 2 else ["秋"])
    seen, cursor = [], None
    while True:
        query = {"limit": "3"} | ({"cursor": cursor} if cursor else {})
        page = await (await served.client.get(NOTES, params=query, headers=office)).json()
        seen += [note["title"] for note in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert seen == [f"第{number}篇" for number in range(7)]
    page = await (await served.client.get(NOTES, params={"words": "春"}, headers=office)).json()
    assert [note["title"] for note in page["items"]] == ["第1篇", "第3篇", "第5篇"]


async def test_a_list_has_the_fields_that_are_asked_for(served: Served, office: dict[str, str]) -> None:
    note = await put(served, office, secret="密")

    async def items(query: dict[str, str]) -> Any:
        answer = await served.client.get(NOTES, params=query, headers=office)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    page = await items({"fields": "title,written_on", "total": "true"})
    assert page == {
        "items": [{"id": note["id"], "title": "春耕", "written_on": "2020-03-01"}],
        "next_cursor": None,
        "total": 1,
    }
    assert await items({"fields": "id,id"}) == {
        "items": [{"id": note["id"]}],
        "next_cursor": None,
        "total": None,
    }
    assert (await items({"fields": ""}))["items"] == (await items({}))["items"] == [note]
    for wrong, name in (("title,colours", "colours"), ("Title", "Title"), ("items", "items")):
        answer = await served.client.get(NOTES, params={"fields": wrong}, headers=office)
        [error] = (await problem(answer, 422, "invalid-input"))["errors"]
        assert error["loc"] == "query.fields"
        assert error["message"] == f"没有这个字段：{name}"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not-found"),
        ("GET", "/notes/v1/towns/34028110/notes", 404, "not-found"),
        ("GET", "/notes/v1/towns/３４０２８１１０１/notes", 404, "not-found"),
        ("GET", f"{NOTES}/none", 404, "not-found"),
        ("GET", f"{NOTES}/%00", 404, "not-found"),
        ("GET", f"{NOTES}/a%2Fb", 404, "not-found"),
        ("GET", f"{NOTES}/%FF", 404, "not-found"),
        ("GET", f"{NOTES}/%ED%A0%80", 404, "not-found"),
        ("DELETE", NOTES, 405, "method-not-allowed"),
        ("GET", f"{NOTES}:batch", 405, "method-not-allowed"),
        ("POST", f"{NOTES}/x:unknown", 404, "not-found"),
        ("LINK", NOTES, 405, "method-not-allowed"),
    ],
)
async def test_no_such_thing(
    served: Served, office: dict[str, str], method: str, path: str, status: int, code: str
) -> None:
    answer = await served.client.request(method, path, headers=office)
    await problem(answer, status, code)
    if status == 405:
        assert answer.headers["Allow"]


async def test_identity_and_area(served: Served, office: dict[str, str]) -> None:
    note = await put(served, office, secret="密")
    one, county = f"{NOTES}/{note['id']}", served.token("county", area="340281")
    seen = await (await served.client.get(one, headers=county)).json()
    assert seen["secret"] == "***"
    await problem(await served.client.post(NOTES, json=NOTE, headers=county), 403, "forbidden")
    elsewhere = served.token("office", area="340281102")
    await problem(await served.client.get(one, headers=elsewhere), 404, "not-found")
    await problem(await served.client.patch(one, json={}, headers=elsewhere), 403, "forbidden")
    own = f"/notes/v1/towns/340281102/notes/{note['id']}"
    await problem(await served.client.get(own, headers=elsewhere), 404, "not-found")
    for nobody in (
        {},
        {"Authorization": "Basic eDp5"},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": "Bearer"},
    ):
        answer = await served.client.get(one, headers=nobody)
        await problem(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    board = "/notes/v1/areas/340281/years/2020"
    assert (await served.client.get(board, headers=county)).status == 200
    await problem(await served.client.get("/notes/v1/areas/34/years/2020", headers=county), 404, "not-found")
    await problem(await served.client.get(board, headers=office), 404, "not-found")
    national = served.token("service", area="")
    assert (await served.client.get("/notes/v1/areas/34/years/2020", headers=national)).status == 200


async def test_faults_tell_nothing(served: Served, office: dict[str, str]) -> None:
    answer = await served.client.get("/notes/v1/broken", headers=office)
    body = await problem(answer, 500, "internal-error")
    assert "139" not in json.dumps(body)
    assert answer.headers["X-Request-Id"] in body["detail"]


async def test_a_stream_has_the_headers_of_every_answer(served: Served, office: dict[str, str]) -> None:
    answer = await served.client.get("/notes/v1/stream", headers=office | {"X-Request-Id": "r-7"})
    assert await answer.text() == "first last"
    assert (answer.headers["X-Request-Id"], answer.headers["X-Content-Type-Options"]) == ("r-7", "nosniff")


@pytest.mark.parametrize("how", ["fault", "problem"])
async def test_a_stream_that_breaks_does_not_look_whole(
    served: Served, office: dict[str, str], how: str
) -> None:
    answer = await served.client.get("/notes/v1/stream", headers=office | {"X-Break": how})
    with pytest.raises(ClientPayloadError):
        await answer.read()


async def test_a_browser_gets_a_page(served: Served) -> None:
    answer = await served.client.get(
        "/nowhere", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    )
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "没有找到" in await answer.text()


async def test_public_page_needs_no_token(served: Served) -> None:
    answer = await served.client.get("/p/abc?utm=1")
    assert (answer.status, await answer.text()) == (200, "<p></p>")
    assert "X-Request-Id" not in answer.headers
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert (await served.client.post("/p/abc", data={"a": "1"})).status == 200


async def test_every_answer_has_safe_headers(served: Served, office: dict[str, str]) -> None:
    for path in (NOTES, "/nowhere", "/p/abc", "/notes/docs", "/notes/health/live"):
        answer = await served.client.get(path, headers=office | {"X-Request-Id": "abc-1"})
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"]
        assert "Server" not in answer.headers
        assert answer.headers.get("X-Request-Id", "abc-1") == "abc-1"


async def test_head_is_get_without_body(served: Served, office: dict[str, str]) -> None:
    answer = await served.client.head(NOTES, headers=office)
    assert (answer.status, await answer.read()) == (200, b"")


async def test_health(served: Served) -> None:
    assert (await served.client.get("/notes/health/live")).status == 200
    for path in ("/health/ready", "/notes/health/ready"):
        assert (await served.client.get(path)).status == 200
    served.needs["broker"] = False
    for path in ("/health/ready", "/notes/health/ready"):
        answer = await served.client.get(path)
        assert answer.status == 503
        assert (await answer.json())["services"] == {"notes": {"database": True, "broker": False}}
    assert (await served.client.get("/health/live")).status == 200


async def test_metrics_name_routes_not_values(served: Served, office: dict[str, str]) -> None:
    await served.client.get(f"{NOTES}/some-secret-id", headers=office)
    await served.client.get("/p/some-code")
    metrics = await (await served.client.get("/notes/metrics")).text()
    assert 'route="/notes/v1/towns/{town}/notes/{id}",service="notes",status="404"' in metrics
    assert "some-secret-id" not in metrics
    assert "some-code" not in metrics
