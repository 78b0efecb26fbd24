"""Which photographs the annex shows: those chosen, in that order, of the period, and together no larger than fits."""

from datetime import date

from services.reports.checks.photographs import MOST_BYTES, photographs
from services.reports.domain import Picture
from tests.fixtures.book import Book

A, B, C, D = (letter * 64 for letter in "abcd")


def handed(digest: str, size: int = 1000) -> Picture:
    return Picture(digest=digest, content_type="image/jpeg", size_bytes=size, width=4, height=3)


def book() -> Book:
    made = Book()
    about = {"kind": "visit", "title": "走访"}
    made.add("activity", held_on="2020-05-01", evidence_sha256={"e1": A, "e2": B}, **about)
    made.add("activity", held_on="2020-06-01", kind="visit", evidence_sha256={"e1": A, "e3": C})
    made.add("activity", held_on="2019-05-01", evidence_sha256={"e4": D}, **about)
    made.add("activity", held_on="2020-07-01", state="voided", evidence_sha256={"e4": D}, **about)
    return made


def test_those_chosen_are_shown_in_that_order_with_the_first_activity_that_has_them() -> None:
    shown, lacking = photographs(book().year(), [C, A], [handed(A), handed(B), handed(C)])
    assert [(one.digest, one.title, one.held_on) for one in shown] == [
        (C, "走访", date(2020, 6, 1)),
        (A, "走访", date(2020, 5, 1)),
    ]
    assert lacking == []


def test_what_is_not_of_the_period_or_not_here_is_a_finding_that_names_it() -> None:
    shown, lacking = photographs(book().year(), [B, D], [handed(D)])
    assert shown == ()
    assert [(one.rule, one.key) for one in lacking] == [
        ("photographs.missing", B),
        ("photographs.missing", D),
    ]
    assert "2020年5月1日“走访”" in lacking[0].message
    assert len(lacking[0].records) == 1
    assert "不是本期活动" in lacking[1].message


def test_what_would_make_the_file_too_large_is_left_out_and_told() -> None:
    pictures = [handed(A, MOST_BYTES - 10), handed(B, 11), handed(C, 1)]
    shown, lacking = photographs(book().year(), [A, B, C], pictures)
    assert [one.digest for one in shown] == [A]
    assert [one.key for one in lacking] == [B, C]
    assert all("超过16 MB" in one.message for one in lacking)
    assert photographs(book().year(), [], pictures) == ((), [])
