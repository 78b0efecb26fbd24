"""Everything published about a meeting, over all its versions, taken from each other: no small group comes out."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from services.ratings.ballots import Sheet, Tally, publishable_sheets, result
from services.ratings.domain import Meeting, Method, State, closed, opened, published, revoked
from services.ratings.events_out import MeetingFact
from services.ratings.schemas import ResultsOut
from tests.fixtures.meetings import a_meeting, a_scheme, a_sheet, a_tally

LEAST = 10
OPTIONS = ("satisfied", "basically_satisfied", "dissatisfied", "abstain")

Ballots = Sequence[int]
"""Of each option, and of void sheets last."""

ballots = st.lists(st.integers(0, 14), min_size=5, max_size=5)
corrections = st.lists(st.integers(-2, 2), min_size=5, max_size=5)
"""Of a first count: most versions are nearly alike, and those are the ones that tell."""


def sheets_of(groups: dict[str, Ballots]) -> list[Sheet]:
    """Two equal entries for each group of voters."""

    def keyed(group: str, counts: Ballots, entry: Any) -> Sheet:
        row = dict(zip(OPTIONS, counts, strict=False))
        total = sum(counts)
        return a_sheet(
            entry, f"t{entry}", counts={"d1": row}, meeting=a_meeting(("d1",)),
            group=group, issued=total, returned=total, void=counts[-1],
        )  # fmt: skip

    return [keyed(group, counts, entry) for group, counts in groups.items() for entry in (1, 2)]


def history(
    method: Method, versions: Sequence[dict[str, Ballots]], box: Ballots
) -> Iterator[Meeting | Tally]:
    """The meeting as it stands after each publication, with the tally it was made of."""
    meeting = a_meeting(("d1",), method=method, scheme=a_scheme(min_published=LEAST), state=State.DRAFT)
    slips = tuple(sheets_of({"": box})[:1]) if method is not Method.PAPER else None
    for groups in versions:
        tally = a_tally(*sheets_of(groups)).model_copy(update={"box": slips})
        meeting = closed(opened(meeting, meeting.scheme, "o1"))
        meeting = published(meeting, result(tally, meeting))
        yield meeting
        yield tally
        meeting = revoked(meeting, "重新计票", date(2020, 12, 4), "o1")


def told(method: Method, versions: Sequence[dict[str, Ballots]], box: Ballots) -> list[tuple[int, ...]]:
    """All lines of numbers that left the service, by event, API and workbook; each adds up to a group of voters."""
    lines: set[tuple[int, ...]] = set()
    steps = list(history(method, versions, box))
    for meeting, tally in zip(steps[::2], steps[1::2], strict=True):
        assert isinstance(meeting, Meeting)
        assert isinstance(tally, Tally)
        assert meeting.result is not None
        fact, announced = MeetingFact.model_validate(meeting.model_dump()), meeting.result
        assert fact.result is not None
        lines |= {(*one.counts.values(), one.abstain, one.spoiled) for one in fact.result.deputies}
        answer = ResultsOut.from_result(meeting, announced, {})
        lines |= {(*one.counts.values(), one.abstain, one.spoiled) for one in answer.deputies}
        for sheet in publishable_sheets(tally, meeting):
            row = sheet.rows["d1"]
            lines.add((*row.counts.values(), row.abstain, row.spoiled))
    return sorted(lines)


@given(
    method=st.sampled_from([Method.PAPER, Method.MIXED]),
    first=st.dictionaries(st.sampled_from(["", "甲组", "乙组"]), ballots, min_size=1),
    changes=st.lists(corrections, max_size=3),
    box=ballots,
)
@example(method=Method.PAPER, first={"": [20, 5, 3, 2, 0]}, changes=[[1, 0, 0, 0, 0]], box=[0] * 5)
@example(method=Method.PAPER, first={"": [20, 5, 3, 2, 0], "甲组": [0, 0, 3, 0, 0]}, changes=[], box=[0] * 5)
@example(method=Method.MIXED, first={"": [20, 5, 3, 2, 0]}, changes=[], box=[0, 0, 1, 0, 0])
def test_no_two_published_numbers_tell_of_a_group_too_small(
    method: Method, first: dict[str, Ballots], changes: list[list[int]], box: Ballots
) -> None:
    versions: list[dict[str, Ballots]] = [first]
    for change in changes:
        group, counts = next(iter(versions[-1].items()))
        corrected = [max(0, n + by) for n, by in zip(counts, change, strict=True)]
        versions.append({**versions[-1], group: corrected})
    lines = told(method, versions, box)
    assert all(sum(line) >= LEAST for line in lines)
    for one, other in combinations(lines, 2):
        assert abs(sum(one) - sum(other)) == 0 or abs(sum(one) - sum(other)) >= LEAST


def test_a_correction_by_a_few_ballots_is_withheld_and_the_first_count_may_stand_again() -> None:
    counts: list[Ballots] = [
        [20, 5, 3, 2, 0],
        [21, 5, 3, 2, 0],
        [19, 6, 3, 2, 0],
        [20, 5, 3, 2, 0],
        [30, 5, 3, 2, 0],
    ]
    steps = list(history(Method.PAPER, [{"": one} for one in counts], [0] * 5))
    results = [one.result for one in steps if isinstance(one, Meeting) and one.result]
    assert [one.suppressed for one in results] == [False, True, False, False, False]
    meeting = steps[2]
    assert isinstance(meeting, Meeting)
    assert meeting.result is not None
    message = ResultsOut.from_result(meeting, meeting.result, {}).message
    assert message == "与曾公布的第1版只差1张有效票，两版相减会看出这几张票，不公布"
