"""Codes and sealed ballots: what is random, what is kept, and what cannot be told from it."""

from collections import Counter
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from services.ratings import errors
from services.ratings.ballots import (
    BoxKeys,
    Slip,
    Tally,
    counted,
    read_choices,
    result,
    seal,
    unseal,
)
from services.ratings.domain import Method
from shared.codes import fingerprint
from tests.unit.ratings.builders import TOWN, a_meeting, a_sheet, a_tally

MARKS = ("satisfied", "basically_satisfied", "dissatisfied", "abstain")


@pytest.fixture
def keys(tmp_path: Path) -> BoxKeys:
    return BoxKeys(tmp_path / "box-keys")


def a_slip(number: int = 0, sealed: str = "") -> Slip:
    return Slip(
        id=fingerprint(f"{number:016d}"), town=TOWN, meeting_id="m1", used=bool(sealed), sealed=sealed
    )


def test_who_is_left_blank_is_abstained_from() -> None:
    assert read_choices({"d1": "satisfied"}, a_meeting()) == {"d1": "satisfied", "d2": "abstain"}


@pytest.mark.parametrize("given_choices", [{"d9": "satisfied"}, {"d1": "splendid"}, {"d1": "spoiled"}])
def test_what_is_not_on_the_ballot_is_refused(given_choices: dict[str, str]) -> None:
    with pytest.raises(errors.Unacceptable):
        read_choices(given_choices, a_meeting())


@given(st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(MARKS)), min_size=1, max_size=4))
def test_what_was_sealed_comes_out_and_looks_alike(votes: list[tuple[str, str]]) -> None:
    private, meeting = X25519PrivateKey.generate(), a_meeting()
    public = private.public_key().public_bytes_raw().hex()
    chosen = [{"d1": first, "d2": second} for first, second in votes]
    slips = [a_slip(n, seal(public, a_slip(n).id, choices, meeting)) for n, choices in enumerate(chosen)]
    assert [unseal(private, slip, meeting) for slip in slips] == chosen
    assert len({len(slip.sealed) for slip in slips}) == 1
    assert len({slip.sealed for slip in slips}) == len(slips)


def test_a_ballot_moved_to_another_slip_is_not_counted(keys: BoxKeys) -> None:
    public, meeting = keys.make(), a_meeting()
    sealed = seal(public, a_slip(1).id, {"d1": "satisfied", "d2": "abstain"}, meeting)
    with pytest.raises(errors.BallotBroken):
        unseal(keys.private(public), a_slip(2, sealed), meeting)


def test_a_destroyed_key_opens_nothing(keys: BoxKeys) -> None:
    kept, spent = keys.make(), keys.make()
    before = keys.folder.joinpath(f"{spent}.key").read_text()
    keys.destroy(spent)
    keys.destroy(spent)
    assert [public for public, _ in keys.kept()] == [kept]
    assert not any(before in path.read_text() for path in keys.folder.iterdir())
    with pytest.raises(errors.BoxKeyMissing):
        keys.private(spent)


def test_a_key_is_for_its_owner_alone(keys: BoxKeys) -> None:
    public = keys.make()
    assert keys.folder.stat().st_mode & 0o077 == 0
    assert keys.folder.joinpath(f"{public}.key").stat().st_mode & 0o077 == 0


@given(st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(MARKS)), max_size=40), st.integers(0, 20))
def test_the_box_counts_every_ballot_once(votes: list[tuple[str, str]], unused: int) -> None:
    meeting = a_meeting(
        method=Method.ONLINE, scheme=a_meeting().scheme.model_copy(update={"min_published": 1})
    )
    ballots = [{"d1": first, "d2": second} for first, second in votes]
    box = counted(ballots, len(votes) + unused, meeting)
    done = result(Tally(id="m1", town=TOWN, box=box), meeting)
    assert (done.issued, done.returned, done.void) == (len(votes) + unused, len(votes), 0)
    for place, line in enumerate(done.deputies):
        marks = Counter(vote[place] for vote in votes)
        assert {**line.counts, "abstain": line.abstain} == {mark: marks[mark] for mark in MARKS}


def test_paper_and_slips_end_in_one_tally() -> None:
    meeting = a_meeting(method=Method.MIXED)
    box = counted([{"d1": "satisfied", "d2": "dissatisfied"}] * 5, 8, meeting)
    tally = a_tally(a_sheet(1, "t1"), a_sheet(2, "t2")).model_copy(update={"box": box})
    done = result(tally, meeting)
    assert (done.issued, done.returned, done.valid) == (46 + 8, 46 + 5, 45 + 5)
    assert done.deputies[0].counts["satisfied"] == 35
    assert done.deputies[1].counts["dissatisfied"] == 9
