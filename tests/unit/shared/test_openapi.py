"""What the service says of itself: a valid OpenAPI 3.1 document, and a page that needs no network."""

import re
from datetime import date
from typing import Any

import pytest

from shared.http import EVERYONE, PUBLIC, Api, Call, permissions, route
from shared.http.docs import page
from shared.http.openapi import document
from tests.unit.shared.sample import Found, SearchIn, sample
from tests.unit.shared.serving import Served

TOWN = "/notes/v1/towns/{town}"


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    return document(sample())


def parameters(spec: dict[str, Any], method: str, path: str) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in spec["paths"][path][method]["parameters"]}


def answer(spec: dict[str, Any], operation: dict[str, Any], status: str) -> dict[str, Any]:
    """A response of an operation, also where it is a component."""
    response: dict[str, Any] = operation["responses"][status]
    name = response.get("$ref", "").rpartition("/")[2]
    return spec["components"]["responses"][name] if name else response


def headers(spec: dict[str, Any], method: str, path: str, status: str) -> set[str]:
    return set(answer(spec, spec["paths"][path][method], status).get("headers", ()))


def validate(spec: dict[str, Any]) -> None:
    from openapi_spec_validator import OpenAPIV31SpecValidator

    OpenAPIV31SpecValidator(spec).validate()


def test_document_is_valid(spec: dict[str, Any]) -> None:
    validate(spec)


