"""The HTTP door as its callers meet it."""

import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientPayloadError, FormData

from tests.unit.shared.conftest import TOWN, Served

NOTES = f"/notes/v1/towns/{TOWN}/notes"
NOTE = {"title": "春耕", "written_on": "2020-03-01"}


async def put(served: Served, office: dict[str, str], **changes: Any) -> dict[str, Any]:
    answer = await served.client.post(NOTES, json={**NOTE, **changes}, headers=office)
    assert answer.status == 201, await answer.text()
    created: dict[str, Any] = await answer.json()
    return created


async def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status == status, await answer.text()
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = await answer.json(content_type=None)
    assert set(body) == {"type", "title", "status", "detail", "code", "errors"}
    assert (body["status"], body["code"]) == (status, code)
    assert not body["title"].isascii()
    return body


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
        ("1", 400),
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


@pytest.mark.parametrize("key", ["", "a b", "键", "x" * 256])
async def test_bad_idempotency_key(served: Served, office: dict[str, str], key: str) -> None:
    answer = await served.client.post(NOTES, json=NOTE, headers=office | {"Idempotency-Key": key})
    await problem(answer, 400, "malformed")


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


async def test_batch_names_the_item_at_fault(served: Served, office: dict[str, str]) -> None:
    items: list[dict[str, Any]] = [
        NOTE,
        NOTE,
        {"title": "", "written_on": "1.3.2020", "colour": "green", "kolour": 1},
    ]
    body = await problem(
        await served.client.post(f"{NOTES}:batch", json={"items": items}, headers=office),
        422,
        "invalid-input",
    )
    assert {error["loc"]: error["message"] for error in body["errors"]} == {
        "body.items.2.title": "至少 1 个字",
        "body.items.2.written_on": "不是有效的日期，应写成 YYYY-MM-DD",
        "body.items.2.colour": "只能是 red、blue 之一",
        "body.items.2.kolour": "不认识的字段",
    }
    for empty_or_full in ([], [NOTE] * 2001):
        answer = await served.client.post(f"{NOTES}:batch", json={"items": empty_or_full}, headers=office)
        await problem(answer, 422, "invalid-input")


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


@pytest.mark.parametrize(
    ("query", "loc"),
    [
        ("limit=0", "query.limit"),
        ("limit=501", "query.limit"),
        ("limit=1&limit=2", "query.limit"),
        ("cursor=%2F", "query.cursor"),
        ("cursor=eA==", "query.cursor"),
        ("cursor=" + "e" * 300, "query.cursor"),
        ("colour=green", "query.colour"),
        ("pages=" + "9" * 30, "query.pages"),
        ("state=open", "query.state"),
        ("title=%00", "query.title"),
    ],
)
async def test_bad_list_query(served: Served, office: dict[str, str], query: str, loc: str) -> None:
    body = await problem(await served.client.get(f"{NOTES}?{query}", headers=office), 422, "invalid-input")
    assert [error["loc"] for error in body["errors"]] == [loc]


async def test_free_form_query(served: Served, office: dict[str, str]) -> None:
    search = f"/notes/v1/towns/{TOWN}/search"
    answer = await served.client.get(f"{search}?as_of=2020-12-31&words=a&words=b", headers=office)
    assert await answer.json() == {"as_of": "2020-12-31", "words": ["a", "b"]}
    for bad in (
        "",
        "?as_of=0",
        "?as_of=20201231",
        "?as_of=2020-02-30",
        "?as_of=2020-12-31&x=1",
        "?as_of=2020-12-31&exact=7",
    ):
        await problem(await served.client.get(search + bad, headers=office), 422, "invalid-input")
    extra = f"{NOTES}/none?x=1"
    await problem(await served.client.get(extra, headers=office), 422, "invalid-input")


HOSTILE: list[tuple[bytes, str, int, str]] = [
    (b"", "application/json", 400, "malformed"),
    (b"{", "application/json", 400, "malformed"),
    (b"nonsense", "application/json", 400, "malformed"),
    (b'{"title":"\xff"}', "application/json", 400, "malformed"),
    ('{"title":"春"}'.encode("gb18030"), "application/json", 400, "malformed"),
    (b'{"title":"\\ud800"}', "application/json", 400, "malformed"),
    (b"[" * 100_000, "application/json", 400, "malformed"),
    (b'{"a":' * 100_000, "application/json", 400, "malformed"),
    (b"[]", "application/json", 422, "invalid-input"),
    (b"null", "application/json", 422, "invalid-input"),
    (b'"x"', "application/json", 422, "invalid-input"),
    (b'{"pages":' + b"9" * 5000 + b"}", "application/json", 422, "invalid-input"),
    (b'{"pages":9223372036854775808}', "application/json", 422, "invalid-input"),
    (b'{"pages":-9223372036854775809}', "application/json", 422, "invalid-input"),
    (b'{"pages":1e999}', "application/json", 422, "invalid-input"),
    (b'{"pages":NaN}', "application/json", 422, "invalid-input"),
    (b'{"pages":true}', "application/json", 422, "invalid-input"),
    (b'{"pages":"1"}', "application/json", 422, "invalid-input"),
    (b'{"written_on":0}', "application/json", 422, "invalid-input"),
    (b'{"title":"a\\u0000b","written_on":"2020-03-01"}', "application/json", 422, "invalid-input"),
    (b'{"title":"a\\u001fb","written_on":"2020-03-01"}', "application/json", 422, "invalid-input"),
    (b'{"title":"a\xef\xbf\xbf","written_on":"2020-03-01"}', "application/json", 422, "invalid-input"),
    (b'{"title":"a\\uFFFE","written_on":"2020-03-01"}', "application/json", 422, "invalid-input"),
    (json.dumps(NOTE).encode(), "text/plain", 415, "unsupported-type"),
    (json.dumps(NOTE).encode(), "", 415, "unsupported-type"),
    (json.dumps(NOTE).encode(), "application/json; charset=gbk", 415, "unsupported-type"),
    (b"x" * (1024 * 1024 + 1), "application/json", 413, "too-large"),
]


