"""Pages of a backlog: full, in order, and all of it."""

from hypothesis import given
from hypothesis import strategies as st

from shared.events.backlog import Span, pages

SPANS = st.lists(st.tuples(st.integers(1, 50), st.integers(-1, 250)))


@given(SPANS, st.integers(1, 100))
def test_pages_are_full_and_have_every_event_in_order(drawn: list[tuple[int, int]], size: int) -> None:
    spans = [Span(f"/{town:09d}/lamps", first, first + more) for town, (first, more) in enumerate(drawn)]
    made = [[position for span in page for position in span.positions] for page in pages(spans, size)]
    assert [position for page in made for position in page] == [p for span in spans for p in span.positions]
    assert all(len(page) == size for page in made[:-1])
    assert all(0 < len(page) <= size for page in made[-1:])
