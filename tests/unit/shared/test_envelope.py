"""The envelope: what the hash covers, and what a reader can tell from a stretch of events alone."""

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from shared.envelope import GENESIS, BrokenChain, Event, Undecodable, canonical, faults, verify_chain

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


def an_event(sequence: int = 1, previous: str = GENESIS, **data: Any) -> Event:
    return Event(
        id=f"e{sequence}",
        source="/340281199/roster",
        type="roster.person.registered.v1",
        subject="person/p1",
        time="2020-06-09T01:02:03.000Z",
        town="340281199",
        sequence=sequence,
        previoushash=previous,
        actor="clerk",
        data=data,
    ).hashed()


def a_chain(length: int) -> list[Event]:
    events: list[Event] = []
    for number in range(1, length + 1):
        events.append(an_event(number, events[-1].hash if events else GENESIS, number=number))
    return events


def test_the_hash_is_sha_256_of_the_canonical_form_without_the_hash() -> None:
    event = an_event(name="王示例01")
    attributes = event.attributes()
    claimed = attributes.pop("hash")
    written = json.dumps(attributes, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert claimed == hashlib.sha256(written.encode()).hexdigest()


@given(
    st.dictionaries(
        TEXT, TEXT | st.integers(-(2**53) + 1, 2**53 - 1) | st.none() | st.lists(TEXT), max_size=5
    )
)
def test_what_goes_out_comes_in_and_still_verifies(data: dict[str, Any]) -> None:
    event = an_event(payload=data)
    again = Event.decode(event.encode())
    assert again == event
    assert again.digest() == event.hash


class Shade(StrEnum):
    DARK = "dark"


NUMBERS = st.one_of(
    st.integers(),
    st.floats(),
    st.floats(-1e-3, 1e-3),
    st.floats(1e14, 1e22),
    st.sampled_from([0.0, -0.0, 1.0]),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(st.characters(), max_size=5) | st.sampled_from(Shade),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(
            st.text(st.characters(), max_size=3) | st.sampled_from("\uffff\U0001f600"), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text(st.characters(codec="ascii"), max_size=3), ANYTHING, max_size=3))
def test_the_short_way_to_the_canonical_form_writes_what_the_long_one_does(value: dict[str, Any]) -> None:
    try:
        wanted = rfc8785.dumps(value)
    except ValueError as refused:
        with pytest.raises(type(refused)):
            canonical(value)
    else:
        assert canonical(value) == wanted


def test_attributes_of_later_versions_are_kept_because_the_hash_covers_them() -> None:
    attributes = an_event().attributes() | {"dataschema": "https://example.test/schema", "hash": ""}
    later = Event.model_validate(attributes).hashed()
    assert Event.decode(canonical(later.attributes())).digest() == later.hash


def test_a_whole_chain_verifies_to_its_head() -> None:
    chain = a_chain(5)
    assert verify_chain(chain) == (5, chain[-1].hash)
    assert verify_chain(chain[2:], after=2, previoushash=chain[1].hash) == (5, chain[-1].hash)


@pytest.mark.parametrize("spoil", ["drop", "rewrite", "swap", "fork", "relabel"])
def test_every_way_to_spoil_a_chain_is_noticed(spoil: str) -> None:
    chain = a_chain(5)
    if spoil == "drop":
        del chain[2]
    elif spoil == "rewrite":
        chain[2] = chain[2].model_copy(update={"data": {"number": 99}})
    elif spoil == "swap":
        chain[2], chain[3] = chain[3], chain[2]
    elif spoil == "fork":
        chain[2] = an_event(3, chain[1].hash, number=99)
    else:
        chain[2] = chain[2].model_copy(update={"source": "/340281200/roster"})
    with pytest.raises(BrokenChain):
        verify_chain(chain)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"specversion":"0.3"}', b"null"])
def test_what_is_no_event_is_undecodable(body: bytes) -> None:
    with pytest.raises(Undecodable):
        Event.decode(body)


def _strange(text: str) -> str:
    raise ValueError(f"“{text}”不是职务")


class _Post(BaseModel):
    kind: Literal["post"]


class _Seat(BaseModel):
    kind: Literal["seat"]


class _Person(BaseModel):
    office: Annotated[str, AfterValidator(_strange)]
    held: Annotated[_Post | _Seat, Field(discriminator="kind")]
    born_year: int


def test_faults_are_named_without_what_stands_there() -> None:
    with pytest.raises(ValidationError) as caught:
        _Person.model_validate({"office": "李示例", "held": {"kind": "李示例"}, "born_year": "李示例"})
    assert faults(caught.value) == (
        "office: value_error; held: union_tag_invalid; "
        "born_year: Input should be a valid integer, unable to parse string as an integer"
    )