@pytest.mark.parametrize(("content", "kind", "status", "code"), HOSTILE)
async def test_hostile_body(
    served: Served, office: dict[str, str], content: bytes, kind: str, status: int, code: str
) -> None:
    await problem(
        await served.client.post(NOTES, data=BytesIO(content), headers=office | {"Content-Type": kind}),
        status,
        code,
    )
    assert not served.store.documents


async def test_endless_body_is_cut_off(served: Served, office: dict[str, str]) -> None:
    async def endless() -> Any:
        for _ in range(20):
            yield b" " * 100_000

    answer = await served.client.post(
        NOTES, data=endless(), headers=office | {"Content-Type": "application/json"}
    )
    await problem(answer, 413, "too-large")


async def test_limits_of_integers_are_accepted(served: Served, office: dict[str, str]) -> None:
    note = await put(served, office, pages=2**63 - 1, title="a\t中\n\\u0000")
    assert note["pages"] == 2**63 - 1
    assert note["title"] == "a\t中\n\\u0000"


async def test_rule_of_a_field_speaks_chinese_on_create_and_change(
    served: Served, office: dict[str, str]
) -> None:
    body = await problem(
        await served.client.post(NOTES, json={**NOTE, "title": "  "}, headers=office), 422, "invalid-input"
    )
    assert body["errors"] == [{"loc": "body.title", "message": "不能只有空格"}]
    note = await put(served, office)
    for bad in ({"title": "  "}, {"title": None}, {"titel": "x"}, {"pages": -1}, {"id": "x"}):
        answer = await served.client.patch(f"{NOTES}/{note['id']}", json=bad, headers=office)
        assert [e["loc"] for e in (await problem(answer, 422, "invalid-input"))["errors"]] == [
            f"body.{next(iter(bad))}"
        ]


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


async def test_uploads(served: Served, office: dict[str, str]) -> None:
    files, png = f"/notes/v1/towns/{TOWN}/files", {"Content-Type": "image/png"}
    answer = await served.client.post(files, data=b"\x89PNG", headers=office | png)
    assert await answer.json() == {"filename": "", "content_type": "image/png", "size": 4}
    form = FormData({"note": "x"})
    form.add_field("file", b"\x89PNG\r\n", filename="../../图.png", content_type="image/png")
    answer = await served.client.post(files, data=form, headers=office)
    assert await answer.json() == {"filename": "图.png", "content_type": "image/png", "size": 6}
    await problem(await served.client.post(files, data=b"x" * 4097, headers=office | png), 413, "too-large")
    big = FormData()
    big.add_field("file", b"x" * 5000, filename="a.png", content_type="image/png")
    await problem(await served.client.post(files, data=big, headers=office), 413, "too-large")
    await problem(await served.client.post(files, data=b"", headers=office | png), 400, "malformed")
    await problem(
        await served.client.post(files, data=b"x", headers=office | {"Content-Type": "text/plain"}),
        415,
        "unsupported-type",
    )
    for broken in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = await served.client.post(files, data=b"nonsense", headers=office | {"Content-Type": broken})
        await problem(answer, 400, "malformed")


async def test_faults_tell_nothing(served: Served, office: dict[str, str]) -> None:
    answer = await served.client.get("/notes/v1/broken", headers=office)
    body = await problem(answer, 500, "internal-error")
    assert "139" not in json.dumps(body)
    assert answer.headers["X-Request-Id"]


async def test_a_stream_has_the_headers_of_every_answer(served: Served, office: dict[str, str]) -> None:
    answer = await served.client.get("/notes/v1/stream", headers=office | {"X-Request-Id": "r-7"})
    assert await answer.text() == "first last"
    assert (answer.headers["X-Request-Id"], answer.headers["X-Content-Type-Options"]) == ("r-7", "nosniff")


async def test_a_stream_that_breaks_does_not_look_whole(served: Served, office: dict[str, str]) -> None:
    answer = await served.client.get("/notes/v1/stream", headers=office | {"X-Break": "1"})
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
