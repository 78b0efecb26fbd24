"""The count: identities, two tellers, quarantine, the sum, suppression."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ratings import errors
from services.ratings.ballots import (
    Sheet,
    Tally,
    check_complete,
    check_sheet,
    differences,
    entered,
    read_rows,
    result,
)
from services.ratings.domain import PRESETS, Formula, Meeting, Option, Weight
from tests.fixtures.meetings import ROW, a_meeting, a_scheme, a_sheet, a_tally


def twice(**changes: Any) -> Tally:
    return a_tally(a_sheet(1, "t1", **changes), a_sheet(2, "t2", **changes))


def test_forty_six_issued_forty_six_returned_is_counted() -> None:
    check_sheet(a_sheet(), a_scheme())


@pytest.mark.parametrize(
    ("changes", "loc"),
    [
        ({"issued": 46, "returned": 47, "void": 2}, "body.returned"),
        ({"issued": 46, "returned": 10, "void": 11}, "body.void"),
        ({"void": 0}, "body.counts.d1"),
        ({"counts": {"d1": ROW, "d2": {**ROW, "satisfied": 31}}}, "body.counts.d2"),
        ({"counts": {"d1": {**ROW, "spoiled": 1}, "d2": ROW}}, "body.counts.d1"),
    ],
)
def test_a_sheet_that_does_not_balance_is_refused_by_its_place(changes: dict[str, Any], loc: str) -> None:
    with pytest.raises(errors.CountsUnbalanced) as caught:
        check_sheet(a_sheet(**changes), a_scheme())
    assert loc in {fault.loc for fault in caught.value.errors}


@pytest.mark.parametrize(
    ("counts", "loc"),
    [
        ({"d1": ROW}, "body.counts.d2"),
        ({"d1": ROW, "d2": ROW, "d3": ROW}, "body.counts.d3"),
        ({"d1": ROW, "d2": {**ROW, "excellent": 0}}, "body.counts.d2.excellent"),
    ],
)
def test_what_is_not_on_the_ballot_is_refused(counts: dict[str, dict[str, int]], loc: str) -> None:
    with pytest.raises(errors.CountsUnbalanced) as caught:
        read_rows(counts, a_scheme(), ("d1", "d2"))
    assert loc in {fault.loc for fault in caught.value.errors}


def test_what_is_left_out_is_none() -> None:
    rows = read_rows({"d1": {"satisfied": 3}}, a_scheme(), ("d1",))
    assert rows["d1"].counts == {"satisfied": 3, "basically_satisfied": 0, "dissatisfied": 0}
    assert (rows["d1"].abstain, rows["d1"].spoiled) == (0, 0)


def test_one_person_cannot_key_both_entries() -> None:
    with pytest.raises(errors.SameTeller):
        entered(a_tally(a_sheet(1, "t1")), a_sheet(2, "t1"))


def test_one_person_cannot_key_both_entries_of_different_sheets() -> None:
    with pytest.raises(errors.SameTeller):
        entered(a_tally(a_sheet(1, "t1", group="a")), a_sheet(2, "t1", group="b"))


def test_an_entry_belongs_to_its_teller() -> None:
    with pytest.raises(errors.CountsTaken):
        entered(a_tally(a_sheet(1, "t1")), a_sheet(1, "t3"))


def test_a_teller_no_longer_named_leaves_his_entry_to_another() -> None:
    taken_over = a_sheet(1, "t3")
    assert entered(twice(), taken_over, named=("t2", "t3")).sheets == (taken_over, a_sheet(2, "t2"))


def test_keying_again_replaces_ones_own_sheet() -> None:
    corrected = a_sheet(1, "t1", issued=47)
    assert entered(twice(), corrected).sheets == (corrected, a_sheet(2, "t2"))


def test_every_differing_cell_is_named_but_not_its_numbers() -> None:
    other = {**ROW, "satisfied": 29, "dissatisfied": 5}
    tally = a_tally(a_sheet(1, "t1"), a_sheet(2, "t2", counts={"d1": other, "d2": ROW}, issued=47))
    found = differences(tally)
    assert {fault.loc for fault in found} == {
        "counts.issued",
        "counts.d1.satisfied",
        "counts.d1.dissatisfied",
    }
    assert not any(character.isdigit() for fault in found for character in fault.message)
    with pytest.raises(errors.CountsDiffer) as caught:
        check_complete(tally, a_scheme())
    assert list(caught.value.errors) == found


def test_equal_entries_may_close() -> None:
    check_complete(twice(), a_scheme())


@pytest.mark.parametrize("sheets", [(), (a_sheet(1),), (a_sheet(2, "t2"),)])
def test_a_missing_entry_keeps_the_meeting_open(sheets: tuple[Sheet, ...]) -> None:
    with pytest.raises(errors.CountsIncomplete):
        check_complete(a_tally(*sheets), a_scheme())


def test_each_dimension_needs_both_entries() -> None:
    half = a_tally(a_sheet(1, "t1", dimension="联系选民"), *twice(dimension="参加活动").sheets)
    with pytest.raises(errors.CountsIncomplete) as caught:
        check_complete(half, a_scheme())
    assert [fault.loc for fault in caught.value.errors] == ["counts.联系选民"]


def test_dimensions_of_the_same_ballots_state_the_same_totals() -> None:
    tally = a_tally(*twice(dimension="a").sheets, *twice(dimension="b", issued=50).sheets)
    with pytest.raises(errors.CountsDiffer) as caught:
        check_complete(tally, a_scheme())
    assert [fault.loc for fault in caught.value.errors] == ["counts.b.issued"]


def test_the_result_keeps_the_order_of_the_meeting() -> None:
    meeting = a_meeting(("d9", "d1", "d5"))
    low = {**ROW, "satisfied": 0, "dissatisfied": 34}
    counted = result(twice(meeting=meeting, counts={"d1": ROW, "d5": ROW, "d9": low}), meeting)
    assert [line.deputyship_id for line in counted.deputies] == ["d9", "d1", "d5"]
    assert (counted.issued, counted.returned, counted.not_returned, counted.void, counted.valid) == (
        46,
        46,
        0,
        1,
        45,
    )


def test_a_ballot_with_several_dimensions_is_one_ballot() -> None:
    counted = result(a_tally(*twice(dimension="a").sheets, *twice(dimension="b").sheets), a_meeting())
    assert counted.valid == 45
    assert [(line.deputyship_id, line.dimension) for line in counted.deputies] == [
        ("d1", "a"),
        ("d1", "b"),
        ("d2", "a"),
        ("d2", "b"),
    ]


def test_groups_without_weights_are_added() -> None:
    counted = result(a_tally(*twice(group="新城").sheets, *twice(group="太白").sheets), a_meeting())
    assert (counted.issued, counted.valid) == (92, 90)
    assert counted.deputies[0].counts["satisfied"] == 60


def a_weighted_meeting() -> Meeting:
    options = tuple(
        Option(code=code, label=code, points=points) for code, points in (("good", 100), ("poor", 0))
    )
    groups = (Weight(code="voters", weight=70), Weight(code="presidium", weight=30))
    scheme = a_scheme(options=options, formula=Formula.WEIGHTED, groups=groups, min_published=10)
    return a_meeting(("d1",), scheme=scheme)


def a_group(group: str, good: int, poor: int) -> tuple[Sheet, Sheet]:
    total = good + poor
    counts = {"d1": {"good": good, "poor": poor}}
    changes: dict[str, Any] = {
        "issued": total,
        "returned": total,
        "void": 0,
        "group": group,
        "counts": counts,
    }
    first, second = twice(meeting=a_weighted_meeting(), **changes).sheets
    return first, second


def test_weighted_groups_give_one_score() -> None:
    counted = result(a_tally(*a_group("voters", 40, 10), *a_group("presidium", 5, 5)), a_weighted_meeting())
    share = counted.deputies[0].rate
    assert share is not None
    assert (share.numerator, share.denominator) == (71, 100)


def test_a_small_group_hides_a_weighted_result_for_its_mean_could_be_solved() -> None:
    counted = result(a_tally(*a_group("voters", 40, 10), *a_group("presidium", 5, 4)), a_weighted_meeting())
    assert counted.suppressed
    assert counted.deputies == ()


def test_the_usual_weighted_scheme_publishes_a_presidium_of_nine() -> None:
    rules = a_scheme(**dict(PRESETS["weighted_groups"]))
    sizes = {"选民代表": 40, "主席团": 9, "代表": 12}
    meeting = a_meeting(("d1",), scheme=rules)
    sheets = [
        a_sheet(
            *teller,
            meeting=meeting,
            group=group,
            counts={"d1": {"excellent": n}},
            issued=n,
            returned=n,
            void=0,
        )
        for group, n in sizes.items()
        for teller in ((1, "t1"), (2, "t2"))
    ]
    assert not result(a_tally(*sheets), meeting).suppressed


def test_a_group_with_weight_must_have_been_counted() -> None:
    with pytest.raises(errors.CountsIncomplete):
        check_complete(a_tally(*a_group("voters", 40, 10)), a_weighted_meeting().scheme)


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(errors.CountsUnbalanced):
        check_sheet(a_group("strangers", 1, 1)[0], a_weighted_meeting().scheme)


@pytest.mark.parametrize(("valid", "suppressed"), [(9, True), (10, False), (11, False)])
def test_too_few_ballots_are_not_published(valid: int, suppressed: bool) -> None:
    counts = {one: {"satisfied": valid} for one in ("d1", "d2")}
    tally = twice(issued=valid, returned=valid, void=0, counts=counts)
    counted = result(tally, a_meeting())
    assert counted.suppressed is suppressed
    assert bool(counted.deputies) is not suppressed
    assert counted.valid == valid


@st.composite
def counted_sheets(draw: st.DrawFn) -> tuple[Meeting, Tally]:
    deputies = tuple(f"d{n}" for n in range(draw(st.integers(1, 4))))
    meeting = a_meeting(deputies, scheme=a_scheme(min_published=draw(st.integers(1, 30))))
    valid, void, missing = (draw(st.integers(0, 60)) for _ in range(3))
    counts = {}
    for one in deputies:
        cuts = sorted(draw(st.lists(st.integers(0, valid), min_size=4, max_size=4)))
        parts = [high - low for low, high in zip((0, *cuts), (*cuts, valid), strict=True)]
        counts[one] = dict(zip(ROW, parts, strict=True))
    totals: dict[str, Any] = {"issued": valid + void + missing, "returned": valid + void, "void": void}
    return meeting, twice(meeting=meeting, counts=counts, **totals)


@given(counted_sheets())
def test_every_identity_holds_in_every_result(given_count: tuple[Meeting, Tally]) -> None:
    meeting, tally = given_count
    for sheet in tally.sheets:
        check_sheet(sheet, meeting.scheme)
    check_complete(tally, meeting.scheme)
    counted = result(tally, meeting)
    assert counted.issued == counted.returned + counted.not_returned
    assert counted.returned == counted.valid + counted.void
    assert counted.suppressed == (counted.valid < meeting.scheme.min_published)
    for line in counted.deputies:
        assert sum(line.counts.values()) + line.abstain + line.spoiled == counted.valid
        assert line.rate is None or 0 <= line.rate.numerator <= line.rate.denominator
    if counted.suppressed:
        assert counted.deputies == ()


@given(counted_sheets(), st.integers(0, 2), st.integers(1, 5))
def test_one_number_changed_in_one_entry_is_always_found(
    given_count: tuple[Meeting, Tally], cell: int, by: int
) -> None:
    _, tally = given_count
    first, second = tally.sheets
    name = ("issued", "returned", "void")[cell]
    changed = second.model_copy(update={name: getattr(second, name) + by})
    assert [fault.loc for fault in differences(a_tally(first, changed))] == [f"counts.{name}"]
