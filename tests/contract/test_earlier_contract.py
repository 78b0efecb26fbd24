"""A client of an earlier release is served by this one: nothing of its contract is gone, nothing more is asked."""

import copy
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.contract.breaking import Node, kept, messages, operations, read

RELEASES = sorted((ROOT / "tests" / "releases").glob("[0-9]*"))
NOW = read(ROOT / "docs")
PEOPLE = "/roster/v1/towns/{town}/people"


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_the_contract_of_a_release_still_holds(release: Path) -> None:
    for name, old in kept(release).items():
        assert name in NOW
        assert [*operations(old, NOW[name]), *messages(old, NOW[name])] == [], name


def test_what_is_gone_or_asked_for_is_noticed() -> None:
    old = NOW["openapi/roster.json"]
    new = copy.deepcopy(old)
    del new["paths"][f"{PEOPLE}/{{id}}:rename"]
    schemas: Node = new["components"]["schemas"]
    schemas["Person"]["properties"].pop("born_year")
    schemas["PersonIn"]["required"] = [*schemas["PersonIn"]["required"], "phone"]
    found = set(operations(old, new))
    assert {
        f"POST {PEOPLE}/{{id}}:rename is gone",
        f"GET {PEOPLE} 200.items.born_year is gone",
        f"POST {PEOPLE}.phone must be there now",
    } <= found


def test_an_event_type_or_field_that_is_gone_is_noticed() -> None:
    old = NOW["asyncapi.json"]
    new = copy.deepcopy(old)
    del new["components"]["messages"]["roster.person.merged.v1"]
    new["components"]["schemas"]["PersonFact"]["properties"].pop("born_year")
    assert {"roster.person.merged.v1 is gone", "roster.person.changed.v1.data.born_year is gone"} <= set(
        messages(old, new)
    )
