"""The events between services: one example per version, which producers must emit exactly and consumers must bear."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from services.host.standalone import services
from services.reports.events_in import FACTS
from shared.envelope import GENESIS, Event, source_of
from shared.process.asyncapi import ATTRIBUTES
from shared.process.service import Service
from shared.settings import Settings
from tests.contract.documents import described

FOLDER = Path(__file__).with_name("events")
EXAMPLES: dict[str, Any] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))
}
SERVICES: dict[str, Service] = {service.name: service for service in services(Settings())}
PUBLISHED: dict[str, type[BaseModel]] = {
    type: model for service in SERVICES.values() for type, model in service.published.items()
}
HEARD = [
    pytest.param(service.name, type, model, id=f"{service.name} hears {type} as {model.__name__}")
    for service in SERVICES.values()
    for type in EXAMPLES
    for model in {model for model, _ in service.subscription.entries(type)}
]


def test_every_event_has_an_example_and_every_example_a_producer() -> None:
    assert sorted(EXAMPLES) == sorted(PUBLISHED)


@pytest.mark.parametrize("type", sorted(PUBLISHED))
def test_a_producer_emits_exactly_its_example(type: str) -> None:
    example = EXAMPLES[type]
    assert example["type"] == type
    assert (
        PUBLISHED[type].model_validate(example["data"]).model_dump(mode="json", by_alias=True)
        == example["data"]
    )


@pytest.mark.parametrize("type", sorted(PUBLISHED))
def test_an_event_names_its_service_and_says_its_version(type: str) -> None:
    service, _, _, major = type.split(".")
    assert type in SERVICES[service].published
    assert major == "v1"


@pytest.mark.parametrize(("service", "type", "model"), HEARD)
def test_a_consumer_bears_the_example_and_what_it_does_not_know(
    service: str, type: str, model: type[BaseModel]
) -> None:
    data = EXAMPLES[type]["data"]
    assert model.model_validate(data) == model.model_validate(data | {"added_later": {"by": "a producer"}})


@pytest.mark.parametrize("type", [type for type in EXAMPLES if ".".join(type.split(".")[:2]) in FACTS])
def test_the_reports_read_every_fact_of_the_ledgers(type: str) -> None:
    model = FACTS[".".join(type.split(".")[:2])]
    data = EXAMPLES[type]["data"]
    assert model.model_validate(data) == model.model_validate(data | {"added_later": 1})


def test_the_document_declares_every_attribute_that_the_hash_covers() -> None:
    assert sorted(ATTRIBUTES) == sorted(Event.model_fields)
    for message in described("events")["components"]["messages"].values():
        assert list(message["payload"]["properties"]) == list(ATTRIBUTES)


@pytest.mark.parametrize("type", sorted(PUBLISHED))
def test_the_document_takes_an_event_after_a_restore_and_what_a_later_release_adds(type: str) -> None:
    from jsonschema import Draft202012Validator

    document = described("events")
    payload = document["components"]["messages"][type]["payload"]
    schema = Draft202012Validator({**payload, "components": document["components"]})
    town = "340281199"
    event = Event(
        id="0198c3f0-0000-7000-8000-000000000000",
        source=source_of(town, type.partition(".")[0]),
        type=type,
        subject="record/1",
        time="2026-11-30T00:00:00.000Z",
        town=town,
        sequence=7,
        previoushash=GENESIS,
        actor="a",
        data=EXAMPLES[type]["data"],
    ).hashed()
    restored = event.model_copy(update={"epoch": "2026-11-30T00:00:00.000Z/7"}).hashed().attributes()
    later = {**restored, "added": 1, "data": restored["data"] | {"added": {"by": "a producer"}}}
    for one in (event.attributes(), restored, later):
        assert [error.message for error in schema.iter_errors(one)] == []


def test_a_model_made_from_the_document_keeps_what_it_does_not_know() -> None:
    """The hash covers it; JSON Schema allows it anyway, but generators keep it only where the schema says so."""
    document = described("events")
    payloads = [message["payload"] for message in document["components"]["messages"].values()]
    objects = list(_objects([payloads, document["components"]["schemas"]]))
    assert objects
    assert [one for one in objects if one.get("additionalProperties") is not True] == []


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    """The schemas of objects with named members."""
    if isinstance(node, list):
        for item in node:
            yield from _objects(item)
    elif isinstance(node, dict):
        if isinstance(node.get("properties"), dict) and node.get("type") == "object":
            yield node
        yield from _objects(list(node.values()))
