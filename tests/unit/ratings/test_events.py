"""Every event the service publishes is exactly its example."""

import json
from pathlib import Path

import pytest

from services.ratings.events_out import PUBLISHED

EXAMPLES = Path(__file__).parents[2] / "contract" / "events"


@pytest.mark.parametrize("type", sorted(PUBLISHED))
def test_each_event_serialises_to_exactly_its_example(type: str) -> None:
    example = json.loads((EXAMPLES / f"{type}.json").read_text())
    assert example["type"] == type
    assert PUBLISHED[type].model_validate(example["data"]).model_dump(mode="json") == example["data"]


def test_every_example_has_its_event() -> None:
    assert {path.stem for path in EXAMPLES.glob("ratings.*.json")} == set(PUBLISHED)
