"""What is sent in, well formed or not: every fault is a problem that says where it lies."""

import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from tests.unit.shared.serving import NOTE, NOTES, TOWN, Served, problem, put


@pytest.mark.parametrize("key", ["", "a b", "键", "x" * 256])
async def test_bad_idempotency_key(served: Served, office: dict[str, str], key: str) -> None:
    answer = await served.client.post(NOTES, json=NOTE, headers=office | {"Idempotency-Key": key})
    await problem(answer, 400, "malformed")


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


@pytest.mark.parametrize(
    ("query", "loc"),
    [
        ("limit=0", "query.limit"),
        ("limit=1001", "query.limit"),
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
    again = await served.client.get(f"{search}?as_of=2020-12-31&as_of=2020-12-31", headers=office)
    assert again.status == 200
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
    (b'{"pages":9007199254740992}', "application/json", 422, "invalid-input"),
    (b'{"pages":-9007199254740992}', "application/json", 422, "invalid-input"),
    (b'{"title":"a","title":"b","written_on":"2020-03-01"}', "application/json", 400, "malformed"),
    (b'{"title":"a","written_on":"2020-03-01","t\\u0069tle":"b"}', "application/json", 400, "malformed"),
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
    note = await put(served, office, pages=2**53 - 1, title="a\t中\n\\u0000")
    assert note["pages"] == 2**53 - 1
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