def test_operation_ids_are_unique(spec: dict[str, Any]) -> None:
    ids = [operation["operationId"] for methods in spec["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids))
    assert {
        "list_notes",
        "create_notes",
        "create_notes_batch",
        "get_notes",
        "change_notes",
        "close_notes",
    } <= set(ids)


def test_every_operation_is_described(spec: dict[str, Any]) -> None:
    assert set(spec["paths"]) == {operation.path for operation in sample().operations}
    for methods in spec["paths"].values():
        for operation in methods.values():
            assert operation["tags"]
            assert all(answer(spec, operation, status)["description"] for status in operation["responses"])


def test_parameters_are_never_null(spec: dict[str, Any]) -> None:
    query = parameters(spec, "get", f"{TOWN}/notes")
    assert query["limit"]["schema"] == {"type": "integer", "default": 50, "minimum": 1, "maximum": 1000}
    assert "anyOf" not in query["cursor"]["schema"]
    assert "default" not in query["cursor"]["schema"]
    assert query["colour"]["schema"] == {"$ref": "#/components/schemas/Colour"}
    assert query["town"]["schema"]["pattern"] == "^[0-9]{9}$"
    assert parameters(spec, "get", f"{TOWN}/search")["as_of"]["required"] is True


def test_guards_and_keys_are_documented(spec: dict[str, Any]) -> None:
    assert "If-Match" in parameters(spec, "patch", f"{TOWN}/notes/{{id}}")
    assert {"If-Match", "Idempotency-Key"} <= set(parameters(spec, "post", f"{TOWN}/notes/{{id}}:close"))
    assert "Idempotency-Key" not in parameters(spec, "get", f"{TOWN}/notes")
    created = spec["paths"][f"{TOWN}/notes"]["post"]["responses"]["201"]
    assert {"Location"} <= set(created["headers"])


def test_refusals_refer_to_one_problem_schema(spec: dict[str, Any]) -> None:
    responses = spec["paths"][f"{TOWN}/notes/{{id}}"]["patch"]["responses"]
    expected = {"200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "429", "503"}
    assert expected == set(responses)
    assert spec["components"]["responses"]["Invalid"]["content"] == {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
    }


def test_whatever_a_client_may_be_told_anywhere_is_declared(spec: dict[str, Any]) -> None:
    for methods in spec["paths"].values():
        for operation in methods.values():
            assert "503" in operation["responses"], "the database may be away"
            assert ("429" in operation["responses"]) == bool(operation["security"])
    notes = f"{TOWN}/notes"
    counted = {"RateLimit", "RateLimit-Policy", "X-Request-Id"}
    assert headers(spec, "get", notes, "200") == counted
    assert headers(spec, "post", notes, "201") == counted | {"ETag", "Location", "Idempotent-Replayed"}
    assert (
        headers(spec, "get", notes, "429") == headers(spec, "get", notes, "503") == counted | {"Retry-After"}
    )
    assert headers(spec, "get", f"{TOWN}/notes/{{id}}", "304") == counted | {"ETag"}
    assert "If-None-Match" in parameters(spec, "get", f"{TOWN}/notes/{{id}}")
    assert "304" not in spec["paths"][notes]["get"]["responses"]
    assert headers(spec, "get", "/p/{code}", "200") == {"X-Request-Id"}


def test_what_is_to_end_declares_the_headers_that_say_so() -> None:
    api = Api("x")

    @route("GET", "/things", roles=EVERYONE, deprecated_on=date(2026, 1, 1), sunset_on=date(2027, 1, 1))
    async def things(call: Call) -> Found:
        raise NotImplementedError

    api.add(things)
    assert {"Deprecation", "Sunset"} <= headers(document(api), "get", "/x/v1/things", "200")


def test_public_operations_need_no_token(spec: dict[str, Any]) -> None:
    assert spec["paths"]["/p/{code}"]["get"]["security"] == []
    assert spec["paths"][f"{TOWN}/notes"]["get"]["security"] == [{"bearer": []}]
    assert spec["paths"][f"{TOWN}/notes"]["get"]["x-roles"] == ["county", "office"]


def test_change_requires_nothing_and_knows_every_field(spec: dict[str, Any]) -> None:
    create, change = spec["components"]["schemas"]["NoteIn"], spec["components"]["schemas"]["NoteInPatch"]
    assert set(create["properties"]) == set(change["properties"])
    assert set(create["required"]) == {"title", "written_on"}
    assert "required" not in change
    assert change["properties"]["title"] == {
        "title": "Title",
        "type": "string",
        "minLength": 1,
        "maxLength": 20,
    }
    assert change["additionalProperties"] is False


async def test_served_page_works_offline(served: Served) -> None:
    spec = await (await served.client.get("/notes/openapi.json")).json()
    validate(spec)
    answer = await served.client.get("/notes/docs")
    html = await answer.text()
    assert answer.content_type == "text/html"
    assert 'lang="zh-CN"' in html
    assert not re.search(r"<script|https?://|@import|src=", html)
    for link in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{link}"' in html, link


async def test_what_a_client_knows_is_not_sent_again(served: Served) -> None:
    for path in ("/notes/openapi.json", "/notes/docs"):
        packed, plain = [
            await served.client.get(path, headers={"Accept-Encoding": coding})
            for coding in ("gzip", "identity")
        ]
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain.headers
        assert await packed.read() == await plain.read()
        assert packed.headers["ETag"] == plain.headers["ETag"]
        again = await served.client.get(path, headers={"If-None-Match": plain.headers["ETag"]})
        assert (again.status, await again.read()) == (304, b"")
        changed = await served.client.get(path, headers={"If-None-Match": '"other"'})
        assert changed.status == 200


def test_page_escapes_what_it_shows() -> None:
    api = Api("x", title="<b>")

    @route("GET", "/things", roles=EVERYONE, summary="<script>alert(1)</script>")
    async def things(call: Call) -> Found:
        raise NotImplementedError

    api.add(things)
    assert "<script" not in page(document(api))


def test_permissions_come_from_the_routes() -> None:
    rows = {(method, path): roles for method, path, _, roles in permissions([sample()])}
    assert rows["POST", f"{TOWN}/notes"] == ("office",)
    assert rows["GET", f"{TOWN}/notes"] == ("county", "office")
    assert rows["GET", "/p/{code}"] == ("public",)


def test_a_put_that_creates_and_a_file_in_json_have_their_form() -> None:
    api = Api("x")

    @route("PUT", "/things/{id}", roles=EVERYONE, creates=True)
    async def put_thing(call: Call[None, SearchIn]) -> Found:
        raise NotImplementedError

    @route("GET", "/things.csv-metadata.json", roles=EVERYONE, produces=["application/csvm+json"])
    async def described(call: Call) -> None: ...

    api.add(put_thing, described)
    paths = document(api)["paths"]
    put = paths["/x/v1/things/{id}"]["put"]["responses"]
    assert put["201"]["content"] == put["200"]["content"]
    file = paths["/x/v1/things.csv-metadata.json"]["get"]["responses"]["200"]["content"]
    assert file["application/csvm+json"]["schema"] == {"type": "object"}


def test_declarations_that_contradict_are_refused() -> None:
    api = Api("x")

    async def one(call: Call) -> None: ...

    api.add(route("GET", "/a", roles=PUBLIC)(one))
    with pytest.raises(ValueError, match="two operations"):
        api.add(route("GET", "/b", roles=PUBLIC, name="one")(one))
    with pytest.raises(ValueError, match="declared twice"):
        api.add(route("GET", "/a", roles=PUBLIC, name="two", query=SearchIn)(one))
    for roles in ((), "nobody", {"office", "public"}):
        with pytest.raises(ValueError, match="roles must be"):
            route("GET", "/c", roles=roles, name="three")(one)
