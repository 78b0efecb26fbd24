"""The mark of a stream: whatever arrives in whatever order and however often, it says what is here and what is not."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.envelope import GENESIS
from shared.events.marks import BROKEN, RANGES_KEPT, UNKNOWN, Handled, Mark

LONGEST = 60
EPOCHS = ["", *(f"202{year}-01-01T00:00:00.000Z/7" for year in range(3))]
Arrivals = st.lists(st.integers(1, LONGEST), max_size=80)
Begun = st.builds(lambda upto, more: [*range(1, upto + 1), *more], st.integers(0, LONGEST), Arrivals)
"""A stream from its first event on, and what else of it arrives."""


def hash_of(sequence: int, chain: str = "a") -> str:
    return f"{chain}{sequence}" if sequence else GENESIS


def received(*sequences: int, mark: Mark | None = None) -> Mark:
    mark = mark or Mark()
    for sequence in sequences:
        assert mark.has(sequence) or mark.follows(sequence, hash_of(sequence - 1), hash_of(sequence))
        mark = mark.arrived(sequence, hash_of(sequence - 1), hash_of(sequence))
    return mark


def whole(arrivals: list[int]) -> int:
    """The last before the first gap."""
    return next(n for n in range(LONGEST + 2) if n + 1 not in arrivals)


def gaps(mark: Mark) -> set[int]:
    return {n for first, last in mark.missing() for n in range(first, last + 1)}


@given(length=st.integers(1, LONGEST), data=st.data())
def test_any_order_and_repetition_ends_at_the_same_mark(length: int, data: st.DataObject) -> None:
    everything = range(1, length + 1)
    again = data.draw(st.lists(st.sampled_from(everything), max_size=20))
    order = data.draw(st.permutations([*everything, *again]))
    assert received(*order) == Mark(upto=length, seen=length, hash=hash_of(length))


@given(arrivals=Arrivals)
def test_missing_is_exactly_what_is_not_here(arrivals: list[int]) -> None:
    mark = received(*arrivals)
    here, seen = set(arrivals), max(arrivals, default=0)
    assert gaps(mark) == set(range(1, seen + 1)) - here
    assert {n for n in range(1, LONGEST + 2) if mark.has(n)} == here
    assert mark.upto == whole(arrivals)
    assert mark.hash == hash_of(mark.upto)
    assert mark.seen == seen


@given(arrivals=Arrivals)
def test_missing_stretches_are_as_few_as_can_be_and_in_order(arrivals: list[int]) -> None:
    stretches = received(*arrivals).missing()
    assert all(first <= last for first, last in stretches)
    assert all(before[1] + 1 < after[0] for before, after in pairwise(stretches))


@given(arrivals=Begun, parked=st.sets(st.integers(1, LONGEST)), end=st.integers(1, LONGEST + 2), more=Begun)
def test_handled_is_exactly_what_was_received_up_to_a_gap_and_not_parked_however_often_it_is_made_anew(
    arrivals: list[int], parked: set[int], end: int, more: list[int]
) -> None:
    before = received(*arrivals).handled_below(end, sorted(parked))
    once = Mark(handled=tuple(before))
    here = {n for n in range(1, whole(arrivals) + 1) if n < end} - parked
    assert {n for n in range(LONGEST + 2) if once.was_handled(n, "")} == here
    twice = Mark(handled=tuple(received(*more, mark=once).handled_below(LONGEST + 2, [])))
    assert {n for n in range(LONGEST + 2) if twice.was_handled(n, "")} == here | set(
        range(1, whole(more) + 1)
    )
    assert all(first <= last for first, last, _ in before)
    assert all(one.last + 1 < other.first for one, other in pairwise(before))
    assert Mark.load(once.document() | {"handled": [list(range_) for range_ in before]}) == once


@pytest.mark.parametrize(
    ("upto", "epoch", "anew"),
    [(0, "", True), (8, "", True), (9, "", False), (5, EPOCHS[1], True), (6, EPOCHS[1], False)],
)
def test_what_was_handled_is_received_again_up_to_where_a_restore_undid_it(
    upto: int, epoch: str, anew: bool
) -> None:
    handled = (Handled(1, 3, ""), Handled(5, 9, ""))
    assert Mark(upto=upto, seen=20, epoch=epoch, handled=handled).received_anew is anew
    assert not Mark(upto=upto, seen=20, epoch=epoch).received_anew


@given(logs=st.lists(st.tuples(st.integers(0, 3), Begun), max_size=6))
def test_an_event_of_a_later_epoch_than_one_that_was_handled_is_another(
    logs: list[tuple[int, list[int]]],
) -> None:
    """Each time the log as it is in some epoch is received in part, and then made anew."""
    mark, handled = Mark(), set[tuple[int, int]]()
    for epoch, arrivals in sorted(logs, key=lambda log: log[0]):
        mark = received(*arrivals, mark=Mark(handled=mark.handled, epoch=EPOCHS[epoch]))
        mark = replace(mark, handled=tuple(mark.handled_below(LONGEST + 2, [])))
        handled |= {(n, earlier) for n in range(1, whole(arrivals) + 1) for earlier in range(epoch + 1)}
    assert handled == {
        (n, epoch)
        for n in range(LONGEST + 2)
        for epoch, name in enumerate(EPOCHS)
        if mark.was_handled(n, name)
    }
    assert len(mark.handled) == len(set(mark.handled))


@given(arrivals=Begun, upto=st.integers(0, LONGEST))
def test_a_stream_is_received_anew_until_all_that_was_handled_is_here(arrivals: list[int], upto: int) -> None:
    begun = Mark(handled=tuple(received(*arrivals).handled_below(LONGEST + 2, [])))
    mark = received(*range(1, upto + 1), mark=begun)
    assert mark.received_anew == (upto < whole(arrivals))
    assert replace(mark, rebuilding=True).received_anew


@given(arrivals=Arrivals, epoch=st.sampled_from(["", "2020-01-01T00:00:00.000Z/7"]), pruned=st.integers(0, 9))
def test_a_mark_is_the_same_when_it_is_read_back(arrivals: list[int], epoch: str, pruned: int) -> None:
    mark = replace(received(*arrivals), epoch=epoch, pruned=pruned, deleted=pruned // 2, verified_after=3)
    assert Mark.load(mark.document()) == mark


@pytest.mark.parametrize(("written", "deleted"), [({}, 7), ({"deleted": 5}, 5), ({"deleted": 9}, 7)])
def test_an_earlier_release_moves_a_mark_without_what_is_deleted(
    written: dict[str, int], deleted: int
) -> None:
    """Forward, where it deletes the keys too, or back to begin anew."""
    assert Mark.load({"upto": 9, "seen": 9, "pruned": 7, **written}).deleted == deleted


@given(upto=st.integers(0, LONGEST), beyond=st.integers(0, 5))
def test_a_mark_of_an_earlier_release_takes_what_follows_as_it_comes(upto: int, beyond: int) -> None:
    mark = Mark.load({"_id": "/340281199/lamps", "upto": upto, "seen": upto + beyond})
    assert (mark.upto, mark.seen, mark.verified_after) == (upto, upto + beyond, upto)
    assert mark.follows(upto + 1, "whatever it names" if upto else GENESIS, hash_of(upto + 1))
    mark = mark.arrived(upto + 1, hash_of(upto), hash_of(upto + 1))
    assert mark.upto == upto + 1
    assert not mark.follows(upto + 2, hash_of(upto + 1, "b"), hash_of(upto + 2, "b"))


@given(arrivals=Arrivals, sequence=st.integers(1, LONGEST + 1))
def test_a_wrong_link_is_never_accepted_where_a_neighbour_is_known(
    arrivals: list[int], sequence: int
) -> None:
    mark, here = received(*arrivals), {0, *arrivals}
    if mark.has(sequence):
        return
    before, after = sequence - 1 in here, sequence + 1 in here
    assert mark.follows(sequence, hash_of(sequence - 1), hash_of(sequence))
    assert mark.follows(sequence, "of another", hash_of(sequence)) is not before
    assert mark.follows(sequence, hash_of(sequence - 1), "of another") is not after


@given(arrivals=Arrivals)
def test_nothing_follows_what_did_not_follow(arrivals: list[int]) -> None:
    mark = received(*arrivals)
    broken = mark.upto + 1
    mark = mark.arrived(broken, UNKNOWN, BROKEN)
    following = mark.upto + 1
    assert mark.broken
    assert not mark.follows(following, hash_of(mark.upto), hash_of(following))
    assert not mark.follows(following, hash_of(mark.upto, "b"), hash_of(following, "b"))
    undecodable = mark.arrived(following, UNKNOWN, UNKNOWN)
    assert undecodable.broken


def test_stretches_beyond_the_limit_count_as_missing_and_may_come_again() -> None:
    alternating = range(2, 2 * RANGES_KEPT + 20, 2)
    mark = received(*alternating)
    assert len(mark.early) == RANGES_KEPT
    assert not mark.has(alternating[-1])
    assert alternating[-1] in gaps(mark)
    whole = received(*sorted(gaps(mark)), mark=mark)
    assert (whole.upto, whole.seen, whole.missing()) == (alternating[-1], alternating[-1], [])
    assert whole.hash == hash_of(alternating[-1])


@pytest.mark.parametrize(
    ("sequence", "epoch", "abandoned"),
    [
        (6, "", False),
        (7, "", True),
        (9, "2020-01-01T00:00:00.000Z/5", True),
        (7, "2021-01-01T00:00:00.000Z/7", False),
    ],
)
def test_what_a_restore_undid_is_abandoned(sequence: int, epoch: str, abandoned: bool) -> None:
    mark = Mark(upto=6, seen=6, hash=hash_of(6), epoch="2021-01-01T00:00:00.000Z/7")
    assert mark.abandoned(sequence, epoch) is abandoned
