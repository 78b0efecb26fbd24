"""Years of records behind the example's: carried over, answered late, voided, undated and named by later plans."""

import random
from datetime import date, timedelta
from typing import Any

from tests.unit.reports.book import Book, attendance, result

KINDS = ("training", "inspection", "law_check", "reception", "group_activity", "supervision")


def history(book: Book, first: int, last: int, *, each: int = 30, seed: int = 1) -> Book:
    """Records of the years first … last, `each` of the most frequent kinds a year."""
    chance = random.Random(seed)
    deputies = [book.deputy(started_on=f"{first}-01-01", ended_on="2019-06-30") for _ in range(4)]
    for year in range(first, last + 1):
        _year(book, chance, year, deputies, each)
    return book


def _year(book: Book, chance: random.Random, year: int, deputies: list[str], each: int) -> None:
    def day(latest: int = 364) -> date:
        return date(year, 1, 1) + timedelta(days=chance.randrange(latest))

    acts = [_activity(book, chance, deputies, day()) for _ in range(each)]
    for _ in range(each // 3):
        _suggestion(book, chance, day(), deputies)
        book.add("opinion", received_on=str(day()) if chance.random() < 0.9 else None, category="道路")
    book.add("session", congress_number=year // 5, session_number=year % 5 + 1, held_on=str(day()),
             planned_on=f"{year}-03-01", expected=deputies, attendance=attendance(deputies[:3]))  # fmt: skip
    decisions = [{"text": "督办", "due_on": str(day())}]
    book.add("presidium_meeting", number=1, held_on=str(day()), decisions=decisions)
    items = [
        {"id": f"{year}-{n}", "title": "活动", "state": "done", "activity_id": chance.choice(acts)}
        for n in range(3)
    ]
    book.add("plan", year=year + 1, items=items)
    counts = dict.fromkeys(deputies[:2], (5, 3, 1))
    meeting = book.meeting(deputies[:2], year=year, held_on=str(day()), constituency="第一选区",
                           result=result(counts, issued=10, returned=9))  # fmt: skip
    book.add("duty_report", meeting_id=meeting, deputyship_id=deputies[0], form="oral")


def _activity(book: Book, chance: random.Random, deputies: list[str], held_on: date) -> str:
    fields: dict[str, Any] = {"kind": chance.choice(KINDS), "title": f"活动{chance.randrange(99)}"}
    if chance.random() < 0.95:
        fields["held_on"] = str(held_on)
    if chance.random() < 0.4:
        passed_on = held_on + timedelta(days=chance.randrange(300))
        fields |= {"opinions_count": 3, "follow_up": {"passed_on": str(passed_on)}}
        if chance.random() < 0.5:
            fields["follow_up"]["fed_back_on"] = str(passed_on + timedelta(days=chance.randrange(500)))
    id = book.add("activity", attendance=attendance(deputies[:2], absent=deputies[2:]), **fields)
    if chance.random() < 0.1:
        book.add("activity", id, state="voided", void_reason="重复", **fields)
    return id


def _suggestion(book: Book, chance: random.Random, raised_on: date, deputies: list[str]) -> None:
    steps: list[dict[str, Any]] = []
    on = raised_on
    for action in ("assigned", "replied", "rated", chance.choice(("closed", "rejected"))):
        on += timedelta(days=chance.randrange(200))
        steps.append({"action": action, "on": str(on) if chance.random() < 0.8 else None, "unit": "镇政府",
                      "due_on": str(on + timedelta(days=90))})  # fmt: skip
        if chance.random() < 0.2:
            break
    raised = str(raised_on) if chance.random() < 0.95 else None
    book.add("suggestion", number=chance.randrange(999), raised_on=raised, raised_at="between", title="修路",
             lead_deputyship_id=deputies[0], unit="镇政府", steps=steps)  # fmt: skip
