"""Pages of an ordered list: whatever changes between them, what stood still is there once, and in order."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.chinese import strokes
from shared.errors import Invalid
from shared.http.listing import Order, Values
from shared.http.paging import cursor_at, position_from_cursor
from shared.storage.work import Record, Work

NAMES = ("丁红", "马伟", "马　伟", "马·伟", "马林", "王小红", "魏小明", '"', "")


class Named(Record):
    name: str


async def names(_: Work) -> Callable[[Named], Values]:
    return lambda record: (record.name,)


ORDERS = [
    Order("name", tuple[str, str], names),
    Order("-name", tuple[str, str], names, backwards=True),
    Order("strokes", tuple[str, str], names, strokes.leading),
]
Records = st.dictionaries(st.integers(10, 40).map(str), st.sampled_from(NAMES), max_size=12)


def page(order: Order[Named], named: dict[str, str], cursor: str | None, limit: int) -> Any:
    records = [Named(id=id, town="340281199", name=name) for id, name in sorted(named.items())]
    return asyncio.run(order.page(None, records, cursor, limit))  # type: ignore[arg-type]


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
@given(states=st.lists(Records, min_size=1, max_size=6), still=Records, limit=st.integers(1, 4))
def test_what_stood_still_is_there_once_and_in_order(
    order: Order[Named], states: list[dict[str, str]], still: dict[str, str], limit: int
) -> None:
    seen: list[str] = []
    cursor, turn = None, 0
    while turn == 0 or cursor is not None:
        state = states[min(turn, len(states) - 1)] | still
        shown, cursor = page(order, state, cursor, limit)
        seen += [record.id for record in shown]
        turn += 1
    everything, none = page(order, still, None, len(still) + 1)
    assert none is None
    assert [id for id in seen if id in still] == [record.id for record in everything]


@given(
    values=st.tuples(st.text(max_size=100), st.integers(0, 2100)),
    id=st.from_regex(r"[\x21-\x7e]{1,100}", fullmatch=True),
)
def test_a_cursor_gives_back_its_position(values: tuple[str, int], id: str) -> None:
    cursor = cursor_at(values, id)
    assert position_from_cursor(cursor, TypeAdapter(tuple[str, int, str])) == ([*values], id)


@given(
    cursor=st.text()
    | st.binary().map(lambda content: content.hex())
    | st.tuples(st.text(), st.text()).map(lambda pair: cursor_at((pair[0],), pair[1]))
    | st.tuples(st.text(), st.text(), st.text()).map(lambda three: cursor_at(three[:2], three[2])),
)
def test_a_cursor_of_elsewhere_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as refused:
        position_from_cursor(cursor, TypeAdapter(tuple[str, int, str]))
    assert refused.value.errors[0].loc == "query.cursor"


def test_the_longest_position_is_within_the_limit_of_the_parameter() -> None:
    assert len(cursor_at(("\U0002a700" * 100,), "0" * 36)) < 1000
