"""A client of an earlier release is served by this one: nothing of its contract is gone, nothing more is asked."""

import copy
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.contract.breaking import Node, kept, messages, operations, read

RELEASES = sorted((ROOT / "tests" / "releases").glob("[0-9]*"))
NOW = read(ROOT / "services" / "contract")
SETTLED = (
    # Bytes that were not described at all are described now.
    ("imports", "takes no any now"),
    ("evidence", "takes no any now"),
    ("wording", "takes no any now"),
    ("photographs/{digest}", "takes no any now"),
    # Longer cursors were never given.
    ("/events after", "is narrower now: maxLength"),
    # What was never valid is refused where it is entered: ID numbers have 15 or 18 characters, and no result of fewer
    # than five ballots is published.
    (".id_number", "is narrower now: maxLength"),
    (".id_number", "is narrower now: minLength"),
    (".min_published", "is narrower now: minimum"),
    # Where nothing is known of the use of slips it is not zero.
    ("counts 200.slips.used", "may be null now"),
    # What was declared a text and always was this object; the page of a ballot never had a form in JSON.
    ("board.csv-metadata.json 200", "may be object now"),
    ("/codes 201", "may be object now"),
    ("POST /r/{code} 200", "may be object now"),
    ("GET /r/{code} 200", "application/json is gone"),
    # Always answered 308.
    ("/roster/v1/public/towns/{town}/deputies/{id} 200", "text/html is gone"),
    ("/roster/v1/public/towns/{town}/stations/{id} 200", "text/html is gone"),
    # Never had an effect: a photograph is named by its content.
    ("PUT /reports/v1/towns/{town}/photographs/{digest}", "If-Match is gone"),
)
"""What was changed knowingly since 0.1."""
PEOPLE = "/roster/v1/towns/{town}/people"


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_the_contract_of_a_release_still_holds(release: Path) -> None:
    for name, old in kept(release).items():
        assert name in NOW
        found = [*operations(old, NOW[name]), *messages(old, NOW[name])]
        assert [one for one in found if not one.endswith(tuple(" ".join(pair) for pair in SETTLED))] == [], (
            name
        )


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


def changed(*path: str, **change: object) -> set[str]:
    """What is noticed once the schema of a field of the roster is another one."""
    old = NOW["openapi/roster.json"]
    new = copy.deepcopy(old)
    node: Node = new["components"]["schemas"]
    for name in path:
        node = node[name]
    node.clear()
    node.update(change)
    return set(operations(old, new))


def test_a_value_type_or_length_that_is_taken_no_more_is_noticed() -> None:
    fields = ("DeputyshipIn", "properties")
    create = "POST /roster/v1/towns/{town}/deputyships"
    assert f"{create}.level 'province' is gone" in changed(
        *fields, "level", type="string", enum=["town", "county", "city"]
    )
    assert f"{create}.level takes no string now" in changed(*fields, "level", type="integer")
    assert f"{create}.level is narrower now: maxLength" in changed(
        *fields, "level", type="string", maxLength=3
    )
    assert f"{create}.constituency takes no null now" in changed(*fields, "constituency", type="string")
    assert f"{create}.constituency takes only some values now" in changed(
        *fields, "constituency", anyOf=[{"type": "string", "enum": ["a"]}, {"type": "null"}]
    )


def test_a_type_that_answers_had_not_is_noticed_and_a_wider_request_is_not() -> None:
    found = changed("Person", "properties", "name", anyOf=[{"type": "string"}, {"type": "null"}])
    assert f"GET {PEOPLE} 200.items.name may be null now" in found
    wider = changed("PersonIn", "properties", "name", anyOf=[{"type": "string"}, {"type": "null"}])
    assert wider == set()
