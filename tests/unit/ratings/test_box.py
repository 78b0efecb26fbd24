"""Codes and sealed ballots: what is random, what is kept, and what cannot be told from it."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from services.ratings import errors
from services.ratings.ballots import (
    BoxKeys,
    Slip,
    Tally,
    by_name,
    count_ballots,
    decrypt,
    encrypt,
    read_choices,
    result,
)
from services.ratings.domain import Method
from services.ratings.pages import view
from shared.security.codes import fingerprint
from tests.fixtures.meetings import TOWN, a_meeting, a_scheme, a_sheet, a_tally

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
    slips = [a_slip(n, encrypt(public, a_slip(n).id, choices, meeting)) for n, choices in enumerate(chosen)]
    assert [decrypt(private, slip, meeting) for slip in slips] == chosen
    assert len({len(slip.sealed) for slip in slips}) == 1
    assert len({slip.sealed for slip in slips}) == len(slips)


def test_a_ballot_moved_to_another_slip_is_not_counted(keys: BoxKeys) -> None:
    public, meeting = keys.make("m1"), a_meeting()
    sealed = encrypt(public, a_slip(1).id, {"d1": "satisfied", "d2": "abstain"}, meeting)
    with pytest.raises(errors.BallotBroken):
        decrypt(keys.private("m1", public), a_slip(2, sealed), meeting)


def file_of(keys: BoxKeys, meeting: str) -> Path:
    (path,) = keys.folder.rglob(f"{meeting}.key")
    return path


def test_keys_of_another_installation_are_neither_read_nor_listed(keys: BoxKeys) -> None:
    public = keys.make("m1")
    keys.folder.with_name("installation").write_text("another\n")
    assert list(keys.stored()) == []
    with pytest.raises(errors.BoxKeyMissing):
        keys.private("m1", public)


def test_a_key_of_an_earlier_release_is_found(keys: BoxKeys) -> None:
    public = keys.make("m1")
    file_of(keys, "m1").rename(keys.folder / f"{public}.key")
    assert list(keys.stored()) == [public]
    keys.private("m1", public)
    keys.destroy("m1", public)
    assert list(keys.stored()) == []


def test_a_destroyed_key_opens_nothing(keys: BoxKeys) -> None:
    _, spent = keys.make("kept"), keys.make("spent")
    before = file_of(keys, "spent").read_text()
    keys.destroy("spent", spent)
    keys.destroy("spent", spent)
    assert list(keys.stored()) == ["kept"]
    assert not any(before in path.read_text() for path in keys.folder.rglob("*.key"))
    with pytest.raises(errors.BoxKeyMissing):
        keys.private("spent", spent)


def test_an_opening_that_is_tried_again_makes_no_other_key(keys: BoxKeys) -> None:
    with ThreadPoolExecutor(8) as pool:
        publics = set(pool.map(keys.make, ["m1"] * 8))
    assert (len(publics), list(keys.stored())) == (1, ["m1"])
    assert keys.make("m2") not in publics


def test_the_key_of_another_box_of_the_meeting_is_not_taken(keys: BoxKeys) -> None:
    keys.make("m1")
    with pytest.raises(errors.BoxKeyMissing):
        keys.private("m1", "0" * 64)


def test_a_key_is_for_its_owner_alone(keys: BoxKeys) -> None:
    keys.make("m1")
    assert keys.folder.stat().st_mode & 0o077 == 0
    assert file_of(keys, "m1").stat().st_mode & 0o077 == 0


@given(st.lists(st.tuples(st.sampled_from(MARKS), st.sampled_from(MARKS)), max_size=40), st.integers(0, 20))
def test_the_box_counts_every_ballot_once(votes: list[tuple[str, str]], unused: int) -> None:
    meeting = a_meeting(
        method=Method.ONLINE, scheme=a_meeting().scheme.model_copy(update={"min_published": 1})
    )
    ballots = [{"d1": first, "d2": second} for first, second in votes]
    box = count_ballots(ballots, len(votes) + unused, meeting)
    done = result(Tally(id="m1", town=TOWN, slips=box[0].issued, box=box), meeting)
    assert (done.issued, done.returned, done.void) == (len(votes) + unused, len(votes), 0)
    for place, line in enumerate(done.deputies):
        marks = Counter(vote[place] for vote in votes)
        assert {**line.counts, "abstain": line.abstain} == {mark: marks[mark] for mark in MARKS}


def test_paper_and_slips_end_in_one_tally() -> None:
    meeting = a_meeting(method=Method.MIXED)
    box = count_ballots([{"d1": "satisfied", "d2": "dissatisfied"}] * 5, 8, meeting)
    tally = a_tally(a_sheet(1, "t1"), a_sheet(2, "t2")).model_copy(update={"slips": 8, "box": box})
    done = result(tally, meeting)
    assert (done.issued, done.returned, done.valid) == (46 + 8, 46 + 5, 45 + 5)
    assert done.deputies[0].counts["satisfied"] == 35
    assert done.deputies[1].counts["dissatisfied"] == 9


@given(st.lists(st.sampled_from((*MARKS, None)), min_size=2, max_size=2))
def test_pages_with_choices_are_equally_long_and_say_what_was_chosen(marks: list[str | None]) -> None:
    """Whoever writes down how many bytes went to which code learns nothing; and the form comes back as it was meant."""
    meeting = a_meeting()
    chosen = {one: mark for one, mark in zip(meeting.deputyship_ids, marks, strict=True) if mark}
    names = {"d1": "示例1", "d2": "示例2"}
    review = view.review(meeting, names, chosen)
    assert len(review.encode()) == len(view.review(meeting, names, {}).encode())
    ballots = [view.ballot(meeting, "示例镇", names, one) for one in (chosen, {})]
    assert len({len(page.encode()) for page in ballots}) == 1
    sent = dict(re.findall(r'<input type="hidden" name="(\d+)" value="([^"]+)">', review))
    assert len(sent) == 2
    assert len({len(quote(value)) for value in sent.values()}) == 1
    assert by_name(sent, meeting) == chosen
    assert read_choices(sent, meeting) == {
        one: mark or "abstain" for one, mark in zip(("d1", "d2"), marks, strict=True)
    }


def test_the_ballot_of_a_great_meeting_is_light() -> None:
    """Fourteen deputies in five dimensions; all fifty-five of a town in one."""
    five = a_scheme(dimensions=("出席会议", "参加活动", "联系选民", "提出建议", "守法廉洁"))
    for many, scheme in ((14, five), (55, a_scheme())):
        ids = [f"019273b4-5c1d-7a2e-9f3b-{n:012d}" for n in range(many)]
        page = view.ballot(a_meeting(ids, scheme=scheme), "示例镇", dict.fromkeys(ids, "示例名"), {})
        assert len(page.encode()) < 30_000
