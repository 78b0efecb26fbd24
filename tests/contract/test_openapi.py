"""What each service promises over HTTP: a valid OpenAPI 3.1 document that a client can be made from."""

from functools import cache
from typing import Any

import pytest
import yaml

from shared.envelope import BATCH_CONTENT_TYPE
from shared.http import Api
from shared.http.docs import page
from tests.architecture.sources import ROOT
from tests.contract.documents import SERVICES, described


@pytest.fixture(params=SERVICES)
def api(request: pytest.FixtureRequest) -> Api:
    return SERVICES[request.param].api


@pytest.mark.nightly  # `test_merged_contract.py` reads all of them as one
def test_document_is_valid_and_all_its_references_lead_somewhere(api: Api) -> None:
    document = described(api.service)
    spec_validator()(document).validate()
    assert set(references(document)) == components(document)


def test_paths_stand_under_the_service_unless_they_are_public(api: Api) -> None:
    outside = {o.path for o in api.operations if not o.path.startswith(f"/{api.service}/v1/")}
    assert outside == {o.path for o in api.operations if o.public and o.path in outside}


def test_every_operation_says_in_chinese_what_it_does(api: Api) -> None:
    assert [o.name for o in api.operations if o.summary.isascii()] == []


def test_its_page_is_written_from_it(api: Api) -> None:
    html = page(described(api.service))
    assert [o.path for o in api.operations if o.path not in html] == []


def test_the_settings_of_the_client_generator_name_every_kind_of_file(api: Api) -> None:
    """It knows bytes of octet streams alone, and leaves out an operation whose body it does not know."""
    settings = yaml.safe_load((ROOT / "docs" / "openapi-python-client.yaml").read_text("utf-8"))
    known = {*settings["content_type_overrides"], "application/octet-stream"}
    bodies = [
        (operation["operationId"], kind)
        for methods in described(api.service)["paths"].values()
        for operation in methods.values()
        for kind, content in operation.get("requestBody", {}).get("content", {}).items()
        if content["schema"].get("format") == "binary"
    ]
    assert [one for one in bodies if one[1] not in known] == []


def test_what_is_changed_by_if_match_is_read_with_its_tag(api: Api) -> None:
    """The wording is changed by the tag of its report."""
    paths = described(api.service)["paths"]
    for path, methods in paths.items():
        changes = [methods[method] for method in methods.keys() & {"put", "patch"}]
        read = paths[path.removesuffix("wording") + "report"] if path.endswith("/wording") else methods
        if "get" in read and any("If-Match" in str(change.get("parameters")) for change in changes):
            assert "ETag" in read["get"]["responses"]["200"]["headers"], path


def test_a_read_that_is_answered_304_has_a_tag(api: Api) -> None:
    for path, methods in described(api.service)["paths"].items():
        if "304" in methods.get("get", {"responses": {}})["responses"]:
            assert "ETag" in methods["get"]["responses"]["200"]["headers"], path


def test_a_feed_declares_how_it_goes_on(api: Api) -> None:
    document = described(api.service)
    feeds = [operation for operation in api.operations if BATCH_CONTENT_TYPE in operation.produces]
    assert len(feeds) == 2
    for feed in feeds:
        operation = document["paths"][feed.path]["get"]
        assert "Link" in operation["responses"]["200"]["headers"]
        assert "Last-Event-ID" in {parameter["name"] for parameter in operation["parameters"]}


def test_a_client_finds_where_its_tokens_come_from(api: Api) -> None:
    document = described(api.service)
    schemes = document["components"]["securitySchemes"]
    address = schemes["client"]["flows"]["clientCredentials"]["tokenUrl"]
    assert address in {operation.path for operation in SERVICES["accounts"].api.operations}
    for operation in api.operations:
        declared = document["paths"][operation.path][operation.method.lower()]["security"]
        assert declared == ([] if operation.public else [{"bearer": []}, {"client": []}])


@cache
def spec_validator() -> Any:
    """The class of the validator of OpenAPI 3.1, with the anchors of its schema looked up once: as it comes, it looks
    for each anew, which is most of its time."""
    from openapi_spec_validator import OpenAPIV31SpecValidator
    from openapi_spec_validator.schemas import openapi_v31_schema_validator

    class SpecValidator(OpenAPIV31SpecValidator):
        schema_validator = openapi_v31_schema_validator.evolve(
            registry=openapi_v31_schema_validator._resolver._registry.crawl(), _resolver=None
        )

    return SpecValidator


def components(document: Any) -> set[str]:
    """References to all that the document keeps for several places."""
    kinds = document["components"].items()
    return {
        f"#/components/{kind}/{name}" for kind, named in kinds if kind != "securitySchemes" for name in named
    }


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []
