"""The contract of an installation as one document: the sum of its services', in which no name stands for two things."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.merging import SCHEMAS, merged, merged_schemas
from tests.contract.documents import DOCUMENTS, SERVICES, described
from tests.contract.test_openapi import components, references, spec_validator


def test_it_is_valid_and_all_its_references_lead_somewhere() -> None:
    document = described("all")
    spec_validator()(document).validate()
    assert set(references(document)) == components(document)


def test_no_two_operations_have_one_name() -> None:
    names = [o["operationId"] for methods in described("all")["paths"].values() for o in methods.values()]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_it_is_the_sum_of_the_services_documents() -> None:
    """Operation by operation, with all schemas written out."""
    whole = described("all")
    operations = _operations(whole)
    for service in SERVICES:
        for name, operation in _operations(described(service)).items():
            together = operations.pop(f"{service}_{name}")
            assert _same(operation, described(service), together, whole), f"{service}: {name}"
    assert operations == {}


def test_no_schema_is_called_after_a_module() -> None:
    """Two classes of one name in one service are told apart by their modules: give one of them another name."""
    schemas = [
        (document, name) for document in DOCUMENTS for name in described(document)["components"]["schemas"]
    ]
    assert [(document, name) for document, name in schemas if "__" in name] == []


def test_no_two_schemas_have_one_title() -> None:
    """Some generators name classes by it."""
    schemas = described("all")["components"]["schemas"].values()
    titles = Counter(schema["title"] for schema in schemas if "title" in schema)
    assert [title for title, times in titles.items() if times > 1] == []


def test_a_path_of_two_services_is_refused() -> None:
    same = {name: {**described("ratings")} for name in ("x", "y")}
    with pytest.raises(ValueError, match="path of another service"):
        merged(same, title="x")


def test_schemas_differ_where_what_they_refer_to_differs() -> None:
    page, item = {"items": {"$ref": f"{SCHEMAS}Item"}}, {"type": "string"}
    schemas, names = merged_schemas(
        {"a": {"Page": page, "Item": item, "Same": item}, "b": {"Page": page, "Item": {}, "Same": item}}
    )
    assert list(schemas) == ["AItem", "APage", "BItem", "BPage", "Same"]
    assert schemas["BPage"] == {"items": {"$ref": f"{SCHEMAS}BItem"}}
    assert names["a"] == {"Page": "APage", "Item": "AItem", "Same": "Same"}


NAMES = st.sampled_from("PQRS")
SCHEMA = st.one_of(
    NAMES.map(lambda name: {"$ref": SCHEMAS + name}), st.sampled_from([{}, {"type": "string"}])
)
PART = st.fixed_dictionaries({name: SCHEMA.map(lambda s: {"items": s}) for name in "PQRS"})


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), PART, min_size=1))
def test_whatever_is_merged_every_service_finds_its_own_schemas(parts: dict[str, dict[str, Any]]) -> None:
    schemas, names = merged_schemas(parts)
    together = {"components": {"schemas": schemas}}
    for service, own in parts.items():
        alone = {"components": {"schemas": own}}
        for name, schema in own.items():
            assert _same(schema, alone, schemas[names[service][name]], together)


def _operations(document: dict[str, Any]) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for methods in document["paths"].values()
        for operation in methods.values()
    }


def _same(
    one: Any,
    from_: dict[str, Any],
    other: Any,
    to: dict[str, Any],
    seen: frozenset[tuple[str, str]] = frozenset(),
) -> bool:
    """Whether two nodes say the same, references followed, but for names of operations and titles."""
    if isinstance(one, dict) and isinstance(other, dict):
        ours, theirs = one.get("$ref"), other.get("$ref")
        if isinstance(ours, str) and isinstance(theirs, str):
            if (ours, theirs) in seen:
                return True
            met = seen | {(ours, theirs)}
            return _same(_target(ours, from_), from_, _target(theirs, to), to, met)
        return one.keys() == other.keys() and all(
            (key in ("operationId", "title") and isinstance(value, str))
            or _same(value, from_, other[key], to, seen)
            for key, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            _same(a, from_, b, to, seen) for a, b in zip(one, other, strict=True)
        )
    return bool(one == other)


def _target(reference: str, document: dict[str, Any]) -> Any:
    _, _, kind, name = reference.split("/")
    return document["components"][kind][name]
