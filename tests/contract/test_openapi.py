"""What each service promises over HTTP: a valid OpenAPI 3.1 document that a client can be made from."""

from functools import cache
from typing import Any

import pytest

from shared.http import Api
from shared.http.docs import page
from tests.contract.documents import SERVICES, described


@pytest.fixture(params=SERVICES)
def api(request: pytest.FixtureRequest) -> Api:
    return SERVICES[request.param].api


@pytest.mark.nightly  # `test_merged_contract.py` reads all of them as one
def test_document_is_valid_and_all_its_references_lead_somewhere(api: Api) -> None:
    document = described(api.service)
    spec_validator()(document).validate()
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= schemas


def test_paths_stand_under_the_service_unless_they_are_public(api: Api) -> None:
    outside = {o.path for o in api.operations if not o.path.startswith(f"/{api.service}/v1/")}
    assert outside == {o.path for o in api.operations if o.public and o.path in outside}


def test_every_operation_says_in_chinese_what_it_does(api: Api) -> None:
    assert [o.name for o in api.operations if o.summary.isascii()] == []


def test_its_page_is_written_from_it(api: Api) -> None:
    html = page(described(api.service))
    assert [o.path for o in api.operations if o.path not in html] == []


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


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    if isinstance(node, list):
        return [found for value in node for found in references(value)]
    return []
