"""The events between services: one example per version, which producers must emit exactly and consumers must bear."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from services.host.standalone import services
from services.reports.events_in import FACTS
from shared.process.service import Service
from shared.settings import Settings

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
